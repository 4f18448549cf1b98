// A server that wants a client identity: node server.js PORT CERT KEY CA
const [port, cert, key, ca] = process.argv.slice(2)
const read = (f) => require('fs').readFileSync(f)
require('https')
  .createServer({ cert: read(cert), key: read(key), ca: read(ca), requestCert: true, rejectUnauthorized: true }, (_, answer) => answer.end('ok'))
  .listen(Number(port), '127.0.0.1')
