"""The example for HAProxy, which knows Assay's keys by its refresh-keys.sh."""

import grp
import os
import pwd
import shlex
import subprocess

from harness.gateways import EXAMPLES, Gateway
from harness.installation import clean_environment
from harness.patience import eventually

# Does what `systemctl` would, if HAProxy runs; each line in `reloads` is one time.
RELOAD = """#!/bin/bash
echo again >>{folder}/reloads
[[ ! -e {folder}/haproxy.pid ]] || kill -USR2 "$(<{folder}/haproxy.pid)"
"""

# Lists one key more than Assay: only so can a test sign whatever it wants.
LIST_WITH_ANOTHER = """#!/bin/bash
set -e
{list_keys} "$@"
cp {pem} "${{@: -1}}/"
echo '{kid} ES256 signing'
"""


class Haproxy(Gateway):
    """Stopped by the pid of its master, with which its workers end."""

    def __init__(self, folder, server, api):
        self._installation = server.installation
        super().__init__(haproxy, folder, server.url.removeprefix("http://"), api, None)
        self.keys = folder / "assay"
        self._executable("reload", RELOAD.format(folder=folder))
        self._refresh = self._adapt_refresh(shlex.join(self._list_keys()))

    def trust(self, kid, key):
        """From the next refresh on also this key, which is none of Assay's."""
        pem = self.file(f"{kid}.pem", key.pem())
        lister = self._executable("list-keys", LIST_WITH_ANOTHER.format(
            list_keys=shlex.join(self._list_keys()), pem=pem, kid=kid))
        self._refresh = self._adapt_refresh(str(lister))

    def refresh(self):
        """Runs refresh-keys.sh and gives its exit status and what it had to say."""
        done = subprocess.run([self._refresh], capture_output=True, text=True, timeout=60,
                              env=clean_environment())
        return done.returncode, done.stdout + done.stderr

    def start(self):
        self._reloads_before_start = self.reloads()
        super().start()
        self.file("haproxy.pid", str(self._process.pid))
        return self

    def known_keys(self):
        return {file.stem for file in self.keys.glob("*.pem")}

    def reloads(self):
        """How many times HAProxy was told to read its config again."""
        file = self.folder / "reloads"
        return len(file.read_text().splitlines()) if file.exists() else 0

    def await_loaded(self):
        """Until each reload has led to a new worker, and the one before is gone."""
        reloads = self.reloads() - self._reloads_before_start
        eventually(lambda: self.log.read_text().count("Former worker") >= reloads)

    def _list_keys(self):
        return self._installation.arguments("key", "list")

    def _adapt_refresh(self, list_keys):
        replacements = {
            "/etc/haproxy/assay": self.folder / "assay",
            "/etc/haproxy/haproxy.cfg": self.folder / "haproxy.cfg",
            "runuser -u assay --": "env",
            "assay key list --config /etc/assay/assay.yaml --data /var/lib/assay": list_keys,
            "systemctl try-reload-or-restart haproxy": self.folder / "reload"}
        text = (EXAMPLES / "haproxy/refresh-keys.sh").read_text()
        for shown, used in replacements.items():
            assert shown in text, f"refresh-keys.sh does not say {shown}"
            text = text.replace(shown, str(used))
        return self._executable("refresh-keys.sh", text)

    def _executable(self, name, text):
        path = self.file(name, text)
        path.chmod(0o755)
        return path


def haproxy(gateway, _):
    config = gateway.adapt("haproxy/haproxy.cfg", {
        "user haproxy": f"user {pwd.getpwuid(os.getuid()).pw_name}",
        "group haproxy": f"group {grp.getgrgid(os.getgid()).gr_name}"})
    keys = gateway.folder / "assay/keys.cfg"
    return "/usr/sbin/haproxy", "-W", "-f", keys, "-f", config
