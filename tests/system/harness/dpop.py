"""DPoP proofs as a client makes them (RFC 9449 section 4.2)."""

import hashlib
import json
import time
import uuid

from harness.assertions import changed, signing_input
from harness.keys import base64url


def hash_of(token):
    return base64url(hashlib.sha256(token.encode()).digest())


def thumbprint(key):
    """RFC 7638, of an EC key."""
    jwk = json.loads(key.jwk())
    members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return base64url(hashlib.sha256(
        json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest())


def proof(key, method, url, header=None, **claims):
    """The ordinary one, ES256, but for the members named."""
    head = changed({"typ": "dpop+jwt", "alg": "ES256", "jwk": json.loads(key.jwk())}, header or {})
    body = changed({"jti": uuid.uuid4().hex, "htm": method, "htu": url, "iat": int(time.time())},
                   claims)
    signed = signing_input(head, body)
    return f"{signed}.{base64url(key.sign('ES256', signed.encode()))}"
