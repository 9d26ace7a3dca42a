"""What was answered is there after kill -9: a token is live and its assertion stays used. A refresh
that got no answer can be made again."""

import random
import shutil
import time

import pytest

from harness.crash import REFRESH_SETTINGS, SETTINGS, CrashTest, RefreshCrashTest

KILLS = 50
GRANTS = 1000

# A load that is too short gets nothing granted, and one that is too long only costs time.
SHORTEST, LONGEST = 0.02, 0.4

# The start takes about as long.
STARTING = 0.03

# Of the grants of earlier rounds so many are looked at after each restart, and all at the end.
EARLIER = 40

# So long may all of it take, however slow the machine.
BUDGET = 240

REFRESH_KILLS = 12


@pytest.fixture
def crash_test(servers):
    return CrashTest(servers.make(SETTINGS))


def test_no_answered_token_is_lost_and_no_used_assertion_comes_back(crash_test):
    chance = random.Random(7)
    deadline = time.monotonic() + BUDGET
    kills, grants = 0, []
    crash_test.server.start()
    while kills < KILLS or len(grants) < GRANTS:
        assert time.monotonic() < deadline, f"only {kills} kills and {len(grants)} grants"
        granted = crash_test.load_and_kill(chance.uniform(SHORTEST, LONGEST))
        kills += 1
        if chance.random() < 0.2:
            crash_test.kill_while_starting(chance.uniform(0, STARTING))

        crash_test.server.start()
        losses = crash_test.losses(granted + chance.sample(grants, min(EARLIER, len(grants))))
        assert not losses, f"after kill {kills}: {losses}"
        grants += granted

    losses = crash_test.losses(grants)
    assert not losses, losses


# Refreshes: the old token is used up by a commit whose answer may never have arrived.

def test_whoever_got_no_answer_to_a_refresh_gets_one_after_the_restart(servers):
    crash_test = RefreshCrashTest(servers.make(REFRESH_SETTINGS))
    chance = random.Random(11)
    crash_test.server.start()
    chains = crash_test.chains()
    for kill in range(REFRESH_KILLS):
        crash_test.load_and_kill(chains, chance.uniform(SHORTEST, LONGEST))
        crash_test.server.start()
        losses = crash_test.losses(chains)
        assert not losses, f"after kill {kill}: {losses}"
    # Each check makes one refresh; the load made more.
    assert max(chain.refreshes for chain in chains) > REFRESH_KILLS


# The test of the test: where a commit is worth nothing, it must fail.

def check_everything_is_lost(crash_test, granted):
    assert granted
    crash_test.server.start()
    losses = crash_test.losses(granted)
    assert len(losses.tokens) == len(losses.claims) == len(granted)


def test_the_check_notices_a_database_that_forgot_its_last_commits(crash_test):
    """As if each answer had gone out before its commit: the file is the one of before."""
    crash_test.server.start()
    crash_test.server.stop()
    data = crash_test.server.installation.data
    before = shutil.copytree(data, data.with_name("before"))
    crash_test.server.start()
    granted = crash_test.load_and_kill(LONGEST)
    for file in data.glob("tokens.db*"):
        file.unlink()
    shutil.copy(before / "tokens.db", data)
    check_everything_is_lost(crash_test, granted)


def test_the_check_notices_tokens_that_are_only_in_memory(servers):
    crash_test = CrashTest(servers.make({**SETTINGS, "stores": {"tokens": "memory:"}}))
    crash_test.server.start()
    check_everything_is_lost(crash_test, crash_test.load_and_kill(LONGEST))


def test_the_check_notices_refresh_tokens_that_are_only_in_memory(servers):
    in_memory = {**REFRESH_SETTINGS, "stores": {"tokens": "memory:"}}
    crash_test = RefreshCrashTest(servers.make(in_memory))
    crash_test.server.start()
    chains = crash_test.chains()
    crash_test.load_and_kill(chains, LONGEST)
    crash_test.server.start()
    assert len(crash_test.losses(chains)) == len(chains)
