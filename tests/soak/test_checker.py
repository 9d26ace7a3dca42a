"""The checker finds each broken promise, and takes nothing else for one."""

import itertools

import pytest

import checker

NODE, OTHER = "a", "b"


class Story:
    """A history that is told event by event; each takes a second, unless it says when."""

    def __init__(self, promise="everything"):
        self.events = [{"op": "scene", "scene": 1, "name": "a story", "promise": promise}]
        self._times = itertools.count(1)
        self._jtis = itertools.count(1)

    def add(self, op, outcome, at=None, node=NODE, **members):
        began = next(self._times) if at is None else at
        self.events.append({"op": op, "scene": 1, "node": node, "began": began,
                            "ended": began + 0.5, "outcome": outcome, **members})
        return self

    def grant(self, outcome="granted", jti="jti", access="access", refresh="refresh", **members):
        given = {"access": access, "refresh": refresh, "life": 3600} if outcome == "granted" else {}
        return self.add("grant", outcome, jti=jti, **given, **members)

    def refresh(self, outcome="granted", token="refresh", access="access 2", refresh="refresh 2",
                **members):
        given = {"access": access, "refresh": refresh, "life": 3600} if outcome == "granted" else {}
        return self.add("refresh", outcome, token=token, **given, **members)

    def check(self, outcome, token="access", **members):
        return self.add("check", outcome, token=token, **members)

    def revoke(self, outcome="revoked", token="access", **members):
        return self.add("revoke", outcome, token=token, **members)

    def fault(self, began, ended, **members):
        self.events.append({"op": "fault", "scene": 1, "name": "a fault", "confirmed": "seen",
                            "began": began, "ended": ended, **members})
        return self

    def load(self, began, grants=checker.GRANTS_AROUND_A_FAULT):
        """Grants within a second."""
        for number in range(grants):
            name = f"{began} {number}"
            self.grant(jti=name, access=name, refresh=None, at=began + number / grants / 2)
            self.check("active", token=name, at=1e6)
        return self

    def loaded_fault(self, began, ended, **members):
        return self.load(began - 2).fault(began, ended, **members).load(ended)

    def verdict(self):
        return checker.judge(self.events)


def kinds(story):
    return [finding.kind for finding in story.verdict().violations]


def test_a_story_without_faults_is_good():
    story = (Story().grant().check("active").grant("used").refresh().check("active", "access 2")
             .revoke().check("inactive").check("active", "access 2"))
    assert kinds(story) == []


# Tokens.

def test_a_token_that_was_answered_is_missing():
    assert kinds(Story().grant().check("inactive")) == ["answered token is missing"]


def test_a_token_of_a_refresh_is_missing():
    story = Story().grant().check("active").refresh().check("inactive", "access 2")
    assert kinds(story) == ["answered token is missing"]


def test_a_token_that_nobody_looked_up_proves_nothing():
    assert kinds(Story().grant()) == ["never looked up"]
    assert kinds(Story().grant().check("unavailable")) == ["never looked up"]


@pytest.mark.parametrize("outcome", ["revoked", "unavailable", "lost"])
def test_a_token_may_end_by_a_revocation_whatever_became_of_it(outcome):
    assert kinds(Story().grant().revoke(outcome).check("inactive")) == []


def test_a_revocation_that_was_never_sent_ends_nothing():
    story = Story().grant().revoke("unsent").check("inactive")
    assert kinds(story) == ["answered token is missing"]


def test_a_revocation_that_comes_later_excuses_nothing():
    story = Story().grant().check("inactive").revoke()
    assert kinds(story) == ["answered token is missing"]


def test_a_token_ends_by_itself():
    assert kinds(Story().grant(at=1).check("inactive", at=3601)) == []


def test_a_look_up_at_the_time_of_the_answer_may_come_before():
    story = Story().grant(at=1).check("inactive", at=1.2).check("active", at=2)
    assert kinds(story) == []


def test_a_revoked_token_is_good():
    story = Story().grant().revoke().check("active", node=OTHER)
    assert kinds(story) == ["revoked token is good"]


def test_a_token_of_a_revoked_family_is_good():
    story = Story().grant().refresh().revoke(token="refresh 2").check("active", "access 2").check(
        "inactive")
    assert kinds(story) == ["revoked token is good"]


@pytest.mark.parametrize("outcome", ["unavailable", "lost", "unsent"])
def test_a_revocation_without_an_answer_promises_nothing(outcome):
    assert kinds(Story().grant().revoke(outcome).check("active")) == []


def test_a_look_up_at_the_time_of_the_revocation_may_come_before():
    assert kinds(Story().grant(at=1).revoke(at=2).check("active", at=2.2)) == []


# Assertions.

def test_an_assertion_is_accepted_twice():
    story = Story().grant().grant(access="other", refresh=None, node=OTHER).check("active").check(
        "active", "other")
    assert kinds(story) == ["assertion accepted twice"]


@pytest.mark.parametrize("outcome", ["unavailable", "lost"])
def test_an_assertion_without_an_answer_may_be_used_or_not(outcome):
    assert kinds(Story().grant(outcome).grant("used")) == []
    assert kinds(Story().grant(outcome).grant().check("active")) == []


def test_an_assertion_is_called_used_at_its_first_use():
    assert kinds(Story().grant("used").grant("used")) == ["falsely called used"] * 2


def test_an_assertion_that_was_never_sent_is_not_used():
    assert kinds(Story().grant("unsent").grant("used")) == ["falsely called used"]


def test_an_assertion_is_called_used_before_its_first_use():
    story = Story().grant("used", at=1).grant(at=2).check("active")
    assert kinds(story) == ["falsely called used"]


def test_of_two_at_the_same_time_one_is_used():
    assert kinds(Story().grant("used", at=1).grant(at=1.2, node=OTHER).check("active")) == []


# Refresh tokens.

def test_a_refresh_token_has_two_successors():
    story = (Story().grant().check("active").refresh()
             .refresh(access="access 3", refresh="refresh 3").check("active", "access 2")
             .check("active", "access 3"))
    assert kinds(story) == ["two successors"]


def test_a_refresh_that_is_repeated_gets_the_same_pair():
    story = Story().grant().check("active").refresh().refresh(node=OTHER).check(
        "active", "access 2")
    assert kinds(story) == []


def test_a_refresh_token_that_was_answered_is_missing():
    story = Story().grant().check("active").refresh("refused")
    assert kinds(story) == ["answered refresh token is missing"]


@pytest.mark.parametrize("outcome", ["revoked", "unavailable", "lost"])
def test_a_refresh_token_may_end_by_a_revocation(outcome):
    story = Story().grant().check("active").revoke(outcome, "refresh").refresh("refused")
    assert kinds(story) == []


def test_a_refresh_token_does_not_end_with_its_access_token():
    story = Story().grant().revoke().check("inactive").refresh("refused")
    assert kinds(story) == ["answered refresh token is missing"]


def test_a_second_use_after_that_of_the_successor_revokes_the_family():
    story = (Story().grant().check("active").refresh().check("active", "access 2")
             .refresh(token="refresh 2", access="access 3", refresh="refresh 3")
             .check("active", "access 3")
             .refresh("refused").check("inactive", "access 3")
             .refresh("refused", token="refresh 3"))
    assert kinds(story) == []


def test_a_lost_use_may_come_after_that_of_the_successor():
    story = (Story().grant().check("active").refresh("lost").refresh().check("active", "access 2")
             .refresh(token="refresh 2", access="access 3", refresh="refresh 3")
             .check("inactive", "access 3"))
    assert kinds(story) == []


def test_a_lost_use_alone_ends_nothing():
    story = (Story().grant().check("active").refresh("lost").refresh()
             .check("inactive", "access 2"))
    assert kinds(story) == ["answered token is missing"]


# Refusals, clocks, faults.

@pytest.mark.parametrize("tell", [
    lambda story: story.grant("refused"), lambda story: story.revoke("refused"),
    lambda story: story.check("refused"), lambda story: story.refresh("refused", "unheard of")])
def test_a_refusal_has_a_reason(tell):
    assert kinds(tell(Story())) == ["refused without a reason"]


def test_what_a_node_says_while_its_clock_is_wrong_counts_for_nothing():
    story = (Story().loaded_fault(10, 20, wrong_clocks=[NODE])
             .grant(at=1).check("inactive", at=12).grant("refused", jti="old", at=13)
             .revoke(at=14).check("active", at=30, node=OTHER))
    assert kinds(story) == []


def test_what_the_others_say_while_a_clock_is_wrong_counts():
    story = (Story().loaded_fault(10, 20, wrong_clocks=[OTHER])
             .grant(at=1).check("inactive", at=12))
    assert kinds(story) == ["answered token is missing"]


def test_an_assertion_that_is_accepted_twice_by_a_wrong_clock_is_so_still():
    story = (Story().loaded_fault(10, 20, wrong_clocks=[NODE]).grant(at=1)
             .grant(at=12, access="other", refresh=None).check("active", at=25)
             .check("active", "other", at=25))
    assert kinds(story) == ["assertion accepted twice"]


def test_a_fault_needs_a_proof_and_load_before_and_after():
    assert kinds(Story().loaded_fault(10, 20)) == []
    assert kinds(Story().loaded_fault(10, 20, confirmed="")) == ["fault without a proof"]
    assert kinds(Story().load(8).fault(10, 20)) == ["fault without load"]
    assert kinds(Story().fault(10, 20).load(20)) == ["fault without load"]


def test_load_between_two_faults_counts_only_there():
    story = Story().loaded_fault(10, 20).fault(30, 31).load(40)
    assert kinds(story) == []
    story = Story().load(8).fault(10, 20).fault(30, 31).load(40)
    assert kinds(story) == ["fault without load"] * 2


def test_a_run_has_to_have_so_many_faults():
    events = Story().loaded_fault(10, 20).events
    assert not checker.judge(events, faults_min=1).violations
    assert [each.kind for each in checker.judge(events, faults_min=2).violations] == [
        "too few faults"]


def test_a_history_says_what_its_store_promises():
    assert kinds(Story(promise=None)) == ["no scene"]


def test_a_scene_is_played_to_its_end():
    story = Story()
    story.events.append({"op": "failure", "scene": 1, "detail": "waited in vain"})
    assert kinds(story) == ["not played to its end"]


# A store that may lose the last moments.

LOSSES = {
    "answered token is missing":
        lambda story, at: story.grant(at=at).check("inactive", at=30),
    "assertion accepted twice":
        lambda story, at: (story.grant(at=at).grant(at=30, access="other", refresh=None)
                           .check("active", at=29).check("active", "other", at=31)),
    "revoked token is good":
        lambda story, at: story.grant(at=1).revoke(at=at).check("active", at=30),
    "two successors":
        lambda story, at: (story.grant(at=1).check("active", at=2).refresh(at=at)
                           .refresh(at=30, access="access 3", refresh="refresh 3")
                           .check("active", "access 2", at=31).check("active", "access 3", at=32)),
    "answered refresh token is missing":
        lambda story, at: (story.grant(at=at).check("active", at=29)
                           .refresh("refused", at=30)),
}


@pytest.mark.parametrize("kind", LOSSES)
def test_it_may_lose_what_was_answered_just_before_a_failover(kind):
    story = LOSSES[kind](Story("last moments").loaded_fault(15, 20, fails_over=True), 14)
    verdict = story.verdict()
    assert ([each.kind for each in verdict.losses], verdict.violations) == ([kind], [])


@pytest.mark.parametrize("kind", LOSSES)
def test_it_may_lose_nothing_older_nor_by_other_faults(kind):
    assert kinds(LOSSES[kind](Story("last moments").loaded_fault(15, 20, fails_over=True),
                              5)) == [kind]
    assert kinds(LOSSES[kind](Story("last moments").loaded_fault(15, 20), 14)) == [kind]


@pytest.mark.parametrize("kind", LOSSES)
def test_another_store_may_lose_nothing(kind):
    assert kinds(LOSSES[kind](Story().loaded_fault(15, 20, fails_over=True), 14)) == [kind]


@pytest.mark.parametrize("tell", [
    lambda story, at: story.grant(at=1).revoke(at=2).check("active", at=at),
    lambda story, at: story.grant(at=1).check("inactive", at=at)])
def test_a_former_primary_may_be_asked_as_long_as_the_fault_lasts(tell):
    def verdict(at, **members):
        return tell(Story().loaded_fault(15, 20, **members), at).verdict()
    assert len(verdict(17, stale_reads=True).losses) == 1
    assert not verdict(17, stale_reads=True).violations
    assert len(verdict(21, stale_reads=True).violations) == 1
    assert len(verdict(17).violations) == 1


def test_a_former_primary_accepts_no_assertion():
    story = (Story().loaded_fault(15, 20, stale_reads=True).grant(at=1)
             .grant(at=17, access="other", refresh=None).check("active", at=25)
             .check("active", "other", at=25))
    assert kinds(story) == ["assertion accepted twice"]


def test_a_false_answer_is_no_loss():
    story = Story("last moments").loaded_fault(15, 20, fails_over=True).grant("used", at=14)
    assert kinds(story) == ["falsely called used"]
