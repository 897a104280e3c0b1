"""Commands about workspaces: their boards and members, invitations to them, and files that are brought into them."""

from typing import Any

from tests.security.matrix.commands.row import Row, Sends, fresh, page, tab
from tests.security.matrix.standings import ADMINS, EDITORS, EVERYBODY, MEMBERS, NOBODY, OWNERS, SIGNED_IN


def members(name: str, may: frozenset[str], sends: Sends, **more: Any) -> Row:
    return Row(f"app___web___members___state____members.{name}", may, sends, **more)


# fmt: off
IN_WORKSPACES = [
    Row("app___web___home____home.create_board", EDITORS,
        lambda p, q: {"workspace_id": p.workspace_id, "board_name": f"Board {fresh()}", "seen_by": "everyone"}),
    Row("app___web___home____home.create_workspace", SIGNED_IN,
        lambda p, q: {"workspace_name": f"Mine {fresh()}"}, is_about=False),
    Row("app___web___home____home.restore_board", ADMINS, lambda p, q: {"board_id": p.archived_board_id}),
    page("app___web___home____home.open", SIGNED_IN, lambda p: "/", is_about=False),

    Row("app___web___invite____invite.create", ADMINS,
        lambda p, q: {"workspace_id": p.workspace_id, "role": "viewer", "days": "1", "uses": "1", "email_domain": ""}),
    # This program sends no e-mail: tests/web/test_inviting_by_email.py has one that does.
    Row("app___web___invite____invite.post", NOBODY,
        lambda p, q: {"workspace_id": p.workspace_id, "role": "viewer", "days": "1",
                      "emails": f"invited{fresh()}@tandem.example"}),
    Row("app___web___invite____invite.revoke", ADMINS,
        lambda p, q: {"workspace_id": p.workspace_id, "invite_id": q.invite_id}, is_pair=True),
    tab("app___web___invite____invite.show", lambda p, q: {"link": "typed by hand", "choices": ""}),
    Row("app___web___join____join.join", SIGNED_IN, lambda p, q: {"token": p.token}, already=MEMBERS),
    Row("app___web___join____join.open", EVERYBODY, does="shows", path=lambda p: f"/join/{p.token}", reveals=EVERYBODY),

    members("change_role", ADMINS,
            lambda p, q: {"workspace_id": p.workspace_id, "person_id": q.person_id, "role": "viewer"}, is_pair=True),
    members("delete", OWNERS, lambda p, q: {"workspace_id": p.workspace_id, "typed_name": p.workspace_name}),
    members("describe", ADMINS, lambda p, q: {"workspace_id": p.workspace_id, "description": "Now"}),
    members("hand_over", OWNERS, lambda p, q: {"workspace_id": p.workspace_id, "person_id": str(q.person_id)},
            is_pair=True),
    members("take_over_board", OWNERS, lambda p, q: {"workspace_id": p.workspace_id, "board_id": q.hidden_board_id},
            is_pair=True),
    members("leave", MEMBERS, lambda p, q: {"workspace_id": p.workspace_id}),
    members("remove", ADMINS, lambda p, q: {"workspace_id": p.workspace_id, "person_id": q.person_id}, is_pair=True),
    members("show_people", ADMINS, lambda p, q: {"workspace_id": p.workspace_id, "is_on": False}),
    members("rename", ADMINS, lambda p, q: {"workspace_id": p.workspace_id, "name": "Now"}),
    page("app___web___members___state____members.open", MEMBERS, lambda p: f"/w/{p.workspace_id}/members"),
    page("app___web___audit____audit_log.open", ADMINS, lambda p: f"/w/{p.workspace_id}/audit"),
    tab("app___web___audit____audit_log.ask",
        lambda p, q: {"kind": "", "person": "", "since": "", "until": "", "zone": "UTC"}),

    page("app___web___imports___state____import.open", SIGNED_IN, lambda p: f"/import?workspace={p.workspace_id}",
         is_about=False),
    # What is looked at is one's own file, by a ticket: tests/web/test_importing.py.
    tab("app___web___imports___state____import.look", lambda p, q: {"ticket": "forged"}),
    tab("app___web___imports___state____import.find_out"),
    tab("app___web___imports___state____import.mean", lambda p, q: {"place": 1, "meaning": "title"}),
    tab("app___web___imports___state____import.settle",
        lambda p, q: {"what": "workspace_id", "choice": str(p.workspace_id)}),
    tab("app___web___imports___state____import.arrive", lambda p, q: {"path": f"/b/{p.board_id}"}),
    tab("app___web___imports___state____import.begin"),
    tab("app___web___imports___state____import.stop", lambda p, q: {"sentence": "typed by hand"}),
    tab("app___web___imports___state____import.start_over"),
]
# fmt: on
