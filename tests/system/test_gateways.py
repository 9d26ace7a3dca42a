"""The gateways of examples/ let through what Assay grants, as it says it, and nothing else."""

import re

import pytest

from harness import http
from harness.echo_api import FORBIDDEN
from harness.gateways import EXAMPLES, KINDS, Gateway
from harness.keys import key_of
from harness.patience import eventually

SHORT, OTHER = "/short/token", "/other/token"
OTHER_API = "https://other.example/api"
INACTIVE = {"active": False}

each_gateway = pytest.mark.parametrize("gateway", KINDS, indirect=True)
# Apache introspects; the others ask Assay for its decision, and have its challenge.
each_that_checks = pytest.mark.parametrize("gateway", ["nginx", "caddy"], indirect=True)


@pytest.fixture(scope="module")
def settings():
    """The default service; one whose tokens end soon; one for another API."""
    audience = ["http://127.0.0.1:${port}/api/oauth/token"]
    return {"token_services": [
        {}, {"path": SHORT, "audience": audience, "access_token": {"lifetime": "1s"}},
        {"path": OTHER, "audience": audience, "resource": [OTHER_API]}]}


# Others than invoices.read, which the gateways demand, and some that look like it.
OTHER_SCOPES = ["invoices.write", "invoices.readonly", "my.invoices.read", "invoices-read"]


def register_billing(server):
    scopes = [word for scope in OTHER_SCOPES for word in ("--scope", scope)]
    return server.register("billing", key_of("P-256", "billing"), "--subject", "robot",
                           "--default-scope", "invoices.read", *scopes, algorithm="ES256")


@pytest.fixture(scope="module")
def billing(server):
    return register_billing(server)


def register_api(server):
    """The application of the API, by the name that the example for Apache has for it."""
    return server.register_with_secret("invoice-api", "--may-introspect")


@pytest.fixture(scope="module")
def invoice_api(server):
    return register_api(server)


@pytest.fixture(scope="module")
def start_gateway(tmp_path_factory, running_api):
    """Starts one of a kind in front of the API; none of them outlives the module."""
    started = []

    def start(kind, server, secret):
        folder = tmp_path_factory.mktemp(kind)
        assay = server.url.removeprefix("http://")
        gateway = Gateway(KINDS[kind], folder, assay, running_api.address, secret)
        started.append(gateway)
        return gateway.start()

    yield start
    for gateway in started:
        gateway.stop()


@pytest.fixture(scope="module")
def gateways(start_gateway, server, invoice_api):
    _, secret = invoice_api
    return {kind: start_gateway(kind, server, secret) for kind in KINDS}


@pytest.fixture
def gateway(request, gateways):
    return gateways[request.param]


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def token_of(server, client, path="/api/oauth/token", scope=None):
    answer = server.present(server.assertion(client, sub="robot"), path, scope=scope)
    assert answer.status == 200, answer
    return answer.json["access_token"]


def said_by_assay(answer):
    """The headers in Assay's name that the API saw; to many an API - and _ are the same."""
    return {name: value for name, value in answer.json["headers"]
            if name.lower().replace("_", "-").startswith("x-assay")}


def lower(members):
    return {name.lower(): value for name, value in members.items()}


# What is granted.

@each_gateway
def test_a_granted_call_reaches_the_api_with_what_the_token_says(server, gateway, billing,
                                                                 invoice_api):
    token = token_of(server, billing, scope="invoices.read invoices.write")
    answer = gateway.exchange("GET", "/invoices/7?year=2026", headers=bearer(token))
    assert answer.status == 200
    assert answer.json["path"] == "/invoices/7?year=2026"
    expiry = server.introspect(token, invoice_api).json["exp"]
    assert lower(said_by_assay(answer)) == {
        "x-assay-client": "billing", "x-assay-subject": "robot",
        "x-assay-scope": "invoices.read invoices.write", "x-assay-expires": str(expiry)}


@each_gateway
def test_a_granted_call_has_its_method_and_body(server, gateway, billing):
    headers = {"Content-Type": "text/plain", **bearer(token_of(server, billing))}
    answer = gateway.exchange("POST", "/invoices/", "a new one", headers)
    assert (answer.json["method"], answer.json["body"]) == ("POST", "a new one")
    assert dict(answer.json["headers"])["Content-Type"] == "text/plain"


@each_gateway
def test_the_api_does_not_see_the_token(server, gateway, billing):
    token = token_of(server, billing)
    answer = gateway.exchange("GET", "/invoices/7", headers=bearer(token))
    assert answer.status == 200
    assert token not in answer.text


@each_gateway
def test_nobody_but_assay_speaks_in_its_name(server, gateway, billing):
    forged = {"X-Assay-Client": "admin", "x-assay-subject": "admin", "X-Assay-Expires": "9",
              "X_Assay_Client": "admin", "X-Assay_Scope": "payroll", "X-Assay-Role": "admin"}
    headers = bearer(token_of(server, billing))
    honest = gateway.exchange("GET", "/invoices/7", headers=headers)
    answer = gateway.exchange("GET", "/invoices/7", headers={**forged, **headers})
    names = {"x-assay-client", "x-assay-subject", "x-assay-scope", "x-assay-expires"}
    assert set(lower(said_by_assay(answer))) == names
    assert said_by_assay(answer) == said_by_assay(honest)


@each_gateway
def test_what_the_api_itself_forbids_is_its_own_answer(server, gateway, billing, api):
    headers = bearer(token_of(server, billing))
    answer = gateway.exchange("GET", FORBIDDEN, headers=headers)
    assert (answer.status, api.calls) == (403, [FORBIDDEN])
    assert "WWW-Authenticate" not in answer.headers


# What is refused.

def expired(server, billing, invoice_api):
    token = token_of(server, billing, SHORT)
    eventually(lambda: server.introspect(token, invoice_api).json == INACTIVE)
    return token


def revoked(server, billing, _):
    token = token_of(server, billing)
    assert server.installation.run("token", "revoke", token).status == 0
    return token


def forged(*_):
    return "A" * 54


def meant_for_another_api(server, billing, _):
    return token_of(server, billing, OTHER)


BAD_TOKENS = [expired, revoked, forged, meant_for_another_api]


@each_gateway
@pytest.mark.parametrize("bad", BAD_TOKENS)
def test_a_bad_token_is_refused(server, gateway, billing, invoice_api, api, bad):
    token = bad(server, billing, invoice_api)
    answer = gateway.exchange("GET", "/invoices/7", headers=bearer(token))
    assert answer.status == 401
    [challenge] = answer.headers.get_all("WWW-Authenticate")
    assert challenge.startswith('Bearer realm="assay", error="invalid_token"')
    assert api.calls == []


@each_gateway
def test_a_token_is_refused_from_its_revocation_on(server, gateway, billing, api):
    token = token_of(server, billing)
    assert gateway.exchange("GET", "/invoices/before", headers=bearer(token)).status == 200
    assert server.installation.run("token", "revoke", token).status == 0
    assert gateway.exchange("GET", "/invoices/after", headers=bearer(token)).status == 401
    assert api.calls == ["/invoices/before"]


@each_gateway
@pytest.mark.parametrize("scope", OTHER_SCOPES)
def test_a_missing_scope_is_named(server, gateway, billing, api, scope):
    token = token_of(server, billing, scope=scope)
    answer = gateway.exchange("GET", "/invoices/7", headers=bearer(token))
    assert answer.status == 403
    [challenge] = answer.headers.get_all("WWW-Authenticate")
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="invoices.read"' in challenge
    assert api.calls == []


@each_gateway
@pytest.mark.parametrize("headers", [{}, http.basic("billing", "a secret")], ids=["none", "basic"])
def test_no_token_is_refused_and_asked_for(gateway, api, headers):
    answer = gateway.exchange("GET", "/invoices/7", headers={"X-Assay-Client": "x", **headers})
    assert answer.status == 401
    [challenge] = answer.headers.get_all("WWW-Authenticate")
    assert challenge.startswith('Bearer realm="assay"')
    assert api.calls == []


@each_gateway
def test_two_tokens_are_refused(server, gateway, billing, api):
    line = f"Authorization: Bearer {token_of(server, billing)}\r\n"
    request = f"GET /invoices/7 HTTP/1.1\r\nHost: {gateway.address}\r\n{2 * line}\r\n"
    with http.connect(f"http://{gateway.address}") as connection:
        connection.sendall(request.encode())
        assert http.read_answer(connection).status in (400, 401)
    assert api.calls == []


@each_gateway
def test_the_clients_query_does_not_steer_the_check(server, gateway, billing, api):
    other = token_of(server, billing, OTHER)
    answer = gateway.exchange("GET", f"/invoices/7?aud={OTHER_API}", headers=bearer(other))
    assert answer.status == 401
    writer = token_of(server, billing, scope="invoices.write")
    query = "?scope=invoices.write&match=any"
    answer = gateway.exchange("GET", f"/invoices/7{query}", headers=bearer(writer))
    assert answer.status == 403
    assert api.calls == []


@each_gateway
@pytest.mark.parametrize("path", ["/", "/payroll/", "/invoices/../payroll/",
                                  "/_assay/scope=invoices.read", "/api/oauth/check"])
def test_other_paths_are_closed_even_with_a_token(server, gateway, billing, api, path):
    answer = gateway.exchange("GET", path, headers=bearer(token_of(server, billing)))
    assert answer.status in (403, 404)
    assert api.calls == []


@each_that_checks
@pytest.mark.parametrize("headers", [{}, bearer(forged()), bearer("not a token!")],
                         ids=["none", "forged", "malformed"])
def test_the_client_has_the_challenge_of_the_check(server, gateway, headers):
    own = server.exchange("GET", "/api/oauth/check?scope=invoices.read", headers=headers)
    answer = gateway.exchange("GET", "/invoices/7", headers=headers)
    [challenge] = answer.headers.get_all("WWW-Authenticate")
    assert challenge == own.headers["WWW-Authenticate"]


def test_the_question_in_envoys_example_is_not_the_clients_to_change(server, billing):
    """Envoy itself is not run: it is no package of Debian 12."""
    config = (EXAMPLES / "envoy/envoy.yaml").read_text()
    prefix = re.search(r"path_prefix: (\S+)", config).group(1)
    loosened = f"/invoices/7?aud={OTHER_API}&match=any&scope=invoices.write"

    def ask(path, token):
        return server.exchange("GET", prefix + path, headers=bearer(token)).status

    assert ask("/invoices/7?year=2026&scope=payroll", token_of(server, billing)) == 200
    assert ask(loosened, token_of(server, billing, OTHER)) == 401
    assert ask(loosened, token_of(server, billing, scope="invoices.write")) == 403


# Without Assay.

@pytest.fixture(scope="module")
def orphans(servers, start_gateway):
    """Gateways that worked until Assay went down, and a token that was good till then."""
    server = servers.start()
    client = register_billing(server)
    _, secret = register_api(server)
    gateways = {kind: start_gateway(kind, server, secret) for kind in KINDS}
    token = token_of(server, client)
    for gateway in gateways.values():
        assert gateway.exchange("GET", "/invoices/7", headers=bearer(token)).status == 200
    server.kill()
    return gateways, token


@pytest.mark.parametrize("kind, status", [("nginx", 500), ("caddy", 502), ("apache", 401)])
def test_nothing_passes_without_assay(orphans, api, kind, status):
    gateways, token = orphans
    answer = gateways[kind].exchange("GET", "/invoices/7", headers=bearer(token))
    assert answer.status == status
    assert api.calls == []
