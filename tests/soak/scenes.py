"""Nodes and the store that they share, and what happens to them."""

import time

import process
from engines import redis
from engines.clock import AN_HOUR
from engines.cutter import ANSWER, REQUEST, Cutter
from engines.patroni import Patroni
from engines.postgres import Pooler, Postgres, url
from engines.small_disk import SmallDisk
from faults import Fault
from nodes import Application, Node
from process import await_true

EVERYTHING, LAST_MOMENTS = "everything", "last moments"
SLOTS_MOVED = 300
MEGABYTES = 40  # of the disk of a SQLite
A_MOMENT = 0.7  # shorter than what makes the others of a cluster take a replica for gone


class Scene:
    """What all have in common. Each has a `name`, what it promises, `set_up` and `faults`."""

    promise = EVERYTHING

    def __init__(self, folder):
        self.folder = folder
        self.nodes = []
        self._to_end = []

    def begin(self, stores):
        """With as many nodes as there are stores; each of them is (registry and) tokens."""
        for name, its_stores in zip("abc", stores):
            self.nodes.append(self.ended_with(Node(name, self.folder / name, its_stores)))
        for node in self.nodes:
            node.start()
        self.application = Application(self.nodes[0])
        self.application.await_known(self.nodes)

    def ended_with(self, part):
        self._to_end.append(part)
        return part

    def await_whole(self):
        for node in self.nodes:
            await_true(node.is_ready, f"node {node.name} is ready", pause=0.1)

    def end(self):
        for part in reversed(self._to_end):
            part.end()

    # Faults of nodes.

    def node_is_killed(self, node):
        return Fault(f"SIGKILL node {node.name}", node.kill, node.start, hold=0.5)

    def node_is_stopped(self, node):
        return Fault(f"SIGSTOP node {node.name}", lambda: process.stop(node.pid),
                     lambda: process.go_on(node.pid))

    def clock_of_node_jumps(self, node):
        def strike():
            node.clock.jump(AN_HOUR)
            await_true(lambda: node.ahead() > AN_HOUR / 2, "its clock has jumped")
            return f"node {node.name} writes times that are {node.ahead():.0f} s ahead"

        def mend():
            node.clock.jump(0)
            await_true(lambda: node.ahead() < AN_HOUR / 2, "its clock is right")
        return Fault(f"clock of node {node.name} jumps an hour ahead", strike, mend, hold=3,
                     wrong_clocks=(node.name,))


class Sqlite(Scene):
    name = "SQLite"

    def set_up(self):
        self.disk = self.ended_with(SmallDisk(self.folder / "disk", MEGABYTES))
        self.begin([{"tokens": f"sqlite:{self.disk.folder}/tokens.db"}])

    def faults(self):
        node, = self.nodes
        return [self.node_is_killed(node), self.node_is_stopped(node),
                disk_is_full(self.disk, node.server.installation.log, "is full")]


def disk_is_full(disk, log, said, mend=lambda: None):
    """Once that was said in the log: an engine may have room of its own for a while."""
    def strike():
        before = log.read_text(encoding="utf-8").count(said)
        full = disk.fill()
        await_true(lambda: log.read_text(encoding="utf-8").count(said) > before, f"'{said}'")
        return f"{full}; '{said}' in {log.name}"

    def clear():
        disk.clear()
        mend()
    return Fault("the disk is full", strike, clear)


class PostgresAlone(Scene):
    """One node goes through a proxy that cuts, one through a pgbouncer."""

    name = "PostgreSQL alone"

    def set_up(self):
        self.engine = self.ended_with(Postgres(self.folder / "engine"))
        self.pooler = self.ended_with(Pooler(self.folder / "pooler", self.engine.port))
        self.cutter = Cutter(self.engine.port)
        self.begin([_all_in(url([self.cutter.port], sslmode="disable")),
                    _all_in(url([self.pooler.port], pooler="transaction")),
                    _all_in(url([self.engine.port]))])

    def faults(self):
        a, b, c = self.nodes
        engine = self.engine
        return [
            self.node_is_killed(c),
            connection_is_cut(self.cutter, ANSWER, b"issue"),
            connection_is_cut(self.cutter, REQUEST, b"issue"),
            Fault("SIGKILL PostgreSQL", engine.kill, engine.start),
            Fault("SIGSTOP PostgreSQL", lambda: process.stop(*engine.pids),
                  lambda: process.go_on(*engine.pids)),
            Fault("SIGKILL pgbouncer", self.pooler.kill, self.pooler.start, hold=1),
            disk_is_full(engine.disk, engine.log, "No space left on device", engine.start),
            self.clock_of_engine_jumps(),
            self.clock_of_node_jumps(c),
        ]

    def clock_of_engine_jumps(self):
        def ahead():
            return float(self.engine.ask("SELECT extract(epoch FROM clock_timestamp())")
                         ) - time.time()

        def strike():
            self.engine.clock.jump(AN_HOUR)
            await_true(lambda: ahead() > AN_HOUR / 2, "its clock has jumped")
            return f"PostgreSQL's clock is {ahead():.0f} s ahead"
        return Fault("clock of PostgreSQL jumps an hour ahead", strike,
                     lambda: self.engine.clock.jump(0), hold=3)


def _all_in(address):
    return {"registry": address, "tokens": address, "usage": address}


def connection_is_cut(cutter, what, mark):
    def strike():
        before = len(cutter.cuts)
        cutter.cut(what, mark, passed=40)
        await_true(lambda: len(cutter.cuts) > before, "a connection was cut")
        return f"{cutter.cuts[-1]} bytes held back, connection reset"
    return Fault(f"cut within the {what} of a commit", strike, hold=0.2)


class PostgresUnderPatroni(Scene):
    """With a standby that confirms each commit: no failover may lose anything."""

    name = "PostgreSQL under Patroni, synchronous standby"

    def set_up(self):
        self.patroni = self.ended_with(Patroni(self.folder / "engines"))
        self.begin([_all_in(url(self.patroni.ports))] * 3)

    def faults(self):
        patroni = self.patroni
        victim = []

        def kill_primary():
            old = patroni.primary()
            victim.append(old)
            return f"{old.kill()}; {patroni.await_primary(patroni.other_than(old))}"

        def stop_primary():
            old = patroni.primary()
            victim.append(old)
            stopped = process.stop(*old.pids)
            return f"{stopped}; {patroni.await_primary(patroni.other_than(old))}"

        def kill_engine():
            return process.kill(patroni.primary().engine_pid)

        def kill_standby():
            return process.kill(patroni.other_than(patroni.primary()).engine_pid)

        return [
            Fault("SIGKILL the primary and its Patroni", kill_primary,
                  lambda: victim.pop().start(), fails_over=True),
            Fault("SIGKILL the primary alone", kill_engine),
            Fault("switchover", patroni.switch_over, fails_over=True),
            Fault("SIGSTOP the primary and its Patroni", stop_primary,
                  lambda: victim.pop().wake(), fails_over=True, stale_reads=True),
            Fault("SIGKILL the standby", kill_standby),
            self.node_is_killed(self.nodes[0]),
            self.node_is_stopped(self.nodes[1]),
        ]

    def await_whole(self):
        self.patroni.await_whole()
        super().await_whole()


class RedisAlone(Scene):
    """With `appendfsync always`."""

    name = "Redis alone"

    def set_up(self):
        self.redis = self.ended_with(redis.alone(self.folder / "redis"))
        self.cutter = Cutter(self.redis.port)
        registry = f"file:{self.folder}/registry.json"
        self.begin([{"registry": registry, "tokens": f"redis://{process.HOST}:{port}?timeout=1000"}
                    for port in (self.cutter.port, self.redis.port)])

    def faults(self):
        server = self.redis
        return [
            self.node_is_killed(self.nodes[1]),
            Fault("SIGKILL the Redis", server.kill, server.start),
            Fault("SIGSTOP the Redis", lambda: process.stop(server.pid),
                  lambda: process.go_on(server.pid)),
            connection_is_cut(self.cutter, ANSWER, b"EVALSHA"),
            connection_is_cut(self.cutter, REQUEST, b"EVALSHA"),
            disk_is_full(server.disk, server.log, "AOF write error", server.start),
            self.clock_of_node_jumps(self.nodes[1]),
        ]


class RedisCluster(Scene):
    """Where writes are answered before the replicas have them."""

    name = "Redis Cluster"
    promise = LAST_MOMENTS
    wait = 0

    def set_up(self):
        self.cluster = self.ended_with(redis.Cluster(self.folder / "redis"))
        stores = {"registry": f"file:{self.folder}/registry.json",
                  "tokens": self.cluster.url(wait=self.wait)}
        self.begin([stores] * 3)

    def faults(self):
        return [self.master_is_killed(), self.master_is_killed_behind_a_slow_replica(),
                self.replica_is_promoted()]

    def master_is_killed(self):
        victim = []

        def strike():
            master = self._some_master()
            replica = self.cluster.replica_of(master)
            victim.append(master)
            gone = master.kill()
            return f"{gone}; {self.cluster.await_master(replica)}"
        return Fault("SIGKILL a master", strike, lambda: victim.pop().start(), fails_over=True)

    def master_is_killed_behind_a_slow_replica(self):
        """What it takes meanwhile, the replica never gets."""
        victim = []

        def strike():
            master = self._some_master()
            replica = self.cluster.replica_of(master)
            stopped = process.stop(replica.pid)
            # Or what the master sends would wait in the system's buffers.
            master.ask("CLIENT", "KILL", "TYPE", "replica")
            time.sleep(A_MOMENT)
            victim.append(master)
            gone = master.kill()
            process.go_on(replica.pid)
            return f"replica {stopped}; {gone}; {self.cluster.await_master(replica)}"
        return Fault("SIGKILL a master whose replica lags", strike, lambda: victim.pop().start(),
                     fails_over=True)

    def replica_is_promoted(self):
        def strike():
            replica = self.cluster.replica_of(self._some_master())
            replica.ask("CLUSTER", "FAILOVER")
            return self.cluster.await_master(replica)
        return Fault("CLUSTER FAILOVER", strike, fails_over=True)

    def _some_master(self):
        return self.cluster.masters()[0]

    def await_whole(self):
        self.cluster.await_whole()
        super().await_whole()


class RedisClusterThatWaits(RedisCluster):
    """For the one replica that each master has."""

    name = "Redis Cluster, wait=1"
    promise = EVERYTHING
    wait = 1

    def faults(self):
        return [*super().faults(), self.master_is_stopped(), self.replica_is_stopped(),
                self.slots_move(), self.node_is_killed(self.nodes[2])]

    def master_is_stopped(self):
        victim = []

        def strike():
            master = self._some_master()
            replica = self.cluster.replica_of(master)
            victim.append(master.pid)
            stopped = process.stop(master.pid)
            return f"{stopped}; {self.cluster.await_master(replica)}"
        return Fault("SIGSTOP a master", strike, lambda: process.go_on(victim.pop()),
                     fails_over=True, stale_reads=True)

    def replica_is_stopped(self):
        victim = []

        def strike():
            victim.append(self.cluster.replica_of(self._some_master()).pid)
            return process.stop(victim[-1])
        return Fault("SIGSTOP a replica", strike, lambda: process.go_on(victim.pop()))

    def slots_move(self):
        def strike():
            giver, taker = self.cluster.masters()[:2]
            before = self.cluster.slots_of(taker)
            self.cluster.reshard(giver, taker, SLOTS_MOVED)
            now = self.cluster.slots_of(taker)
            assert now == before + SLOTS_MOVED, (before, now)
            return f"{taker.port} serves {now} slots, {SLOTS_MOVED} more than before"
        return Fault("resharding", strike, hold=0.2)


# Those that take longest come first.
ALL = [PostgresUnderPatroni, RedisClusterThatWaits, PostgresAlone, RedisCluster, RedisAlone, Sqlite]
