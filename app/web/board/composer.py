"""Where a comment is written or edited (composer.jsx)."""

from typing import Any

import reflex as rx

from app.domain.snapshots import PersonCard
from app.web import javascript, ui

for part in ("composer_foot.jsx", "drafts.jsx", "mentions.jsx", "offer.jsx", "unsent.jsx"):
    javascript.library(__name__, part)


class Composer(rx.Component):
    library = javascript.library(__name__, "composer.jsx")
    tag = "Composer"
    draft_name: rx.Var[str]
    comment: rx.Var[Any]
    people: rx.Var[dict[str, PersonCard]]
    members: rx.Var[Any]
    refused: rx.Var[Any]
    receipt: rx.Var[Any]
    connection: rx.Var[str]
    quoted: rx.Var[Any]
    why_not: rx.Var[str]
    label: rx.Var[str]
    test_id: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    on_send: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]
    on_edit: rx.EventHandler[rx.event.passthrough_event_spec(str, int)]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]
    on_write: rx.EventHandler[rx.event.passthrough_event_spec(bool)]


CLASSES = {
    "box": "flex min-w-0 flex-col gap-1.5",
    "frame": "relative",
    "field": "block max-h-[50vh] min-h-16 w-full resize-none overflow-y-auto rounded-md border border-line bg-raised "
    "px-3 py-2 leading-relaxed placeholder:text-faint hover:border-strong-line focus:border-strong-line "
    "max-sm:text-base",
    "list": f"{ui.PANEL} absolute left-0 top-full z-10 mt-1 min-w-48 max-w-full overflow-hidden p-1",
    "option": "cursor-pointer truncate rounded px-2 py-1.5 text-sm hover:bg-hover",
    "chosen": "bg-hover",
    "foot": "flex items-center gap-2 [&>:first-child]:mr-auto [&>button]:shrink-0",
    "hint": "text-xs text-muted",
    "plain": ui.BUTTON + ui.KINDS["plain"],
    "button": ui.BUTTON + ui.KINDS["primary"],
}
