"""Every algorithm, with keys registered in every form."""

import json

import pytest

from harness.assertions import Client
from harness.keys import key_of

KINDS = {
    **dict.fromkeys(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"], ["RSA"]),
    "ES256": ["P-256"],
    "ES384": ["P-384"],
    "ES512": ["P-521"],
    "EdDSA": ["Ed25519", "Ed448"],
    "Ed25519": ["Ed25519"],
    "Ed448": ["Ed448"],
}
FORMS = {
    "--jwk": lambda key: key.jwk(),
    "--jwks": lambda key: json.dumps({"keys": [json.loads(key.jwk())]}),
    "--cert": lambda key: key.certificate(),
}
PAIRS = [(algorithm, kind) for algorithm, kinds in KINDS.items() for kind in kinds]


def client_id(form, kind):
    return f"{form.strip('-')}-{kind}"


@pytest.fixture(scope="module")
def server(servers):
    """One that knows a key of every kind in every form."""
    server = servers.make()
    for form, written in FORMS.items():
        for kind in {kind for _, kind in PAIRS}:
            name = client_id(form, kind)
            file = server.installation.file(name, written(key_of(kind)))
            server.installation.register(name, form, file)
    return server.start()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("algorithm, kind", PAIRS)
def test_an_assertion_is_accepted(server, algorithm, kind, form):
    client = Client(client_id(form, kind), key_of(kind), algorithm)
    assert server.grant(client).status == 200


@pytest.mark.parametrize("algorithm, kind", [
    ("Ed25519", "Ed448"), ("Ed448", "Ed25519"), ("ES384", "P-256"), ("ES256", "P-521"),
    ("ES256", "RSA"), ("RS256", "P-256"), ("EdDSA", "RSA")])
def test_a_name_that_does_not_fit_the_key_is_refused(server, algorithm, kind):
    own = next(own for own, kinds in KINDS.items() if kind in kinds)
    client = Client(client_id("--jwk", kind), key_of(kind), own)
    answer = server.grant(client, header={"alg": algorithm})
    assert answer.json["error"] == "invalid_grant"
    assert server.reason(answer) == "key_unsuitable"


@pytest.mark.parametrize("signed_as, named", [("RS256", "PS256"), ("PS256", "RS256"),
                                              ("RS256", "RS512")])
def test_a_signature_of_another_algorithm_is_refused(server, signed_as, named):
    client = Client(client_id("--jwk", "RSA"), key_of("RSA"), signed_as)
    answer = server.grant(client, header={"alg": named})
    assert server.reason(answer) == "signature_invalid"


@pytest.mark.parametrize("name", ["rs256", "Es256", "EDDSA", "ed25519", "RS256 ", "ES256K", ""])
def test_algorithm_names_are_compared_to_the_letter(server, name):
    client = Client(client_id("--jwk", "RSA"), key_of("RSA"), "RS256")
    answer = server.grant(client, header={"alg": name})
    assert server.reason(answer) == "algorithm_unsupported"


@pytest.fixture(scope="module")
def narrowed(servers):
    """One whose applications accept less than their keys could."""
    server = servers.make()
    install = server.installation
    register = {
        "by-jwk": ["--jwk", install.file("by-jwk", key_of("RSA").jwk(alg="PS256"))],
        "by-application": ["--jwk", install.file("plain", key_of("RSA").jwk()), "--alg", "PS256",
                           "--alg", "ES256"],
    }
    for name, options in register.items():
        install.register(name, *options)
    return server.start()


@pytest.mark.parametrize("name", ["by-jwk", "by-application"])
def test_only_the_algorithms_that_a_key_or_an_application_allows_are_accepted(narrowed, name):
    assert narrowed.grant(Client(name, key_of("RSA"), "PS256")).status == 200
    answer = narrowed.grant(Client(name, key_of("RSA"), "RS256"))
    assert answer.json["error"] == "invalid_grant"
    assert narrowed.reason(answer) == "algorithm_not_allowed"
