"""The audit log: who was given what, when, by which key, or why not; and nothing secret."""

import datetime
import hashlib
import json
import re
import stat
import time

import pytest

from harness import http
from harness.installation import TOKEN_PATH
from harness.keys import key_of
from harness.patience import eventually
from harness.server import JWT_BEARER

CUT = 200


@pytest.fixture(scope="module")
def settings():
    return {"audit": {"node": "node-7"},
            "token_services": [{"refresh_token": {"issue": True}}]}


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_grant_has_one_line_with_all_that_matters(server, billing):
    assertion = server.assertion(billing, sub="billing")
    answer = server.present(assertion)
    line = dict(server.audit_line(answer))
    written = datetime.datetime.strptime(line.pop("time"), "%Y-%m-%dT%H:%M:%S.%fZ")
    assert abs((datetime.datetime.utcnow() - written).total_seconds()) < 60
    assert 0 < line.pop("duration_us") < 60_000_000
    assert line.pop("key_id")
    assert line == {
        "request_id": answer.request_id, "event": "token", "node": "node-7",
        "service": TOKEN_PATH, "grant_type": JWT_BEARER, "client_id": "billing",
        "issuer": "billing", "assertion_sha256": sha256(assertion), "outcome": "granted",
        "token_sha256_prefix": sha256(answer.json["access_token"])[:16],
        "scope": "invoices.read"}


def test_times_have_milliseconds_and_are_in_utc(server, billing):
    line = server.audit_line(server.grant(billing))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])


def test_a_refusal_has_one_line_with_what_was_expected_and_found(server, billing):
    claims = {"iat": int(time.time()), "exp": int(time.time()) + 60, "nbf": int(time.time()),
              "jti": "j-1", "sub": "billing", "scope": "invoices.read", "aud": "elsewhere"}
    assertion = server.assertion(billing, {"kid": "k-1"}, **claims)
    answer = server.present(assertion)
    line = server.audit_line(answer)
    assert (line["outcome"], line["gate"], line["reason"], line["error"]) == (
        "refused", "audience", "audience_mismatch", "invalid_grant")
    assert server.audience() in line["detail"] and "elsewhere" in line["detail"]
    assert line["assertion_sha256"] == sha256(assertion)
    assert line["issuer"] == "billing"
    assert line["key_id"] == "k-1"
    assert "token_sha256_prefix" not in line and "scope" not in line
    assert line["assertion"] == {"alg": "ES256", "typ": "JWT", "kid": "k-1", "iss": "billing",
                                 **claims, "aud": ["elsewhere"]}


def test_what_a_refused_assertion_says_of_itself_is_cut(server, billing):
    long = "é" * 250
    answer = server.grant(billing, {"typ": long}, iss=long, sub=long, aud=[long],
                          jti="j" * 250, scope=long)
    kept = server.audit_line(answer)["assertion"]
    assert [len(kept[name]) for name in ("typ", "iss", "sub", "jti", "scope")] == [CUT] * 5
    assert [len(audience) for audience in kept["aud"]] == [CUT]


def test_nobody_is_named_who_is_not_proven(server, stranger):
    line = server.audit_line(server.grant(stranger, iss="billing"))
    assert "client_id" not in line
    assert line["issuer"] == "billing"


@pytest.mark.parametrize("sent, kept", [
    ("trace-42", "trace-42"), ("x" * 128, "x" * 128), ("x" * 129, None), ("two words", None),
    ("café".encode(), None)], ids=["a word", "128", "129", "a space", "not ASCII"])
def test_a_correlation_id_that_comes_in_is_kept_as_the_parent(server, billing, sent, kept):
    answer = server.present(server.assertion(billing), headers={"X-Correlation-ID": sent})
    line = server.audit_line(answer)
    assert line.get("parent_id") == kept
    assert line["request_id"] == answer.request_id != sent


def test_a_correlation_id_under_its_old_name_is_kept_as_well(server, billing):
    answer = server.present(server.assertion(billing), headers={"X-CorrelationID": "trace-43"})
    assert server.audit_line(answer)["parent_id"] == "trace-43"


def test_each_decision_has_one_line(server, billing, inspector):
    answers = {
        "token": [server.grant(billing), server.present("a.b.c"),
                  server.post(TOKEN_PATH, {}), server.present("x", format="yaml"),
                  server.exchange("POST", TOKEN_PATH, "x", {"Content-Type": "text/plain"})],
        "introspection": [server.introspect("nonsense", inspector),
                          server.introspect("nonsense", ("nobody", "wrong"))],
        "token_info": [server.token_info("nonsense", inspector)],
    }
    for event, given in answers.items():
        for answer in given:
            server.audit_line(answer)
            lines = [line for line in server.installation.audit_lines()
                     if line["request_id"] == answer.request_id]
            assert [line["event"] for line in lines] == [event]


def test_introspection_leaves_the_digest_of_a_token_that_was_found(server, billing, inspector):
    token = server.token(billing)
    line = server.audit_line(server.introspect(token, inspector))
    assert line["client_id"] == "inspector"
    assert line["token_sha256_prefix"] == sha256(token)[:16]
    assert "token_sha256_prefix" not in server.audit_line(server.introspect("x", inspector))


def test_what_comes_in_cannot_forge_lines(server, billing):
    before = len(server.installation.audit_lines())
    forged = '{"outcome":"granted"}'
    answer = server.post(TOKEN_PATH, {"grant_type": f"x\n{forged}\n"})
    server.audit_line(answer)
    answer = server.grant(billing, iss=f"x\u2028\r\n{forged}\n")
    server.audit_line(answer)
    assert len(server.installation.audit_lines()) == before + 2


def test_a_refusal_is_found_by_its_correlation_id(server, billing):
    answer = server.grant(billing, aud="elsewhere")
    server.audit_line(answer)
    outcome = server.installation.run("explain", "--request", answer.request_id)
    assert outcome.status == 1
    assert "audience_mismatch" in outcome.out and "elsewhere" in outcome.out


def test_a_grant_is_found_by_its_correlation_id(server, billing):
    answer = server.grant(billing)
    line = server.audit_line(answer)
    outcome = server.installation.run("explain", "--request", answer.request_id, "--json")
    assert outcome.status == 0
    assert outcome.json == line


def test_a_request_that_was_never_made_is_not_found(server):
    outcome = server.installation.run("explain", "--request", "0" * 32)
    assert outcome.status == 1
    assert outcome.out == ""


def test_only_the_owner_can_read_it(server):
    mode = (server.installation.data / "audit.jsonl").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_nothing_secret_is_written_anywhere(server, billing):
    """Looks for what was sent and answered in every file that the server has, and in its logs."""
    caller = server.register_with_secret("careful", "--may-introspect")
    owner = server.register("keeper", key_of("P-256", "keeper"), algorithm="ES256")
    accepted, refused = server.assertion(owner), server.assertion(owner, aud="elsewhere")
    pair = server.present(accepted).json
    answers = [
        server.present(accepted), server.present(refused),
        server.present(refused, headers=http.basic(*caller)),
        server.present(refused, client_id=caller[0], client_secret=caller[1]),
        server.introspect(pair["access_token"], caller),
        server.introspect(pair["access_token"] + "x", caller),
        server.token_info(pair["refresh_token"], caller),
        server.introspect(pair["access_token"], (caller[0], caller[1] + "x")),
        server.exchange("POST", TOKEN_PATH, http.form({"assertion": refused}), {}),
        server.post(TOKEN_PATH, [("assertion", accepted), ("assertion", refused)]),
        server.exchange("GET", f"{TOKEN_PATH}?assertion={refused}"),
    ]
    for answer in answers[:-1]:
        server.audit_line(answer)

    secrets = {"access token": pair["access_token"], "refresh token": pair["refresh_token"],
               "signature": accepted.split(".")[2], "other signature": refused.split(".")[2],
               "claims": refused.split(".")[1], "client secret": caller[1],
               "credentials": http.basic(*caller)["Authorization"].split()[1]}
    installation = server.installation
    files = [installation.log, server.output, *installation.data.iterdir()]
    assert {"audit.jsonl", "tokens.db", "registry.db"} <= {file.name for file in files}
    for file in files:
        content = file.read_bytes()
        for what, secret in secrets.items():
            assert secret.encode() not in content, f"the {what} is in {file}"


def test_the_log_can_be_moved_away(servers):
    server = servers.start()
    log = server.installation.data / "audit.jsonl"
    server.audit_line(server.present("a.b.c"))
    moved = log.with_suffix(".1")
    log.rename(moved)
    answer = server.present("a.b.c")
    eventually(lambda: log.exists() and answer.request_id in log.read_text())
    assert answer.request_id not in moved.read_text()


def test_the_log_can_go_to_standard_output(servers):
    server = servers.start({"audit": {"file": "-"}})
    answer = server.present("a.b.c")
    eventually(lambda: answer.request_id in server.output.read_text())
    line = json.loads(server.output.read_text().splitlines()[1])
    assert line["reason"] == "assertion_malformed"


def test_a_graceful_end_loses_no_line(servers):
    server = servers.start()
    answers = [server.present("a.b.c") for _ in range(50)]
    server.stop()
    written = {line["request_id"] for line in server.installation.audit_lines()}
    assert {answer.request_id for answer in answers} <= written


def test_a_kill_loses_at_most_the_last_second(servers):
    server = servers.start()
    answers = [server.present("a.b.c") for _ in range(50)]
    time.sleep(1)
    server.kill()
    written = {line["request_id"] for line in server.installation.audit_lines()}
    assert {answer.request_id for answer in answers} <= written
