"""What people do with their own account over the socket; what needs a password is posted (http.py)."""

import reflex as rx

from app import settings, vapid
from app.domain import people, sessions, subscriptions
from app.domain.access import Actor
from app.domain.transaction import Transaction
from app.web import letters, live
from app.web.command import Text, Word, command, opens
from app.web.feedback import Said
from app.web.flash import Flash
from app.web.session import session_id


class Account(rx.State):
    sends_mail: bool = False
    push_key: str = ""
    """With which a browser lets this Tandem push to it; empty where there are no pushes."""

    @opens
    async def open(self, actor: Actor) -> None:
        self.sends_mail = letters.are_sent()
        rooms = (f"home:{actor.id}", f"devices:{actor.id}", f"preferences:{actor.id}")
        self.push_key = vapid.public_key() if settings.get().push_services else ""
        await live.current().tabs.enter(self.router.session.session_id, actor.id, *rooms)
        (await self.get_state(Flash))._read()

    @command
    async def save(self, tx: Transaction, actor: Actor, name: Text, color: Word) -> Said:
        await people.change_profile(tx, actor, name, color)
        return Said("Saved.")

    @command
    async def show_me(self, tx: Transaction, actor: Actor, is_shown: bool) -> None:
        await people.show(tx, actor, is_shown)

    @command
    async def remove_avatar(self, tx: Transaction, actor: Actor) -> Said:
        await people.change_avatar(tx, actor, "")  # Its file is swept away later.
        return Said("Picture removed.")

    @command
    async def turn_on_pushes(
        self, tx: Transaction, actor: Actor, endpoint: Text, p256dh: Word, auth: Word, device: Text
    ) -> None:
        services = settings.get().push_services
        await subscriptions.turn_on(tx, actor, endpoint, p256dh, auth, device, services)

    @command
    async def turn_off_pushes(self, tx: Transaction, actor: Actor, endpoint: Text) -> None:
        await subscriptions.turn_off(tx, actor, endpoint)

    @command
    async def end_session(self, tx: Transaction, actor: Actor, session: Word) -> Said:
        await sessions.end(tx, actor, session)
        return Said("Signed out there.")

    @command
    async def end_others(self, tx: Transaction, actor: Actor) -> Said:
        count = await sessions.end_others(tx, actor, keep=session_id(self) or "")
        return Said(f"Signed out on {count} other device{'s' * (count != 1)}." if count else "There was no other.")
