"""A CA of the tests, and an HTTPS server on the loopback under it: where a jwks_uri leads to."""

import datetime
import functools
import http.server
import ipaddress
import json
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ONE_DAY = datetime.timedelta(days=1)
HOST = "127.0.0.1"


class Authority:
    """A CA, and the certificate that it gave to HOST."""

    def __init__(self, name):
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.pem = _pem(self._signed(self._name, self._key.public_key(), x509.BasicConstraints(
            ca=True, path_length=0)))

    def trusted(self):
        """What clients of HOST connect with."""
        return ssl.create_default_context(cadata=self.pem)

    def identity(self, folder):
        """Files with a certificate for HOST and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a host of keys")])
        certificate, private = folder / "host.pem", folder / "host.key"
        certificate.write_text(_pem(self._signed(subject, key.public_key(), names)))
        private.write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        return certificate, private

    def _signed(self, subject, public_key, extension):
        now = datetime.datetime.utcnow()
        return (x509.CertificateBuilder()
                .subject_name(subject).issuer_name(self._name).public_key(public_key)
                .serial_number(x509.random_serial_number())
                .not_valid_before(now - ONE_DAY).not_valid_after(now + 90 * ONE_DAY)
                .add_extension(extension, critical=False)
                .sign(self._key, hashes.SHA256()))


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


class Page:
    """What is at one path: a JWK Set, unless it is told otherwise."""

    def __init__(self, url):
        self.url = url
        self.requests = 0
        self.status = 200
        self.fields = {}
        self.body = b""
        self.open = threading.Event()  # until it is set, nobody gets an answer
        self.open.set()

    def publish(self, **keys):
        """The keys by their kids."""
        jwks = [json.loads(key.jwk(kid=kid)) for kid, key in keys.items()]
        self.body = json.dumps({"keys": jwks}).encode()
        return self


class KeyHost:
    """Its pages are named after the applications whose keys they hold."""

    def __init__(self, folder):
        self.authority = Authority("the tests' own CA")
        self.pages = {}
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.authority.identity(folder))
        self._server = _Serving((HOST, 0), functools.partial(_Answering, self.pages))
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def page(self, name):
        page = Page(f"https://{HOST}:{self._server.server_port}/{name}")
        self.pages[f"/{name}"] = page
        return page

    def close(self):
        for page in self.pages.values():
            page.open.set()
        self._server.shutdown()
        self._server.server_close()


class _Serving(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Says nothing: some tests want the other side to break off."""


class _Answering(http.server.BaseHTTPRequestHandler):
    def __init__(self, pages, *arguments):
        self._pages = pages
        super().__init__(*arguments)

    def do_GET(self):
        page = self._pages[self.path]
        page.requests += 1
        page.open.wait()
        self.send_response(page.status)
        for name, value in page.fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        self.wfile.write(page.body)

    def log_message(self, *_):
        """Says nothing: a test that fails says what it saw."""
