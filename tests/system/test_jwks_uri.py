"""An application's keys by URL: `jwks_uri`, as RFC 7591 section 2 has it."""

import json
import re

import pytest

from harness.assertions import Client
from harness.https import Authority, KeyHost
from harness.keys import key_of
from harness.patience import answer_of, eventually

REGISTRY = {"stores": {"registry": "file:registry.json"}}
SOURCES = "ClientApplicationRegistry.KeySources"
LONG_PAST = "2001-01-01T00:00:00.000Z"


@pytest.fixture(scope="module")
def settings():
    """The pause outlasts any test: what is fetched twice within it is fetched too often."""
    return {**REGISTRY, "key_sources": {
        "allowed_addresses": ["127.0.0.0/8"], "unknown_key_pause": "1h", "wait": "2s"}}


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    host = KeyHost(tmp_path_factory.mktemp("host"))
    yield host
    host.close()


@pytest.fixture
def page(host, request):
    """Where the keys of the test's own application are."""
    return host.page(re.sub("[^a-z0-9]+", "-", request.node.name)).publish(first=key("first"))


def key(name):
    return key_of("P-256", name)


def signer(client_id, name, kid=None):
    return Client(client_id, key(name), "ES256", kid or name)


def register(server, host, page, *options, ca=None):
    """The id of an application whose keys are at the page alone."""
    client_id = page.url.rsplit("/", 1)[1]
    file = server.installation.file(f"{client_id}.ca", ca or host.authority.pem)
    server.installation.register(client_id, "--jwks-uri", page.url, "--jwks-ca", file, *options)
    return client_id


def known(server, client_id):
    """What `assay app keys` says of it."""
    outcome = server.installation.run("app", "keys", client_id, "--json")
    assert outcome.status == 0, outcome.err
    return outcome.json


def source_once(server, client_id, member):
    """What is known of its URL, as soon as that member of it is."""
    def source():
        found = known(server, client_id)["source"]
        return found if member in found else None
    return eventually(source)


def register_fetched(server, host, page, *options):
    client_id = register(server, host, page, *options)
    source_once(server, client_id, "fetched_at")
    answer_of(200, lambda: server.grant(signer(client_id, "first")))
    return client_id


def error_of(server, host, page, **options):
    """What is wrong with its URL, once that was found out."""
    client_id = register(server, host, page, **options)
    source = source_once(server, client_id, "error")
    assert server.grant(signer(client_id, "first")).json["error"] == "invalid_grant"
    assert "fetched_at" not in source
    return source["error"]


def rewrite_source(server, client_id, **members):
    """Changes the row of the registry by hand, as it could have come to be in time."""
    file = server.installation.data / "registry.json"
    tables = json.loads(file.read_text())
    tables[SOURCES][client_id].update(members)
    replacement = file.with_suffix(".new")
    replacement.write_text(json.dumps(tables))
    replacement.replace(file)


def test_keys_at_the_url_verify_assertions(server, host, page):
    client_id = register_fetched(server, host, page)
    line = server.audit_line(server.grant(signer(client_id, "first")))
    assert (line["outcome"], line["key_id"]) == ("granted", "first")
    assert server.grant(signer(client_id, "first", kid="other")).json["error"] == "invalid_grant"


def test_keys_at_the_url_prove_a_client(server, host, page):
    client_id = register_fetched(server, host, page, "--grant", "client_credentials",
                                 "--grant", "jwt-bearer", "--auth", "private_key_jwt")
    page.publish(second=key("second"))
    proof = server.client_assertion(signer(client_id, "second"))
    assert server.client_credentials(**proof).status == 200


def test_the_first_assertion_need_not_wait_for_a_refresh(server, host, page):
    client_id = register_fetched(server, host, page)
    page.publish(first=key("first"), second=key("second"))
    assert server.grant(signer(client_id, "second")).status == 200
    assert page.requests == 2


def test_a_key_that_was_taken_away_is_over_with_the_next_fetch(server, host, page):
    client_id = register_fetched(server, host, page)
    page.publish(second=key("second"))
    assert server.grant(signer(client_id, "second")).status == 200
    assert server.reason(server.grant(signer(client_id, "first"))) == "key_unknown"


def test_a_flood_of_made_up_keys_is_one_fetch(server, host, page):
    client_id = register_fetched(server, host, page)
    for number in range(30):
        answer = server.grant(signer(client_id, "first", kid=f"made-up-{number}"))
        assert answer.json["error"] == "invalid_grant"
    assert page.requests == 2
    assert server.grant(signer(client_id, "first")).status == 200


def test_a_key_of_the_record_is_good_beside_them(server, host, page):
    client_id = register_fetched(server, host, page)
    file = server.installation.file("own.jwk", key("own").jwk(kid="own"))
    assert server.installation.run("app", "update", client_id, "--jwk", file).status == 0
    answer_of(200, lambda: server.grant(signer(client_id, "own")))
    assert server.grant(signer(client_id, "first")).status == 200
    assert [(entry["from"], entry["kid"]) for entry in known(server, client_id)["keys"]] == [
        ("record", "own"), ("jwks_uri", "first")]


def test_the_last_good_keys_stay_until_their_time_is_over(server, host, page):
    client_id = register_fetched(server, host, page)
    page.status = 503
    rewrite_source(server, client_id, next_try=LONG_PAST)
    source = source_once(server, client_id, "error")
    assert source["error"] == "the answer has the status 503"
    assert server.grant(signer(client_id, "first")).status == 200
    rewrite_source(server, client_id, keep_until=LONG_PAST)
    refused = answer_of(400, lambda: server.grant(signer(client_id, "first")))
    assert server.reason(refused) == "key_expired"
    assert known(server, client_id)["keys"][0]["state"] == "expired"
    page.status = 200
    rewrite_source(server, client_id, next_try=LONG_PAST)
    answer_of(200, lambda: server.grant(signer(client_id, "first")))
    assert "error" not in known(server, client_id)["source"]


def test_a_restart_does_not_forget_the_keys(servers, settings, host, page):
    server = servers.start(settings)
    client_id = register_fetched(server, host, page)
    server.stop()
    page.open.clear()
    server.start()
    assert server.grant(signer(client_id, "first")).status == 200
    page.open.set()


def test_without_the_url_its_keys_are_over(server, host, page):
    client_id = register_fetched(server, host, page)
    assert server.installation.run("app", "update", client_id, "--jwks-uri", "").status == 0
    answer_of(400, lambda: server.grant(signer(client_id, "first")))
    assert known(server, client_id) == {"client_id": client_id, "keys": []}


def test_cache_headers_say_when_the_keys_are_fetched_again(server, host, page):
    page.fields = {"Cache-Control": "max-age=1"}  # less than the least
    client_id = register_fetched(server, host, page)
    source = known(server, client_id)["source"]
    assert source["next_refresh"] == source["fresh_until"]
    assert source["next_refresh"] > source["fetched_at"]
    assert page.requests == 1


def test_a_redirect_is_not_followed(server, host, page):
    target = host.page("target").publish(first=key("first"))
    page.status, page.fields = 302, {"Location": target.url}
    assert error_of(server, host, page) == "the answer has the status 302"
    assert target.requests == 0


def test_an_answer_that_is_too_large_is_refused(server, host, page):
    page.body += b" " * (256 * 1024)
    assert error_of(server, host, page) == "the answer is longer than 262144 bytes"


def test_an_answer_that_is_too_slow_is_refused(server, host, page):
    page.open.clear()
    assert "timed out" in error_of(server, host, page)
    page.open.set()


def test_another_ca_is_refused(server, host, page):
    error = error_of(server, host, page, ca=Authority("another CA").pem)
    assert "certificate" in error
    assert page.requests == 0


def test_private_keys_at_the_url_are_of_no_use(server, host, page):
    page.body = json.dumps({"keys": [json.loads(key("first").private_jwk(kid="first"))]}).encode()
    assert "no key" in error_of(server, host, page)


def test_a_private_address_is_refused_unless_it_is_allowed(servers, host, page):
    server = servers.start(REGISTRY)
    assert error_of(server, host, page) == (
        "an address that is loopback is refused here: 127.0.0.1")
    assert page.requests == 0


def test_addresses_can_be_allowed_by_the_environment(servers, host, page):
    server = servers.start(REGISTRY, {"ASSAY_KEY_SOURCES_ALLOWED_ADDRESSES": "127.0.0.0/8"})
    register_fetched(server, host, page)


def test_the_command_line_shows_age_error_and_next_refresh(server, host, page):
    client_id = register_fetched(server, host, page)
    page.status = 500
    rewrite_source(server, client_id, next_try=LONG_PAST)
    source = source_once(server, client_id, "error")
    assert set(source) == {"uri", "fetched_at", "age_seconds", "fresh_until", "keep_until",
                           "next_refresh", "error", "failing_since", "failures"}
    assert source["uri"] == page.url
    shown = server.installation.run("app", "keys", client_id).out
    line = server.installation.run("app", "show", client_id).out
    for text in ("jwks_uri", "first", "live", page.url, source["fetched_at"],
                 source["next_refresh"], source["error"], source["failing_since"]):
        assert text in shown
    assert "keys: 1, next refresh" in line and source["error"] in line


def test_the_command_line_says_that_nothing_was_fetched_yet(servers, host, page):
    server = servers.make(REGISTRY)
    client_id = register(server, host, page)
    assert known(server, client_id)["source"] == {"uri": page.url}
    assert "not fetched yet" in server.installation.run("app", "show", client_id).out
    assert "not yet" in server.installation.run("app", "keys", client_id).out


@pytest.mark.parametrize("uri", ["http://keys.example/", "keys.example", "ftp://keys.example/"])
def test_a_url_that_is_not_https_is_refused_when_it_is_registered(servers, uri):
    outcome = servers.install().run("app", "create", "--jwks-uri", uri)
    assert outcome.status == 1
    assert "jwks_uri: must be an https URL" in outcome.err
