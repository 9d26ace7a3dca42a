"""Assertions as a workload makes them, good ones and forged ones."""

import dataclasses
import json
import time
import uuid

from harness.keys import Key, base64url

ABSENT = object()

# Good for the rest of any test; shorter than the longest life that the server accepts by default.
LIFETIME = 120


@dataclasses.dataclass(frozen=True)
class Client:
    """A registered application as it sees itself: its name, and how it signs."""

    id: str
    key: Key
    algorithm: str
    kid: str = None

    def header(self, **changes):
        header = {"alg": self.algorithm, "typ": "JWT"}
        if self.kid:
            header["kid"] = self.kid
        return changed(header, changes)

    def claims(self, audience, **changes):
        now = int(time.time())
        return changed({"iss": self.id, "aud": audience, "iat": now, "exp": now + LIFETIME,
                        "jti": uuid.uuid4().hex}, changes)

    def assertion(self, audience, header=None, **claims):
        """The ordinary one, but for the members named; ABSENT leaves one out."""
        return self.sign(self.header(**(header or {})), self.claims(audience, **claims))

    def sign(self, header, claims):
        """Signs the two as they are: JSON values, or text that need not be JSON."""
        signed = signing_input(header, claims)
        signature = self.key.sign(self.algorithm, signed.encode())
        return f"{signed}.{base64url(signature)}"


def signing_input(header, claims):
    return f"{base64url(_text(header).encode())}.{base64url(_text(claims).encode())}"


def changed(members, changes):
    """The members with some replaced or added, and without those that are ABSENT."""
    return {name: value for name, value in {**members, **changes}.items() if value is not ABSENT}


def _text(value):
    return value if isinstance(value, str) else json.dumps(value)
