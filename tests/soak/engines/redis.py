"""Redis servers on small disks: one alone, or a cluster of three masters with a replica each."""

import subprocess

import process
from engines.small_disk import SmallDisk
from process import HOST, Daemon, await_true

NODES = 6
MEGABYTES = 40

SETTINGS = {
    "bind": HOST,
    "save": '""',
    "appendonly": "yes",
    "appendfsync": "always",
    "maxmemory-policy": "noeviction",
    "loglevel": "warning",
}

CLUSTER_SETTINGS = {
    "cluster-enabled": "yes",
    "cluster-node-timeout": "1500",
    "cluster-replica-validity-factor": "0",
    "repl-ping-replica-period": "1",
    "repl-diskless-sync-delay": "0",
}


class Redis:
    """One server."""

    def __init__(self, folder, port, settings=None, disk=None):
        folder.mkdir(parents=True, exist_ok=True)
        self.port = port
        self.disk = disk
        file = folder / "redis.conf"
        settings = {**SETTINGS, **(settings or {}), "port": port,
                    "dir": disk.folder if disk else folder}
        file.write_text("".join(f"{name} {value}\n" for name, value in settings.items()),
                        encoding="utf-8")
        self.log = folder / "redis.log"
        self._daemon = Daemon(["redis-server", file], self.log)
        self.start()

    def start(self):
        if self._daemon.has_ended:
            self._daemon.start()
        await_true(lambda: self.answers(), f"the Redis at {self.port} answers")

    def ask(self, *command):
        return process.run("redis-cli", "-h", HOST, "-p", self.port, *command).strip()

    def answers(self):
        try:
            done = subprocess.run(["redis-cli", "-h", HOST, "-p", str(self.port), "PING"],
                                  capture_output=True, text=True, timeout=2,
                                  stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            return False
        return done.stdout.strip() == "PONG"

    @property
    def pid(self):
        return self._daemon.pid

    @property
    def has_ended(self):
        return self._daemon.has_ended

    def kill(self):
        return self._daemon.kill()

    def role(self):
        return self.ask("ROLE").split("\n")[0]

    def id(self):
        return self.ask("CLUSTER", "MYID")

    def end(self):
        if not self._daemon.has_ended:
            process.go_on(self.pid)
            self.kill()
        if self.disk:
            self.disk.end()


def alone(folder):
    port, = process.free_ports(1)
    return Redis(folder / "own", port, disk=SmallDisk(folder / "disk", MEGABYTES))


class Cluster:
    def __init__(self, folder):
        ports = process.free_ports(2 * NODES)
        self.nodes = [Redis(folder / str(port), port, {**CLUSTER_SETTINGS, "cluster-port": bus})
                      for port, bus in zip(ports[:NODES], ports[NODES:])]
        process.run("redis-cli", "--cluster", "create",
                    *(f"{HOST}:{node.port}" for node in self.nodes),
                    "--cluster-replicas", "1", "--cluster-yes")
        self.await_whole()

    def url(self, **parameters):
        seeds = ",".join(f"{HOST}:{node.port}" for node in self.nodes[:3])
        more = "&".join(f"{name}={value}" for name, value in parameters.items())
        return f"redis+cluster://{seeds}?{more}"

    def masters(self):
        return [node for node in self.nodes if not node.has_ended and node.role() == "master"]

    def replica_of(self, master):
        return next(node for node in self.nodes if not node.has_ended and node is not master
                    and node.role() == "slave"
                    and node.ask("ROLE").split("\n")[2] == str(master.port))

    def await_master(self, node):
        await_true(lambda: node.answers() and node.role() == "master",
                   f"{node.port} takes its master's place", pause=0.2)
        return f"ROLE of {node.port} is master"

    def await_whole(self):
        """All answer, agree that all slots are served, and each master has a replica that keeps
        up."""
        await_true(self._is_whole, "the cluster is whole", pause=0.5)

    def _is_whole(self):
        if not all(node.answers() for node in self.nodes):
            return False
        if not all("cluster_state:ok" in node.ask("CLUSTER", "INFO") for node in self.nodes):
            return False
        roles = [node.ask("ROLE").split("\n") for node in self.nodes]
        return (sum(role[0] == "master" for role in roles) == NODES // 2
                and all(role[3] == "connected" for role in roles if role[0] == "slave"))

    def reshard(self, giver, taker, slots):
        process.run("redis-cli", "--cluster", "reshard", f"{HOST}:{giver.port}",
                    "--cluster-from", giver.id(), "--cluster-to", taker.id(),
                    "--cluster-slots", slots, "--cluster-yes")

    def slots_of(self, node):
        """How many it serves."""
        own = next(line.split() for line in node.ask("CLUSTER", "NODES").split("\n")
                   if "myself" in line)
        return sum(_width(each) for each in own[8:] if not each.startswith("["))

    def end(self):
        for node in self.nodes:
            node.end()


def _width(slots):
    low, _, high = slots.partition("-")
    return int(high or low) - int(low) + 1
