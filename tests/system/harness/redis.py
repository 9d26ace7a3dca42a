"""Private Redis servers of a test's own, which it may break."""

import process
import redis_server


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
        return process.run("redis-cli", "-p", self.port, *options, *words)

    def ask(self, *words):
        return self.command(*words, password=self.PASSWORD)

    def kill(self):
        process.kill(int((self._own / "redis.pid").read_text()))

    def start_again(self):
        process.run("redis-server", "redis.conf", cwd=self._own)
        process.await_true(lambda: process.is_open(self.port), f"port {self.port} is open")

    def end(self):
        redis_server.stop(self._folder)

    @property
    def _own(self):
        return self._folder / str(self.port)
