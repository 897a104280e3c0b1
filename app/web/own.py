"""What a page knows of its own person: their clock, which their browser sets once."""

import reflex as rx

from app.domain import clocks
from app.domain.access import Actor
from app.domain.snapshots import Clock
from app.domain.transaction import Transaction
from app.web import store
from app.web.command import Word, command

clock = store.over(store.Own, Clock)["clock"]
HERE = rx.Var("Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC'", _var_type=str)


class Place(rx.State):
    @command(unasked=True)
    async def learn_zone(self, tx: Transaction, actor: Actor, zone: Word) -> None:
        await clocks.learn_zone(tx, actor, zone)


def zone_teller() -> rx.Component:
    """Says where the browser is, once, as long as nothing is known of that."""
    is_unknown = rx.cond(clock, clock.zone == "", False)
    return rx.cond(is_unknown, rx.el.span(hidden=True, on_mount=Place.learn_zone(HERE)))
