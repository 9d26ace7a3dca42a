"""Waiting for what happens soon but not at once."""

import time

# Far more than anything takes: only a test that fails waits that long.
LONGEST = 10.0

# What is promised to happen within a second; and as much again for a machine that is busy.
A_SECOND = 2.0


def eventually(condition, within=LONGEST):
    """What `condition` gives once it is true. Fails when that takes longer than `within`."""
    deadline = time.monotonic() + within
    while True:
        outcome = condition()
        if outcome:
            return outcome
        assert time.monotonic() < deadline, f"still not so after {within} s"
        time.sleep(0.01)


def answer_of(status, request, within=LONGEST):
    """The first answer of that status, to a request that is made again and again."""
    def answer():
        given = request()
        return given if given.status == status else None
    return eventually(answer, within)
