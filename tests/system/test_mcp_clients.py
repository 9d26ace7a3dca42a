"""MCP clients find their way from a protected server to Assay and back with a token."""

import pytest

from harness import clients
from harness.gateways import free_address

ALLOWED = ["--grant", "client_credentials", "--default-scope", "tools.list",
           "--scope", "tools.call"]


@pytest.fixture(scope="module")
def resource():
    """The URI of the protected server, which the SDK's clients send as RFC 8707 has it."""
    return f"http://{free_address()}/mcp"


@pytest.fixture(scope="module")
def agent(server, resource):
    """How an agent signs, and its id and secret."""
    return server.register_with_both("agent", "--resource", resource, *ALLOWED)


@pytest.fixture(scope="module")
def protected(server, resource):
    """The id and the secret of the protected server."""
    return server.register_with_secret("protected", "--may-introspect", "--serves", resource)


@pytest.fixture(scope="module")
def unbound(server):
    """An agent of which nobody has said that it may go there."""
    return server.register_with_both("unbound", *ALLOWED)


@pytest.fixture(scope="module", params=["PrivateKeyJwtProvider", "ClientCredentialsProvider"])
def connect(request, server, resource):
    """Has a client of the SDK connect to the protected server with that provider."""
    def run(agent, **wish):
        client, (client_id, secret) = agent
        key = server.installation.file(f"{client_id}.pem", client.key.private_pem())
        proof = {"secret": secret} if request.param == "ClientCredentialsProvider" else {
            "key": str(key), "algorithm": "ES256"}
        return clients.run_node("mcp.mjs", {
            "issuer": server.url, "check": server.url + "/api/oauth/check", "resource": resource,
            "client_id": client_id, "scope": "tools.call", **proof, **wish})
    return run


def test_a_client_that_was_refused_comes_back_with_a_token(server, connect, agent, protected,
                                                           resource):
    result = connect(agent)
    assert result["server"]["name"] == "protected"
    assert result["token"]["scope"] == "tools.call"
    members = server.introspect(result["token"]["access_token"], protected).json
    assert (members["active"], members["client_id"]) == (True, "agent")
    assert members["aud"] == resource


@pytest.mark.parametrize("wish, error", [
    ({"client_id": "nobody"}, "invalid_client"), ({"scope": "payroll"}, "invalid_scope")],
    ids=["nobody", "scope"])
def test_a_client_is_told_why_it_gets_none(connect, agent, wish, error):
    assert connect(agent, **wish)["error"] == error


def test_a_client_gets_none_for_a_server_that_it_may_not_go_to(connect, unbound):
    assert connect(unbound)["error"] == "invalid_target"
