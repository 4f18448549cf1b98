// Package anchors gives the trust stores and reads the anchors a user adds:
// PEM, DER, PKCS#7 and configuration profiles (.mobileconfig). Nothing is
// parsed, hashed or indexed before a store is asked for.
package anchors
