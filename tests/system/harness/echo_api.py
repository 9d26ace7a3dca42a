"""A protected API that answers what it was asked, and by whom it believes to have been asked."""

import http.server
import json
import threading


FORBIDDEN = "/invoices/forbidden"


class EchoApi:
    """Answers whatever reaches it; only one path it forbids to all by itself."""

    def __init__(self):
        self.calls = []  # the paths that it was asked for
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
        self._server.calls = self.calls
        self.address = "127.0.0.1:%d" % self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class _Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.calls.append(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = json.dumps({"path": self.path, "method": self.command, "body": body.decode(),
                             "headers": self.headers.items()}).encode()
        self.send_response(403 if self.path == FORBIDDEN else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_GET

    def log_message(self, *_):
        """Nowhere: the test has the calls."""
