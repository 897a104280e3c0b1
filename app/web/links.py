"""Where the link in a letter leads: choosing a new password, confirming a new address.

Opening one changes nothing, as programs that look through mail open them too; a button does.
"""

import reflex as rx

from app.domain import proofs
from app.domain.errors import Refusal
from app.domain.proofs import Purpose
from app.web import live, porch, posted, rate, url
from app.web.command import local
from app.web.flash import Flash


class Links(rx.State):
    is_open: bool = False
    """The link can be used."""
    sentence: str = ""
    """Why it cannot."""
    name: str = ""
    email: str = ""
    """The address that the link confirms, or that of the account which it lets in."""

    @local
    async def open(self) -> None:
        (await self.get_state(Flash))._read()
        self.is_open, self.sentence = False, ""
        path, _, token = self.router.url.path.rstrip("/").rpartition("/")
        purpose: Purpose = "email" if path == "/confirm" else "password"
        try:
            await self._look(token, purpose)
        except Refusal as refusal:
            self.sentence = refusal.sentence

    async def _look(self, token: str, purpose: Purpose) -> None:
        door, where = rate.door(), live.current().address_of(self.router.session.session_id)
        async with door.trying(door.reset, where), live.current().db.reading() as tx:
            person, proof = await proofs.look(tx, token, purpose)
        self.is_open, self.name, self.email = True, person.name, proof.email or person.email


def reset_page() -> rx.Component:
    return porch.page(
        "Choose a new password",
        _if_open(
            rx.fragment(
                porch.small("For ", Links.name, ", ", Links.email, ". You are signed out everywhere else."),
                porch.form(
                    "/auth/reset",
                    # Lets password managers know whose it is.
                    rx.el.input(
                        type="email",
                        name="email",
                        value=Links.email,
                        read_only=True,
                        auto_complete="username",
                        aria_hidden="true",
                        tab_index=-1,
                        class_name="sr-only",
                    ),
                    posted.new_password(),
                    submit="Use this password",
                    token=url.path_part("token"),
                ),
            )
        ),
    )


def confirm_page() -> rx.Component:
    return porch.page(
        "Confirm your address",
        _if_open(
            rx.fragment(
                porch.small("From now on ", Links.name, " signs in with ", Links.email, "."),
                porch.form("/auth/confirm", submit="Use this address", token=url.path_part("token")),
            )
        ),
    )


def _if_open(content: rx.Component) -> rx.Component:
    return rx.cond(
        Links.sentence != "",
        rx.fragment(
            rx.el.p(Links.sentence, role="alert", class_name="text-muted"),
            porch.small(porch.link("Ask for a new link", "/forgot"), " or ", porch.link("sign in", "/sign-in"), "."),
        ),
        rx.cond(Links.is_open, content, rx.el.div(class_name="skeleton h-24 w-full")),
    )
