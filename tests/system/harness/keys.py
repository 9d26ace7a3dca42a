"""Keys and certificates, made and used by python3-cryptography alone."""

import base64
import datetime
import functools
import json

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import (
    ec, ed448, ed25519, padding, rsa, utils)

HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
ONE_DAY = datetime.timedelta(days=1)


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _number(value, size=None):
    return base64url(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


class Key:
    """A private key; `kind` is RSA, a curve's name, Ed25519 or Ed448."""

    def __init__(self, kind, private):
        self.kind = kind
        self.private = private
        self.public = private.public_key()

    def sign(self, algorithm, text):
        """A signature as RFC 7518 section 3 wants it for the algorithm."""
        family = algorithm[:2]
        if family in ("RS", "PS"):
            digest = HASHES[algorithm[2:]]
            scheme = padding.PKCS1v15() if family == "RS" else padding.PSS(
                padding.MGF1(digest), digest.digest_size)
            return self.private.sign(text, scheme, digest)
        if family == "ES":
            first, second = utils.decode_dss_signature(self.sign_der(algorithm, text))
            size = (self.private.curve.key_size + 7) // 8
            return first.to_bytes(size, "big") + second.to_bytes(size, "big")
        return self.private.sign(text)

    def sign_der(self, algorithm, text):
        """ECDSA in the form that X.509 uses, and JOSE does not."""
        return self.private.sign(text, ec.ECDSA(HASHES[algorithm[2:]]))

    def jwk(self, **members):
        return json.dumps({**self._public_members(), **members})

    def private_jwk(self, **members):
        return json.dumps({**self._public_members(), **self._private_members(), **members})

    def pem(self):
        return self.public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

    def private_pem(self):
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()).decode()

    def certificate(self, begins=-ONE_DAY, ends=ONE_DAY):
        """Signed with the key itself; valid between the two, counted from now."""
        now = datetime.datetime.utcnow()
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a workload")])
        digest = None if self.kind.startswith("Ed") else hashes.SHA256()
        return (x509.CertificateBuilder()
                .subject_name(name).issuer_name(name).public_key(self.public)
                .serial_number(x509.random_serial_number())
                .not_valid_before(now + begins).not_valid_after(now + ends)
                .sign(self.private, digest)
                .public_bytes(serialization.Encoding.PEM).decode())

    def issue(self, holder, *dns_names):
        """A certificate for another key, signed with this one, by a CA of that name."""
        now = datetime.datetime.utcnow()
        name = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, each)])
                for each in ("a workload", "an authority")]
        return (x509.CertificateBuilder()
                .subject_name(name[0]).issuer_name(name[1]).public_key(holder.public)
                .serial_number(x509.random_serial_number())
                .not_valid_before(now - ONE_DAY).not_valid_after(now + ONE_DAY)
                .add_extension(x509.SubjectAlternativeName(map(x509.DNSName, dns_names)), False)
                .sign(self.private, hashes.SHA256())
                .public_bytes(serialization.Encoding.PEM).decode())

    def authority(self):
        """The certificate of the CA that issue() signs for."""
        now = datetime.datetime.utcnow()
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "an authority")])
        return (x509.CertificateBuilder()
                .subject_name(name).issuer_name(name).public_key(self.public)
                .serial_number(x509.random_serial_number())
                .not_valid_before(now - ONE_DAY).not_valid_after(now + ONE_DAY)
                .add_extension(x509.BasicConstraints(True, None), True)
                .sign(self.private, hashes.SHA256())
                .public_bytes(serialization.Encoding.PEM).decode())

    def _public_members(self):
        if self.kind == "RSA":
            numbers = self.public.public_numbers()
            return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
        if self.kind in CURVES:
            numbers = self.public.public_numbers()
            size = (self.public.curve.key_size + 7) // 8
            return {"kty": "EC", "crv": self.kind,
                    "x": _number(numbers.x, size), "y": _number(numbers.y, size)}
        point = self.public.public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return {"kty": "OKP", "crv": self.kind, "x": base64url(point)}

    def _private_members(self):
        if self.kind == "RSA":
            numbers = self.private.private_numbers()
            return {name: _number(value) for name, value in {
                "d": numbers.d, "p": numbers.p, "q": numbers.q,
                "dp": numbers.dmp1, "dq": numbers.dmq1, "qi": numbers.iqmp}.items()}
        if self.kind in CURVES:
            size = (self.public.curve.key_size + 7) // 8
            return {"d": _number(self.private.private_numbers().private_value, size)}
        return {"d": base64url(self.private.private_bytes(
            serialization.Encoding.Raw, serialization.PrivateFormat.Raw,
            serialization.NoEncryption()))}


def make_key(kind="P-256", bits=2048):
    """A new key."""
    if kind == "RSA":
        return Key(kind, rsa.generate_private_key(65537, bits))
    if kind in CURVES:
        return Key(kind, ec.generate_private_key(CURVES[kind]))
    maker = ed25519.Ed25519PrivateKey if kind == "Ed25519" else ed448.Ed448PrivateKey
    return Key(kind, maker.generate())


@functools.lru_cache(maxsize=None)
def key_of(kind, name=""):
    """The one key of that kind and name in this run: RSA keys take long to make."""
    return make_key(kind)
