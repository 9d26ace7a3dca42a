"""The jobs: what each asks for, what a good answer has in it, and what must be refused.

A job is made for one installation, where it registers its application. `requests()` gives as many
as there are `bodies` (token requests with an assertion each), every one to be sent once. `ask`
sends some at once, before any clock, and gives the bodies of the answers.
"""

import random
import time

from prepared import basic, get, post

HAS_TOKEN = '"access_token":"'
GRACE_SECONDS = 10  # the default of refresh_token.grace


class Job:
    checks_signature = False  # if not, V is no part of its cost
    signed_as = "grant"       # what the assertions in `bodies` are
    token_service = "{}"      # its settings
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


ALL = {"jwt-bearer": JwtBearer, "private_key_jwt": PrivateKeyJwt,
       "client_credentials": ClientCredentials, "refresh": Refresh,
       "introspection": Introspection, "check": Check, "metadata": Metadata}


def token_requests(bodies):
    return [post("/api/oauth/token", body) for body in bodies]


def new_tokens(member, bodies, ask):
    """Shuffled: tokens are not used in the order of their issue, in which they are stored."""
    tokens = [answer[member] for answer in ask(token_requests(bodies), HAS_TOKEN)]
    random.Random(len(tokens)).shuffle(tokens)
    return tokens
