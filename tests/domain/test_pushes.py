"""Pushes arrive at every browser of a person that has them on, and only that browser can read them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import settings, vapid
from app.domain import members, news, subscriptions
from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.models import Outgoing, PushSubscription, now
from app.pusher import NO_BROWSER, NO_PUSH, Pusher
from tests.support.push_service import Browser, PushService, pushing
from tests.support.world import World


@pytest.fixture(scope="module")
def running() -> Iterator[PushService]:
    with pushing() as service:
        yield service


@pytest.fixture
def service(running: PushService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PushService:
    running.taken.clear()
    running.answers.clear()
    chosen = settings.load({"DATA_DIR": str(tmp_path), "PUSH_SERVICES": running.host, "SECRET_KEY": "s" * 32})
    monkeypatch.setattr(settings, "get", lambda: chosen)
    return running


async def turn_on(world: World, person: Actor, browser: Browser, host: str) -> None:
    await world.do(subscriptions.turn_on, person, browser.endpoint, browser.p256dh, browser.auth, "Firefox", (host,))


async def push(world: World, later: timedelta = timedelta()) -> None:
    await Pusher(world.db, settings.get(), "one", lambda: now() + later).round()


async def remind_ben(world: World) -> None:
    async with world.db.transaction() as tx:
        await tx.record("person", world.ben.id, "reminder.fired", None, "reminder", 1)
        await news.tell(tx, "reminded", actor=None, board_id=world.board_id, task_id=world.task_id, also=[world.ben.id])


async def the(world: World) -> Outgoing:
    pushes = select(Outgoing.id).where(col(Outgoing.channel) == "push").order_by(col(Outgoing.id).desc())
    return await world.row(Outgoing, (await world.rows(pushes))[0])


async def test_every_browser_is_pushed_to_once_and_reads_it(world: World, service: PushService):
    browsers = {name: service.browser(name) for name in ("laptop", "phone")}
    for browser in browsers.values():
        await turn_on(world, world.ben, browser, service.host)
    await turn_on(world, world.ana, service.browser("anas"), service.host)
    await remind_ben(world)
    await push(world)
    await push(world)
    assert [name for name, _ in service.taken] == ["laptop", "phone"]
    for name, sealed in service.taken:
        assert b"screen reader" not in sealed
        assert browsers[name].read(sealed) == {
            "title": "Check every page with a screen reader",
            "body": "A reminder",
            "path": f"/b/1?task={world.task_id}",
            "tag": f"/b/1?task={world.task_id}",
        }
    assert (await the(world)).sent_at


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(world: World, service: PushService, status: int):
    service.answers = {"old": status}
    for name in ("old", "new"):
        await turn_on(world, world.ben, service.browser(name), service.host)
    await remind_ben(world)
    await push(world)
    assert [name for name, _ in service.taken] == ["new"]
    assert await world.rows(select(PushSubscription.endpoint)) == [service.browser("new").endpoint]
    service.answers = {"new": status}
    await remind_ben(world)
    await push(world)
    assert (await the(world)).skipped == NO_BROWSER
    assert await world.rows(select(PushSubscription.endpoint)) == []


async def test_a_service_that_is_out_of_order_is_tried_again(world: World, service: PushService):
    service.answers = {"phone": 503}
    await turn_on(world, world.ben, service.browser("phone"), service.host)
    await remind_ben(world)
    await push(world)
    assert (await the(world)).why == "The push service did not take it (503)." and service.taken == []
    service.answers = {}
    await push(world, timedelta(minutes=1))
    assert len(service.taken) == 1 and (await the(world)).sent_at


async def test_who_cannot_see_the_task_any_more_is_not_told_of_it(world: World, service: PushService):
    await turn_on(world, world.ben, service.browser("phone"), service.host)
    await remind_ben(world)
    await world.do(members.remove, world.ana, world.workspace_id, world.ben.id)
    await push(world)
    assert service.taken == [] and (await the(world)).skipped == "They cannot see it any more."


async def test_nobody_has_us_ask_any_address_they_like(world: World, service: PushService):
    ours = service.browser("phone")
    for endpoint in (
        "http://127.0.0.1:1/x",
        "http://localhost/x",
        "https://169.254.169.254/latest",
        f"http://{service.host}@elsewhere.example/x",
        "https://push.example.evil.example/x",
        "https://push.example:8443/x",
        "file:///etc/passwd",
        "https://[::1",
        "",
    ):
        with pytest.raises(Invalid, match="does not know"):
            services = (service.host, "push.example", "*.push.example")
            await world.do(subscriptions.turn_on, world.ben, endpoint, ours.p256dh, ours.auth, "", services)
    for p256dh, auth in (("", ours.auth), (ours.p256dh, "short"), ("ä" * 87, ours.auth)):
        with pytest.raises(Invalid, match="keys"):
            await world.do(subscriptions.turn_on, world.ben, ours.endpoint, p256dh, auth, "", (service.host,))
    assert subscriptions.is_known("https://any.push.example/x", ("*.push.example",))


async def test_a_browser_is_its_last_persons_and_nobody_has_very_many(world: World, service: PushService):
    phone = service.browser("phone")
    for person in (world.ana, world.ben):
        await turn_on(world, person, phone, service.host)
    assert await world.rows(select(PushSubscription.person_id)) == [world.ben.id]
    for number in range(subscriptions.MOST):
        await turn_on(world, world.ben, service.browser(f"b{number}"), service.host)
    kept = await world.rows(select(PushSubscription.endpoint))
    assert len(kept) == subscriptions.MOST and phone.endpoint not in kept
    await world.do(subscriptions.turn_off, world.ana, kept[0])
    assert len(await world.rows(select(PushSubscription.id))) == subscriptions.MOST, "It is not hers."


async def test_keys_that_are_none_do_no_harm_to_others_and_without_services_nothing_piles_up(
    world: World, service: PushService
):
    await world.do(
        subscriptions.turn_on, world.ben, f"http://{service.host}/bad", "B" + "A" * 86, "A" * 22, "", (service.host,)
    )
    await turn_on(world, world.ben, service.browser("phone"), service.host)
    await remind_ben(world)
    await push(world)
    assert [name for name, _ in service.taken] == ["phone"]
    await remind_ben(world)
    await Pusher(world.db, settings.load({"PUSH_SERVICES": "none"}), "one", now).round()
    assert (await the(world)).skipped == NO_PUSH


def test_the_key_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path):
    first = vapid.key(tmp_path)
    vapid.key.cache_clear()
    assert vapid.key(tmp_path).public_pem() == first.public_pem()
    [file] = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
