"""MCP clients find their way from a protected server to Assay and back with a token."""

import pytest

from harness import clients

ALLOWED = ["--grant", "client_credentials", "--default-scope", "tools.list",
           "--scope", "tools.call"]


@pytest.fixture(scope="module")
def agent(server):
    """How an agent signs, and its id and secret."""
    return server.register_with_both("agent", *ALLOWED)


@pytest.fixture(scope="module", params=["PrivateKeyJwtProvider", "ClientCredentialsProvider"])
def connect(request, server, agent):
    """Has a client of the SDK connect to a protected server with that provider."""
    client, (client_id, secret) = agent
    key = server.installation.file("agent.pem", client.key.private_pem())
    proof = {"secret": secret} if request.param == "ClientCredentialsProvider" else {
        "key": str(key), "algorithm": "ES256"}

    def run(**wish):
        return clients.run_node("mcp.mjs", {
            "issuer": server.url, "check": server.url + "/api/oauth/check",
            "client_id": client_id, "scope": "tools.call", **proof, **wish})
    return run


def test_a_client_that_was_refused_comes_back_with_a_token(server, connect, inspector):
    result = connect()
    assert result["server"]["name"] == "protected"
    assert result["token"]["scope"] == "tools.call"
    members = server.introspect(result["token"]["access_token"], inspector).json
    assert (members["active"], members["client_id"]) == (True, "agent")


@pytest.mark.parametrize("wish, error", [
    ({"client_id": "nobody"}, "invalid_client"), ({"scope": "payroll"}, "invalid_scope")],
    ids=["nobody", "scope"])
def test_a_client_is_told_why_it_gets_none(connect, wish, error):
    assert connect(**wish)["error"] == error
