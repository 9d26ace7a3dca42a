"""Requests and answers, with nothing between the test and the wire."""

import base64
import contextlib
import http.client
import json
import socket
import urllib.parse

TIMEOUT = 15.0

# The connection ended where an answer should have been.
NoAnswer = http.client.HTTPException


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers  # by name, whatever its letter case
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def request_id(self):
        return self.headers["X-Correlation-ID"]

    def __repr__(self):
        return f"<{self.status} {self.text}>"


class Session:
    """A connection that serves one request after the other; over TLS it needs an SSLContext."""

    def __init__(self, url, tls=None, timeout=TIMEOUT):
        self._connection = (
            http.client.HTTPSConnection(_authority(url), timeout=timeout, context=tls)
            if url.startswith("https:")
            else http.client.HTTPConnection(_authority(url), timeout=timeout))

    def connect(self):
        """Before the first request, which would do it otherwise."""
        self._connection.connect()

    def exchange(self, method, path, body=None, headers=None):
        self._connection.request(method, path, body, headers or {})
        return Answer(self._connection.getresponse())

    def close(self):
        self._connection.close()


def exchange(url, method, path, body=None, headers=None, tls=None):
    """One request on a connection of its own."""
    with contextlib.closing(Session(url, tls)) as session:
        return session.exchange(method, path, body, headers)


def form(parameters):
    """Form-encoded; takes a dict, or pairs when a name is to be repeated."""
    return urllib.parse.urlencode(parameters)


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def basic(client_id, secret):
    """RFC 6749 section 2.3.1: both halves are form-encoded first."""
    pair = f"{urllib.parse.quote_plus(client_id)}:{urllib.parse.quote_plus(secret)}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


@contextlib.contextmanager
def connect(url):
    """A bare TCP connection, for what no HTTP library would send."""
    host, port = _authority(url).split(":")
    with socket.create_connection((host, int(port)), timeout=TIMEOUT) as connection:
        yield connection


def read_answer(connection):
    """The next answer on a bare connection."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    return Answer(response)


def _authority(url):
    return urllib.parse.urlsplit(url).netloc
