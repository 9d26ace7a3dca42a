"""Client secrets: made by Assay, or chosen by people, who choose badly and are guessed at."""

import json
import time

import pytest

from harness import http
from harness.patience import A_SECOND, answer_of, eventually

CHOSEN = "correct horse battery staple"
ATTEMPTS = 3


@pytest.fixture(scope="module")
def settings():
    return {"limits": {"secret_attempts": ATTEMPTS}}


def ask(server, client_id, secret):
    return server.introspect("x", (client_id, secret))


def update(server, client_id, *options, **more):
    outcome = server.installation.run("app", "update", client_id, "--json", *options, **more)
    assert outcome.status == 0, outcome.err
    return outcome.json


def let_it_take_effect():
    """To ask again and again would use up the attempts: beside a chosen secret, each unknown one
    could be it."""
    time.sleep(A_SECOND)


def edit(server, client_id, change):
    exported = server.installation.run("app", "export", client_id).json
    change(exported["applications"][0])
    file = server.installation.file("edited.json", json.dumps(exported))
    assert server.installation.run("app", "import", file).status == 0


def check_invalid_client(server, answer, reason):
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")
    assert server.reason(answer) == reason


@pytest.fixture(scope="module")
def choose(server):
    """An application of that id, with a secret that somebody chose and that the server knows of."""
    def register(client_id, secret=CHOSEN):
        file = server.installation.file("secret.txt", secret + "\n")
        server.installation.register(client_id, "--may-introspect", "--secret-file", file)
        answer_of(200, lambda: ask(server, client_id, secret))
        return client_id
    return register


# Several at once.

def test_the_two_newest_secrets_are_live(server):
    first = server.register_with_secret("rotating", "--may-introspect")[1]
    second, third = (update(server, "rotating", "--secret")["client_secret"] for _ in range(2))
    answer_of(200, lambda: ask(server, "rotating", third))
    assert ask(server, "rotating", second).status == 200
    check_invalid_client(server, ask(server, "rotating", first), "client_secret_wrong")


def test_a_secret_can_end_and_leave_the_other(server):
    first = server.register_with_secret("ending", "--may-introspect")[1]
    second = update(server, "ending", "--secret", "--secret-not-after",
                    "2100-01-01T00:00:00Z")["client_secret"]
    answer_of(200, lambda: ask(server, "ending", second))
    assert ask(server, "ending", first).status == 200

    def end(record):
        ending, = (secret for secret in record["secrets"] if "not_after" in secret)
        assert ending["not_after"] == "2100-01-01T00:00:00.000Z"
        ending["not_after"] = "2020-01-01T00:00:00Z"
    edit(server, "ending", end)
    answer = answer_of(401, lambda: ask(server, "ending", second))
    check_invalid_client(server, answer, "client_secret_expired")
    assert ask(server, "ending", first).status == 200


def test_a_chosen_secret_can_end(server, choose):
    choose("chosen-and-ending")
    edit(server, "chosen-and-ending",
         lambda record: record["secrets"][0].update(not_after="2020-01-01T00:00:00Z"))
    answer = answer_of(401, lambda: ask(server, "chosen-and-ending", CHOSEN))
    check_invalid_client(server, answer, "client_secret_expired")


# Chosen ones.

def test_a_chosen_secret_is_as_good_as_another(server, choose):
    choose("chosen")
    form = {"token": "x", "client_id": "chosen", "client_secret": CHOSEN}
    assert server.post("/api/oauth/introspect", form).status == 200
    check_invalid_client(server, ask(server, "chosen", CHOSEN + "r"), "client_secret_wrong")


def test_a_chosen_secret_can_come_from_standard_input(server, choose):
    choose("by-pipe")
    update(server, "by-pipe", "--secret-file", "-", stdin="another that was chosen\n")
    let_it_take_effect()
    assert ask(server, "by-pipe", "another that was chosen").status == 200
    assert ask(server, "by-pipe", CHOSEN).status == 200


def test_a_chosen_secret_and_one_that_was_made_live_side_by_side(server, choose):
    choose("both")
    made = update(server, "both", "--secret")["client_secret"]
    let_it_take_effect()
    assert ask(server, "both", made).status == 200
    assert ask(server, "both", CHOSEN).status == 200


def test_a_chosen_secret_is_kept_as_a_slow_hash_alone(server, choose):
    choose("kept")
    record, = server.installation.run("app", "export", "kept").json["applications"]
    assert [set(secret) for secret in record["secrets"]] == [{"argon2id"}]
    assert record["secrets"][0]["argon2id"].startswith("$argon2id$")
    for file in server.installation.data.iterdir():
        assert CHOSEN.encode() not in file.read_bytes(), file


@pytest.mark.parametrize("secret", ["", "short", "eleven char", "x" * 1025])
def test_a_chosen_secret_is_neither_short_nor_endless(server, secret):
    file = server.installation.file("bad.txt", secret + "\n")
    outcome = server.installation.run("app", "create", "--id", "weak", "--secret-file", file)
    assert outcome.status == 1
    assert "weak" not in server.installation.run("app", "list").out


# Guessing.

def guess(server, client_id):
    return ask(server, client_id, "a guess at the secret")


def guess_too_often(server, client_id):
    check_invalid_client(server, guess(server, client_id), "client_secret_wrong")
    return eventually(lambda: throttled(guess(server, client_id)))


def throttled(answer):
    return answer if answer.status == 429 else None


def test_who_guesses_too_often_has_to_wait(server, choose):
    answer = guess_too_often(server, choose("guessed"))
    assert answer.json["error"] == "invalid_client"
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert server.reason(answer) == "client_throttled"


def test_no_guess_keeps_a_client_out_that_was_right_a_moment_ago(server, choose):
    """Or anybody who knows its id could switch it off."""
    guess_too_often(server, choose("besieged"))
    for _ in range(ATTEMPTS + 1):
        assert ask(server, "besieged", CHOSEN).status == 200


def test_no_guess_keeps_a_client_out_that_proves_itself_otherwise(server, choose):
    choose("versatile")
    made = update(server, "versatile", "--secret")["client_secret"]
    answer_of(200, lambda: ask(server, "versatile", made))
    guess_too_often(server, "versatile")
    assert ask(server, "versatile", made).status == 200


def test_no_guess_keeps_others_out(server, choose):
    choose("neighbour")
    guess_too_often(server, choose("disturbed"))
    check_invalid_client(server, guess(server, "neighbour"), "client_secret_wrong")


def test_a_secret_that_was_made_is_beyond_guessing(server):
    """So that wrong ones need no counting."""
    server.register_with_secret("made")
    answers = [guess(server, "made") for _ in range(3 * ATTEMPTS)]
    assert {answer.status for answer in answers} == {401}


@pytest.mark.parametrize("path, parameters", [
    ("/api/oauth/token", {"grant_type": "client_credentials"}),
    ("/api/oauth/token", {"grant_type": "refresh_token", "refresh_token": "x"}),
    ("/api/oauth/revoke", {"token": "x"}), ("/api/oauth/introspect", {"token": "x"})])
def test_guesses_are_counted_wherever_they_are_made(server, choose, path, parameters):
    client_id = choose("by" + path.replace("/", "-") + "-" + str(len(parameters)))
    guess_too_often(server, client_id)
    answer = server.post(path, parameters, http.basic(client_id, "another guess at it"))
    assert answer.status == 429
