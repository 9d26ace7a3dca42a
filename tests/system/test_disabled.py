"""Whatever is disabled, ended, deleted or revoked while the server runs ends within a second.

One table: what happened, and which of all the ways to a token are closed by it. The others stay
open."""

import dataclasses
import datetime
import json
import signal

import pytest

from harness import http, jwt
from harness.installation import TOKEN_PATH
from harness.patience import A_SECOND, answer_of, eventually
from harness.registration import Registered, initial_token, metadata_of, post
from harness.workload import (ALONE, BASIC, CERTIFICATE, FIRST, JWT_PATH, METHODS, POST, SECRET, SHAPES,
                              SIGNED, WAYS, Workload, app, both, edit, revoke, revoke_as_client,
                              services)

ONE_DAY = datetime.timedelta(days=1)
YESTERDAY = (datetime.datetime.utcnow() - ONE_DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
PAST_CERTIFICATE = FIRST.certificate(-2 * ONE_DAY, -ONE_DAY)


# What a fault closes: a proof by secret, all that is signed, or one of the grants; and the reason.

def signed(reason):
    return {SIGNED: reason, "jwt-bearer": ("invalid_grant", reason)}


def secret(reason):
    return {BASIC: reason, POST: reason}


def client(reason):
    return {**secret(reason), CERTIFICATE: reason}


def key(reason):
    return {**signed(reason), CERTIFICATE: "client_certificate_unregistered"}


def refreshing(detail):
    return {"refresh_token": ("invalid_grant", "refresh_token_unknown", detail)}


SCOPE = ("invalid_scope", "scope_not_allowed")

FAULTS = {
    "the application is disabled": (
        app("disable"), {**signed("application_disabled"), **client("client_disabled")}),
    "the application is deleted": (
        app("delete"), {**signed("issuer_unknown"), **client("client_unknown")}),
    "the key is disabled": (
        edit(lambda record: record["keys"][0].update(enabled=False)), key("key_disabled")),
    "the key ends": (
        edit(lambda record: record["keys"][0].update(not_after=YESTERDAY)), key("key_expired")),
    "the key is removed": (app("update", "--drop-key", "first"), key("key_unknown")),
    "the key is replaced by another of its name": (
        edit(lambda record: record.update(keys=[{**record["keys"][1], "kid": "first"}])),
        key("signature_invalid")),
    "the certificate is over": (
        edit(lambda record: record["keys"].__setitem__(
            0, {"pem": PAST_CERTIFICATE, "kid": "first"})), key("key_expired")),
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
        app("update", "--auth", BASIC, "--auth", SIGNED,
            "--auth", CERTIFICATE, "--auth", "none"),
        {POST: "client_method_not_allowed"}),
    "the secret may come in the form alone": (
        app("update", "--auth", POST, "--auth", SIGNED,
            "--auth", CERTIFICATE, "--auth", "none"),
        {BASIC: "client_method_not_allowed"}),
    "the client must authenticate by its secret": (
        app("update", "--auth", BASIC, "--auth", POST, "--auth", CERTIFICATE, "--auth", "none"),
        {SIGNED: "client_method_not_allowed"}),
    "the client must not authenticate by its certificate": (
        app("update", "--auth", BASIC, "--auth", POST, "--auth", SIGNED, "--auth", "none"),
        {CERTIFICATE: "client_method_not_allowed"}),
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


# Asked for in each way: what is simplest, and what has most to be decided.
ASKED_FOR = ["opaque", "jwt for dpop"]


@pytest.fixture(scope="module")
def settings():
    return {"token_services": services(), "registration": {"enabled": True},
            "proxies": {"addresses": "127.0.0.1"}}


@pytest.fixture(scope="module")
def server(servers, settings):
    server = servers.make(settings)
    names = [*(("a way", fault, shape) for fault in FAULTS for shape in ASKED_FOR),
             *(("a token", end, shape) for end in [*ENDS_OF_TOKENS, "disabled for a while"]
               for shape in SHAPES),
             *(("a token", fault, shape) for fault in OUTLIVED_BY_TOKENS for shape in ASKED_FOR),
             ("a token", "the key that signed it is revoked", "jwt")]
    server.workloads = {name: Workload(server, f"app-{number}", SHAPES[name[-1]])
                        for number, name in enumerate(names)}
    file = server.installation.file("all.json", json.dumps(
        {"applications": [workload.record() for workload in server.workloads.values()]}))
    assert server.installation.run("app", "import", file).status == 0
    return server.start()


@pytest.fixture(scope="module")
def caller(server):
    return server.register_with_secret("caller", "--may-introspect")


# The table.

@pytest.fixture(scope="module")
def outcomes(server):
    """By fault and shape, once it is asked for: what each way led to before, and what after."""
    known = {}

    def of(fault, shape):
        if (fault, shape) not in known:
            workload = server.workloads["a way", fault, shape].begin()
            known[fault, shape] = observe(workload, *FAULTS[fault])
        return known[fault, shape]
    return of


def observe(workload, action, closed):
    before = {way: workload.ask(*way) for way in WAYS}
    action(workload)
    first = next(way for way in WAYS if verdict(*way, closed))
    eventually(lambda: workload.ask(*first).status != 200, A_SECOND)
    return before, {way: workload.ask(*way) for way in WAYS}


@pytest.mark.parametrize("grant, method", WAYS, ids=map(" ".join, WAYS))
@pytest.mark.parametrize("shape", ASKED_FOR)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_way_to_a_token_is_closed_or_stays_open_when(server, outcomes, fault, shape, grant,
                                                       method):
    before, after = (each[grant, method] for each in outcomes(fault, shape))
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

def signed_introspection(server, token, caller):
    """RFC 9701: what is inside, once the signature is found good."""
    answer = server.post("/api/oauth/introspect", {"token": token},
                         {**http.basic(*caller), "Accept": "application/token-introspection+jwt"})
    return jwt.verified_claims(answer.text, key_set(server))["token_introspection"]


def key_set(server):
    return server.exchange("GET", "/api/oauth/jwks.json").json


def is_good(workload, caller):
    """At each place where one asks; they must agree."""
    server, token = workload.server, workload.pair["access_token"]
    introspected = server.introspect(token, caller).json
    active = introspected["active"]
    if active:
        assert set(introspected.get("cnf", {})) == workload.shape.confirmed_by
    else:
        assert introspected == {"active": False}
    assert signed_introspection(server, token, caller) == introspected
    assert server.token_info(token, caller).status == (200 if active else 400)
    assert workload.check().status == (200 if active else 401)
    return active


def is_bad(workload, caller):
    """At one place; from then on at each."""
    return workload.check().status == 401 and not is_good(workload, caller)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("end", ENDS_OF_TOKENS)
def test_a_token_ends_when(server, caller, end, shape):
    workload = server.workloads["a token", end, shape].begin()
    assert is_good(workload, caller)
    ENDS_OF_TOKENS[end](workload)
    eventually(lambda: is_bad(workload, caller), A_SECOND)


# What closes the way to further tokens, and by itself ends none: a way that it closes.
OUTLIVED_BY_TOKENS = {"the key is removed": ("client_credentials", SIGNED),
                      "the secret is removed": ("client_credentials", BASIC),
                      "the scope is taken away": ("client_credentials", BASIC)}


@pytest.mark.parametrize("shape", ASKED_FOR)
@pytest.mark.parametrize("fault", OUTLIVED_BY_TOKENS)
def test_a_token_is_good_until_it_expires_though(server, caller, fault, shape):
    workload = server.workloads["a token", fault, shape].begin()
    FAULTS[fault][0](workload)
    eventually(lambda: workload.ask(*OUTLIVED_BY_TOKENS[fault]).status != 200, A_SECOND)
    assert is_good(workload, caller)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_tokens_of_a_disabled_application_are_inactive_until_it_is_enabled(server, caller,
                                                                               shape):
    workload = server.workloads["a token", "disabled for a while", shape].begin()
    app("disable")(workload)
    eventually(lambda: is_bad(workload, caller), A_SECOND)
    app("enable")(workload)
    eventually(lambda: workload.check().status == 200, A_SECOND)
    assert is_good(workload, caller)
    for way in [("jwt-bearer", ALONE), ("client_credentials", BASIC), ("refresh_token", SIGNED)]:
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


# Keys that sign.

def test_a_key_that_is_revoked_signs_nothing_more(server, caller):
    """What it signed proves nothing any more; but it was issued, and whoever asks is told so."""
    workload = server.workloads["a token", "the key that signed it is revoked", "jwt"].begin()
    token = workload.pair["access_token"]
    kid = jwt.header_of(token)["kid"]
    assert jwt.is_signed_by(token, key_set(server))
    assert server.installation.run("key", "revoke", kid).status == 0
    eventually(lambda: kid not in [key["kid"] for key in key_set(server)["keys"]], A_SECOND)
    assert not jwt.is_signed_by(token, key_set(server))
    assert is_good(workload, caller)  # with an answer that is signed by another key
    for way in [("jwt-bearer", ALONE), ("client_credentials", BASIC), ("refresh_token", SIGNED)]:
        other = workload.ask(*way).json["access_token"]
        assert jwt.header_of(other)["kid"] != kid
        assert jwt.is_signed_by(other, key_set(server))


# Services, which a reload takes away.

@pytest.fixture
def elsewhere(servers):
    """Workloads of services that will go, one a shape, in a server of their own."""
    server = servers.start({"token_services": [{}, *services("/elsewhere", "/elsewhere/jwt")],
                            "proxies": {"addresses": "127.0.0.1"}})
    paths = {TOKEN_PATH: "/elsewhere", JWT_PATH: "/elsewhere/jwt"}
    workloads = [
        Workload(server, f"app-{number}", dataclasses.replace(shape, path=paths[shape.path]))
        for number, shape in enumerate(SHAPES.values())]
    file = server.installation.file("apps.json", json.dumps(
        {"applications": [workload.record() for workload in workloads]}))
    assert server.installation.run("app", "import", file).status == 0
    eventually(lambda: server.knows(workloads[0].client))
    server.workloads = [workload.begin() for workload in workloads]
    return server


def test_a_service_that_is_gone_grants_nothing_and_what_it_granted_is_worth_nothing(elsewhere):
    caller = elsewhere.register_with_secret("caller", "--may-introspect")
    ways = [("jwt-bearer", ALONE), ("client_credentials", BASIC), ("refresh_token", BASIC)]
    for workload in elsewhere.workloads:
        assert is_good(workload, caller)
        assert {workload.ask(*way).status for way in ways} == {200}

    elsewhere.installation.configure({"token_services": [{"refresh_token": {"issue": True}}],
                                      "proxies": {"addresses": "127.0.0.1"}})
    elsewhere.signal(signal.SIGHUP)
    answer_of(404, lambda: elsewhere.workloads[0].ask(*ways[0]))
    for workload in elsewhere.workloads:
        assert {workload.ask(*way).status for way in ways} == {404}
        answer = elsewhere.refresh(workload.pair["refresh_token"],
                                   http.basic(workload.client.id, SECRET))
        assert (answer.status, answer.json["error"]) == (400, "invalid_grant")
        answer = workload.check()
        assert (answer.status, elsewhere.reason(answer)) == (401, "token_owner_gone")
        assert is_bad(workload, caller)
