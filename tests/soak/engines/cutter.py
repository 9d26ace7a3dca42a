"""A TCP proxy that cuts connections where it is told to."""

import socket
import struct
import threading

HOST = "127.0.0.1"
CHUNK = 1 << 16

# What is given up: the rest of a request, or the answer to one that arrived whole.
REQUEST, ANSWER = "request", "answer"


class Cutter:
    """Passes on what comes, to one port of this machine."""

    def __init__(self, target):
        self._target = target
        self._listener = socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        self._order = None  # the cut that is due
        self._lock = threading.Lock()
        self.cuts = []  # how many bytes of each were held back
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, what, mark, passed=0):
        """Of the next request that has the mark: passes on so many of its bytes (REQUEST), or
        all, and nothing of the answer (ANSWER)."""
        with self._lock:
            self._order = (what, mark, passed)

    def close(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection((HOST, self._target), timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            for each in (client, server):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _Link(self, client, server).start()

    def take_order(self, data):
        """What to do with this request, if it is the one."""
        with self._lock:
            if self._order is None or self._order[1] not in data:
                return None
            order, self._order = self._order, None
            return order


class _Link:
    """One connection: a thread each way."""

    def __init__(self, cutter, client, server):
        self._cutter = cutter
        self._client = client
        self._server = server
        self._holding_back = False

    def start(self):
        for run in (self._requests, self._answers):
            threading.Thread(target=run, daemon=True).start()

    def _requests(self):
        while data := _receive(self._client):
            order = self._cutter.take_order(data)
            if order is None:
                if not _send(self._server, data):
                    break
                continue
            what, _, passed = order
            if what == REQUEST:
                _send(self._server, data[:passed])
                self._cutter.cuts.append(len(data) - passed)
                break
            self._holding_back = True  # the answer ends the connection
            _send(self._server, data)
        self._end()

    def _answers(self):
        while data := _receive(self._server):
            if self._holding_back:
                self._cutter.cuts.append(len(data))
                break
            if not _send(self._client, data):
                break
        self._end()

    def _end(self):
        """By a reset, as of a peer that is gone."""
        for each in (self._client, self._server):
            try:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()


def _receive(connection):
    try:
        return connection.recv(CHUNK)
    except OSError:
        return b""


def _send(connection, data):
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True
