"""What the person at this screen may do on the board on show: their buttons come and go with their role."""

from typing import Any

import reflex as rx

from app.domain.permissions import PERMISSIONS
from app.web.board.card import header, people
from app.web.session import Session


def my_role() -> rx.Var[str]:
    return people["p" + Session.me.id.to_string()].role


def may_edit() -> Any:
    return ~header.is_archived & rx.Var.create(["owner", "admin", "member"]).contains(my_role())


def may_attach() -> Any:
    return ~header.is_archived & rx.Var.create(list(PERMISSIONS["attach"][0])).contains(my_role())


def may_comment() -> Any:
    return ~header.is_archived & rx.Var.create(list(PERMISSIONS["comment"][0])).contains(my_role())


def may_export() -> Any:
    return rx.Var.create(list(PERMISSIONS["export"][0])).contains(my_role())


def is_admin() -> Any:
    return (my_role() == "owner") | (my_role() == "admin")
