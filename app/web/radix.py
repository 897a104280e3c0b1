"""Radix Primitives, a line each: unstyled, accessible dialogs, menus and tooltips. Styled in ui.py."""

from typing import Any

import reflex as rx

_opens = rx.EventHandler[rx.event.passthrough_event_spec(bool)]
_selects = rx.EventHandler[rx.event.no_args_event_spec]


class _Dialog(rx.Component):
    library = "@radix-ui/react-dialog@1.3.1"


class DialogRoot(_Dialog):
    tag = "Root"
    alias = "DialogRoot"
    open: rx.Var[bool]
    on_open_change: _opens


class DialogTrigger(_Dialog):
    tag = "Trigger"
    alias = "DialogTrigger"
    as_child: rx.Var[bool]


class DialogPortal(_Dialog):
    tag = "Portal"
    alias = "DialogPortal"


class DialogOverlay(_Dialog):
    tag = "Overlay"
    alias = "DialogOverlay"


class DialogContent(_Dialog):
    """Focuses the first field of its form, or itself, and in the end what had the focus before.

    A form with `data-aside` is not what the dialog is there for.

    Radix would give it back to a DialogTrigger alone; our dialogs open by state and by address. A click outside closes
    it, except on what is live: the toasts. Escape is left to a field that has something of its own to close.
    """

    tag = "Content"
    alias = "DialogContent"

    @classmethod
    def create(cls, *children: Any, **props: Any) -> rx.Component:
        own = {"onOpenAutoFocus": _TAKE, "onCloseAutoFocus": _GIVE_BACK, "onInteractOutside": _STAY}
        own["onEscapeKeyDown"] = _LEAVE
        return super().create(*children, custom_attrs=own, **props)


_TAKE = rx.Var("""(event) => {
    const dialog = event.currentTarget;
    event.preventDefault();
    dialog.opener = document.activeElement;
    (dialog.querySelector("form:not([data-aside]) :is(input:not([type=hidden]), select)") ?? dialog).focus();
}""")
_GIVE_BACK = rx.Var("(event) => { event.preventDefault(); event.currentTarget.opener?.focus(); }")
_STAY = rx.Var("(event) => { if (event.target.closest('[aria-live]')) event.preventDefault(); }")
_LEAVE = rx.Var("(event) => { if (event.target.dataset?.escapes) event.preventDefault(); }")


class DialogTitle(_Dialog):
    tag = "Title"
    alias = "DialogTitle"


class DialogDescription(_Dialog):
    tag = "Description"
    alias = "DialogDescription"


class DialogClose(_Dialog):
    tag = "Close"
    alias = "DialogClose"
    as_child: rx.Var[bool]


class _Menu(rx.Component):
    library = "@radix-ui/react-dropdown-menu@2.2.1"


class MenuRoot(_Menu):
    tag = "Root"
    alias = "MenuRoot"
    modal: rx.Var[bool]


class MenuTrigger(_Menu):
    tag = "Trigger"
    alias = "MenuTrigger"
    as_child: rx.Var[bool]


class MenuPortal(_Menu):
    tag = "Portal"
    alias = "MenuPortal"


class MenuContent(_Menu):
    """Gives the focus back to its button, unless what was chosen has put it into a field or a dialog meanwhile: from
    there it goes back to that button in the end.

    What was chosen may take the button somewhere else on the page, or away: the focus goes along, or to the button that
    takes its place.
    """

    tag = "Content"
    alias = "MenuContent"
    align: rx.Var[str]
    side_offset: rx.Var[int]
    collision_padding: rx.Var[int]

    @classmethod
    def create(cls, *children: Any, **props: Any) -> rx.Component:
        return super().create(*children, custom_attrs={"onCloseAutoFocus": _YIELD}, **props)


_YIELD = rx.Var("""(event) => {
    const button = document.getElementById(event.currentTarget.getAttribute("aria-labelledby"));
    const dialog = document.activeElement.closest("[role=dialog]");
    if (dialog && !dialog.contains(button)) dialog.opener = button;
    if (dialog || document.activeElement.matches("input, textarea")) return event.preventDefault();
    const row = button?.closest("article"), rows = row?.parentElement, place = rows && [...rows.children].indexOf(row);
    if (!rows) return;
    const follow = () => {
        if (document.activeElement !== document.body) return;
        const same = document.querySelector(`[data-testid="${button.dataset.testid}"]`);
        const next = rows.children[Math.min(place, rows.children.length - 1)]?.querySelector("[aria-haspopup=menu]");
        (same ?? next)?.focus();
    };
    const watch = new MutationObserver(follow);
    const stop = () => watch.disconnect();
    watch.observe(document.body, { childList: true, subtree: true });
    for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, stop, { once: true, capture: true });
    setTimeout(stop, 3000);
}""")


class MenuItem(_Menu):
    tag = "Item"
    alias = "MenuItem"
    disabled: rx.Var[bool]
    as_child: rx.Var[bool]
    on_select: _selects


class MenuLabel(_Menu):
    tag = "Label"
    alias = "MenuLabel"


class MenuSeparator(_Menu):
    tag = "Separator"
    alias = "MenuSeparator"


class MenuCheckboxItem(_Menu):
    tag = "CheckboxItem"
    alias = "MenuCheckboxItem"
    checked: rx.Var[bool]
    on_select: _selects
    on_checked_change: _opens
