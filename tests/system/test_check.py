"""What a gateway is told of the bearer token of a request: RFC 6750, without a body to read."""

import re
import time

import pytest

from harness import http
from harness.patience import A_SECOND, answer_of
from harness.server import CHECK

SHOP = "https://shop.example/api"
SHORT, SHOPPING = "/short/token", "/shopping/token"
METADATA = "/.well-known/oauth-protected-resource"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PROPFIND"]


@pytest.fixture(scope="module")
def settings():
    return {"token_services": [
        {}, {"path": SHORT, "access_token": {"lifetime": "1s"}},
        {"path": SHOPPING, "resource": [SHOP], "refresh_token": {"issue": True}}]}


@pytest.fixture(scope="module")
def owner(server):
    """How it signs, and its id and secret."""
    return server.register_with_both("owner", "--subject", "alice", "--default-scope", "read",
                                     "--default-scope", "write")


@pytest.fixture(scope="module")
def token(server, owner):
    return server.token(owner[0], sub="alice")


@pytest.fixture(scope="module")
def shop_token(server, owner):
    return server.present(server.assertion(owner[0]), SHOPPING).json["access_token"]


def challenge(answer):
    """The scheme and the parameters of the one challenge in the answer."""
    scheme, _, rest = answer.headers["WWW-Authenticate"].partition(" ")
    parameters = dict(re.findall(r'(\w+)="([^"\\]*)"', rest))
    assert ", ".join(f'{name}="{value}"' for name, value in parameters.items()) == rest
    return scheme, parameters


def check_refused(server, answer, status, error, reason):
    assert (answer.status, answer.json["error"]) == (status, error)
    scheme, parameters = challenge(answer)
    assert (scheme, parameters["realm"], parameters["error"]) == ("Bearer", "assay", error)
    assert server.reason(answer) == reason
    return parameters


# A good token.

def test_a_good_token_is_described_in_headers_alone(server, token):
    answer = server.check(token)
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["X-Assay-Client"] == "owner"
    assert answer.headers["X-Assay-Subject"] == "alice"
    assert answer.headers["X-Assay-Scope"] == "read write"
    assert 3500 < int(answer.headers["X-Assay-Expires"]) - time.time() <= 3600
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize("method", METHODS)
def test_the_method_is_that_of_the_request_that_is_checked(server, token, method):
    answer = server.check(token, method=method)
    assert (answer.status, answer.headers["X-Assay-Client"]) == (200, "owner")
    assert server.check("nonsense", method=method).status == 401


@pytest.mark.parametrize("path", ["/", "/orders", "/orders/42", "/a%20b/c", "/orders/"])
def test_the_path_behind_it_does_not_matter(server, token, path):
    headers = {"Authorization": f"Bearer {token}"}
    assert server.exchange("GET", CHECK + path, headers=headers).status == 200
    assert server.exchange("GET", f"{CHECK}{path}?scope=admin", headers=headers).status == 403
    assert server.exchange("GET", CHECK + path).status == 401


def test_another_path_that_begins_like_it_is_not_found(server, token):
    headers = {"Authorization": f"Bearer {token}"}
    assert server.exchange("GET", CHECK + "er", headers=headers).status == 404


def test_the_scheme_has_no_letter_case(server, token):
    assert server.check(headers={"Authorization": f"bEARER {token}"}).status == 200


def test_a_body_is_of_no_interest(server, token):
    answer = server.exchange("POST", CHECK, '{"access_token": "x"}',
                             {"Authorization": f"Bearer {token}",
                              "Content-Type": "application/json"})
    assert answer.status == 200


def test_a_token_without_a_subject_speaks_for_its_client(server, owner):
    answer = server.check(server.token(owner[0]))
    assert answer.headers["X-Assay-Subject"] == "owner"


# No token: RFC 6750 section 3.1 has no error code for that.

@pytest.mark.parametrize("headers", [
    {}, {"Authorization": "Basic b3duZXI6c2VjcmV0"}, {"Authorization": "Digest x=y"}],
    ids=["nothing", "Basic", "Digest"])
def test_without_a_token_the_challenge_is_bare(server, headers):
    answer = server.check(headers=headers)
    assert answer.status == 401
    scheme, parameters = challenge(answer)
    assert (scheme, parameters["realm"]) == ("Bearer", "assay")
    assert not {"error", "error_description", "scope"} & set(parameters)
    assert server.reason(answer) == "token_missing"


def test_a_token_is_taken_from_the_header_alone(server, token):
    """Queries stand in logs: RFC 9700 section 4.3.2."""
    assert server.check(query=f"access_token={token}").status == 400
    answer = server.exchange("POST", CHECK, http.form({"access_token": token}), http.FORM)
    assert answer.status == 401


# A token that is no good.

@pytest.mark.parametrize("text", ["nonsense", "A" * 54, "0" * 54, "a.b.c", "x" * 2000],
                         ids=lambda text: text[:8])
def test_what_is_no_token_of_ours_is_invalid(server, text):
    check_refused(server, server.check(text), 401, "invalid_token", "token_unknown")


def test_a_token_with_one_other_character_is_invalid(server, token):
    other = "A" if token[-1] != "A" else "B"
    check_refused(server, server.check(token[:-1] + other), 401, "invalid_token", "token_unknown")


def test_a_token_that_has_ended_is_invalid(server, owner):
    token = server.present(server.assertion(owner[0]), SHORT).json["access_token"]
    answer = answer_of(401, lambda: server.check(token))
    assert challenge(answer)[1]["error"] == "invalid_token"


def test_a_token_that_was_revoked_is_invalid_at_once(server, owner):
    token = server.token(owner[0])
    assert server.check(token).status == 200
    assert server.revoke(token, http.basic(*owner[1])).status == 200
    assert challenge(server.check(token))[1]["error"] == "invalid_token"


def test_a_refresh_token_opens_nothing(server, owner):
    pair = server.present(server.assertion(owner[0]), SHOPPING).json
    answer = server.check(pair["refresh_token"], http.form({"aud": SHOP}))
    assert (answer.status, answer.json["error"]) == (401, "invalid_token")


@pytest.mark.parametrize("action", ["disable", "delete"])
def test_the_token_of_an_application_is_invalid_after(server, action):
    client, _ = server.register_with_both(f"to-{action}")
    token = server.token(client)
    assert server.check(token).status == 200
    assert server.installation.run("app", action, client.id).status == 0
    answer = answer_of(401, lambda: server.check(token), A_SECOND)
    check_refused(server, answer, 401, "invalid_token", "token_owner_gone")


# What is wrong with the request.

@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Bearer a b", "Bearer a,b", 'Bearer "a"',
                                   "Bearer é"])
def test_a_malformed_token_is_a_bad_request(server, value):
    answer = raw_check(server, value)
    check_refused(server, answer, 400, "invalid_request", "token_malformed")


def raw_check(server, *values, query=""):
    """With an Authorization header for each value."""
    lines = "".join(f"Authorization: {value}\r\n" for value in values)
    with http.connect(server.url) as connection:
        connection.sendall(f"GET {CHECK}{query} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode())
        return http.read_answer(connection)


def test_two_tokens_are_one_too_many(server, token):
    for second in (f"Bearer {token}", "Bearer other", "Basic b3duZXI6c2VjcmV0"):
        answer = raw_check(server, f"Bearer {token}", second)
        check_refused(server, answer, 400, "invalid_request", "token_repeated")


@pytest.mark.parametrize("query", [
    "scope=%zz", "scope=%ff", 'scope=say+%22please%22', "match=some", "match=", "errors=500",
    "match=any&match=all", "aud=", "scopes=read", "access_token=x"])
def test_a_query_is_malformed(server, token, query):
    """A demand that is misspelt must not count as none."""
    answer = server.check(token, query)
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")
    assert challenge(answer)[1]["error"] == "invalid_request"


@pytest.mark.parametrize("query", ["scope=", "scope=+", "match=any&scope="])
def test_an_empty_scope_opens_nothing(server, token, query):
    """Such as a gateway's variable that nobody set."""
    assert server.check(token, query).status == 400


@pytest.mark.parametrize("bad", ["token", "tokens", "query"])
def test_a_gateway_that_knows_no_400_gets_401(server, token, bad):
    """nginx makes 500 of anything but 401 and 403."""
    answer = {
        "token": lambda: raw_check(server, "Bearer a b", query="?errors=401"),
        "tokens": lambda: raw_check(server, "Bearer a", "Bearer b", query="?errors=401"),
        "query": lambda: server.check(token, "errors=401&match=some")}[bad]()
    assert (answer.status, answer.json["error"]) == (401, "invalid_request")
    assert challenge(answer)[1]["error"] == "invalid_request"


def test_a_gateway_that_knows_no_400_gets_all_else_as_ever(server, token):
    assert server.check(token, "errors=401").status == 200
    assert server.check(token, "errors=401&scope=admin").status == 403
    answer = server.check(query="errors=401")
    assert (answer.status, challenge(answer)[1].get("error")) == (401, None)


# Scopes.

@pytest.mark.parametrize("query", [
    "scope=read", "scope=read&scope=write", "scope=write+read", "scope=read%20write",
    "match=all&scope=read+write", "match=any&scope=admin+write", "match=any&scope=admin&scope=read",
    "match=any"])
def test_a_token_suffices_for(server, token, query):
    assert server.check(token, query).status == 200


@pytest.mark.parametrize("query, wanted", [
    ("scope=admin", "admin"), ("scope=read&scope=admin", "read admin"),
    ("scope=read+admin", "read admin"), ("scope=Read", "Read"),
    ("match=any&scope=admin+audit", "admin audit"), ("match=all&scope=read+admin", "read admin")])
def test_a_token_does_not_suffice_for(server, token, query, wanted):
    answer = server.check(token, query)
    parameters = check_refused(server, answer, 403, "insufficient_scope", "scope_insufficient")
    assert parameters["scope"] == wanted


def test_a_token_that_is_no_good_is_so_for_any_scope(server):
    answer = server.check("nonsense", "scope=admin")
    check_refused(server, answer, 401, "invalid_token", "token_unknown")


# Audiences.

@pytest.mark.parametrize("query", [
    {}, {"aud": "{url}"}, [("aud", SHOP), ("aud", "{url}")]], ids=["default", "issuer", "several"])
def test_a_token_for_the_issuer_is_for(server, token, query):
    assert server.check(token, query_of(server, query)).status == 200


def query_of(server, query):
    pairs = query.items() if isinstance(query, dict) else query
    return http.form([(name, value.format(url=server.url)) for name, value in pairs])


def test_a_token_for_another_api_is_invalid(server, token, shop_token):
    for text, query in [(token, {"aud": SHOP}), (shop_token, {}), (shop_token, {"aud": "{url}"}),
                        (shop_token, {"aud": SHOP + "/"})]:
        answer = server.check(text, query_of(server, query))
        check_refused(server, answer, 401, "invalid_token", "token_audience_mismatch")


def test_a_token_for_one_of_the_apis_is_good(server, shop_token):
    assert server.check(shop_token, query_of(server, {"aud": SHOP})).status == 200
    several = [("aud", "https://elsewhere.example"), ("aud", SHOP)]
    assert server.check(shop_token, query_of(server, several)).status == 200


# The metadata of what is protected: RFC 9728.

@pytest.mark.parametrize("path, resource", [("", "{url}"), ("/api", SHOP)])
def test_each_resource_has_a_document(server, path, resource):
    answer = server.exchange("GET", METADATA + path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json["resource"] == resource.format(url=server.url)
    assert answer.json["authorization_servers"] == [server.url]
    assert answer.json["bearer_methods_supported"] == ["header"]


def test_there_is_no_document_of_what_is_nobodys(server):
    assert server.exchange("GET", METADATA + "/elsewhere").status == 404
    assert server.exchange("POST", METADATA).status == 405


@pytest.mark.parametrize("token", [None, "nonsense"])
def test_a_refusal_leads_to_the_document_of_the_issuer(server, token):
    parameters = challenge(server.check(token))[1]
    assert parameters["resource_metadata"] == server.url + METADATA


@pytest.mark.parametrize("token", [None, "nonsense"])
def test_a_refusal_leads_to_the_document_of_the_api(server, token):
    parameters = challenge(server.check(token, query_of(server, {"aud": SHOP})))[1]
    location = re.fullmatch(r"https?://[^/]+(/.*)", parameters["resource_metadata"])
    assert server.exchange("GET", location[1]).json["resource"] == SHOP


def test_a_refusal_leads_nowhere_where_there_is_no_document(server):
    parameters = challenge(server.check("nonsense", "aud=https://elsewhere.example"))[1]
    assert "resource_metadata" not in parameters


def test_an_issuer_with_a_path_has_its_document_between_host_and_path(servers):
    server = servers.start({"issuer": "https://login.example/tenant/one"})
    answer = server.exchange("GET", METADATA + "/tenant/one")
    assert answer.json["resource"] == "https://login.example/tenant/one"


# What is written down.

def test_a_refusal_is_written_down(server, token):
    answer = server.check(token, "scope=admin")
    line = server.audit_line(answer)
    assert (line["event"], line["outcome"]) == ("check", "refused")
    assert (line["reason"], line["error"]) == ("scope_insufficient", "insufficient_scope")
