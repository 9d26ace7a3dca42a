"""Whether a history keeps what the server promises. Pure: a list of events in, findings out.

A request that failed may have been carried out or not, and up to the end of the scene: what counts
is what was answered. README.md has the rules in words.
"""

import collections
import dataclasses
import functools

GRANTS_AROUND_A_FAULT = 100

# What a Redis that does not wait for its replicas may lose: what was answered so long before the
# fault. Replication takes milliseconds; the rest is for a machine that is busy.
LAST_MOMENTS = 5.0

# Clocks of one machine agree, but an answer tells its token's life in whole seconds.
MARGIN = 2.0

MAY_HAVE_BEEN_DONE = ("granted", "revoked", "unavailable", "lost")


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something that was promised and not kept."""

    scene: int
    kind: str
    text: str
    lost_at: float = None  # when that was answered which is lost; none: not a loss
    read_at: float = None  # when a look-up told so; none: not only a look-up

    def __str__(self):
        return f"scene {self.scene}: {self.kind}: {self.text}"


@dataclasses.dataclass
class Verdict:
    violations: list
    losses: list  # that the scene's store does not rule out
    faults: list
    granted: int


def judge(events, faults_min=0):
    """`faults_min`: how many faults the history has to have."""
    verdict = Verdict([], [], [], 0)
    by_scene = collections.defaultdict(list)
    for event in events:
        by_scene[event["scene"]].append(event)
    for number in sorted(by_scene):
        scene = Scene(number, by_scene[number])
        verdict.faults += scene.faults
        verdict.granted += len(scene.grants_answered)
        for finding in scene.findings():
            excused = scene.excuses(finding)
            (verdict.losses if excused else verdict.violations).append(finding)
    if len(verdict.faults) < faults_min:
        verdict.violations.append(Finding(
            0, "too few faults", f"{len(verdict.faults)} of at least {faults_min}"))
    return verdict


class Scene:
    """The events of nodes that share one store."""

    def __init__(self, number, events):
        self.number = number
        self.events = events
        self.header = next((each for each in events if each["op"] == "scene"), {})
        self.faults = _of(events, "fault")
        self.grants, self.refreshes = _of(events, "grant"), _of(events, "refresh")
        self.checks, self.revocations = _of(events, "check"), _of(events, "revoke")
        self.grants_answered = [each for each in self.grants if each["outcome"] == "granted"]
        self.families = _Families(self.grants_answered, self.refreshes)

    def findings(self):
        yield from self._not_played()
        yield from self._used_twice()
        yield from self._falsely_used()
        yield from self._tokens()
        yield from self._two_successors()
        yield from self._refused_refreshes()
        yield from self._unexpected()
        yield from self._faults_without_load()

    def excuses(self, finding):
        """Where replication is asynchronous, losses of the last moments; and look-ups while a former
        primary, which may not know of it yet, answers."""
        if finding.read_at is not None and any(
                fault["began"] <= finding.read_at <= fault["ended"]
                for fault in self.faults if fault.get("stale_reads")):
            return True
        return (self.header.get("promise") == "last moments" and finding.lost_at is not None
                and any(fault["began"] - LAST_MOMENTS <= finding.lost_at <= fault["ended"]
                        for fault in self.faults if fault.get("fails_over")))

    def _finding(self, kind, text, lost_at=None, read_at=None):
        return Finding(self.number, kind, text, lost_at, read_at)

    def _not_played(self):
        if self.header.get("promise") not in ("everything", "last moments"):
            yield self._finding("no scene", "the history does not say what the store promises")
        for failure in _of(self.events, "failure"):
            yield self._finding("not played to its end", failure["detail"])

    # Assertions.

    def _used_twice(self):
        for jti, attempts in _by(self.grants_answered, "jti").items():
            if len(attempts) > 1:
                first = min(attempts, key=lambda each: each["ended"])
                yield self._finding("assertion accepted twice", f"{jti}: {_shown(attempts)}",
                                    first["ended"])

    def _falsely_used(self):
        """`used` has to be true: of some other attempt that came before the answer."""
        for jti, attempts in _by(self.grants, "jti").items():
            for used in attempts:
                if used["outcome"] == "used" and not any(
                        other is not used and other["outcome"] in MAY_HAVE_BEEN_DONE
                        and other["began"] < used["ended"] for other in attempts):
                    yield self._finding("falsely called used", f"{jti}: {_shown(attempts)}")

    # Tokens.

    def _tokens(self):
        checks = _by(self.checks, "token")
        for token, given in self.families.access_tokens.items():
            about = checks.get(token, [])
            if not any(each["outcome"] in ("active", "inactive") for each in about):
                yield self._finding("never looked up", token)
            for check in about:
                if self._tells_wrong_time(check):
                    continue
                if check["outcome"] == "inactive" and self._is_live(given, check):
                    yield self._finding("answered token is missing",
                                        f"{token}: {_shown([given, check])}", given["ended"],
                                        check["ended"])
                if check["outcome"] == "active":
                    yield from self._revoked_before(given, check)

    def _is_live(self, given, check):
        """Whether it has to be: from its answer to its end or its first revocation."""
        return (given["ended"] <= check["began"]
                and check["ended"] < given["ended"] + given["life"] - MARGIN
                and not any(each["began"] < check["ended"] and each["outcome"] != "unsent"
                            for each in self._revocations_of(given))
                and not self.families.may_be_revoked(given["family"], check["ended"],
                                                     self._tells_wrong_time))

    def _revoked_before(self, given, check):
        for revoked in self._revocations_of(given):
            if (revoked["outcome"] == "revoked" and revoked["ended"] <= check["began"]
                    and not self._tells_wrong_time(revoked)):
                yield self._finding("revoked token is good",
                                    f"{given['access']}: {_shown([revoked, check])}",
                                    revoked["ended"], check["ended"])
                return

    def _revocations_of(self, given):
        """Of the token itself or of the family that it is of."""
        yield from self._revocations_by_token.get(given["access"], [])
        for refresh in self.families.refresh_tokens_of(given["family"]):
            yield from self._revocations_by_token.get(refresh, [])

    @functools.cached_property
    def _revocations_by_token(self):
        return _by(self.revocations, "token")

    # Refresh tokens.

    def _two_successors(self):
        for token, attempts in _by(self.refreshes, "token").items():
            answers = [each for each in attempts if each["outcome"] == "granted"]
            if len({(each["access"], each["refresh"]) for each in answers}) > 1:
                first = min(answers, key=lambda each: each["ended"])
                yield self._finding("two successors", f"{token}: {_shown(answers)}", first["ended"])

    def _refused_refreshes(self):
        for refused in self.refreshes:
            token = refused["token"]
            family = self.families.family_of.get(token)
            if refused["outcome"] != "refused" or family is None:
                continue
            given = self.families.given[token]
            revocations = [each for each in self._revocations_of(given)
                           if each["token"] != given["access"]]
            if (self._tells_wrong_time(refused)
                    or any(each["began"] < refused["ended"] and each["outcome"] != "unsent"
                           for each in revocations)
                    or self.families.is_superseded(token, refused["ended"])
                    or self.families.may_be_revoked(family, refused["ended"],
                                                    self._tells_wrong_time)):
                continue
            yield self._finding("answered refresh token is missing",
                                f"{token}: {_shown([given, refused])}", given["ended"])

    # The run itself.

    def _unexpected(self):
        """Refusals that nothing in the workload gives a reason for."""
        for event in (*self.grants, *self.revocations, *self.checks):
            if event["outcome"] == "refused" and not self._tells_wrong_time(event):
                yield self._finding("refused without a reason", _shown([event]))
        for event in self.refreshes:
            if event["outcome"] == "refused" and event["token"] not in self.families.family_of:
                yield self._finding("refused without a reason", _shown([event]))

    def _faults_without_load(self):
        faults = sorted(self.faults, key=lambda each: each["began"])
        times = [each["ended"] for each in self.grants_answered]
        for number, fault in enumerate(faults):
            earlier = faults[number - 1]["ended"] if number else 0
            later = faults[number + 1]["began"] if number + 1 < len(faults) else float("inf")
            if not fault.get("confirmed"):
                yield self._finding("fault without a proof", fault["name"])
            for when, low, high in (("before", earlier, fault["began"]),
                                    ("after", fault["ended"], later)):
                count = sum(low <= time <= high for time in times)
                if count < GRANTS_AROUND_A_FAULT:
                    yield self._finding("fault without load",
                                        f"{count} grants {when} {fault['name']}")

    def _tells_wrong_time(self, event):
        """Whether the node's clock was wrong at some moment of the request."""
        return any(event["node"] in fault.get("wrong_clocks", ())
                   and event["began"] <= fault["ended"] and fault["began"] <= event["ended"]
                   for fault in self.faults)


class _Families:
    """Which tokens come of which grant, as far as the answers tell."""

    def __init__(self, grants, refreshes):
        self.family_of = {}  # by refresh token
        self.given = {}  # by refresh token, the answer that had it
        self.access_tokens = {}  # the answer, and its family
        self._refreshes = _by(refreshes, "token")
        self._members = collections.defaultdict(list)  # refresh tokens by family
        for event in sorted([*grants, *(each for each in refreshes
                                        if each["outcome"] == "granted")],
                            key=lambda each: each["ended"]):
            self._add(event)

    def _add(self, event):
        family = self.family_of.get(event.get("token")) or event["access"]
        event = {**event, "family": family}
        self.access_tokens.setdefault(event["access"], event)
        refresh = event.get("refresh")
        if refresh and refresh not in self.family_of:
            self.family_of[refresh] = family
            self.given[refresh] = event
            self._members[family].append(refresh)

    def refresh_tokens_of(self, family):
        return self._members[family]

    def successors_of(self, token):
        return {each["refresh"] for each in self._refreshes.get(token, [])
                if each["outcome"] == "granted"}

    def is_superseded(self, token, until):
        """Whether its successor may have been used by then: that ends the grace."""
        return any(each["began"] < until and each["outcome"] != "unsent"
                   for successor in self.successors_of(token)
                   for each in self._refreshes.get(successor, []))

    def may_be_revoked(self, family, until, tells_wrong_time):
        """Whether a second use may have revoked it by then: of a token that was superseded, also
        by a request without an answer, which may have come at any time after; or at a node for
        which the grace was over."""
        for token in self._members[family]:
            for use in self._refreshes.get(token, []):
                if use["began"] >= until or use["outcome"] == "unsent":
                    continue
                came_until = until if use["outcome"] in ("lost", "unavailable") else use["ended"]
                if self.is_superseded(token, came_until) or tells_wrong_time(use):
                    return True
        return False


def _of(events, op):
    return [each for each in events if each["op"] == op]


def _by(events, member):
    groups = collections.defaultdict(list)
    for event in events:
        groups[event[member]].append(event)
    return groups


def _shown(events):
    return "; ".join(f"{each['op']} at {each['node']} {each['began']:.3f}-{each['ended']:.3f} "
                     f"{each['outcome']}{' ' + each['detail'] if each.get('detail') else ''}"
                     for each in events)
