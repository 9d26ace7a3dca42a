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
        self._scenes = 0

    def now(self):
        return round(time.monotonic() - self._began, 6)

    def scene(self):
        """One that is yet to begin."""
        self._scenes += 1
        return SceneHistory(self, self._scenes)

    def write(self, event):
        with self._lock:
            self._file.write(json.dumps(event) + "\n")

    def close(self):
        self._file.close()


class SceneHistory:
    """Of one scene; several can be written at a time."""

    def __init__(self, history, number):
        self.number = number
        self.granted = 0  # grants answered with a token, so far
        self.now = history.now
        self._history = history
        self._lock = threading.Lock()

    def add(self, op, **members):
        event = {"op": op, "scene": self.number, **members}
        self._history.write(event)
        if op == "grant" and members["outcome"] == "granted":
            with self._lock:
                self.granted += 1
        return event


def read(path):
    """All whole lines; the last one of a run that was cut off may not be."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]
