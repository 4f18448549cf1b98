// Package pfx reads PKCS#12 files (RFC 7292) tolerantly: bytes and candidate
// passwords in, bags out. It takes BER with indefinite lengths and constructed
// strings, any number of safes, several keys or none, no MAC, and every
// protection in the field from RC2-40 to PBMAC1 (RFC 9579). It keeps what
// decides where a file imports: MAC, key derivation, ciphers, iterations, bag
// attributes, order. An algorithm that cannot be decrypted here is named, not
// guessed. A wrong password, an unsupported algorithm and a damaged file are
// three types of error.
//
// No type of this package holds a private key: a decrypted PKCS#8 key is lent
// to the callback of Open and forgotten.
package pfx
