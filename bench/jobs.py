"""The jobs: what each asks for, what a good answer has in it, and what must be refused.

A job is made for one installation, where it registers its application. `requests()` gives as many
as there are `bodies` (token requests with an assertion each), every one to be sent once. `ask`
sends some at once, before any clock, and gives the bodies of the answers.
"""

import base64
import random
import time

from prepared import basic, get, post

HAS_TOKEN = '"access_token":"'
SIGNED = "application/token-introspection+jwt"
JWT = "{access_token: {format: jwt}}"
GRACE_SECONDS = 10  # the default of refresh_token.grace


class Job:
    checks_signature = False  # of the assertion; if not, V is no part of its cost
    algorithms = ("RS256", "ES256", "EdDSA")  # of the assertion
    signature_work = ()       # what else is part of its cost, by the names of `verify`
    proof_keys = None         # whose the DPoP proofs are, if it has any: "one", or "each" its own
    signed_as = "grant"       # what the assertions in `bodies` are
    token_service = "{}"      # its settings
    settings = ""             # and others, as YAML
    tls = False               # whether the requests come over TLS 1.3
    application = ("--secret",)
    expected = HAS_TOKEN
    granted = None            # what the audit line of each request has, if it leaves any
    refused = None            # and that of the one that is refused

    def __init__(self, assay, key):
        self._secret = assay.create_application("bench", "--jwk", key, *self.application)

    def requests(self, bodies, ask):
        return token_requests(bodies)

    def refusal(self, requests, ask):
        """One that must be refused, now that all of `requests` have been granted."""
        return requests[0]

    def _revoke(self, token, ask):
        ask([post("/api/oauth/revoke", {"token": token},
                  Authorization=basic("bench", self._secret))], "{}")


class JwtBearer(Job):
    checks_signature = True
    application = ()
    granted = {"event": "token", "outcome": "granted"}
    refused = {"event": "token", "reason": "assertion_replayed"}


class JwtToken(JwtBearer):
    """The same grant, for a JWT that this server signs with ES256."""

    algorithms = ("RS256",)
    signature_work = ("signing ES256",)
    token_service = JWT
    granted = JwtBearer.granted | {"token_format": "jwt"}


class JwtBearerOverTls(JwtBearer):
    """The same grant over kept-alive connections with TLS."""

    algorithms = ("RS256",)
    tls = True


class Dpop(JwtBearer):
    """The same grant, with a proof by a key that was seen before."""

    algorithms = ("RS256",)
    signature_work = ("ES256",)
    proof_keys = "one"
    settings = "dpop: {proof_life: 600s}\n"  # the proofs are made before all the measurements
    expected = '"token_type":"DPoP"'
    granted = JwtBearer.granted | {"token_binding": "dpop"}
    refused = {"event": "token", "reason": "dpop_replayed"}

    def requests(self, bodies, ask):
        return [post("/api/oauth/token", body, DPoP=proof)
                for body, proof in zip(bodies, self.proofs)]


class DpopNewKeys(Dpop):
    """Each proof by a key that was never seen."""

    proof_keys = "each"


class PrivateKeyJwt(Job):
    checks_signature = True
    signed_as = "client"
    application = ("--grant", "client_credentials")
    granted = {"event": "token", "auth_method": "private_key_jwt", "outcome": "granted"}
    refused = {"event": "token", "reason": "client_assertion_refused",
               "detail": "assertion_replayed"}


class ClientCredentials(Job):
    application = ("--secret", "--grant", "client_credentials")
    granted = {"event": "token", "auth_method": "client_secret_basic", "outcome": "granted"}
    refused = {"event": "token", "reason": "client_secret_wrong"}

    def requests(self, bodies, ask):
        return [self._request(self._secret)] * len(bodies)

    def refusal(self, requests, ask):
        return self._request(self._secret[::-1])

    def _request(self, secret):
        return post("/api/oauth/token", {"grant_type": "client_credentials"},
                    Authorization=basic("bench", secret))


class Refresh(Job):
    token_service = "{refresh_token: {issue: true}}"
    granted = {"event": "token", "grant_type": "refresh_token", "outcome": "granted"}
    refused = {"event": "token", "reason": "refresh_token_reused"}

    def requests(self, bodies, ask):
        return [post("/api/oauth/token", {"grant_type": "refresh_token", "refresh_token": token},
                     Authorization=basic("bench", self._secret))
                for token in new_tokens("refresh_token", bodies, ask)]

    def refusal(self, requests, ask):
        time.sleep(GRACE_SECONDS + 1)  # until then the same answer again would be right
        return requests[0]


class Introspection(Job):
    expected = '"active":true'
    granted = {"event": "introspection", "client_id": "api", "detail": "active"}
    refused = {"event": "introspection", "detail": "inactive: token_unknown"}

    def __init__(self, assay, key):
        super().__init__(assay, key)
        self._api_secret = assay.create_application("api", "--secret", "--may-introspect")

    def requests(self, bodies, ask):
        self._tokens = new_tokens("access_token", bodies, ask)
        return [post("/api/oauth/introspect", {"token": token},
                     Authorization=basic("api", self._api_secret)) for token in self._tokens]

    def refusal(self, requests, ask):
        self._revoke(self._tokens[0], ask)
        return requests[0]


class SignedIntrospection(Introspection):
    """The same question, with the answer signed by ES256 (RFC 9701)."""

    signature_work = ("signing ES256",)

    def __init__(self, assay, key):
        super().__init__(assay, key)
        before = '{"iss":"http://apiserver","aud":"api","iat":1234567890,"token_introspection":'
        self.expected = encoded_in('{"active":true,', len(before))

    def requests(self, bodies, ask):
        return [request.replace("\r\n", f"\r\nAccept: {SIGNED}\r\n", 1)
                for request in super().requests(bodies, ask)]


class Check(Job):
    expected = "X-Assay-Client: bench"
    granted = {"event": "check", "client_id": "bench", "outcome": "granted"}
    refused = {"event": "check", "reason": "token_unknown"}

    def requests(self, bodies, ask):
        self._tokens = new_tokens("access_token", bodies, ask)
        return [get("/api/oauth/check?scope=read", Authorization=f"Bearer {token}")
                for token in self._tokens]

    def refusal(self, requests, ask):
        self._revoke(self._tokens[0], ask)
        return requests[0]


class Metadata(Job):
    """A document for everybody: nothing of it is refused, and it leaves no audit line."""

    expected = '"issuer":"http://apiserver"'

    def requests(self, bodies, ask):
        return [get("/.well-known/oauth-authorization-server")] * len(bodies)


class KeySet(Job):
    """Likewise."""

    expected = '"keys":[{'
    token_service = JWT

    def requests(self, bodies, ask):
        return [get("/api/oauth/jwks.json")] * len(bodies)


ALL = {"jwt-bearer": JwtBearer, "jwt-bearer-tls": JwtBearerOverTls, "jwt-token": JwtToken,
       "dpop": Dpop, "dpop-new-keys": DpopNewKeys,
       "private_key_jwt": PrivateKeyJwt,
       "client_credentials": ClientCredentials, "refresh": Refresh,
       "introspection": Introspection, "signed-introspection": SignedIntrospection,
       "check": Check, "metadata": Metadata, "key-set": KeySet}


def encoded_in(text, offset):
    """What stands in base64 for a text that begins at that offset: whole groups of it alone."""
    first = -offset % 3
    whole = text[first:first + (len(text) - first) // 3 * 3]
    return base64.urlsafe_b64encode(whole.encode()).decode()


def token_requests(bodies):
    return [post("/api/oauth/token", body) for body in bodies]


def new_tokens(member, bodies, ask):
    """Shuffled: tokens are not used in the order of their issue, in which they are stored."""
    tokens = [answer[member] for answer in ask(token_requests(bodies), HAS_TOKEN)]
    random.Random(len(tokens)).shuffle(tokens)
    return tokens
