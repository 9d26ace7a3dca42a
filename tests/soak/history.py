"""What happened in a run, as JSON lines: each request and its answer, each fault, each scene.

Times are seconds since the run began, by the monotonic clock of this machine. The members of each
kind of line stand in README.md.
"""

import json
import threading
import time


class History:
    """Written while it happens, so that a run that is cut off leaves what it has."""

    def __init__(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = open(path, "w", encoding="utf-8")
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self.granted = 0  # answers with a token, so far
        self.scene = 0

    def now(self):
        return round(time.monotonic() - self._began, 6)

    def add(self, op, **members):
        event = {"op": op, "scene": self.scene, **members}
        with self._lock:
            self._file.write(json.dumps(event) + "\n")
            self.granted += op == "grant" and members["outcome"] == "granted"
        return event

    def begin_scene(self, **members):
        self.scene += 1
        self.add("scene", began=self.now(), **members)

    def close(self):
        self._file.close()


def read(path):
    """All whole lines; the last one of a run that was cut off may not be."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]
