"""A clock of a process that can jump while it runs, by libfaketime."""

import os
import pathlib

LIBRARY = "*/faketime/libfaketimeMT.so.1"  # each architecture has a folder of its own
AN_HOUR = 3600


class Clock:
    """Right until it is told to jump. Waits go by the monotonic clock, which stays as it is."""

    def __init__(self, folder):
        self._file = folder / "clock"
        self.jump(0)

    @property
    def environment(self):
        library = next(pathlib.Path("/usr/lib").glob(LIBRARY))
        return {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(self._file),
                "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    def jump(self, seconds):
        beside = self._file.with_suffix(".new")
        beside.write_text(f"{seconds:+d}\n", encoding="utf-8")
        beside.chmod(0o644)
        os.replace(beside, self._file)
