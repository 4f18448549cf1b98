package client

import "github.com/chainspect/chainspect/pkg/tlsname"

// clients are the rows, in the order they are shown.
var clients = []Client{
	{Name: "chrome", Version: "156", Hello: tlsname.HelloClientChrome, Floor: tlsname.TLS12, Tables: []*Table{chrome, common}},
	{Name: "firefox", Version: "153", Hello: tlsname.HelloClientFirefox, Floor: tlsname.TLS12, Tables: []*Table{firefox, common}},
	{Name: "java", Version: "17", Hello: tlsname.HelloClientJava17, Floor: tlsname.TLS12, Tables: []*Table{java17, java, common}},
	{Name: "java", Version: "25", Hello: tlsname.HelloClientJava25, Floor: tlsname.TLS12, Tables: []*Table{java25, java, common}},
	{Name: "go", Version: "1.26", About: "net/http", Hello: tlsname.HelloClientGo, Floor: tlsname.TLS12, Tables: []*Table{goTLS, common}},
	{Name: "openssl", Version: "3.0 level 2", Hello: tlsname.HelloClientOpenSSL, Floor: tlsname.TLS12, Tables: []*Table{sclient, level2, openssl, common}},
	{Name: "openssl", Version: "3.0 level 1", Hello: tlsname.HelloClientOpenSSL, Floor: tlsname.TLS12, Tables: []*Table{sclient, level1, openssl, common}},
	{Name: "curl", Version: "7.88 OpenSSL", Hello: tlsname.HelloClientOpenSSL, Floor: tlsname.TLS12, Tables: []*Table{curl, level2, openssl, common}},
	{Name: "python", Version: "3.11", Hello: tlsname.HelloClientPython, Floor: tlsname.TLS12, Tables: []*Table{python, level2, openssl, common}},
	{Name: "python", Version: "3.13", Hello: tlsname.HelloClientPython, Floor: tlsname.TLS12, Tables: []*Table{python313, python, level2, openssl, common}},
	{Name: "node", Version: "20", Hello: tlsname.HelloClientNode, Floor: tlsname.TLS12, Tables: []*Table{node, level1, openssl, common}},
	{Name: "ruby", Version: "3.1", Hello: tlsname.HelloClientOpenSSL, Floor: tlsname.TLS12, Tables: []*Table{ruby, level2, openssl, common}},
	{Name: "gnutls", Version: "3.7", Hello: tlsname.HelloClientGnuTLS, Floor: tlsname.TLS10, Tables: []*Table{gnutls, common}},
	{Name: "wget", Version: "1.21 GnuTLS", Hello: tlsname.HelloClientGnuTLS, Floor: tlsname.TLS10, Tables: []*Table{wget, gnutls, common}},
	{Name: "git", Version: "2.39 GnuTLS", Hello: tlsname.HelloClientGnuTLS, Floor: tlsname.TLS10, Tables: []*Table{git, gnutls, common}},
}
