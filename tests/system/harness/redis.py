"""Private Redis servers of a test's own, which it may break."""

import process
import redis_server


class Servers:
    """All that are in a folder."""

    def __init__(self, verb, folder):
        self._folder = folder
        redis_server.main([verb, str(folder)])

    def stand_still(self):
        process.stop(*self._pids)

    def go_on(self):
        process.go_on(*self._pids)

    def end(self):
        redis_server.stop(self._folder)

    @property
    def _pids(self):
        return [int(file.read_text()) for file in self._folder.glob("*/redis.pid")]


class RedisCluster(Servers):
    """Three masters with a replica each."""

    def __init__(self, folder):
        super().__init__("start-cluster", folder)

    @property
    def url(self):
        return (self._folder / "url").read_text() + "timeout=1000"


class Redis(Servers):
    """One server, with a password."""

    PASSWORD = "hush-hush"

    def __init__(self, folder):
        super().__init__("start", folder)
        self.port = int(next(folder.glob("*/redis.pid")).parent.name)
        self.command("CONFIG", "SET", "requirepass", self.PASSWORD)
        self.command("CONFIG", "REWRITE", password=self.PASSWORD)

    @property
    def url(self):
        return f"redis://:{self.PASSWORD}@127.0.0.1:{self.port}?timeout=1000"

    def command(self, *words, password=None):
        options = ["-a", password, "--no-auth-warning"] if password else []
        return process.run("redis-cli", "-p", self.port, *options, *words)

    def ask(self, *words):
        return self.command(*words, password=self.PASSWORD)

    def kill(self):
        process.kill(*self._pids)

    def start_again(self):
        redis_server.launch(self._folder / str(self.port), self.port)
