"""An invitation link: what it is for, and joining; those who have no account yet come back here after signing up."""

from contextlib import AbstractAsyncContextManager
from typing import Any

import reflex as rx

from app.domain import boards, invites
from app.domain.access import Actor
from app.domain.errors import Busy, NotFound
from app.domain.transaction import Transaction
from app.web import live, rate, shell, ui, url, working
from app.web.command import Word, command, local
from app.web.session import Me, NotSignedIn, me_at


class Join(rx.State):
    workspace_name: str = ""
    inviter: str = ""
    role: str = ""
    sentence: str = ""
    me: str = ""
    """Name and address of whoever is signed in; empty for strangers."""

    @local
    async def open(self) -> None:
        self.workspace_name = self.sentence = ""
        me = await self._see_who_it_is()
        token = self.router.url.path.rpartition("/")[2]
        try:
            async with self._trying(), live.current().db.reading() as tx:
                self.workspace_name, self.inviter, self.role = await invites.look(tx, token, me and me.id)
        except (NotFound, Busy) as refusal:
            self.sentence = refusal.sentence

    @command
    async def join(self, tx: Transaction, actor: Actor, token: Word) -> rx.event.EventSpec:
        try:
            async with self._trying():
                workspace_id = await invites.accept(tx, actor, token)
        except NotFound as refusal:
            self.sentence = refusal.sentence  # It stays, when the toast has gone.
            raise
        board_id = await boards.first(tx, workspace_id)
        return rx.redirect(f"/b/{board_id}" if board_id else "/")

    async def _see_who_it_is(self) -> Me | None:
        """None for strangers. Somebody who is signed in is told here too when that ends."""
        try:
            me = await me_at(self)
        except NotSignedIn:
            self.me = ""
            return None
        self.me = f"{me.name} ({me.email})"
        await live.current().tabs.enter(self.router.session.session_id, me.id, f"home:{me.id}")
        return me

    def _trying(self) -> AbstractAsyncContextManager[None]:
        """Around what tells whether there is such an invitation."""
        where = live.current().address_of(self.router.session.session_id)
        return rate.door().trying(rate.door().invitation, where)


def page() -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.el.img(src="/favicon.svg", alt="", class_name="size-10"),
            rx.cond(
                Join.sentence != "",
                rx.fragment(
                    rx.el.p(Join.sentence, role="alert", class_name="text-muted"),
                    rx.el.a("Go to your workspaces", href="/", class_name="font-medium text-accent hover:underline"),
                ),
                rx.cond(Join.workspace_name != "", _invitation(), rx.el.div(class_name="skeleton h-24 w-full")),
            ),
            class_name="flex w-full max-w-sm flex-col items-center gap-4 rounded-xl border border-line bg-raised p-8 "
            "text-center shadow-card",
        ),
        rx.cond(Join.sentence == "", shell.toasts()),  # What stands on the page is said there alone.
        class_name="flex min-h-dvh items-center justify-center p-4",
    )


def _invitation() -> rx.Component:
    token = url.path_part("token")
    return rx.fragment(
        rx.el.h1("Join ", Join.workspace_name, class_name="text-xl font-semibold break-words"),
        rx.el.p(
            Join.inviter, " invites you to work here as ", _article(Join.role), Join.role, ".", class_name="text-muted"
        ),
        rx.cond(
            Join.me != "",
            rx.fragment(
                working.button(
                    "Join",
                    "Joining …",
                    kind="primary",
                    on_click=Join.join(token),
                    test_id="join-workspace",
                    class_name="w-full",
                ),
                rx.el.p("You are signed in as ", Join.me, ".", class_name="text-xs text-muted break-words max-w-full"),
            ),
            rx.fragment(
                _door("Create an account", "/sign-up?next=/join/", token, "primary"),
                _door("I have an account", "/sign-in?next=/join/", token, "plain"),
            ),
        ),
    )


def _door(words: str, path: str, token: rx.Var[str], kind: str) -> rx.Component:
    return rx.el.a(words, href=path + token, class_name=f"{ui.BUTTON}{ui.KINDS[kind]} w-full")


def _article(role: Any) -> Any:
    return rx.cond((role == "admin") | (role == "owner"), "an ", "a ")
