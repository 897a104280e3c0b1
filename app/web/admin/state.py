"""What those do who look after this Tandem."""

import reflex as rx

from app import settings
from app.domain import accounts, instance, second_factors
from app.domain.access import Actor
from app.domain.drawings.instance import FOUND, search
from app.domain.transaction import Transaction
from app.web import letters, live
from app.web.command import Id, Text, Word, command, local, opens
from app.web.dialogs import Dialogs
from app.web.feedback import Said
from app.web.session import actor, me_at

ROOM = f"instance:{instance.ID}"


class Admin(rx.State):
    default_rule: str = ""
    """What the environment says of who may sign up."""
    link: str = ""
    typed: str = ""
    """What is searched for among the people."""
    found: list[int] = []
    is_cut: bool = False
    """More were found than are shown."""

    @opens
    async def open(self, actor: Actor) -> None:
        self.default_rule, self.link = str(settings.get().sign_up), ""
        await live.current().tabs.enter(self.router.session.session_id, actor.id, f"home:{actor.id}", ROOM)
        await self._find(actor)  # What a tab has searched for, whose connection broke.

    @local
    async def search(self, typed: Text) -> None:
        me = actor(await me_at(self))
        self.typed = typed
        await self._find(me)

    async def _find(self, actor: Actor) -> None:
        """Those whom the typed letters fit now; what becomes of them is then live, like all of the page."""
        async with live.current().db.reading() as tx:
            await instance.require_admin(tx, actor)
            found = await search(tx, self.typed.strip()) if self.typed.strip() else ()
        await live.current().watch(self.router.session.session_id, ROOM, found)
        self.found, self.is_cut = list(found), len(found) == FOUND

    @command
    async def set_sign_up(self, tx: Transaction, actor: Actor, rule: Text) -> Said:
        await instance.set_sign_up(tx, actor, rule)
        return Said("Saved.")

    @command
    async def set_admin(self, tx: Transaction, actor: Actor, person_id: Id, is_admin: bool) -> Said:
        await instance.set_admin(tx, actor, person_id, is_admin)
        return Said("They look after this Tandem too." if is_admin else "They are an admin no more.")

    @command
    async def turn_off_second_factor(self, tx: Transaction, actor: Actor, person_id: Id) -> Said:
        await second_factors.turn_off_for(tx, actor, person_id)
        return Said("Their second factor is off.")

    @command(creates=True)
    async def make_reset(self, tx: Transaction, actor: Actor, person_id: Id) -> list:
        token = await accounts.make_reset(tx, actor, person_id)
        link = letters.link(f"/reset/{token}", self.router.headers.origin)
        return [Admin.show(link), Dialogs.open("reset-link", person_id)]

    @local
    def show(self, link: Word) -> None:
        self.link = link
