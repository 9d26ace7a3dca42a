#!/usr/bin/python3
"""Private Redis servers for tests: `start FOLDER`, `start-cluster FOLDER`, `start-tls FOLDER`,
`stop FOLDER`.

A folder has one of them; the file `url` in it says where it is, for parameters to follow, and each
server's own folder, named after its port, has its `redis.pid`. They listen on 127.0.0.1 alone, at free ports.
"""

import pathlib
import shutil
import sys

from process import HOST, await_true, free_ports, is_open, kill, run

NODES = 6  # three masters, a replica each

SETTINGS = {
    "bind": HOST,
    "daemonize": "yes",
    "pidfile": "redis.pid",
    "logfile": "redis.log",
    "save": '""',
    "appendonly": "yes",
    "appendfsync": "always",
    "maxmemory-policy": "noeviction",
}

CLUSTER_SETTINGS = {
    "cluster-enabled": "yes",
    "cluster-node-timeout": "1500",
    "cluster-replica-validity-factor": "0",
    "repl-ping-replica-period": "1",
    "repl-diskless-sync-delay": "0",
}

# As docs/operating/redis.md has it.
USER = """\
user assay on >p@ss:word ~assay:* +asking +cluster|slots +config|get +eval +evalsha +get +hdel +hget \
+hlen +hmget +hrandfield +hset +info +pexpire +pttl +scan +script|load +select +set +unlink +wait"""


def main(arguments):
    verbs = {"start": start_single, "start-cluster": start_cluster, "start-tls": start_tls,
             "stop": lambda folder: None}
    if len(arguments) != 2 or arguments[0] not in verbs:
        sys.exit(__doc__)
    folder = pathlib.Path(arguments[1])
    stop(folder)
    verbs[arguments[0]](folder)


def start_single(folder):
    port, = free_ports(1)
    start_server(folder, {**SETTINGS, "port": port}, port)
    (folder / "url").write_text(f"redis://{HOST}:{port}/0?", encoding="utf-8")


def start_cluster(folder):
    ports = free_ports(2 * NODES)
    nodes, buses = ports[:NODES], ports[NODES:]
    for port, bus in zip(nodes, buses):
        start_server(folder, {**SETTINGS, **CLUSTER_SETTINGS, "port": port, "cluster-port": bus},
                     port)
    run("redis-cli", "--cluster", "create", *(f"{HOST}:{port}" for port in nodes),
        "--cluster-replicas", "1", "--cluster-yes")
    for port in nodes:
        await_true(lambda: "cluster_state:ok" in ask(port, "CLUSTER", "INFO"),
                   f"{port} finds the cluster whole")
    seeds = ",".join(f"{HOST}:{port}" for port in nodes[:3])
    (folder / "url").write_text(f"redis+cluster://{seeds}?", encoding="utf-8")


def start_tls(folder):
    port, = free_ports(1)
    folder.mkdir(parents=True)
    make_certificate(folder)
    (folder / "users.acl").write_text(f"user default off\n{USER}\n", encoding="utf-8")
    files = {"tls-cert-file": folder / "server.pem", "tls-key-file": folder / "server.key",
             "tls-ca-cert-file": folder / "server.pem", "aclfile": folder / "users.acl"}
    start_server(folder, {**SETTINGS, "port": 0, "tls-port": port, "tls-auth-clients": "no",
                          **files}, port)
    (folder / "password").write_text("p@ss:word\n", encoding="utf-8")
    (folder / "url").write_text(f"rediss://assay:p%40ss:word@{HOST}:{port}/0?"
                               f"ca={folder}/server.pem&", encoding="utf-8")


def make_certificate(folder):
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
        "-nodes", "-days", "2", "-subj", "/CN=redis", "-addext", f"subjectAltName=IP:{HOST}",
        "-keyout", folder / "server.key", "-out", folder / "server.pem")


def start_server(folder, settings, port):
    own = folder / str(port)
    own.mkdir(parents=True)
    settings = {**settings, "dir": own}
    (own / "redis.conf").write_text(
        "".join(f"{name} {value}\n" for name, value in settings.items()), encoding="utf-8")
    launch(own, port)


def launch(own, port):
    """Of a server that has its folder. Its pid is written after its port is open."""
    pid_file = own / "redis.pid"
    pid_file.unlink(missing_ok=True)
    run("redis-server", "redis.conf", cwd=own)
    await_true(lambda: is_open(port) and pid_file.exists() and pid_file.read_text().endswith("\n"),
               f"the Redis at port {port} listens")


def stop(folder):
    for pid_file in folder.glob("*/redis.pid"):
        kill(int(pid_file.read_text(encoding="utf-8")))  # nothing that it holds is to be kept
    shutil.rmtree(folder, ignore_errors=True)


def ask(port, *command):
    return run("redis-cli", "-h", HOST, "-p", port, *command)


if __name__ == "__main__":
    main(sys.argv[1:])
