"""The gateways of examples/, each run with the very config that its folder shows."""

import pathlib
import socket
import subprocess

from harness import http
from harness.installation import clean_environment
from harness.patience import LONGEST, eventually

EXAMPLES = pathlib.Path(__file__).parents[3] / "examples"

# What all examples say, and what is put in its place here.
ASSAY, API, GATEWAY = "127.0.0.1:8080", "127.0.0.1:8081", "127.0.0.1:8000"


class Gateway:
    """A process with its folder, in which it keeps all that it writes."""

    def __init__(self, kind, folder, assay, api, secret):
        """Asks Assay at the one address and passes calls on to the other."""
        self.folder = folder
        self.scheme = "http"
        self.address = free_address()
        self.log = folder / "gateway.log"
        self._replacements = {ASSAY: assay, API: api, GATEWAY: self.address}
        self._command = kind(self, secret)
        self._process = None

    def start(self):
        environment = clean_environment(HOME=str(self.folder), XDG_DATA_HOME=str(self.folder),
                                        XDG_CONFIG_HOME=str(self.folder))
        with open(self.log, "a") as log:
            self._process = subprocess.Popen(
                [str(word) for word in self._command], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, env=environment)
        eventually(self._listens)
        return self

    def stop(self):
        """Its children end with it."""
        if self._process:
            self._process.terminate()
            self._process.wait(LONGEST)

    @property
    def url(self):
        return f"{self.scheme}://{self.address}"

    def exchange(self, method, path, body=None, headers=None, tls=None):
        return http.exchange(self.url, method, path, body, headers, tls)

    def adapt(self, example, replacements):
        """The example's config, with the addresses and places of this gateway."""
        text = (EXAMPLES / example).read_text()
        for shown, used in {**self._replacements, **replacements}.items():
            assert shown in text, f"{example} does not say {shown}"
            text = text.replace(shown, str(used))
        return self.file(pathlib.Path(example).name, text)

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def _listens(self):
        assert self._process.poll() is None, f"it ended at once:\n{self.log.read_text()}"
        host, port = self.address.split(":")
        with socket.socket() as connection:
            return connection.connect_ex((host, int(port))) == 0


def free_address():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return "127.0.0.1:%d" % free.getsockname()[1]


# Each kind writes its configs and gives its command. nginx and Apache get a frame around the
# example, as Debian's packages have one; it holds nothing that decides about calls.

NGINX_FRAME = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    client_body_temp_path {folder}/client_body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {site};
}}
"""


def nginx(gateway, _):
    site = gateway.adapt("nginx/protected-api.conf", {"/var/log/nginx": gateway.folder})
    frame = gateway.file("nginx.conf", NGINX_FRAME.format(folder=gateway.folder, site=site))
    return "/usr/sbin/nginx", "-c", frame, "-e", "stderr"


def nginx_with_tls(certificate, key):
    """A kind: nginx in front of Assay as well, with that certificate for clients."""
    def kind(gateway, _):
        gateway.scheme = "https"
        site = gateway.adapt("nginx/bound-tokens.conf", {
            "/var/log/nginx": gateway.folder,
            "/etc/ssl/certs/tokens.example.com.pem": certificate,
            "/etc/ssl/private/tokens.example.com.key": key})
        frame = gateway.file("nginx.conf", NGINX_FRAME.format(folder=gateway.folder, site=site))
        return "/usr/sbin/nginx", "-c", frame, "-e", "stderr"
    return kind


def caddy(gateway, _):
    config = gateway.adapt("caddy/Caddyfile", {"127.0.0.1:2019": free_address()})
    return "/usr/bin/caddy", "run", "--config", config, "--adapter", "caddyfile"


APACHE_MODULES = ["mpm_event", "authn_core", "authz_core", "headers", "oauth2", "proxy",
                  "proxy_http"]

APACHE_FRAME = """
ServerRoot {folder}
ServerName 127.0.0.1
DefaultRuntimeDir {folder}
PidFile apache.pid
ErrorLog /dev/stderr
User www-data
Group www-data
{modules}
Include {site}
"""


def apache(gateway, secret):
    secret_file = gateway.file("secret.conf", f"Define introspection_secret {secret}\n")
    site = gateway.adapt("apache/protected-api.conf",
                         {"/etc/apache2/assay-introspection.conf": secret_file})
    modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
                        for name in APACHE_MODULES)
    frame = gateway.file("apache.conf", APACHE_FRAME.format(
        folder=gateway.folder, modules=modules, site=site))
    return "/usr/sbin/apache2", "-f", frame, "-DFOREGROUND"


KINDS = {"nginx": nginx, "caddy": caddy, "apache": apache}
