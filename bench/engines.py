"""The token stores to measure with, by name: their URLs, and the engines behind them.

An engine is started when it is first asked for, on the core of the load, and writes to disk what it
has committed. Each installation has a place of its own in it.
"""

import itertools
import pathlib
import subprocess

SUPPORT = pathlib.Path(__file__).resolve().parent.parent / "tests/support"
FILES = {"memory": "memory:", "sqlite": "sqlite:tokens.db"}
ENGINES = ("postgresql", "redis")
NAMES = (*FILES, *ENGINES)

# tests/support/postgres_server.py has its engine forget, as tests want it: here a commit is one.
DURABLE = ("ALTER SYSTEM SET fsync = on", "ALTER SYSTEM SET full_page_writes = on",
           "ALTER SYSTEM SET synchronous_standby_names = ''",
           "ALTER SYSTEM SET synchronous_commit = on", "SELECT pg_reload_conf()")


class Engines:
    """Use as a context: leaving it stops what was started."""

    def __init__(self, folder, cores, fill):
        """`fill(url)` puts live tokens into a store."""
        self._folder = pathlib.Path(folder)
        self._cores = cores
        self._fill = fill
        self._running = set()
        self._filled = {}
        self._numbers = itertools.count(1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name in self._running:
            self._server(name, "stop")

    def url(self, store):
        """With nothing in it yet."""
        if store in FILES:
            return FILES[store]
        if store not in self._running:
            self._start(store)
        number = next(self._numbers)
        if store == "postgresql":
            return f"{self.postgresql_connection()}&schema=bench_{number}"
        return (self._place(store) / "url").read_text() + f"prefix=bench{number}:"

    def postgresql_connection(self):
        """As libpq has it; the engine runs."""
        return f"postgresql:///assay?host={self._place('postgresql')}&port=5432&user=assay"

    def settle(self, store):
        """Ends what an engine still does because of what was put into it."""
        if store == "postgresql":
            self._tell_postgresql("VACUUM ANALYZE", "CHECKPOINT")

    def filled_url(self, store):
        """With many live tokens in it; always the same."""
        if store not in self._filled:
            url = self.url(store)
            if store == "sqlite":
                self._place("filled").mkdir(parents=True)
                url = f"sqlite:{self._place('filled') / 'tokens.db'}"
            self._fill(url)
            self.settle(store)
            self._filled[store] = url
        return self._filled[store]

    def _start(self, name):
        self._cores.pin_children_to(self._cores.load)
        try:
            self._server(name, "start")
        finally:
            self._cores.unpin()
        self._running.add(name)
        if name == "postgresql":
            self._tell_postgresql(*DURABLE)

    def _tell_postgresql(self, *statements):
        for statement in statements:
            subprocess.run(["psql", "-h", self._place("postgresql"), "-U", "assay", "-qAtc",
                            statement, "assay"], stdout=subprocess.DEVNULL, check=True)

    def _server(self, name, verb):
        program = {"postgresql": "postgres_server.py", "redis": "redis_server.py"}[name]
        subprocess.run(["/usr/bin/python3", SUPPORT / program, verb, self._place(name)],
                       stdout=subprocess.DEVNULL, check=True)

    def _place(self, name):
        return self._folder / name
