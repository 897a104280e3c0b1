"""Providers to sign in with: all of one or nothing of it, as many as there are numbers, and never half."""

import pytest

from app.settings import SettingsError, load

HERE = {"PUBLIC_URL": "https://tasks.example.com"}
CORP = {"OIDC_ISSUER": "https://corp.example/", "OIDC_CLIENT_ID": "tandem", "OIDC_CLIENT_SECRET": "hunter2 hunter2"}
SECOND = {name.replace("OIDC_", "OIDC_2_"): value.replace("corp", "club") for name, value in CORP.items()}


def refusal(**environment: str) -> str:
    with pytest.raises(SettingsError) as refused:
        load(environment)
    sentence = str(refused.value)
    assert sentence.endswith(".") and "\n" not in sentence and "hunter2" not in sentence
    return sentence


def test_without_one_people_sign_in_with_a_password_only():
    assert load({}).providers == ()
    assert load({"OIDC_ISSUER": " ", "OIDC_NAME": ""}).providers == ()


def test_one_is_taken_to_the_letter():
    [corp] = load(HERE | CORP).providers
    assert (corp.issuer, corp.client_id, corp.number) == ("https://corp.example/", "tandem", 1)
    assert corp.discovery == "https://corp.example/.well-known/openid-configuration"
    assert corp.name == "corp.example"
    assert "hunter2" not in repr(load(HERE | CORP))


def test_several_are_told_apart_by_number_and_shown_in_its_order():
    tenth = {name.replace("OIDC_", "OIDC_10_"): value.replace("corp", "tenth") for name, value in CORP.items()}
    found = load(HERE | tenth | SECOND | CORP | {"OIDC_10_NAME": "The tenth"}).providers
    assert [(one.number, one.name) for one in found] == [(1, "corp.example"), (2, "club.example"), (10, "The tenth")]
    assert [one.number for one in load(HERE | SECOND).providers] == [2]


@pytest.mark.parametrize("missing", CORP)
def test_half_of_one_names_what_is_missing(missing):
    half = {name: value for name, value in CORP.items() if name != missing}
    assert refusal(**HERE, **half).startswith(f"{missing} is missing")
    assert refusal(**HERE, OIDC_2_NAME="Club").startswith("OIDC_2_ISSUER is missing")


def test_without_an_address_to_come_back_to_it_does_not_start():
    assert refusal(**CORP).startswith("PUBLIC_URL is missing")


@pytest.mark.parametrize(
    "issuer",
    [
        "corp.example",
        "ftp://corp.example",
        "http://corp.example",
        "https://",
        "https://corp.example?tenant=1",
        "https://corp.example#x",
        "https://ana@corp.example",
        "https://corp.example/a b",
        "https://corp.example/.well-known/openid-configuration",
        "https://corp.example/" + "x" * 500,
    ],
)
def test_an_issuer_that_cannot_be_one_is_refused(issuer):
    assert refusal(**HERE, **(CORP | {"OIDC_ISSUER": issuer})).startswith("OIDC_ISSUER is ")


@pytest.mark.parametrize("issuer", ["http://localhost:9000", "http://127.0.0.1:9000/realm", "http://[::1]:9000"])
def test_only_a_provider_on_this_machine_may_be_spoken_to_in_the_clear(issuer):
    assert load(HERE | CORP | {"OIDC_ISSUER": issuer}).providers[0].issuer == issuer


def test_the_same_one_twice_is_refused():
    assert refusal(**HERE, **CORP, **(SECOND | {"OIDC_2_ISSUER": CORP["OIDC_ISSUER"]})).startswith("OIDC_2_ISSUER is ")


@pytest.mark.parametrize("number", ["0", "1", "01", "02", "100"])
def test_a_number_that_is_none_is_refused(number):
    assert refusal(**HERE, **CORP, **{f"OIDC_{number}_ISSUER": "https://x.example"}).startswith(f"OIDC_{number}_ISSUER")


@pytest.mark.parametrize("name", ["x" * 41, "two\nlines"])
def test_a_name_fits_on_a_button(name):
    assert refusal(**HERE, **CORP, OIDC_NAME=name).startswith("OIDC_NAME is ")
