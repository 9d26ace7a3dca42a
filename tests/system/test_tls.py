"""TLS of the server's own: certificates that are replaced, and those of clients (RFC 8705)."""

import base64
import concurrent.futures
import contextlib
import json
import signal
import ssl
import subprocess
import threading

import pytest

from harness import http
from harness.https import HOST, Authority
from harness.installation import TOKEN_PATH
from harness.keys import key_of
from harness.patience import eventually

ORIGIN = f"https://{HOST}:${{port}}"
CLIENTS_CA = key_of("P-256", "the clients' CA")

# What testssl says of any certificate that a CA of one's own gave to an address.
OF_THE_TESTS_CA = {"cert_chain_of_trust", "cert_revocation", "DNS_CAArecord"}


@pytest.fixture(scope="module")
def authority():
    return Authority("the tests' CA")


@pytest.fixture(scope="module")
def server(servers, authority, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = authority.identity(folder)
    ca = folder / "clients.pem"
    ca.write_text(CLIENTS_CA.authority())
    tls = {"certificate": str(certificate), "key": str(key), "ask_client_certificate": True,
           "client_ca": str(ca)}
    server = servers.make({
        "issuer": ORIGIN, "listen": {"tls": tls},
        "token_services": [{"audience": [ORIGIN + TOKEN_PATH]},
                           {"path": "/bound", "audience": [ORIGIN + TOKEN_PATH],
                            "access_token": {"binding": "tls"}}]})
    server.tls = authority.trusted()
    server.identity = folder
    return server.start()


@pytest.fixture
def with_certificate(server, authority, tmp_path):
    """Lets the server's clients have that certificate, and its key."""
    def show(certificate, key):
        context = authority.trusted()
        file = tmp_path / "client.pem"
        file.write_text(certificate + key.private_pem())
        context.load_cert_chain(file)
        server.tls = context
    yield show
    server.tls = authority.trusted()


def serial_shown(server, authority):
    with contextlib.closing(http.Session(server.url, authority.trusted())) as session:
        session.exchange("GET", "/api/oauth/jwks.json")
        return session._connection.sock.getpeercert()["serialNumber"]


def replace_certificate(server, authority):
    """The new certificate is in force; what its serial number is."""
    before = serial_shown(server, authority)
    authority.identity(server.identity)
    server.signal(signal.SIGHUP)

    def other():
        now = serial_shown(server, authority)
        return now if now != before else None
    return eventually(other)


def test_the_ready_line_and_the_metadata_say_https(server):
    assert server.url.startswith(f"https://{HOST}:")
    metadata = server.exchange("GET", "/.well-known/oauth-authorization-server").json
    assert metadata["token_endpoint"] == server.url + TOKEN_PATH
    assert metadata["tls_client_certificate_bound_access_tokens"] is True


def test_tokens_are_granted_one_after_the_other_on_a_connection(server, billing):
    with contextlib.closing(http.Session(server.url, server.tls)) as session:
        tokens = set()
        for _ in range(5):
            body = http.form({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
                              "assertion": server.assertion(billing)})
            answer = session.exchange("POST", TOKEN_PATH, body, http.FORM)
            assert answer.status == 200, answer
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
            tokens.add(answer.json["access_token"])
    assert len(tokens) == 5


def test_in_the_clear_there_is_no_answer_but_why(server):
    answer = http.exchange(server.url.replace("https", "http"), "GET", "/api/oauth/jwks.json")
    assert (answer.status, answer.text) == (400, "This port is for https://.\n")


def test_a_new_certificate_comes_into_force_and_no_request_is_lost(server, authority):
    """The connections of the one before are served on, under load."""
    over = threading.Event()

    def ask_on():
        answered = 0
        with contextlib.closing(http.Session(server.url, authority.trusted())) as session:
            while not over.is_set():
                assert session.exchange("GET", "/api/oauth/jwks.json").status == 200
                answered += 1
        return answered

    def connect_on():
        connected = 0
        while not over.is_set():
            assert http.exchange(server.url, "GET", "/api/oauth/jwks.json",
                                 tls=authority.trusted()).status == 200
            connected += 1
        return connected

    with concurrent.futures.ThreadPoolExecutor() as threads:
        asking = [threads.submit(each) for each in (ask_on, ask_on, connect_on, connect_on)]
        try:
            serials = {replace_certificate(server, authority) for _ in range(4)}
        finally:
            over.set()
        assert all(each.result() > 0 for each in asking)
    assert len(serials) == 4


def test_a_bad_certificate_leaves_the_one_before_in_force(server, authority):
    before = serial_shown(server, authority)
    (server.identity / "host.pem").write_text("torn")
    server.signal(signal.SIGHUP)
    eventually(lambda: "listen.tls: " in server.installation.log.read_text())
    line = server.installation.log.read_text().splitlines()[-1]
    assert "the old settings stay in force: listen.tls: " in line
    assert "the certificate is not one in PEM" in line
    assert serial_shown(server, authority) == before
    replace_certificate(server, authority)


def test_a_server_does_not_start_without_its_certificate(servers):
    server = servers.make({"listen": {"tls": {"certificate": "no.pem", "key": "no.key"}}})
    server.launch()
    assert server.end() != 0
    assert "listen.tls.certificate: there is no no.pem" in server.installation.log.read_text()


def test_a_client_is_known_by_the_key_of_its_self_signed_certificate(server, with_certificate):
    key = key_of("P-256", "reports")
    server.register("reports", key, "--auth", "self_signed_tls_client_auth",
                    "--grant", "client_credentials", "--tls-bound", algorithm="ES256")
    with_certificate(key.certificate(), key)
    granted = eventually(lambda: token_or_none(server, "reports"))
    assert granted["token_type"] == "Bearer"

    other = key_of("P-256", "somebody else")
    with_certificate(other.certificate(), other)
    refused = server.client_credentials(client_id="reports")
    assert refused.status == 401
    assert server.reason(refused) == "client_certificate_unregistered"


def test_a_client_is_known_by_the_name_that_its_ca_vouches_for(server, with_certificate):
    server.installation.register("crawler", "--auth", "tls_client_auth",
                                 "--grant", "client_credentials",
                                 "--tls-san-dns", "crawler.example")
    key = key_of("P-256", "crawler")
    with_certificate(CLIENTS_CA.issue(key, "crawler.example"), key)
    eventually(lambda: token_or_none(server, "crawler"))

    with_certificate(CLIENTS_CA.issue(key, "other.example"), key)
    assert server.reason(server.client_credentials(client_id="crawler")) == (
        "client_certificate_unregistered")
    with_certificate(key_of("P-256", "another CA").issue(key, "crawler.example"), key)
    assert server.reason(server.client_credentials(client_id="crawler")) == (
        "client_certificate_untrusted")


def token_or_none(server, client_id):
    answer = server.client_credentials(client_id=client_id)
    return answer.json if answer.status == 200 else None


def test_a_token_is_of_use_on_connections_of_its_certificate_alone(
        server, billing, with_certificate):
    key = key_of("P-256", "connection")
    with_certificate(key.certificate(), key)
    answer = server.present(server.assertion(billing), "/bound")
    assert answer.status == 200, answer
    token = answer.json["access_token"]
    assert server.check(token).status == 200

    other = key_of("P-256", "thief")
    with_certificate(other.certificate(), other)
    refused = server.check(token)
    assert refused.status == 401
    assert server.reason(refused) == "token_certificate_mismatch"


def test_what_a_client_writes_into_a_proxys_header_is_nothing(server, billing, with_certificate):
    """The connection's own certificate counts, and without one there is none."""
    pem = key_of("P-256", "connection").certificate()
    der = ssl.PEM_cert_to_DER_cert(pem)
    header = {"Client-Cert": f":{base64.b64encode(der).decode()}:"}
    refused = server.present(server.assertion(billing), "/bound", header)
    assert server.reason(refused) == "binding_missing"


def test_testssl_finds_nothing_but_that_the_ca_is_our_own(server, tmp_path):
    report = tmp_path / "report.json"
    done = subprocess.run(
        ["testssl", "--quiet", "--color", "0", "--warnings", "batch", "--nodns", "none",
         "--protocols", "--std", "--fs", "--server-preference", "--server-defaults", "--headers",
         "--vulnerable", "--jsonfile", report, server.url],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    findings = json.loads(report.read_text())
    assert any(each["id"] == "TLS1_3" and each["severity"] == "OK" for each in findings), done.stdout
    found = {(each["id"].split(" ")[0], each["severity"], each["finding"]) for each in findings
             if each["severity"] in ("LOW", "MEDIUM", "HIGH", "CRITICAL", "FATAL")}
    assert {each for each in found if each[0] not in OF_THE_TESTS_CA} == set()
