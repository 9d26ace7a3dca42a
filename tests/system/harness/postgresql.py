"""A PostgreSQL of the test's own, with a pgbouncer in front."""

import pathlib
import subprocess
import tempfile

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

    def _run(self, verb):
        done = subprocess.run(["/usr/bin/python3", SCRIPT, verb, self.folder],
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
