"""A running server: its process, and requests to it."""

import re
import signal
import subprocess

from harness import http
from harness.assertions import Client
from harness.installation import TOKEN_PATH, clean_environment
from harness.keys import key_of
from harness.patience import LONGEST, eventually

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
REVOKE, CHECK = "/api/oauth/revoke", "/api/oauth/check"
CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
UNVERIFIED = "The assertion could not be verified."
READY_LINE = re.compile(r"^ready (https?://\S+) manager (http://\S+)\n", re.MULTILINE)


class Server:
    """Of one installation; can be started anew after its end."""

    def __init__(self, installation, environment=None):
        self.installation = installation
        self.environment = environment or {}
        self.process = None
        self.tls = None  # the SSLContext of clients, where the server speaks TLS
        self.output = installation.folder / "assay.out"

    # The process.

    def start(self):
        self.launch()
        line = eventually(self._ready_line)
        self.url, self.manager_url = line.groups()
        return self

    def launch(self):
        """Starts the process without waiting for what becomes of it."""
        with open(self.output, "w") as out, open(self.installation.log, "a") as log:
            self.process = subprocess.Popen(
                self.installation.arguments("serve"), stdin=subprocess.DEVNULL, stdout=out,
                stderr=log, env=clean_environment(**self.environment))

    def _ready_line(self):
        line = READY_LINE.search(self.output.read_text())
        if not line and self.process.poll() is not None:
            raise AssertionError(f"the server ended at once:\n{self.installation.log.read_text()}")
        return line

    def signal(self, number):
        self.process.send_signal(number)

    def end(self):
        """The exit status, once the process has ended."""
        return self.process.wait(LONGEST)

    def stop(self):
        self.signal(signal.SIGTERM)
        return self.end()

    def kill(self):
        """As a power cut would."""
        self.signal(signal.SIGKILL)
        return self.end()

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    # Applications.

    def register(self, client_id, key, *options, algorithm, kid=None, path=TOKEN_PATH):
        """An application with the key, once the server, if it is running, knows of it."""
        members = {"kid": kid} if kid else {}
        file = self.installation.file(f"{client_id}.jwk", key.jwk(**members))
        self.installation.register(client_id, "--jwk", file, *options)
        client = Client(client_id, key, algorithm, kid)
        if self.running:
            eventually(lambda: self.knows(client, path))
        return client

    def register_with_secret(self, client_id, *options):
        """The id and the secret of an application, once the running server knows of it."""
        record = self.installation.register(client_id, "--secret", *options)
        id_and_secret = (client_id, record["client_secret"])
        eventually(lambda: self.token_info("no token", id_and_secret).status == 400)
        return id_and_secret

    def register_with_both(self, client_id, *options):
        """How an application signs, and its id and secret: it has a key and a secret."""
        client = Client(client_id, key_of("P-256", client_id), "ES256")
        file = self.installation.file(f"{client_id}.jwk", client.key.jwk())
        return client, self.register_with_secret(client_id, "--jwk", file, *options)

    def knows(self, client, path=TOKEN_PATH):
        """Whether it can verify what the client signs, though it is of no use."""
        useless = self.assertion(client, iat=1, exp=1)
        return self.present(useless, path).json["error_description"] != UNVERIFIED

    # Requests.

    def exchange(self, method, path, body=None, headers=None):
        return http.exchange(self.url, method, path, body, headers, self.tls)

    def post(self, path, parameters, headers=None):
        """A form, with parameters that are None left out."""
        if isinstance(parameters, dict):
            parameters = {name: value for name, value in parameters.items() if value is not None}
        return self.exchange("POST", path, http.form(parameters), {**http.FORM, **(headers or {})})

    def audience(self, path=TOKEN_PATH):
        return self.url + path

    def assertion(self, client, header=None, **claims):
        return client.assertion(self.audience(), header, **claims)

    def present(self, assertion, path=TOKEN_PATH, headers=None, **parameters):
        """Asks for a token for the assertion."""
        return self.post(path, {"grant_type": JWT_BEARER, "assertion": assertion, **parameters},
                         headers)

    def grant(self, client, header=None, **claims):
        """Asks for a token with an ordinary assertion, but for the members named."""
        return self.present(self.assertion(client, header, **claims))

    def token(self, client, **claims):
        """The token that an ordinary assertion gets."""
        answer = self.grant(client, **claims)
        assert answer.status == 200, answer
        return answer.json["access_token"]

    def refresh(self, token, headers=None, path=TOKEN_PATH, **parameters):
        return self.post(path, {"grant_type": "refresh_token", "refresh_token": token,
                                **parameters}, headers)

    def client_credentials(self, headers=None, path=TOKEN_PATH, **parameters):
        return self.post(path, {"grant_type": "client_credentials", **parameters}, headers)

    def client_assertion(self, client, header=None, **claims):
        """Client authentication per RFC 7523 section 2.2: the issuer is the sole audience."""
        assertion = client.assertion(self.url, header, **{"sub": client.id, **claims})
        return {"client_assertion_type": CLIENT_ASSERTION, "client_assertion": assertion}

    def revoke(self, token, headers=None, **parameters):
        return self.post(REVOKE, {"token": token, **parameters}, headers)

    def check(self, token=None, query="", method="GET", headers=None):
        """Asks as a gateway does, on behalf of who sent the token."""
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        return self.exchange(method, f"{CHECK}?{query}" if query else CHECK,
                             headers={**bearer, **(headers or {})})

    def introspect(self, token, id_and_secret):
        return self.post("/api/oauth/introspect", {"token": token}, http.basic(*id_and_secret))

    def token_info(self, token, id_and_secret):
        return self.post("/api/oauth/tokeninfo", {"access_token": token},
                         http.basic(*id_and_secret))

    # What it wrote down.

    def metric(self, name, **labels):
        """The value of one line of the text format."""
        answer = http.exchange(self.manager_url, "GET", "/metrics")
        assert answer.headers["Content-Type"].startswith("text/plain")
        for line in answer.text.splitlines():
            if line.startswith(name) and all(f'{label}="{value}"' in line
                                             for label, value in labels.items()):
                return float(line.rsplit(" ", 1)[1])
        raise AssertionError(f"no metric {name} {labels}")

    def audit_line(self, answer):
        """The line about the request that was answered so."""
        return eventually(lambda: self.find_audit_line(answer.request_id))

    def reason(self, answer):
        """Why it was refused, which no client is told."""
        return self.audit_line(answer)["reason"]

    def find_audit_line(self, request_id):
        lines = self.installation.audit_lines()
        return next((line for line in reversed(lines) if line["request_id"] == request_id), None)
