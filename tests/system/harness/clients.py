"""Builds and runs the clients in other languages, from the packages of their own worlds."""

import hashlib
import json
import pathlib
import shutil
import subprocess

from harness.installation import clean_environment

SOURCES = pathlib.Path(__file__).parents[1] / "clients"

# What is built and installed here serves later runs.
PRODUCTS = pathlib.Path(__file__).parents[3] / "build/clients"

GO = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "GOPROXY": "off",
      "GOCACHE": str(PRODUCTS / "go-cache")}


def go_client():
    """The program of clients/go, built with Debian's libraries and no network."""
    source = SOURCES / "go/main.go"
    program = PRODUCTS / f"go-{digest_of(source)}"
    if not program.exists():
        run("/usr/bin/go", "build", "-o", program, source, environment=GO)
    return program


def node_folder():
    """A folder with the scripts of clients/node and the packages that its lock file names."""
    source = SOURCES / "node"
    folder = PRODUCTS / f"node-{digest_of(source / 'package-lock.json')}"
    if not (folder / "node_modules/.package-lock.json").exists():  # npm writes it last
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(source / name, folder)
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)
    for script in source.glob("*.mjs"):
        shutil.copy(script, folder)
    return folder


def node_command(script, order):
    """What starts a script, in the folder of the scripts."""
    version = int(run("node", "--version").lstrip("v").split(".")[0])
    flags = ["--experimental-global-webcrypto"] if version < 20 else []
    return ["node", *flags, script, json.dumps(order)]


def run_node(script, order):
    """What a script printed of what it was told to do."""
    return json.loads(run(*node_command(script, order), cwd=node_folder()))


def order_of(server, client, **more):
    """What each script has to know of a server and of a client that signs with its key."""
    key = server.installation.file(f"{client.id}.pem", client.key.private_pem())
    return {"issuer": server.url, "client_id": client.id, "key": str(key),
            "algorithm": client.algorithm, **more}


def run(*command, cwd=None, environment=None):
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True,
                          timeout=300, env=clean_environment(**(environment or {})),
                          stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def digest_of(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
