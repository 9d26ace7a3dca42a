"""An application that uses everything that its record has, and what can happen to it."""

import dataclasses
import hashlib
import json
import urllib.parse

from harness import dpop, http
from harness.assertions import ABSENT, Client
from harness.installation import ORIGIN, TOKEN_PATH
from harness.keys import key_of

FIRST, SECOND = key_of("P-256", "first"), key_of("P-256", "second")
PROOFS, CONNECTION = key_of("P-256", "proofs"), key_of("P-256", "connection")
SECRET = "of the application, as it was made"

ALONE, SIGNED = "alone", "private_key_jwt"
BASIC, POST = "client_secret_basic", "client_secret_post"
CERTIFICATE = "self_signed_tls_client_auth"
METHODS = {"jwt-bearer": [ALONE, BASIC, POST, SIGNED],
           "client_credentials": [BASIC, POST, SIGNED, CERTIFICATE],
           "refresh_token": [BASIC, POST, SIGNED, CERTIFICATE]}
WAYS = [(grant, method) for grant in METHODS for method in METHODS[grant]]

API = "https://api.example/invoices"
FORWARDED = {"X-Forwarded-Method": "GET", "X-Forwarded-Proto": "https",
             "X-Forwarded-Host": "api.example", "X-Forwarded-Uri": "/invoices"}


JWT_PATH = "/jwt/token"


def services(path=TOKEN_PATH, jwt_path=JWT_PATH):
    """One with opaque tokens, and one with JWTs."""
    # A refresh token that stays the same can be tried in one way after the other.
    shared = {"audience": [ORIGIN + TOKEN_PATH], "refresh_token": {"issue": True, "policy": "keep"}}
    return [{**shared, "path": path},
            {**shared, "path": jwt_path, "access_token": {"format": "jwt"}}]


# Each is another certificate when it is made anew.
CERTIFICATES = {key: key.certificate() for key in (FIRST, CONNECTION)}


def certificate_of(key):
    """Its certificate, as a proxy passes it on."""
    return {"Client-Cert": urllib.parse.quote(CERTIFICATES[key], safe="")}


@dataclasses.dataclass(frozen=True)
class Shape:
    """A kind of access token: where it is asked for, and what it is bound to."""

    path: str = TOKEN_PATH
    is_dpop: bool = False
    is_tls: bool = False

    @property
    def is_jwt(self):
        return self.path.endswith("/jwt") or self.path == JWT_PATH

    @property
    def confirmed_by(self):
        """The members of `cnf`."""
        members = {"jkt": self.is_dpop, "x5t#S256": self.is_tls}
        return {name for name, is_there in members.items() if is_there}

    def asking(self, server):
        """The headers of a request for such a token."""
        headers = certificate_of(CONNECTION) if self.is_tls else {}
        if self.is_dpop:
            headers["DPoP"] = dpop.proof(PROOFS, "POST", server.url + self.path)
        return headers

    def showing(self, token):
        """The headers of a gateway's question about a request with the token."""
        headers = certificate_of(CONNECTION) if self.is_tls else {}
        if not self.is_dpop:
            return {**headers, "Authorization": f"Bearer {token}"}
        proof = dpop.proof(PROOFS, "GET", API, ath=dpop.hash_of(token))
        return {**headers, **FORWARDED, "Authorization": f"DPoP {token}", "DPoP": proof}


SHAPES = {"opaque": Shape(), "jwt": Shape(JWT_PATH), "opaque for dpop": Shape(is_dpop=True),
          "jwt for dpop": Shape(JWT_PATH, is_dpop=True), "opaque for tls": Shape(is_tls=True),
          "jwt for tls": Shape(JWT_PATH, is_tls=True),
          "jwt for both": Shape(JWT_PATH, is_dpop=True, is_tls=True)}


class Workload:
    """By each way, if it is told to; all its access tokens have one shape."""

    def __init__(self, server, client_id, shape=SHAPES["opaque"]):
        self.server = server
        self.shape = shape
        self.client = Client(client_id, FIRST, "ES256", "first")
        self.subject = f"alice/{client_id}"
        self.pair = None

    def record(self):
        return {"client_id": self.client.id, "subjects": [self.subject],
                "grants": ["jwt-bearer", "client_credentials"],
                "keys": [{"jwk": json.loads(FIRST.jwk()), "kid": "first"},
                         {"jwk": json.loads(SECOND.jwk()), "kid": "second"}],
                "secrets": [{"sha256": hashlib.sha256(SECRET.encode()).hexdigest()}],
                "scopes": [{"name": "read", "default": True}],
                "tls_client_certificate_bound_access_tokens": self.shape.is_tls}

    def ask(self, grant, method=ALONE):
        server, path = self.server, self.shape.path
        headers = self.shape.asking(server)
        proof = {}
        if method == BASIC:
            headers |= http.basic(self.client.id, SECRET)
        elif method == POST:
            proof = {"client_id": self.client.id, "client_secret": SECRET}
        elif method == SIGNED:
            proof = server.client_assertion(self.client, jti=ABSENT)
        elif method == CERTIFICATE:
            headers |= certificate_of(FIRST)
            proof = {"client_id": self.client.id}
        if grant == "client_credentials":
            return server.client_credentials(headers, path, scope="read", **proof)
        if grant == "refresh_token":
            return server.refresh(self.pair["refresh_token"], headers, path, scope="read", **proof)
        assertion = server.assertion(self.client, sub=self.subject, jti=ABSENT)
        return server.present(assertion, path, headers, scope="read", **proof)

    def begin(self):
        self.pair = self.ask("jwt-bearer").json
        return self

    def check(self):
        """As a gateway does about a request of whoever rightly holds the access token."""
        return self.server.check(headers=self.shape.showing(self.pair["access_token"]))


# What can happen. Each is done to a workload.

def edit(change):
    """Edits the record as a whole: export, change, import."""
    def action(workload):
        installation = workload.server.installation
        exported = installation.run("app", "export", workload.client.id).json
        change(exported["applications"][0])
        file = installation.file("edited.json", json.dumps(exported))
        assert installation.run("app", "import", file).status == 0
    return action


def app(*words):
    def action(workload):
        command, *options = words
        outcome = workload.server.installation.run("app", command, workload.client.id, *options)
        assert outcome.status == 0, outcome.err
    return action


def both(*actions):
    def action(workload):
        for each in actions:
            each(workload)
    return action


def revoke(*words):
    """A word can name what the workload has."""
    def action(workload):
        filled = [word.format(app=workload.client.id, subject=workload.subject, **workload.pair)
                  for word in words]
        outcome = workload.server.installation.run("token", "revoke", *filled)
        assert outcome.status == 0, outcome.err
    return action


def revoke_as_client(kind):
    def action(workload):
        answer = workload.server.revoke(workload.pair[kind],
                                        http.basic(workload.client.id, SECRET))
        assert answer.status == 200
    return action
