"""Requests as the load generator sends them: whole, one behind the other, made before any clock."""

import base64
import pathlib
import urllib.parse


def get(target, **headers):
    return _request("GET", target, headers, "")


def post(target, form, **headers):
    """`form`: names and values, or a body that is encoded already."""
    body = form if isinstance(form, str) else urllib.parse.urlencode(form)
    return _request("POST", target,
                    {"Content-Type": "application/x-www-form-urlencoded"} | headers, body)


def basic(client_id, secret):
    """RFC 6749 section 2.3.1; ours need no escape."""
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def write(file, requests):
    pathlib.Path(file).write_text("".join(requests), newline="")


def _request(method, target, headers, body):
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1",
             *(f"{name}: {value}" for name, value in headers.items()),
             f"Content-Length: {len(body)}"]
    return "\r\n".join(lines) + "\r\n\r\n" + body
