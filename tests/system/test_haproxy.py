"""HAProxy checks JWT access tokens by itself, with the config and the script of examples/."""

import signal
import stat
import subprocess

import pytest

from harness import http
from harness.assertions import ABSENT, Client
from harness.echo_api import EchoApi
from harness.gateways import EXAMPLES, Gateway
from harness.installation import BINARY, clean_environment
from harness.keys import key_of
from harness.patience import answer_of, eventually

API = "https://invoices.example.com"
CALL = "/invoices/7"
INVALID = 'Bearer error="invalid_token"'


class HaProxy(Gateway):
    """Its keys are those that a command in the place of `assay` lists."""

    def __init__(self, folder, issuer, api, assay, *options):
        self.keys = folder / "keys"
        self._assay, self._options = assay, options
        super().__init__(lambda gateway, _: gateway.command(issuer), folder, "", api.address, "")

    def command(self, issuer):
        text = (EXAMPLES / "haproxy/haproxy.cfg").read_text()
        for shown, used in {"127.0.0.1:8000": self.address,
                            "127.0.0.1:8081": self._replacements["127.0.0.1:8081"],
                            "http://apiserver": issuer,
                            "/etc/haproxy/assay": self.keys}.items():
            assert shown in text
            text = text.replace(shown, str(used))
        config = self.file("haproxy.cfg", text)
        self.refresh("true")
        return "/usr/sbin/haproxy", "-W", "-f", config, "-f", self.keys / "keys.cfg"

    def refresh(self, reload=None):
        """As the timer does; the master process reads its configs again when it is told to."""
        reload = reload or f"kill -{signal.SIGUSR2.value} {self._process.pid}"
        done = subprocess.run(
            [EXAMPLES / "haproxy/refresh-keys.sh", self.keys, reload, *map(str, self._options)],
            env=clean_environment(ASSAY=str(self._assay)),
            capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def call(self, token=None, **headers):
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        return self.exchange("GET", CALL, headers={**bearer, **headers})


@pytest.fixture(scope="module")
def api():
    api = EchoApi()
    yield api
    api.close()


# The rules, each by tokens that lack one thing alone: signed with a key that HAProxy trusts.

SIGNER = Client("http://assay.example", key_of("P-256", "signer"), "ES256", "good")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, api):
    folder = tmp_path_factory.mktemp("haproxy")
    listing = folder / "assay"
    listing.write_text(
        "#!/bin/sh\n"
        f"printf '%s' '{SIGNER.key.pem()}' >\"$4/good.pem\"\n"
        f"printf '%s' '{key_of('Ed25519', 'other').pem()}' >\"$4/edwards.pem\"\n"
        "echo 'good     ES256  signing'\n"
        "echo 'edwards  EdDSA  signing'\n")
    listing.chmod(listing.stat().st_mode | stat.S_IXUSR)
    gateway = HaProxy(folder, SIGNER.id, api, listing)
    yield gateway.start()
    gateway.stop()


def token(header=None, signer=SIGNER, **claims):
    own = {"client_id": "billing", "sub": "robot", "scope": "invoices.read invoices.write"}
    return signer.assertion(API, {"typ": "at+jwt", **(header or {})}, **{**own, **claims})


def test_a_good_token_passes_and_the_api_learns_who_calls(gateway):
    answer = gateway.call(token(), **{"X-Client-Id": "admin"})
    assert answer.status == 200, answer
    told = dict(answer.json["headers"])
    names = [name.lower() for name, _ in answer.json["headers"]]
    assert told["x-client-id"] == "billing" and told["x-subject"] == "robot"
    assert "authorization" not in names and names.count("x-client-id") == 1


def test_without_a_token_there_is_a_challenge_and_no_error(gateway):
    answer = gateway.call()
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


SOMEBODY = Client(SIGNER.id, key_of("P-256", "somebody"), "ES256", "good")
HMAC = {"alg": "HS256"}

REFUSED = {
    "another signature": token(signer=SOMEBODY),
    "an unknown key": token({"kid": "unknown"}),
    "a key of another algorithm": token({"kid": "edwards"}),
    "a path as kid": token({"kid": "../keys/pem/good"}),
    "a file as kid": token({"kid": "good.pem"}),
    "no kid": token({"kid": ABSENT}),
    "an HMAC": token(HMAC),
    "alg none": token({"alg": "none"}).rpartition(".")[0] + ".",
    "another type": token({"typ": "JWT"}),
    "a signed introspection": token({"typ": "token-introspection+jwt"}),
    "no type": token({"typ": ABSENT}),
    "another issuer": token(iss="http://assay.example.org"),
    "no issuer": token(iss=ABSENT),
    "another audience": token(aud=API + "/"),
    "several audiences": token(aud=[API, "https://other.example"]),
    "no audience": token(aud=ABSENT),
    "an end": token(exp=1_700_000_000),
    "no end": token(exp=ABSENT),
    "an end in words": token(exp="tomorrow"),
    "a DPoP key": token(cnf={"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}),
    "a certificate": token(cnf={"x5t#S256": "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"}),
    "nothing to read": "a.b.c",
}


@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED)
def test_a_token_is_refused_for(gateway, api, refused):
    api.calls.clear()
    answer = gateway.call(refused)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == INVALID
    assert api.calls == []


def test_of_two_tokens_none_is_believed(gateway, api):
    api.calls.clear()
    bearer = f"Authorization: Bearer {token()}\r\n"
    with http.connect(f"http://{gateway.address}") as connection:
        connection.sendall(f"GET {CALL} HTTP/1.1\r\nHost: a\r\n{bearer}{bearer}\r\n".encode())
        assert http.read_answer(connection).status == 401
    assert api.calls == []


@pytest.mark.parametrize("scope", ["invoices.write", "invoices.readonly", "my.invoices.read",
                                   "invoices-read", ABSENT])
def test_a_token_of_another_scope_is_told_so(gateway, scope):
    answer = gateway.call(token(scope=scope))
    assert answer.status == 403
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer error="insufficient_scope", scope="invoices.read"')


# Assay's own tokens, across a rotation.

@pytest.fixture
def server(servers):
    return servers.start({
        "signing_keys": {"max_age": "1s", "announce_for": "4s"},
        "token_services": [{"resource": [API], "access_token": {"format": "jwt"}}]})


@pytest.fixture
def in_front(server, tmp_path, api):
    options = server.installation.arguments()[1:]
    gateway = HaProxy(tmp_path, server.url, api, BINARY, *options)
    yield gateway.start()
    gateway.stop()


def kid_of(server, state):
    keys = server.installation.run("key", "list", "--json").json["keys"]
    return next((each["kid"] for each in keys if each["state"] == state), None)


def test_tokens_pass_across_a_rotation_until_their_key_is_revoked(server, in_front):
    billing = server.register("billing", key_of("P-256", "billing"), "--default-scope",
                              "invoices.read", algorithm="ES256")
    before = server.token(billing)
    assert in_front.call(before).status == 200

    first = kid_of(server, "signing")
    assert server.installation.run("key", "rotate").status == 0
    second = kid_of(server, "announced")
    in_front.refresh()
    assert second in (in_front.keys / "keys.map").read_text()
    eventually(lambda: kid_of(server, "signing") == second)
    after = server.token(billing)
    assert in_front.call(after).status == 200
    assert in_front.call(before).status == 200

    assert server.installation.run("key", "revoke", first).status == 0
    in_front.refresh()
    answer_of(401, lambda: in_front.call(before))
    assert in_front.call(after).status == 200
