"""compose.yaml can be read, names services and settings that there are, and is content with what the docs give it."""

import re

import yaml

from app.settings import load
from app.settings_shown import every_setting
from tests.support.stores import ROOT

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
TANDEM = COMPOSE["services"]["tandem"]
DOTENV = (ROOT / "docs/deploy.md").read_text().partition("cat >.env <<END\n")[2].partition("END\n")[0]
GIVEN = dict(line.strip().split("=", 1) for line in DOTENV.splitlines() if "=" in line)


def substituted(value: str, given: dict[str, str]) -> str:
    """As Compose fills in ${NAME:-default} and ${NAME:?sentence}."""
    return re.sub(r"\$\{(\w+)(?::-([^}]*))?(?::\?[^}]*)?\}", lambda found: given.get(found[1], found[2] or ""), value)


def test_its_settings_are_ours_and_can_be_read_with_and_without_what_is_optional():
    assert TANDEM["environment"].keys() <= {item.metadata["name"] for item in every_setting()}
    made = {name: "f" * 48 if value.startswith("$(") else value for name, value in GIVEN.items()}
    for given in (made, {"POSTGRES_PASSWORD": made["POSTGRES_PASSWORD"]}):
        chosen = load({name: substituted(value, given) for name, value in TANDEM["environment"].items()})
        assert chosen.redis_url and chosen.database_url.startswith("postgresql")


def test_what_it_asks_for_is_what_the_docs_have_one_write_down():
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))
    assert asked == GIVEN.keys()


def test_it_waits_for_services_that_say_when_they_are_well_and_keeps_what_must_last():
    services = COMPOSE["services"]
    for name, wanted in TANDEM["depends_on"].items():
        assert wanted == {"condition": "service_healthy"} and "test" in services[name]["healthcheck"]
    kept = {volume.partition(":")[0] for service in services.values() for volume in service.get("volumes", ())}
    assert kept == COMPOSE["volumes"].keys()
    assert all(service["logging"]["options"]["max-size"] for service in services.values())
