"""Who sees an open task (sight.jsx): what happens to it meanwhile is no news to them."""

from typing import Any

import reflex as rx

from app.domain import inbox
from app.domain.access import Actor
from app.domain.transaction import Transaction
from app.web import connection, javascript, live
from app.web.command import Id, command, local
from app.web.news.panel import unread


class Seeing(rx.State):
    @command(unasked=True)
    async def see(self, tx: Transaction, actor: Actor, task_id: Id) -> None:
        live.current().see(self.router.session.session_id, actor.id, task_id)
        await inbox.read_task(tx, actor, task_id)

    @local
    def look_away(self) -> None:
        live.current().sight.lose(self.router.session.session_id)


class Sight(rx.Component):
    library = javascript.library(__name__, "sight.jsx")
    tag = "Sight"
    task_id: rx.Var[int]
    session: rx.Var[str]
    unread: rx.Var[int]
    on_see: rx.EventHandler[rx.event.passthrough_event_spec(int)]
    on_look_away: rx.EventHandler[rx.event.no_args_event_spec]


def sight(task_id: Any) -> rx.Component:
    """Stands in an open task, once it is drawn."""
    return Sight.create(
        task_id=task_id,
        session=connection.current(),
        unread=unread,
        on_see=Seeing.see,
        on_look_away=Seeing.look_away,
    )
