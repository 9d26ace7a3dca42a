"""The config file, the environment over it, and `assay config`."""

import json

import pytest

from harness.installation import run


@pytest.fixture
def check(tmp_path):
    """The outcome of checking a config of this text."""
    def run_on(text, environment=None):
        file = tmp_path / "assay.yaml"
        file.write_text(text)
        return run("config", "check", "--config", file, environment=environment)
    return run_on


def effective(*arguments, environment=None):
    outcome = run("config", "show", "--json", *arguments, environment=environment)
    assert outcome.status == 0, outcome.err
    return {entry["setting"]: (entry["value"], entry["origin"])
            for entry in outcome.json["settings"]}


@pytest.mark.parametrize("text", ["", "# nothing\n", "listen:\n", "{}", "token_services:\n"])
def test_a_config_with_nothing_in_it_is_good(check, text):
    assert check(text).status == 0


# The text, where the fault is, and what is said of it.
FAULTS = {
    "a name that nobody knows": ("listen: {prot: 1}", "1:10", ["listen.prot", "port"]),
    "a group that nobody knows": ("\nlisten: {}\nlogs: {}", "3:1", ["logs", "log"]),
    "a number out of range": ("listen: {port: 65536}", "1:16", ["listen.port", "65535"]),
    "a text for a number": ("listen:\n  port: many", "2:9", ["listen.port", "many"]),
    "a store that is not there": ("stores: {tokens: oracle://x}", "1:18",
                                  ["stores.tokens", "sqlite:FILE", "memory:"]),
    "a choice that is none": ("token_services:\n  - scope_match: some", "2:18",
                              ["token_services[0].scope_match", "any, all"]),
    "a token too short": ("token_services: [{access_token: {length: 21}}]", "1:42",
                          ["access_token.length", "22", "512"]),
    "a token too long": ("token_services: [{access_token: {length: 513}}]", "1:42",
                         ["access_token.length", "22", "512"]),
    "a duration without a unit": ("stores: {purge_every: soon}", "1:23", ["stores.purge_every"]),
    "no audience": ("token_services: [{audience: []}]", "1:29",
                    ["token_services[0].audience", "1 to 32"]),
    "no service": ("token_services: []", "1:17", ["token_services", "1 to"]),
    "a path that is none": ("token_services: [{path: token}]", "1:25", ["path", "begins with /"]),
    "the path of another endpoint": ("token_services: [{path: /health/live}]", "1:25",
                                     ["/health/live"]),
    "a path twice": ("token_services: [{path: /a}, {path: /a}]", "1:37",
                     ["token_services[1].path", "token_services[0].path"]),
    "a list for a group": ("listen: [1]", "1:9", ["listen", "a list"]),
    "a flag in words": ("token_services: [{require_jti: perhaps}]", "1:32",
                        ["require_jti", "true", "false"]),
    "a placeholder that is unknown": ("token_services: [{audience: ['${host}']}]", "1:30",
                                      ["audience", "${port}"]),
    "an issuer with a query": ("issuer: https://x/?a=b", "1:9", ["issuer"]),
    "a name twice": ("listen: {port: 1, port: 2}", "1:19", ["port"]),
    "a parameter that introspection needs": (
        "token_services: [{parameters: {active: 'yes'}}]", "1:32", ["active"]),
    "what is no YAML": ("listen: {port: 1", "1:", ["YAML"]),
    "two documents": ("listen: {}\n---\nlisten: {}", "", []),
    "the manager's port for clients": ("listen: {port: 8090}", "", ["listen.port", "manager.port"]),
    "one file for two stores": ("stores: {tokens: 'sqlite:registry.db'}", "",
                                ["stores.tokens", "stores.registry"]),
}


@pytest.mark.parametrize("text, place, words", FAULTS.values(), ids=FAULTS)
def test_a_config_is_refused_with(check, text, place, words):
    outcome = check(text)
    assert outcome.status == 1
    assert f"assay.yaml:{place}" in outcome.err
    for word in words:
        assert word in outcome.err


def test_all_faults_are_said_at_once_in_the_order_of_the_file(check):
    outcome = check("listen: {port: -1}\nlog: {level: loud}\nsurprise: 1\n")
    places = [line.split(": ")[0].rsplit("/", 1)[1] for line in outcome.err.splitlines()[1:]]
    assert places == ["assay.yaml:1:16", "assay.yaml:2:14", "assay.yaml:3:1"]


def test_a_file_that_is_not_there_is_named():
    outcome = run("config", "check", "--config", "/nowhere/assay.yaml")
    assert outcome.status == 1
    assert "/nowhere/assay.yaml" in outcome.err


def test_show_says_where_each_setting_comes_from(tmp_path):
    file = tmp_path / "assay.yaml"
    file.write_text("listen:\n  port: 0\ntoken_services:\n  - clock_skew: 5s\n  - path: /b\n")
    settings = effective("--config", file, environment={"ASSAY_LOG_LEVEL": "debug"})
    assert settings["listen.port"] == (0, f"{file}:2:9")
    assert settings["log.level"] == ("debug", "environment ASSAY_LOG_LEVEL")
    assert settings["listen.address"] == ("127.0.0.1", "default")
    assert settings["token_services[0].clock_skew"][1] == f"{file}:4:17"
    assert settings["token_services[1].path"] == ("/b", f"{file}:5:11")


def test_the_defaults_are_those_of_the_original():
    settings = {name: value for name, (value, _) in effective().items()}
    service = {name.removeprefix("token_services[0]."): value for name, value in settings.items()}
    for name, value in {
            "path": "/api/oauth/token", "registry": "ClientApplicationRegistry",
            "audience": ["http://apiserver/api/oauth/token"], "validate_scopes": True,
            "scope_match": "any", "require_jti": False, "require_subject": False,
            "access_token.length": 54, "access_token.type": "Bearer",
            "refresh_token.issue": False, "refresh_token.length": 46, "parameters": {},
            "issuer": "http://apiserver", "listen.port": 8080, "manager.port": 8090,
            "stores.tokens": "sqlite:tokens.db", "audit.file": "audit.jsonl"}.items():
        assert service[name] == value, name


def test_show_can_be_read_by_people_and_read_back(tmp_path):
    text = run("config", "show").out
    assert "listen.port:" in text and "# default" in text


def test_a_sample_is_a_good_config(check):
    sample = run("config", "sample").out
    assert check(sample).status == 0
    assert "longest_assertion_life" in sample


def test_the_schema_knows_every_setting():
    schema = run("config", "schema").json
    assert schema["$schema"].startswith("https://json-schema.org/")

    def names(node, path=""):
        for name, inner in node.get("properties", {}).items():
            yield from names(inner, f"{path}.{name}" if path else name)
        if "items" in node and "properties" in node["items"]:
            yield from names(node["items"], f"{path}[0]")
        if "properties" not in node and "properties" not in node.get("items", {}):
            yield path

    assert set(names(schema)) == set(effective())


# The environment.

@pytest.mark.parametrize("variables, setting, value", [
    ({"ASSAY_LISTEN_PORT": "0"}, "listen.port", 0),
    ({"ASSAY_ISSUER": "https://x.example"}, "issuer", "https://x.example"),
    ({"ASSAY_STORES_TOKENS": "memory:"}, "stores.tokens", "memory:"),
    ({"ASSAY_AUDIT_FILE": "-"}, "audit.file", "-"),
    ({"ASSAY_TOKEN_SERVICES_0_REQUIRE_JTI": "true"}, "token_services[0].require_jti", True),
    ({"ASSAY_TOKEN_SERVICES_0_AUDIENCE": "https://one.example"},
     "token_services[0].audience", ["https://one.example"]),
    ({"ASSAY_TOKEN_SERVICES_0_AUDIENCE": "[https://one.example, https://two.example]"},
     "token_services[0].audience", ["https://one.example", "https://two.example"]),
    ({"ASSAY_TOKEN_SERVICES_0_AUDIENCE_0": "https://one.example"},
     "token_services[0].audience", ["https://one.example"]),
    ({"ASSAY_TOKEN_SERVICES_0_PARAMETERS": "{department: sales}"},
     "token_services[0].parameters", {"department": "sales"}),
    ({"ASSAY_TOKEN_SERVICES_0_ACCESS_TOKEN_LENGTH": "100"},
     "token_services[0].access_token.length", 100),
], ids=lambda value: next(iter(value)) if isinstance(value, dict) and value else None)
def test_the_environment_overrides(variables, setting, value):
    settings = effective(environment=variables)
    assert settings[setting] == (value, f"environment {next(iter(variables))}")


def test_the_environment_overrides_the_file(tmp_path):
    file = tmp_path / "assay.yaml"
    file.write_text("log: {level: error, format: json}\n")
    settings = effective("--config", file, environment={"ASSAY_LOG_LEVEL": "debug"})
    assert settings["log.level"][0] == "debug"
    assert settings["log.format"][0] == "json"


def test_a_value_can_come_from_a_file(tmp_path):
    secret = tmp_path / "url"
    secret.write_text("https://from-a-file.example\n")
    settings = effective(environment={"ASSAY_ISSUER_FILE": str(secret)})
    assert settings["issuer"][0] == "https://from-a-file.example"


def test_a_setting_that_is_named_file_is_not_read_from_one():
    assert effective(environment={"ASSAY_AUDIT_FILE": "x.jsonl"})["audit.file"][0] == "x.jsonl"


@pytest.mark.parametrize("variables, words", [
    ({"ASSAY_SURPRISE": "1"}, ["ASSAY_SURPRISE"]),
    ({"ASSAY_LISTEN_PROT": "1"}, ["ASSAY_LISTEN_PROT", "ASSAY_LISTEN_PORT"]),
    ({"ASSAY_listen_port": "1"}, ["ASSAY_listen_port"]),
    ({"ASSAY_TOKEN_SERVICES_5_PATH": "/x"}, ["ASSAY_TOKEN_SERVICES_5_PATH"]),
    ({"ASSAY_LISTEN_PORT": "x"}, ["ASSAY_LISTEN_PORT", "listen.port"]),
    ({"ASSAY_ISSUER_FILE": "/nowhere"}, ["ASSAY_ISSUER_FILE", "/nowhere"]),
    ({"ASSAY_LISTEN_PORT": "1", "ASSAY_LISTEN_PORT_FILE": "/dev/null"}, ["ASSAY_LISTEN_PORT"]),
], ids=lambda value: " ".join(value) if isinstance(value, dict) else None)
def test_a_variable_is_refused(variables, words):
    outcome = run("config", "check", environment=variables)
    assert outcome.status == 1
    for word in words:
        assert word in outcome.err


def test_every_command_obeys_the_environment(servers):
    installation = servers.install()
    outcome = installation.run("app", "list", environment={"ASSAY_SURPRISE": "1"})
    assert outcome.status == 1
    assert "ASSAY_SURPRISE" in outcome.err


def test_a_server_obeys_the_environment(servers):
    server = servers.start(environment={"ASSAY_TOKEN_SERVICES_0_PATH": "/moved/token"})
    assert server.exchange("GET", "/moved/token").status == 405
    assert server.exchange("GET", "/api/oauth/token").status == 404


def test_the_config_may_be_json(check):
    assert check(json.dumps({"listen": {"port": 0}})).status == 0
