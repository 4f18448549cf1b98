import com.sun.net.httpserver.*;
import java.io.*;
import java.net.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import javax.net.ssl.*;

/** A server that wants a client identity: HttpsServer, or an SSLServerSocket of its own. */
public class Server {
    public static void main(String[] a) throws Exception {
        String kind = a[0];
        InetSocketAddress at = new InetSocketAddress("127.0.0.1", Integer.parseInt(a[1]));
        char[] password = "changeit".toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(a[2]))) {
            keys.load(in, password);
        }
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        try (InputStream in = Files.newInputStream(Path.of(a[3]))) {
            trust.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        KeyManagerFactory kmf = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        kmf.init(keys, password);
        TrustManagerFactory tmf = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        tmf.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(kmf.getKeyManagers(), tmf.getTrustManagers(), null);
        if (kind.equals("HttpsServer")) {
            HttpsServer s = HttpsServer.create(at, 0);
            s.setHttpsConfigurator(new HttpsConfigurator(context) {
                @Override
                public void configure(HttpsParameters p) {
                    SSLParameters wanted = context.getDefaultSSLParameters();
                    wanted.setNeedClientAuth(true);
                    p.setSSLParameters(wanted);
                }
            });
            s.createContext("/", x -> {
                x.sendResponseHeaders(200, 2);
                x.getResponseBody().write("ok".getBytes());
                x.close();
            });
            s.start();
            return;
        }
        SSLServerSocket s = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
        s.bind(at);
        s.setNeedClientAuth(true);
        while (true) {
            Socket c = s.accept();
            new Thread(() -> {
                try (c) {
                    BufferedReader in = new BufferedReader(new InputStreamReader(c.getInputStream()));
                    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    }
                    c.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".getBytes());
                } catch (IOException e) {
                    // the client's or the handshake's end
                }
            }).start();
        }
    }
}
