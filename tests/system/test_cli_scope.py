"""`assay scope`: the scope library."""

import pytest


@pytest.fixture(params=["sqlite:registry.db", "file:registry.json"])
def scope(request, servers):
    installation = servers.install({"stores": {"registry": request.param}})
    return lambda *arguments: installation.run("scope", *arguments)


def test_a_scope_can_be_described_and_shown(scope):
    assert scope("create", "invoices.read", "--description", "Read invoices").status == 0
    shown = scope("show", "invoices.read", "--json")
    assert shown.json == {"name": "invoices.read", "description": "Read invoices"}
    assert "Read invoices" in scope("show", "invoices.read").out


def test_a_description_can_be_changed(scope):
    scope("create", "x", "--description", "old")
    assert scope("create", "x", "--description", "new").status == 0
    assert scope("show", "x", "--json").json["description"] == "new"


def test_scopes_are_listed_by_name(scope):
    for name in ("b", "a", "c"):
        scope("create", name)
    assert [each["name"] for each in scope("list", "--json").json["scopes"]] == ["a", "b", "c"]


def test_a_scope_can_be_deleted(scope):
    scope("create", "x")
    assert scope("delete", "x").status == 0
    assert scope("show", "x").status == 1
    assert scope("delete", "x").status == 1
    assert scope("list", "--json").json == {"scopes": []}


@pytest.mark.parametrize("name", ["two words", 'say "x"', "back\\slash", "é", "s" * 129],
                         ids=["a space", "a quote", "a backslash", "not ASCII", "too long"])
def test_a_name_is_refused_with(scope, name):
    assert scope("create", name).status == 1
    assert scope("list", "--json").json == {"scopes": []}


def test_an_application_may_have_scopes_that_the_library_does_not_know(servers):
    installation = servers.install()
    installation.register("x", "--scope", "nowhere.described")
    assert installation.run("scope", "show", "nowhere.described").status == 1
