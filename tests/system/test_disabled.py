"""Whatever is disabled, ended, deleted or revoked while the server runs ends within a second.

One table: what happened, and which of all the ways to a token are closed by it. The others stay
open."""

import datetime
import hashlib
import json
import signal

import pytest

from harness import http
from harness.assertions import ABSENT, Client
from harness.installation import TOKEN_PATH
from harness.keys import key_of
from harness.patience import A_SECOND, answer_of, eventually
from harness.registration import Registered, initial_token, metadata_of, post

FIRST, SECOND = key_of("P-256", "first"), key_of("P-256", "second")
SECRET = "of the application, as it was made"

ALONE, SIGNED = "alone", "private_key_jwt"
BASIC, POST = "client_secret_basic", "client_secret_post"
METHODS = {"jwt-bearer": [ALONE, BASIC, POST, SIGNED],
           "client_credentials": [BASIC, POST, SIGNED],
           "refresh_token": [BASIC, POST, SIGNED]}
WAYS = [(grant, method) for grant in METHODS for method in METHODS[grant]]


class Workload:
    """An application that uses everything that its record has: by each way, if it is told to."""

    def __init__(self, server, client_id):
        self.server = server
        self.client = Client(client_id, FIRST, "ES256", "first")
        self.subject = f"alice/{client_id}"
        self.pair = None

    def record(self):
        return {"client_id": self.client.id, "subjects": [self.subject],
                "grants": ["jwt-bearer", "client_credentials"],
                "keys": [{"jwk": json.loads(FIRST.jwk()), "kid": "first"},
                         {"jwk": json.loads(SECOND.jwk()), "kid": "second"}],
                "secrets": [{"sha256": hashlib.sha256(SECRET.encode()).hexdigest()}],
                "scopes": [{"name": "read", "default": True}]}

    def ask(self, grant, method=ALONE):
        server, headers = self.server, {}
        proof = {}
        if method == BASIC:
            headers = http.basic(self.client.id, SECRET)
        elif method == POST:
            proof = {"client_id": self.client.id, "client_secret": SECRET}
        elif method == SIGNED:
            proof = server.client_assertion(self.client, jti=ABSENT)
        if grant == "client_credentials":
            return server.client_credentials(headers, scope="read", **proof)
        if grant == "refresh_token":
            return server.refresh(self.pair["refresh_token"], headers, scope="read", **proof)
        assertion = server.assertion(self.client, sub=self.subject, jti=ABSENT)
        return server.present(assertion, headers=headers, scope="read", **proof)

    def begin(self):
        self.pair = self.ask("jwt-bearer").json
        return self


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


ONE_DAY = datetime.timedelta(days=1)
YESTERDAY = (datetime.datetime.utcnow() - ONE_DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
PAST_CERTIFICATE = FIRST.certificate(-2 * ONE_DAY, -ONE_DAY)


# What a fault closes: a proof by secret, all that is signed, or one of the grants; and the reason.

def signed(reason):
    return {SIGNED: reason, "jwt-bearer": ("invalid_grant", reason)}


def secret(reason):
    return {BASIC: reason, POST: reason}


def refreshing(detail):
    return {"refresh_token": ("invalid_grant", "refresh_token_unknown", detail)}


SCOPE = ("invalid_scope", "scope_not_allowed")

FAULTS = {
    "the application is disabled": (
        app("disable"), {**signed("application_disabled"), **secret("client_disabled")}),
    "the application is deleted": (
        app("delete"), {**signed("issuer_unknown"), **secret("client_unknown")}),
    "the key is disabled": (
        edit(lambda record: record["keys"][0].update(enabled=False)), signed("key_disabled")),
    "the key ends": (
        edit(lambda record: record["keys"][0].update(not_after=YESTERDAY)), signed("key_expired")),
    "the key is removed": (app("update", "--drop-key", "first"), signed("key_unknown")),
    "the key is replaced by another of its name": (
        edit(lambda record: record.update(keys=[{**record["keys"][1], "kid": "first"}])),
        signed("signature_invalid")),
    "the certificate is over": (
        edit(lambda record: record["keys"].__setitem__(
            0, {"pem": PAST_CERTIFICATE, "kid": "first"})), signed("key_expired")),
    "the algorithm is no longer allowed": (
        app("update", "--alg", "RS256"), signed("algorithm_not_allowed")),
    "a jti becomes required": (app("update", "--require-jti"), signed("jti_missing")),
    "the longest life is cut": (
        app("update", "--longest-assertion-life", "30"), signed("life_too_long")),
    "the secret ends": (
        edit(lambda record: record["secrets"][0].update(not_after=YESTERDAY)),
        secret("client_secret_expired")),
    "the secret is removed": (
        edit(lambda record: record["secrets"].clear()), secret("client_secret_wrong")),
    "the secret is followed by two others": (
        both(app("update", "--secret"), app("update", "--secret")), secret("client_secret_wrong")),
    "the secret may come in the header alone": (
        app("update", "--auth", BASIC, "--auth", SIGNED, "--auth", "none"),
        {POST: "client_method_not_allowed"}),
    "the secret may come in the form alone": (
        app("update", "--auth", POST, "--auth", SIGNED, "--auth", "none"),
        {BASIC: "client_method_not_allowed"}),
    "the client must authenticate by its secret": (
        app("update", "--auth", BASIC, "--auth", POST, "--auth", "none"),
        {SIGNED: "client_method_not_allowed"}),
    "the scope is taken away": (
        app("update", "--scope", "other"), dict.fromkeys(METHODS, SCOPE)),
    "the subject is taken away": (
        app("update", "--subject", "bob"),
        {"jwt-bearer": ("invalid_grant", "subject_not_allowed"),
         **refreshing("token_subject_gone")}),
    "assertions are no longer allowed": (
        app("update", "--grant", "client_credentials"),
        {"jwt-bearer": ("unauthorized_client", "grant_not_allowed")}),
    "credentials are no longer allowed": (
        app("update", "--grant", "jwt-bearer"),
        {"client_credentials": ("unauthorized_client", "grant_not_allowed")}),
    "the refresh token is revoked by its client": (
        revoke_as_client("refresh_token"), refreshing("")),
    "the refresh token is revoked by the operator": (
        revoke("{refresh_token}"), refreshing("")),
    "all tokens of the application are revoked": (
        revoke("--app", "{app}"), refreshing("token_revoked")),
    "all tokens of the subject are revoked": (
        revoke("--subject", "{subject}"), refreshing("token_revoked")),
}


def verdict(grant, method, closed):
    """What is to be answered: status, error code, reason, and a word of its detail."""
    if method in closed:
        reason = closed[method]
        wrapped = method == SIGNED and not reason.startswith("client_")
        return (401, "invalid_client", "client_assertion_refused", reason) if wrapped else (
            401, "invalid_client", reason, "")
    if grant in closed:
        error, reason, *detail = closed[grant]
        return 400, error, reason, *(detail or [""])
    return None


# What happens to tokens that are there already.
ENDS_OF_TOKENS = {
    "the application is disabled": app("disable"),
    "the application is deleted": app("delete"),
    "the subject is taken away": app("update", "--subject", "bob"),
    "it is revoked by its client": revoke_as_client("access_token"),
    "it is revoked by the operator": revoke("{access_token}"),
    "its refresh token is revoked": revoke_as_client("refresh_token"),
    "all tokens of the application are revoked": revoke("--app", "{app}"),
    "all tokens of the subject are revoked": revoke("--subject", "{subject}"),
}


@pytest.fixture(scope="module")
def settings():
    # A refresh token that stays the same can be tried in one way after the other.
    return {"token_services": [{"refresh_token": {"issue": True, "policy": "keep"}}],
            "registration": {"enabled": True}}


@pytest.fixture(scope="module")
def server(servers, settings):
    server = servers.make(settings)
    names = [*FAULTS, *ENDS_OF_TOKENS, "to be enabled again"]
    server.workloads = [Workload(server, f"app-{number}") for number in range(len(names))]
    file = server.installation.file("all.json", json.dumps(
        {"applications": [workload.record() for workload in server.workloads]}))
    assert server.installation.run("app", "import", file).status == 0
    return server.start()


@pytest.fixture(scope="module")
def caller(server):
    return server.register_with_secret("caller", "--may-introspect")


# The table.

@pytest.fixture(scope="module")
def outcomes(server):
    """By fault, once it is asked for: what each way led to before, and what after."""
    known = {}

    def of(fault):
        if fault not in known:
            known[fault] = observe(server.workloads[list(FAULTS).index(fault)].begin(),
                                   *FAULTS[fault])
        return known[fault]
    return of


def observe(workload, action, closed):
    before = {way: workload.ask(*way) for way in WAYS}
    action(workload)
    first = next(way for way in WAYS if verdict(*way, closed))
    eventually(lambda: workload.ask(*first).status != 200, A_SECOND)
    return before, {way: workload.ask(*way) for way in WAYS}


@pytest.mark.parametrize("grant, method", WAYS, ids=map(" ".join, WAYS))
@pytest.mark.parametrize("fault", FAULTS)
def test_a_way_to_a_token_is_closed_or_stays_open_when(server, outcomes, fault, grant, method):
    before, after = (each[grant, method] for each in outcomes(fault))
    assert before.status == 200, before
    expected = verdict(grant, method, FAULTS[fault][1])
    if expected is None:
        assert after.status == 200, after
        return
    status, error, reason, detail = expected
    assert (after.status, after.json["error"]) == (status, error)
    line = server.audit_line(after)
    assert line["reason"] == reason
    assert detail in line.get("detail", "")


# Tokens.

def is_good(server, token, caller):
    """At each place where one asks; they must agree."""
    active = server.introspect(token, caller).json["active"]
    assert server.token_info(token, caller).status == (200 if active else 400)
    assert server.check(token).status == (200 if active else 401)
    return active


def is_bad(server, token, caller):
    """At one place; from then on at each."""
    return server.check(token).status == 401 and not is_good(server, token, caller)


@pytest.mark.parametrize("end", ENDS_OF_TOKENS)
def test_a_token_ends_when(server, caller, end):
    number = len(FAULTS) + list(ENDS_OF_TOKENS).index(end)
    workload = server.workloads[number].begin()
    token = workload.pair["access_token"]
    assert is_good(server, token, caller)
    ENDS_OF_TOKENS[end](workload)
    eventually(lambda: is_bad(server, token, caller), A_SECOND)


def test_the_tokens_of_a_disabled_application_are_inactive_until_it_is_enabled(server, caller):
    workload = server.workloads[-1].begin()
    token = workload.pair["access_token"]
    app("disable")(workload)
    eventually(lambda: is_bad(server, token, caller), A_SECOND)
    app("enable")(workload)
    eventually(lambda: server.check(token).status == 200, A_SECOND)
    assert is_good(server, token, caller)
    for way in WAYS:
        assert workload.ask(*way).status == 200


# Who asks about tokens.

def test_a_caller_that_is_disabled_may_ask_no_longer(server):
    caller = server.register_with_secret("former", "--may-introspect")
    assert server.introspect("a token", caller).status == 200
    server.installation.run("app", "disable", "former")
    answer = answer_of(401, lambda: server.introspect("a token", caller), A_SECOND)
    assert server.reason(answer) == "client_disabled"


def test_a_caller_whose_right_is_taken_may_ask_no_longer(server):
    caller = server.register_with_secret("demoted", "--may-introspect")
    assert server.introspect("a token", caller).status == 200
    server.installation.run("app", "update", "demoted", "--no-may-introspect")
    answer = answer_of(401, lambda: server.introspect("a token", caller), A_SECOND)
    assert server.reason(answer) == "introspection_not_allowed"


# Registration over HTTP.

def use_up(server, made):
    assert post(server, made["initial_access_token"], metadata_of(FIRST)).status == 201


def revoke_initial_token(server, made):
    assert server.installation.run("registration", "revoke", made["id"]).status == 0


# Options for the token, what then is done to it, and why it is refused from then on.
ENDS_OF_INITIAL_TOKENS = {
    "it is revoked": (["--uses", "any"], revoke_initial_token, "registration_token_unknown"),
    "it expires": (["--expires", "1s"], None, "registration_token_expired"),
    "it is used up": (["--uses", "1"], use_up, "registration_token_used_up"),
}


@pytest.mark.parametrize("end", ENDS_OF_INITIAL_TOKENS)
def test_a_token_for_registration_ends_when(server, end):
    options, action, reason = ENDS_OF_INITIAL_TOKENS[end]
    made = initial_token(server.installation, *options)

    def attempt():
        # Refused on its merits as long as the token is good, and so uses nothing up.
        return post(server, made["initial_access_token"], {"scope": "admin"})
    if action:
        assert attempt().status == 400
        action(server, made)
    answer = answer_of(401, attempt)
    assert (answer.json["error"], server.reason(answer)) == ("invalid_token", reason)


# What happens to a client that registered, and why it can no longer manage its registration.
ENDS_OF_REGISTRATIONS = {
    "the application is disabled": (app("disable"), "registration_client_disabled"),
    "the application is deleted": (app("delete"), "registration_client_unknown"),
    "the client removes itself": (
        lambda workload: workload.manage("DELETE"), "registration_client_unknown"),
    "its registration token is taken away": (
        edit(lambda record: record.pop("registration_token_sha256")),
        "registration_token_foreign"),
}


@pytest.fixture
def registering(server):
    token = initial_token(server.installation, "--uses", "any")
    answer = post(server, token["initial_access_token"], metadata_of(FIRST))
    return token, Registered(server, answer, FIRST)


@pytest.mark.parametrize("end", ENDS_OF_REGISTRATIONS)
def test_a_registration_is_closed_when(server, registering, end):
    workload = registering[1]
    action, reason = ENDS_OF_REGISTRATIONS[end]
    assert workload.manage("GET").status == 200
    action(workload)
    for attempt in (lambda: workload.manage("GET"), workload.update,
                    lambda: workload.manage("DELETE")):
        answer = attempt()
        assert (answer.status, answer.json["error"]) == (401, "invalid_token")
        assert answer.json["error_description"] == "The token is not good for this registration."
        assert server.reason(answer) == reason


def test_a_registration_is_open_again_once_the_application_is_enabled(registering):
    workload = registering[1]
    app("disable")(workload)
    assert workload.manage("GET").status == 401
    app("enable")(workload)
    assert workload.manage("GET").status == 200


def test_what_a_token_registered_outlives_it_and_can_have_no_more_than_it_has(server, registering):
    token, workload = registering
    revoke_initial_token(server, token)
    assert workload.update(client_name="Later").status == 200
    answer = workload.update(token_endpoint_auth_method="none")
    assert (answer.status, answer.json["error"]) == (400, "invalid_client_metadata")
    assert eventually(lambda: server.grant(workload.client)).status == 200


# Services, which a reload takes away.

@pytest.fixture
def elsewhere(servers):
    """A workload of a service of its own, in a server of its own."""
    services = [{}, {"path": "/elsewhere", "refresh_token": {"issue": True, "policy": "keep"}}]
    server = servers.start({"token_services": services})
    workload = Workload(server, "app")
    file = server.installation.file("app.json", json.dumps({"applications": [workload.record()]}))
    assert server.installation.run("app", "import", file).status == 0
    eventually(lambda: server.knows(workload.client))
    return workload


def test_a_service_that_is_gone_grants_nothing_and_what_it_granted_is_worth_nothing(elsewhere):
    server, credentials = elsewhere.server, http.basic("app", SECRET)
    pair = server.present(server.assertion(elsewhere.client), "/elsewhere").json
    assert server.client_credentials(credentials, "/elsewhere").status == 200
    assert server.refresh(pair["refresh_token"], credentials, "/elsewhere").status == 200
    assert server.check(pair["access_token"]).status == 200

    server.installation.configure({"token_services": [{"refresh_token": {"issue": True}}]})
    server.signal(signal.SIGHUP)
    answer_of(404, lambda: server.client_credentials(credentials, "/elsewhere"))
    assert server.present(server.assertion(elsewhere.client), "/elsewhere").status == 404
    assert server.refresh(pair["refresh_token"], credentials, "/elsewhere").status == 404
    answer = server.refresh(pair["refresh_token"], credentials, TOKEN_PATH)
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")
    answer = server.check(pair["access_token"])
    assert (answer.status, server.reason(answer)) == (401, "token_owner_gone")
