"""Clients that register themselves (RFC 7591) and manage what they registered (RFC 7592)."""

import json
import urllib.parse

from harness.assertions import Client
from harness.keys import make_key

REGISTER = "/api/oauth/register"
JSON = {"Content-Type": "application/json"}
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def bearer(token):
    return {"Authorization": f"Bearer {token}"} if token else {}


def initial_token(installation, *options):
    """An initial access token as `assay registration create --json` prints it."""
    outcome = installation.run("registration", "create", "--json", *options)
    assert outcome.status == 0, outcome.err
    return outcome.json


def metadata_of(key, **members):
    """Of a client that signs with the key; None leaves a member out."""
    jwks = {"keys": [json.loads(key.jwk(kid="first"))]}
    metadata = {"token_endpoint_auth_method": "private_key_jwt", "jwks": jwks, **members}
    return {name: value for name, value in metadata.items() if value is not None}


def post(server, token, metadata, headers=None):
    body = metadata if isinstance(metadata, str) else json.dumps(metadata)
    return server.exchange("POST", REGISTER, body, {**JSON, **bearer(token), **(headers or {})})


class Registered:
    """A client that has registered."""

    def __init__(self, server, answer, key):
        assert answer.status == 201, answer
        self.server = server
        self.members = answer.json
        self.key = key
        self.id = self.members["client_id"]
        self.token = self.members["registration_access_token"]

    @property
    def client(self):
        return Client(self.id, self.key, "ES256", "first")

    @property
    def path(self):
        return urllib.parse.urlsplit(self.members["registration_client_uri"]).path

    def manage(self, method, metadata=None, token=None):
        body = None if metadata is None else json.dumps(metadata)
        return self.server.exchange(method, self.path, body,
                                    {**(JSON if body else {}), **bearer(token or self.token)})

    def update(self, **members):
        """An update with its id, its keys and these."""
        return self.manage("PUT", {"client_id": self.id, **metadata_of(self.key, **members)})


def register(server, initial, **members):
    key = make_key("P-256")
    return Registered(server, post(server, initial, metadata_of(key, **members)), key)
