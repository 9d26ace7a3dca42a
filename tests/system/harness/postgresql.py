"""A PostgreSQL of the test's own, with a pgbouncer in front."""

import pathlib
import subprocess
import tempfile

import process

POOLER = {"port": 6432, "pooler": "transaction"}  # parameters of the URL
SCRIPT = pathlib.Path(__file__).parents[2] / "support/postgres_server.py"


class Engine:
    """Its sockets lie in its folder, whose name has to be short, and readable for its user."""

    def __init__(self):
        self._parent = tempfile.TemporaryDirectory(prefix="assay-")
        pathlib.Path(self._parent.name).chmod(0o711)
        self.folder = pathlib.Path(self._parent.name) / "postgres"
        self._run("start")

    def halt(self):
        self._run("halt")

    def resume(self):
        self._run("resume")

    def stand_still(self):
        process.stop(*self._pids)

    def go_on(self):
        process.go_on(*self._pids)

    def stop(self):
        self._run("stop")
        self._parent.cleanup()

    def url(self, schema, **parameters):
        more = "".join(f"&{name}={value}" for name, value in parameters.items())
        return f"postgresql:///assay?host={self.folder}&user=assay&schema={schema}{more}"

    def stores(self, schema, **parameters):
        """The settings of a server that keeps all in that schema."""
        url = self.url(schema, **parameters)
        return {"stores": {"registry": url, "tokens": url, "usage": url}}

    @property
    def _pids(self):
        postmaster = (self.folder / "data/postmaster.pid").read_text().split()[0]
        return process.family_of(int(postmaster))

    def _run(self, verb):
        done = subprocess.run(["/usr/bin/python3", SCRIPT, verb, self.folder],
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
