"""Workspaces: create, rename, describe, delete. Who is in them stands in members.py."""

from app.domain import access, boards, locks, text
from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.models import Member, Workspace, now
from app.domain.transaction import Transaction

DESCRIPTION = 2_000
"""The longest description of a workspace, in characters."""


async def create(tx: Transaction, actor: Actor, name: str) -> tuple[int, int]:
    """Create a workspace with the actor as its owner and a first board of the same name; both ids."""
    workspace = await found(tx, actor, Workspace(name=name))
    return workspace.id, await boards.start(tx, actor, workspace.id, workspace.name)


async def found(tx: Transaction, actor: Actor, workspace: Workspace) -> Workspace:
    """Put a new workspace, still without boards, into the world with the actor as its owner."""
    name = workspace.name = text.line(workspace.name, "A workspace's name")
    workspace.description = text.text(workspace.description, "A workspace's description", DESCRIPTION)
    tx.session.add(workspace)
    await tx.session.flush()
    tx.session.add(Member(workspace_id=workspace.id, person_id=actor.id, role="owner"))
    await tx.record("workspace", workspace.id, "workspace.created", actor.id, "workspace", workspace.id, name=name)
    await tx.record("person", actor.id, "workspace.created", actor.id, "workspace", workspace.id, name=name)
    return workspace


async def rename(tx: Transaction, actor: Actor, workspace_id: int, name: str, seen: str | None = None) -> None:
    """Refused if somebody else was first: `seen` is the name that the person saw."""
    name = text.line(name, "A workspace's name")
    workspace = await access.workspace_for(tx, actor, workspace_id, "edit_workspace")
    text.require_seen(seen, workspace.name, name)
    if workspace.name != name:
        before, workspace.name = workspace.name, name
        await _record(tx, actor, workspace_id, "workspace.renamed", **{"from": before, "to": name})


async def describe(tx: Transaction, actor: Actor, workspace_id: int, description: str, seen: str | None = None) -> None:
    """Refused if somebody else was first: `seen` is the description that the person saw."""
    description = text.text(description, "A workspace's description", DESCRIPTION)
    workspace = await access.workspace_for(tx, actor, workspace_id, "edit_workspace")
    text.require_seen(seen, workspace.description, description)
    if workspace.description != description:
        before, workspace.description = workspace.description, description
        await _record(tx, actor, workspace_id, "workspace.described", **{"from": before, "to": description})


async def show_people(tx: Transaction, actor: Actor, workspace_id: int, is_on: bool) -> None:
    """Have members see, or not, where others are and when they write."""
    workspace = await access.workspace_for(tx, actor, workspace_id, "edit_workspace")
    if workspace.shows_people != is_on:
        workspace.shows_people = is_on
        await _record(tx, actor, workspace_id, "workspace.people_shown" if is_on else "workspace.people_hidden")


async def delete(tx: Transaction, actor: Actor, workspace_id: int, typed_name: str) -> None:
    """Delete the workspace for everyone in it; `typed_name` must be its name, typed as a confirmation."""
    workspace = await access.workspace_for(tx, actor, workspace_id, "delete_workspace")
    if " ".join(typed_name.split()) != workspace.name:
        raise Invalid(f"Type the workspace's name, “{workspace.name}”, to delete it.")
    await locks.hold_boards(tx, workspace_id)
    workspace.deleted_at = now()
    await _record(tx, actor, workspace_id, "workspace.deleted", name=workspace.name)


async def _record(tx: Transaction, actor: Actor, workspace_id: int, kind: str, **details: object) -> None:
    await tx.record("workspace", workspace_id, kind, actor.id, "workspace", workspace_id, **details)
