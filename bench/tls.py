"""TLS under measurement: a certificate, and nginx with it, to hold the server's handshakes against."""

import socket
import subprocess
import time

from server import READY_SECONDS_MAX, Server

NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.2 TLSv1.3;
        return 200;
    }}
}}
"""


class Identity:
    """A P-256 certificate for this machine, and its key."""

    def __init__(self, folder):
        self.certificate, self.key = folder / "host.pem", folder / "host.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-subj", "/CN=127.0.0.1", "-days", "30",
             "-keyout", self.key, "-out", self.certificate], check=True, capture_output=True)

    @property
    def settings(self):
        """As YAML, what a server's `listen` has for it."""
        return f'tls: {{certificate: "{self.certificate}", key: "{self.key}"}}'


class Nginx(Server):
    """One process, as Assay is one thread, that answers 200 to everything."""

    def __init__(self, folder, identity, cores):
        folder.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._free_port = free.getsockname()[1]
        config = folder / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, port=self._free_port,
                                       certificate=identity.certificate, key=identity.key))
        super().__init__(["/usr/sbin/nginx", "-c", config, "-e", "stderr"], cores, folder / "log")

    def _await_ready(self, deadline):
        while time.monotonic() < deadline:
            with socket.socket() as connection:
                if connection.connect_ex(("127.0.0.1", self._free_port)) == 0:
                    return self._free_port
            time.sleep(0.01)
        raise SystemExit(f"bench: nginx did not listen within {READY_SECONDS_MAX} s\n"
                         f"{self._log.read_text(errors='replace')}")
