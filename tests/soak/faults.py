"""Faults: each strikes, shows from outside that it did, and is mended."""

import dataclasses
from typing import Callable


@dataclasses.dataclass(frozen=True)
class Fault:
    """`strike` gives what shows from outside that it is in force."""

    name: str
    strike: Callable
    mend: Callable = lambda: None
    hold: float = 1.5  # seconds between the two
    fails_over: bool = False
    wrong_clocks: tuple = ()  # names of nodes
    stale_reads: bool = False  # whether a former primary may be asked
