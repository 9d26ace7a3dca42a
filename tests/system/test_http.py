"""The wire itself: limits, slow clients, several requests at once, and what is no HTTP."""

import contextlib
import json
import time

import pytest

from harness import http
from harness.installation import TOKEN_PATH
from harness.patience import eventually
from harness.server import JWT_BEARER

GET = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def settings():
    return {"limits": {"request_wait": "1s", "idle_wait": "2s"}}


def send(server, octets):
    """The answer to exactly these bytes."""
    with http.connect(server.url) as connection:
        connection.sendall(octets)
        return http.read_answer(connection)


def is_closed(connection):
    """Whether the other end closes before the socket's own timeout."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


MALFORMED = {
    "no method": b" / HTTP/1.1\r\nHost: x\r\n\r\n",
    "no version": b"GET /\r\nHost: x\r\n\r\n",
    "a version that is to come": b"GET / HTTP/3.0\r\nHost: x\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "a TLS handshake": b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "a space before a colon": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "a folded line": b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
    "a line without a colon": b"GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n",
    "a bare line feed": b"GET / HTTP/1.1\nHost: x\n\n",
    "a control character": b"GET / HTTP/1.1\r\nHost: x\r\nA: b\x00c\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
    "a negative length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "a length and chunks": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
                            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "an unknown coding": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
    "a chunk of no size": (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                           b"zz\r\n"),
}


@pytest.mark.parametrize("octets", MALFORMED.values(), ids=MALFORMED)
def test_a_request_is_malformed_with(server, octets):
    with http.connect(server.url) as connection:
        connection.sendall(octets)
        answer = http.read_answer(connection)
        assert answer.status == 400
        assert answer.json["error"] == "invalid_request"
        assert answer.request_id
        assert is_closed(connection)


HEADER_LIMIT = 16 * 1024


@pytest.mark.parametrize("octets", [
    b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * HEADER_LIMIT + b"\r\n\r\n",
    b"GET /" + b"b" * HEADER_LIMIT + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 4000 + b"\r\n",
], ids=["one long field", "a long path", "many short fields"])
def test_a_header_over_the_limit_is_too_large(server, octets):
    answer = send(server, octets)
    assert answer.status == 431
    assert answer.json["error"] == "invalid_request"


def test_a_header_below_the_limit_is_read(server):
    field = b"A: " + b"b" * (HEADER_LIMIT - 200) + b"\r\n"
    answer = send(server, b"GET /health/live HTTP/1.1\r\nHost: x\r\n" + field + b"\r\n")
    assert answer.status == 200


def test_a_request_that_comes_byte_by_byte_is_answered(server):
    with http.connect(server.url) as connection:
        for octet in GET:
            connection.sendall(bytes([octet]))
            time.sleep(0.002)
        assert http.read_answer(connection).status == 200


def test_a_request_that_never_ends_is_given_up(server):
    """However often a byte of it comes."""
    with http.connect(server.url) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n")
        connection.settimeout(0.2)
        eventually(lambda: is_given_up(connection))


def is_given_up(connection):
    try:
        connection.sendall(b"a")
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def test_an_idle_connection_is_closed(server):
    with http.connect(server.url) as connection:
        connection.sendall(GET)
        assert http.read_answer(connection).status == 200
        assert is_closed(connection)


def test_slow_clients_keep_nobody_waiting(servers):
    server = servers.start()
    with contextlib.ExitStack() as opened:
        slow = [opened.enter_context(http.connect(server.url)) for _ in range(50)]
        for connection in slow:
            connection.sendall(GET[:-1])
        assert http.exchange(server.url, "GET", "/health/live").status == 200
        for connection in slow:
            connection.sendall(GET[-1:])
            assert http.read_answer(connection).status == 200


def test_requests_in_one_packet_are_answered_in_their_order(server, billing):
    def token_request(assertion):
        body = http.form({"grant_type": JWT_BEARER, "assertion": assertion})
        return (f"POST {TOKEN_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}").encode()

    assertions = [server.assertion(billing) for _ in range(4)]
    requests = [token_request(assertion) for assertion in assertions] + [GET]
    with http.connect(server.url) as connection:
        connection.sendall(b"".join(requests))
        # One reader for all: each answer's reader would swallow a part of the next one.
        with connection.makefile("rb") as stream:
            answers = [read_from(stream) for _ in requests]
    assert [status for status, _ in answers] == [200] * 5
    assert len({body["access_token"] for _, body in answers[:4]}) == 4
    assert answers[4][1] == {"status": "live"}


def read_from(stream):
    status = int(stream.readline().split()[1])
    length = 0
    for line in iter(stream.readline, b"\r\n"):
        name, value = line.split(b":", 1)
        if name.lower() == b"content-length":
            length = int(value)
    return status, json.loads(stream.read(length))


def test_a_connection_serves_many_requests(server):
    with http.connect(server.url) as connection:
        for _ in range(100):
            connection.sendall(GET)
            assert http.read_answer(connection).status == 200


def test_a_connection_is_closed_when_the_client_wants_it(server):
    with http.connect(server.url) as connection:
        connection.sendall(GET[:-2] + b"Connection: close\r\n\r\n")
        answer = http.read_answer(connection)
        assert answer.headers["Connection"] == "close"
        assert is_closed(connection)


def test_http_1_0_is_answered_and_closed(server):
    with http.connect(server.url) as connection:
        connection.sendall(b"GET /health/live HTTP/1.0\r\n\r\n")
        assert http.read_answer(connection).status == 200
        assert is_closed(connection)


def test_a_body_of_chunks_is_read(server, billing):
    body = http.form({"grant_type": JWT_BEARER, "assertion": server.assertion(billing)}).encode()
    chunks = (body[at:at + 7] for at in range(0, len(body), 7))
    assert server.exchange("POST", TOKEN_PATH, chunks, http.FORM).status == 200


def test_a_client_that_waits_for_continue_is_told_to_go_on(server, billing):
    body = http.form({"grant_type": JWT_BEARER, "assertion": server.assertion(billing)}).encode()
    with http.connect(server.url) as connection:
        connection.sendall(
            f"POST {TOKEN_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            "Expect: 100-continue\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert http.read_answer(connection).status == 200


def test_head_is_answered_without_a_body(server):
    answer = server.exchange("HEAD", "/health/live")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


def test_the_number_of_connections_is_limited(servers):
    server = servers.start({"limits": {"connections": 8}})
    with contextlib.ExitStack() as opened:
        connections = [opened.enter_context(http.connect(server.url)) for _ in range(20)]
        assert sum(is_served(connection) for connection in connections) == 8
    eventually(lambda: is_free(server))


def is_served(connection):
    try:
        connection.sendall(GET)
        return http.read_answer(connection).status == 200
    except (OSError, http.NoAnswer):
        return False


def is_free(server):
    with http.connect(server.url) as connection:
        return is_served(connection)
