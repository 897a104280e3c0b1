"""The authorisation matrix of HTTP: everybody x every page and route x every kind of object, on the running program."""

import re

import httpx
import pytest

from tests.security.matrix import registry
from tests.security.matrix.place import Place
from tests.security.matrix.routes import ROUTES, Route, Said
from tests.security.matrix.stage import Stage, another_session, newcomers_session
from tests.security.matrix.standings import ALIVE, DEAD, MEMBERS, STANDINGS

pytestmark = pytest.mark.asyncio(loop_scope="package")
CHANGING = ("date", "set-cookie", "last-modified", "etag", "x-request-id")
"""Headers that differ from one answer to the next, or with what a cookie says again."""


def expected(route: Route, standing: str, object: str) -> Said:
    if standing in route.may:
        return route.yes if object == "own" or not route.is_about else route.lost
    if standing in DEAD:
        return route.no
    return route.denied if route.denied and standing in MEMBERS and object == "own" else route.lost


def shape(answer: httpx.Response, place: Place) -> str:
    """What tells one answer from another, less what tells one place from another."""
    kept = sorted((name, value) for name, value in answer.headers.items() if name not in CHANGING)
    said = re.sub(r'"ticket": ?"[^"]+"', "a ticket", answer.text)  # It names what was sent just now, and nothing else.
    return place.hide(f"{answer.status_code} {kept} {said}")


async def cookie_for(stage: Stage, standing: str, route: Route) -> str:
    if route.session == "a newcomer's" and standing in ALIVE:
        return await newcomers_session(stage.server)
    if route.session == "another" and standing in ALIVE:
        return await another_session(stage.server, standing)
    return stage.somebody[standing].cookie


async def ask(
    stage: Stage, cookie: str, method: str, url: str, form: dict[str, str] | None = None, uploads: bytes = b""
) -> httpx.Response:
    headers = {"Origin": stage.server.url} | ({"Cookie": cookie} if cookie else {})
    try:
        files = {"file": ("words.txt", uploads)} if uploads else None
        return await stage.browser.request(method, url, data=form, files=files, headers=headers)
    finally:
        stage.browser.cookies.clear()


async def test_everything_that_answers_has_its_row():
    assert sorted({route.name for route in ROUTES}) == registry.routes(), (
        "A page or route has no row in tests/security/matrix/routes.py, or a row nothing that answers."
    )


@pytest.mark.parametrize("standing", STANDINGS)
async def test_everybody_is_answered_as_they_should_be(stage: Stage, standing: str):
    fresh = await stage.a_place()
    places = {"own": fresh, "foreign": stage.foreign, "missing": stage.missing}
    wrong, cells = [], 0
    for route in ROUTES:
        shapes = {}
        for object, place in places.items():
            cookie, before = await cookie_for(stage, standing, route), await stage.contents()
            form = route.form(place) if route.form else None
            answer = await ask(stage, cookie, route.method, route.url(place), form, route.uploads)
            has_written = await stage.contents() != before
            cells += 1
            status, leads = expected(route, standing, object)
            said = f"{standing}, {route.name}, {object}: {answer.status_code} {answer.headers.get('location', '')}"
            if answer.status_code != status or not re.fullmatch(leads, answer.headers.get("location", "")):
                wrong.append(f"{said}, not {status} {leads}")
            if stage.foreign.marker in answer.text or (standing not in ALIVE[2:] and fresh.marker in answer.text):
                wrong.append(f"{said}: shows words that are nobody's business")
            should_write = standing in route.writes and (object == "own" or not route.is_about)
            if has_written != should_write and not (standing in route.already and not has_written):
                wrong.append(f"{said}: something was written, or nothing that should have been")
            shapes[object] = shape(answer, place)
        if shapes["foreign"] != shapes["missing"]:
            wrong.append(f"{standing}, {route.name}: foreign and missing differ")
    assert not wrong, "\n".join(wrong)
    assert cells == len(ROUTES) * len(places)


@pytest.mark.parametrize("standing", ["anonymous", "owner"])
async def test_nothing_answers_to_any_other_method(stage: Stage, standing: str):
    taken = set(registry.routes())
    for path in {name.partition(" ")[2]: None for name in sorted(taken)}:
        url = re.sub(r"\[\w+\]|\{[\w:]+\}", "17", path)
        for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "PROPFIND", "GET"):
            if f"{method} {path}" in taken:
                continue
            answer = await ask(stage, stage.somebody[standing].cookie, method, url)
            assert answer.status_code in (303, 404, 405), f"{method} {url} answers {answer.status_code}"
            if answer.status_code == 303:
                assert method == "GET", f"{method} {url} leads somewhere"
            assert "access-control-allow-origin" not in answer.headers
