"""For which APIs a token is: RFC 8707, and the ceiling of its application."""

import urllib.parse

import pytest

from harness import http
from harness.installation import TOKEN_PATH
from harness.patience import A_SECOND, eventually
from harness.server import JWT_BEARER

SHOP, STOCK = "https://shop.example/api", "https://stock.example/api"
PARTNER, ELSEWHERE = "https://partner.example", "https://elsewhere.example"
SHOPPING, ROTATING = "/shopping/token", "/rotating/token"

ALLOWED = ["--may-introspect", "--grant", "jwt-bearer", "--grant", "client_credentials",
           "--default-scope", "read"]


@pytest.fixture(scope="module")
def settings():
    return {"token_services": [
        {"refresh_token": {"issue": True, "policy": "keep"}},
        {"path": SHOPPING, "resource": [SHOP, STOCK],
         "refresh_token": {"issue": True, "policy": "keep"}},
        {"path": ROTATING, "resource": [SHOP, STOCK],
         "refresh_token": {"issue": True, "grace": "300s"}}]}


class Owner:
    """An application that asks for tokens, and looks at its own."""

    def __init__(self, server, client_id, *resources):
        self.server = server
        options = [word for uri in resources for word in ("--resource", uri)]
        self.client, credentials = server.register_with_both(client_id, *ALLOWED, *options)
        self.credentials, self.basic = credentials, http.basic(*credentials)

    def ask(self, grant, path, *resources):
        own = {"jwt-bearer": lambda: [("grant_type", JWT_BEARER),
                                      ("assertion", self.server.assertion(self.client))],
               "client_credentials": lambda: [("grant_type", "client_credentials")]}[grant]()
        return self.server.post(path, own + [("resource", uri) for uri in resources], self.basic)

    def refresh_token(self, path, *resources):
        return self.ask("jwt-bearer", path, *resources).json["refresh_token"]

    def refresh(self, token, path, *resources):
        own = [("grant_type", "refresh_token"), ("refresh_token", token)]
        return self.server.post(path, own + [("resource", uri) for uri in resources], self.basic)

    def audience(self, answer):
        """Of the token in the answer, as introspection shows it."""
        assert answer.status == 200, answer
        members = self.server.introspect(answer.json["access_token"], self.credentials).json
        return members["aud"] if isinstance(members["aud"], list) else [members["aud"]]

    def opens(self, answer, uri):
        """Whether the check lets the token in the answer pass to the API."""
        query = urllib.parse.urlencode({"aud": uri})
        return self.server.check(answer.json["access_token"], query).status == 200


@pytest.fixture(scope="module")
def free(server):
    return Owner(server, "free")


@pytest.fixture(scope="module")
def bound(server):
    return Owner(server, "bound", PARTNER, SHOP)


@pytest.fixture(scope="module")
def apart(server):
    """Its ceiling has nothing in common with the default of any service."""
    return Owner(server, "apart", PARTNER)


@pytest.fixture(params=["jwt-bearer", "client_credentials"])
def grant(request):
    return request.param


def check_refused(server, answer, reason):
    assert (answer.status, answer.json["error"]) == (400, "invalid_target")
    assert server.reason(answer) == reason
    assert not any(uri in answer.body.decode() for uri in (SHOP, STOCK, PARTNER))


# Without a resource.

def test_a_token_is_for_the_default_of_its_service(server, free, grant):
    assert free.audience(free.ask(grant, SHOPPING)) == [SHOP, STOCK]
    assert free.audience(free.ask(grant, TOKEN_PATH)) == [server.url]
    assert free.audience(free.ask(grant, SHOPPING, "")) == [SHOP, STOCK]


def test_the_ceiling_takes_away_of_the_default(bound, grant):
    assert bound.audience(bound.ask(grant, SHOPPING)) == [SHOP]


def test_no_token_is_for_nobody(server, apart, grant):
    for path in (SHOPPING, TOKEN_PATH):
        check_refused(server, apart.ask(grant, path), "resource_not_allowed")


# With resources.

@pytest.mark.parametrize("resources, audience", [
    ([SHOP], [SHOP]), ([STOCK, SHOP], [STOCK, SHOP]), ([STOCK, SHOP, STOCK], [STOCK, SHOP])],
    ids=["one", "two", "one of them twice"])
def test_a_token_is_for_exactly_what_was_asked_for(free, grant, resources, audience):
    answer = free.ask(grant, SHOPPING, *resources)
    assert free.audience(answer) == audience
    assert {uri for uri in (SHOP, STOCK, PARTNER) if free.opens(answer, uri)} == set(audience)


def test_the_ceiling_allows_what_the_service_does_not_name(bound, apart, grant):
    assert bound.audience(bound.ask(grant, SHOPPING, PARTNER, SHOP)) == [PARTNER, SHOP]
    assert apart.audience(apart.ask(grant, TOKEN_PATH, PARTNER)) == [PARTNER]


@pytest.mark.parametrize("resources", [[ELSEWHERE], [PARTNER, STOCK], [SHOP + "/"]],
                         ids=["unknown", "one of two", "slash"])
def test_one_above_the_ceiling_has_all_refused(server, bound, grant, resources):
    check_refused(server, bound.ask(grant, SHOPPING, *resources), "resource_not_allowed")


def test_without_a_ceiling_only_the_default_is_allowed(server, free, grant):
    for path, resource in ((SHOPPING, PARTNER), (SHOPPING, server.url), (TOKEN_PATH, SHOP)):
        check_refused(server, free.ask(grant, path, resource), "resource_not_allowed")


@pytest.mark.parametrize("resource", ["/api", "shop.example", SHOP + "#part", f"{SHOP} {STOCK}"],
                         ids=["path", "host", "fragment", "space"])
def test_what_is_no_absolute_uri_is_refused(server, free, grant, resource):
    check_refused(server, free.ask(grant, SHOPPING, SHOP, resource), "resource_malformed")


def test_thirty_two_are_enough(server, free):
    assert free.audience(free.ask("jwt-bearer", SHOPPING, *[SHOP] * 32)) == [SHOP]
    check_refused(server, free.ask("jwt-bearer", SHOPPING, *[SHOP] * 33), "resource_malformed")


def test_a_refused_resource_uses_no_assertion_up(server, free):
    assertion = server.assertion(free.client)
    assert server.present(assertion, SHOPPING, resource=ELSEWHERE).status == 400
    assert server.present(assertion, SHOPPING, resource=SHOP).status == 200


# Nothing else repeats.

def test_another_parameter_may_not_be_repeated_beside_it(server, free):
    answer = server.post(SHOPPING, [("grant_type", "client_credentials"), ("resource", SHOP),
                                    ("resource", SHOP), ("scope", "a"), ("scope", "a")],
                         free.basic)
    assert (answer.status, server.reason(answer)) == (400, "parameter_repeated")


@pytest.mark.parametrize("endpoint", ["introspect", "tokeninfo", "revoke"])
def test_it_may_not_be_repeated_elsewhere(server, free, endpoint):
    answer = server.post("/api/oauth/" + endpoint, [("resource", SHOP), ("resource", SHOP)],
                         free.basic)
    assert (answer.status, server.reason(answer)) == (400, "parameter_repeated")


# Refresh.

def test_a_refreshed_token_is_for_what_the_first_was(free):
    for resources, audience in (([], [SHOP, STOCK]), ([STOCK], [STOCK])):
        token = free.refresh_token(SHOPPING, *resources)
        assert free.audience(free.refresh(token, SHOPPING)) == audience


def test_a_narrower_audience_is_for_the_access_token_alone(free):
    narrow = free.refresh(free.refresh_token(ROTATING), ROTATING, STOCK)
    assert free.audience(narrow) == [STOCK]
    whole = free.refresh(narrow.json["refresh_token"], ROTATING)
    assert free.audience(whole) == [SHOP, STOCK]


def test_a_wider_audience_than_granted_is_refused_and_uses_nothing_up(server, free):
    token = free.refresh_token(ROTATING, SHOP)
    check_refused(server, free.refresh(token, ROTATING, STOCK), "resource_not_allowed")
    check_refused(server, free.refresh(token, ROTATING, "stock"), "resource_malformed")
    assert free.audience(free.refresh(token, ROTATING, SHOP)) == [SHOP]


def test_the_same_answer_again_is_not_for_another_audience(server, free):
    token = free.refresh_token(ROTATING)
    first = free.refresh(token, ROTATING, SHOP)
    check_refused(server, free.refresh(token, ROTATING, STOCK), "resource_not_allowed")
    assert free.refresh(token, ROTATING, SHOP).json["access_token"] == first.json["access_token"]


def test_what_the_ceiling_no_longer_allows_is_left_out(server):
    owner = Owner(server, "lowered", SHOP, STOCK)
    token = owner.refresh_token(SHOPPING)
    lower_to(server, owner, STOCK)
    eventually(lambda: owner.audience(owner.refresh(token, SHOPPING)) == [STOCK], A_SECOND)
    check_refused(server, owner.refresh(token, SHOPPING, SHOP), "resource_not_allowed")
    lower_to(server, owner, PARTNER)
    eventually(lambda: owner.refresh(token, SHOPPING).status == 400, A_SECOND)
    check_refused(server, owner.refresh(token, SHOPPING), "resource_not_allowed")


def lower_to(server, owner, resource):
    outcome = server.installation.run("app", "update", owner.client.id, "--resource", resource)
    assert outcome.status == 0, outcome.err


# What is written down, and the command line.

def test_an_audience_that_is_not_the_issuer_is_written_down(server, free):
    assert server.audit_line(free.ask("jwt-bearer", SHOPPING))["audience"] == f"{SHOP} {STOCK}"
    assert "audience" not in server.audit_line(free.ask("jwt-bearer", TOKEN_PATH))


def test_the_ceiling_is_shown(server, bound):
    shown = server.installation.run("app", "show", bound.client.id).out
    assert f"{PARTNER} {SHOP}" in shown
