"""Private Redis servers of a test's own, which it may break."""

import importlib.util
import pathlib

_FILE = pathlib.Path(__file__).parents[2] / "support/redis_server.py"
_SPECIFICATION = importlib.util.spec_from_file_location("redis_server", _FILE)
redis_server = importlib.util.module_from_spec(_SPECIFICATION)
_SPECIFICATION.loader.exec_module(redis_server)


class Redis:
    """One server, with a password."""

    PASSWORD = "hush-hush"

    def __init__(self, folder):
        self._folder = folder
        redis_server.main(["start", str(folder)])
        self.port = int(next(folder.glob("*/redis.pid")).parent.name)
        self.command("CONFIG", "SET", "requirepass", self.PASSWORD)
        self.command("CONFIG", "REWRITE", password=self.PASSWORD)

    @property
    def url(self):
        return f"redis://:{self.PASSWORD}@127.0.0.1:{self.port}?timeout=1000"

    def command(self, *words, password=None):
        options = ["-a", password, "--no-auth-warning"] if password else []
        return redis_server.run("redis-cli", "-p", self.port, *options, *words)

    def ask(self, *words):
        return self.command(*words, password=self.PASSWORD)

    def kill(self):
        redis_server.end(int((self._own / "redis.pid").read_text()))

    def start_again(self):
        redis_server.run("redis-server", "redis.conf", cwd=self._own)
        redis_server.await_true(lambda: redis_server.is_open(self.port))

    def end(self):
        redis_server.stop(self._folder)

    @property
    def _own(self):
        return self._folder / str(self.port)
