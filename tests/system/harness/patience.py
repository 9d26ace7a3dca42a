"""Waiting for what happens soon but not at once."""

import time

# Far more than anything takes: only a test that fails waits that long.
LONGEST = 10.0


def eventually(condition, within=LONGEST):
    """What `condition` gives once it is true. Fails when that takes longer than `within`."""
    deadline = time.monotonic() + within
    while True:
        outcome = condition()
        if outcome:
            return outcome
        assert time.monotonic() < deadline, f"still not so after {within} s: {condition}"
        time.sleep(0.01)
