"""The parts of a form that the browser itself posts: in front of the door, and for what takes a password behind it."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from app import passwords
from app.web import ui


class PostForm(BaseHTML):
    """A form that the browser itself posts (`rx.el.form` never lets it)."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]


def form(action: Any, *children: rx.Component, **props: Any) -> rx.Component:
    """`children` are its fields and its button; forms.py says how what comes of it is told."""
    props.setdefault("class_name", "flex flex-col gap-4")
    return PostForm.create(*children, action=action, method="post", **props)


def field(label: str, name: str, kind: str, autocomplete: str, hint: str = "", **props: Any) -> rx.Component:
    control = ui.text_input(name=name, type=kind, auto_complete=autocomplete, required=True, **props)
    return ui.labelled(label, control, hint)


def password(label: str = "Your password") -> rx.Component:
    """The one that the person has."""
    return field(label, "password", "password", "current-password")


def new_password(label: str = "New password", name: str = "new_password", more: str = "") -> rx.Component:
    """One that is being chosen; `more` is said after how long it has to be."""
    hint = f"At least {passwords.SHORTEST} characters.{more}"
    return field(label, name, "password", "new-password", hint, min_length=passwords.SHORTEST)


def hidden(**values: Any) -> list[rx.Component]:
    """Values that go with the form."""
    return [rx.el.input(type="hidden", name=name, value=value, read_only=True) for name, value in values.items()]
