"""What a protected API does with a JWT: RFC 9068 section 4, by python3-cryptography alone."""

import base64
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def header_of(token):
    return json.loads(decoded(token.split(".")[0]))


def claims_of(token):
    return json.loads(decoded(token.split(".")[1]))


def verified_claims(token, key_set):
    """The claims, if one of the keys has signed them; KeyError if none has that name."""
    header = header_of(token)
    jwk = {key["kid"]: key for key in key_set["keys"]}[header["kid"]]
    assert jwk["alg"] == header["alg"] and jwk["use"] == "sig"
    signed, _, signature = token.rpartition(".")
    _verify(jwk, decoded(signature), signed.encode())
    return claims_of(token)


def is_signed_by(token, key_set):
    try:
        verified_claims(token, key_set)
        return True
    except (InvalidSignature, KeyError):
        return False


def _number(text):
    return int.from_bytes(decoded(text), "big")


def _verify(jwk, signature, signed):
    if jwk["kty"] == "EC":
        point = ec.EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), ec.SECP256R1())
        half = len(signature) // 2
        der = utils.encode_dss_signature(int.from_bytes(signature[:half], "big"),
                                         int.from_bytes(signature[half:], "big"))
        point.public_key().verify(der, signed, ec.ECDSA(hashes.SHA256()))
    elif jwk["kty"] == "OKP":
        ed25519.Ed25519PublicKey.from_public_bytes(decoded(jwk["x"])).verify(signature, signed)
    else:
        key = rsa.RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"])).public_key()
        scheme = padding.PKCS1v15() if jwk["alg"] == "RS256" else padding.PSS(
            padding.MGF1(hashes.SHA256()), hashes.SHA256().digest_size)
        key.verify(signature, signed, scheme, hashes.SHA256())
