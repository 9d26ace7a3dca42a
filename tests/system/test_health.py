"""What operators ask: is it alive, is it ready, what did it do."""

import pytest

from harness import http


@pytest.fixture(params=["url", "manager_url"], ids=["the service's port", "the manager's port"])
def get(request, server):
    return lambda path: http.exchange(getattr(server, request.param), "GET", path)


def test_a_server_is_alive_on(get):
    answer = get("/health/live")
    assert (answer.status, answer.json["status"]) == (200, "live")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_server_is_ready_on(get):
    answer = get("/health/ready")
    assert (answer.status, answer.json["status"]) == (200, "ready")
    assert answer.json["checks"] == {"registry": "ok", "tokens": "ok", "audit": "ok"}


def test_anything_else_is_not_found_on(get):
    answer = get("/nothing")
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/json"


def test_the_managers_port_issues_no_tokens(server):
    answer = http.exchange(server.manager_url, "POST", "/api/oauth/token", "", http.FORM)
    assert answer.status == 404


def test_clients_see_no_metrics(server):
    assert http.exchange(server.url, "GET", "/metrics").status == 404


def test_metrics_count_what_was_decided(server, billing):
    granted = {"event": "token", "service": "/api/oauth/token", "outcome": "granted"}
    refused = {"event": "token", "reason": "audience_mismatch"}
    grants_before = server.metric("assay_decisions_total", **granted)
    refusals_before = server.metric("assay_refusals_total", **refused)
    for _ in range(3):
        server.token(billing)
    server.grant(billing, aud="nobody")
    assert server.metric("assay_decisions_total", **granted) == grants_before + 3
    assert server.metric("assay_refusals_total", **refused) == refusals_before + 1


def test_metrics_measure_how_long_it_took(server, billing):
    before = server.metric("assay_decision_duration_seconds_count", event="token")
    server.token(billing)
    assert server.metric("assay_decision_duration_seconds_count", event="token") == before + 1


def test_metrics_count_open_connections(server):
    before = server.metric("assay_open_connections")
    with http.connect(server.url) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        http.read_answer(connection)
        assert server.metric("assay_open_connections") == before + 1
