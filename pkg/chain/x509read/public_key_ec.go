package x509read

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
)

// namedCurve returns name and field bits of a curve; "" when it is not known.
func namedCurve(oid OID) (name string, bits int) {
	switch oid {
	case OIDCurveP256, OIDCurveSecp256k1, OIDCurveBrainpoolP256r1, OIDCurveSM2:
		bits = 256
	case OIDCurveP384, OIDCurveBrainpoolP384r1:
		bits = 384
	case OIDCurveP521:
		bits = 521
	case OIDCurveBrainpoolP512r1:
		bits = 512
	case OIDCurveP224:
		bits = 224
	case OIDCurveP192:
		bits = 192
	default:
		return "", 0
	}
	return algorithmName(oid), bits
}

// goCurve returns the curves Go can compute with, nil for others.
func goCurve(name string) elliptic.Curve {
	switch name {
	case "P-224":
		return elliptic.P224()
	case "P-256":
		return elliptic.P256()
	case "P-384":
		return elliptic.P384()
	case "P-521":
		return elliptic.P521()
	}
	return nil
}

// ecKey reads the parameters and checks the point of an EC key (RFC 5480
// sections 2.1.1, 2.2).
func (r *reader) ecKey(k *PublicKey, alg, key element) {
	off := alg.off
	s := alg.span()
	r.next(&s) // the algorithm, read before
	params, ok := r.next(&s)
	switch {
	case !ok:
		r.fault(FaultECParameters, off, "the curve is absent")
		return
	case params.id() == idNull:
		k.Curve = "implicit"
		r.fault(FaultECImplicit, params.off, "the curve is inherited (implicitCurve)")
		return
	case params.id() == idSequence:
		k.Curve = "explicit parameters"
		k.Bits = r.explicitFieldBits(params.span())
		r.fault(FaultECExplicit, params.off, "the curve is given by explicit parameters of %d bits, a named curve is wanted", k.Bits)
		return
	case params.id() != idOID:
		r.fault(FaultECParameters, params.off, "the identifier octet 0x%02x is no curve", params.id())
		return
	}
	oid := r.objectID(params)
	k.Curve, k.Bits = namedCurve(oid)
	if k.Curve == "" {
		k.Curve = oid.String()
		r.fault(FaultECCurveUnknown, params.off, "the curve %s is not known", oid)
		return
	}
	size := (k.Bits + 7) / 8
	point := k.Key
	switch {
	case len(point) == 1+size && (point[0] == 2 || point[0] == 3):
		r.fault(FaultECPointCompressed, key.off, "the point is compressed")
		if curve := goCurve(k.Curve); curve != nil {
			if x, _ := elliptic.UnmarshalCompressed(curve, point); x == nil {
				r.fault(FaultECPoint, key.off, "the point is not on %s", k.Curve)
			}
		}
	case len(point) != 1+2*size || point[0] != 4:
		r.fault(FaultECPoint, key.off, "the %d octets are not a point of %s", len(point), k.Curve)
	case !onCurve(k.Curve, point):
		r.fault(FaultECPoint, key.off, "the point is not on %s", k.Curve)
	}
}

// onCurve reports whether an uncompressed point lies on the curve; true for
// curves Go has not.
func onCurve(curve string, point []byte) bool {
	var err error
	switch curve {
	case "P-256":
		_, err = ecdh.P256().NewPublicKey(point)
	case "P-384":
		_, err = ecdh.P384().NewPublicKey(point)
	case "P-521":
		_, err = ecdh.P521().NewPublicKey(point)
	case "P-224":
		_, err = ecdsa.ParseUncompressedPublicKey(elliptic.P224(), point)
	}
	return err == nil
}

// explicitFieldBits returns the bits of the prime in ECParameters (X9.62:
// version, fieldID { prime-field, p }, …), 0 when it is not there.
func (r *reader) explicitFieldBits(s span) int {
	r.expect(&s, idInteger)
	field, ok := r.expect(&s, idSequence)
	inner := field.span()
	id, ok2 := r.expect(&inner, idOID)
	prime, ok3 := r.expect(&inner, idInteger)
	if !ok || !ok2 || !ok3 || OID(r.str(id)) != OIDPrimeField {
		return 0
	}
	return bitLen(r.bytes(prime))
}
