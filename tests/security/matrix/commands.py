"""A row for every command that a browser may call: what it is sent, and who may have it done.

A new command fails the suite until it has its row here. `Row.sends` is given two places: the first owns what the
command is about, the second whatever else it names (`task in one, lane in another`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from tests.live.client import ROOT
from tests.security.matrix.place import Place
from tests.security.matrix.standings import ADMINS, COMMENTERS, EDITORS, EVERYBODY, MEMBERS, NOBODY, OWNERS, SIGNED_IN

Sends = Callable[[Place, Place], dict[str, Any]]
_numbers = count(1)


def nothing(p: Place, q: Place) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """`does` says what it means that somebody may: it "writes" a change of theirs, it "shows" a page, or it touches
    this tab alone. `is_about` says whether it names an object of a place, `is_pair` whether a second one."""

    name: str
    may: frozenset[str]
    sends: Sends = nothing
    does: Literal["writes", "shows", "tab"] = "writes"
    path: Callable[[Place], str] = field(default=lambda p: "/sign-in")
    is_about: bool = True
    is_pair: bool = False
    already: frozenset[str] = frozenset()
    """Those of `may` for whom it is done already."""
    reveals: frozenset[str] = MEMBERS
    """Who may be shown texts of the place."""

    @property
    def handler(self) -> str:
        return f"{ROOT}.{self.name}"


def board(name: str, may: frozenset[str], sends: Sends, **more: Any) -> Row:
    return Row(f"app___web___board___state____board_page.{name}", may, sends, **more)


def talk(name: str, may: frozenset[str], sends: Sends, **more: Any) -> Row:
    return Row(f"app___web___board___talk_state____talk.{name}", may, sends, **more)


def members(name: str, may: frozenset[str], sends: Sends, **more: Any) -> Row:
    return Row(f"app___web___members___state____members.{name}", may, sends, **more)


def sharing(name: str, may: frozenset[str], sends: Sends, **more: Any) -> Row:
    return Row(f"app___web___board___sharing____sharing.{name}", may, sends, **more)


def inbox(name: str, may: frozenset[str], sends: Sends = nothing, **more: Any) -> Row:
    return Row(f"app___web___news___state____inbox.{name}", may, sends, **more)


def page(name: str, may: frozenset[str], path: Callable[[Place], str], **more: Any) -> Row:
    return Row(name, may, does="shows", path=path, **more)


def tab(name: str, sends: Sends = nothing, **more: Any) -> Row:
    return Row(name, EVERYBODY, sends, does="tab", is_about=False, **more)


# fmt: off
ROWS = [
    board("add_lane", EDITORS, lambda p, q: {"board_id": p.board_id, "name": "Review"}),
    board("add_tasks", EDITORS, lambda p, q: {"lane_id": p.lane_id, "titles": ["One more"]}),
    board("archive_board", ADMINS, lambda p, q: {"board_id": p.board_id}),
    board("assign", EDITORS, lambda p, q: {"task_id": p.task_id, "person_id": q.idle_person_id}, is_pair=True),
    board("complete_task", EDITORS, lambda p, q: {"task_id": p.task_id}),
    board("delete_lane", EDITORS, lambda p, q: {"lane_id": p.lane_id, "tasks_to": str(q.empty_lane_id)}, is_pair=True),
    board("describe_task", EDITORS, lambda p, q: {"task_id": p.second_task_id, "description": "Now", "based_on": 0}),
    board("remove_file", EDITORS, lambda p, q: {"file_id": p.file_id}),
    board("rename_board", EDITORS, lambda p, q: {"board_id": p.board_id, "name": "Landing"}),
    board("rename_lane", EDITORS, lambda p, q: {"lane_id": p.lane_id, "name": "Later"}),
    board("rename_task", EDITORS, lambda p, q: {"task_id": p.task_id, "title": "Renamed", "based_on": 0}),
    board("reopen_task", EDITORS, lambda p, q: {"task_id": p.done_task_id}),
    board("restore_board", ADMINS, lambda p, q: {"board_id": p.archived_board_id}),
    board("restore_task", EDITORS, lambda p, q: {"task_id": p.trashed_task_id}),
    board("send_task", EDITORS, lambda p, q: {"task_id": p.task_id, "lane_id": q.empty_lane_id}, is_pair=True),
    board("set_due", EDITORS, lambda p, q: {"task_id": p.task_id, "due_on": "2027-03-31"}),
    board("set_priority", EDITORS, lambda p, q: {"task_id": p.task_id, "priority": "2"}),
    board("shift_lane", EDITORS, lambda p, q: {"lane_id": p.lane_id, "where": "right"}),
    board("shift_task", EDITORS, lambda p, q: {"task_id": p.task_id, "where": "bottom"}),
    board("trash_task", EDITORS, lambda p, q: {"task_id": p.task_id}),
    board("unassign", EDITORS, lambda p, q: {"task_id": p.task_id, "person_id": q.person_id}, is_pair=True),
    page("app___web___board___state____board_page.open", MEMBERS, lambda p: f"/b/{p.board_id}?task={p.task_id}"),
    tab("app___web___board___state____board_page.give_up_text", lambda p, q: {"field": "title", "task_id": p.task_id}),
    tab("app___web___board___state____board_page.show_more",
        lambda p, q: {"board_id": p.board_id, "lane_id": p.lane_id, "wanted": 100}),

    talk("add_comment", COMMENTERS, lambda p, q: {"task_id": p.task_id, "body": f"I say @[x](person:{q.person_id})",
         "key": f"{next(_numbers):08}"}, is_pair=True),
    # Everybody may edit their own comments: tests/domain/test_comments.py.
    talk("edit_comment", NOBODY, lambda p, q: {"comment_id": p.comment_id, "body": "Not that", "version": 0}),
    talk("remove_comment", ADMINS, lambda p, q: {"comment_id": p.comment_id}),
    talk("react", COMMENTERS, lambda p, q: {"comment_id": p.comment_id, "kind": "party"}),
    talk("take_back", COMMENTERS, lambda p, q: {"comment_id": p.comment_id, "kind": "heart"}),
    tab("app___web___board___talk_state____talk.show_earlier", lambda p, q: {"comment_id": p.comment_id}),
    tab("app___web___board___talk_state____talk.begin_edit", lambda p, q: {"comment_id": p.comment_id}),
    tab("app___web___board___talk_state____talk.end_edit"),
    tab("app___web___board___talk_state____talk.begin_quote", lambda p, q: {"comment_id": p.comment_id}),

    tab("app___web___board___talk_state____talk.write", lambda p, q: {"task_id": p.task_id, "is_writing": True}),

    sharing("add", EDITORS, lambda p, q: {"board_id": p.private_board_id, "person_id": str(q.idle_person_id)},
            is_pair=True),
    sharing("close", ADMINS, lambda p, q: {"board_id": p.board_id, "starting_with": "everyone"}),
    tab("app___web___board___sharing____sharing.look", lambda p, q: {"board_id": p.private_board_id}),
    sharing("open_up", EDITORS, lambda p, q: {"board_id": p.private_board_id}),
    sharing("remove", EDITORS, lambda p, q: {"board_id": p.private_board_id, "person_id": q.person_id}, is_pair=True),

    Row("app___web___home____home.create_board", EDITORS,
        lambda p, q: {"workspace_id": p.workspace_id, "board_name": f"Board {next(_numbers)}", "seen_by": "everyone"}),
    Row("app___web___home____home.create_workspace", SIGNED_IN,
        lambda p, q: {"workspace_name": f"Mine {next(_numbers)}"}, is_about=False),
    Row("app___web___home____home.restore_board", ADMINS, lambda p, q: {"board_id": p.archived_board_id}),
    page("app___web___home____home.open", SIGNED_IN, lambda p: "/", is_about=False),

    Row("app___web___invite____invite.create", ADMINS,
        lambda p, q: {"workspace_id": p.workspace_id, "role": "viewer", "days": "1", "uses": "1", "email_domain": ""}),
    # This program sends no e-mail: tests/web/test_inviting_by_email.py has one that does.
    Row("app___web___invite____invite.post", NOBODY,
        lambda p, q: {"workspace_id": p.workspace_id, "role": "viewer", "days": "1",
                      "emails": f"invited{next(_numbers)}@tandem.example"}),
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

    Row("app___web___account___state____account.save", SIGNED_IN,
        lambda p, q: {"name": f"Somebody {next(_numbers)}", "color": "teal"}, is_about=False),
    # Everybody may end their own sign-ins: tests/live/test_ended_sign_ins.py.
    Row("app___web___account___state____account.end_session", NOBODY, lambda p, q: {"session": "f" * 32}),
    Row("app___web___account___state____account.end_others", SIGNED_IN, is_about=False, already=SIGNED_IN),
    # Here everybody is shown already: tests/live/test_being_seen.py has some who are not.
    Row("app___web___account___state____account.show_me", SIGNED_IN, lambda p, q: {"is_shown": True}, is_about=False,
        already=SIGNED_IN),
    page("app___web___account___state____account.open", SIGNED_IN, lambda p: "/settings", is_about=False),

    # No role in a workspace makes anybody one who looks after the Tandem.
    Row("app___web___admin___state____admin.make_reset", NOBODY, lambda p, q: {"person_id": p.person_id}),
    Row("app___web___admin___state____admin.set_sign_up", NOBODY, lambda p, q: {"rule": "invited"}),
    Row("app___web___admin___state____admin.set_admin", NOBODY,
        lambda p, q: {"person_id": p.person_id, "is_admin": True}),
    Row("app___web___admin___state____admin.turn_off_second_factor", NOBODY, lambda p, q: {"person_id": p.person_id}),
    tab("app___web___admin___state____admin.search", lambda p, q: {"typed": "matrix.example"}),
    page("app___web___admin___state____admin.open", NOBODY, lambda p: "/admin", is_about=False),
    page("app___web___admin___figures_state____figures_page.open", NOBODY, lambda p: "/admin/figures", is_about=False),
    tab("app___web___admin___figures_state____figures_page.look"),
    page("app___web___admin___outbox____outbox.open", NOBODY, lambda p: "/admin", is_about=False),
    tab("app___web___admin___outbox____outbox.look"),
    Row("app___web___admin___outbox____outbox.retry", NOBODY, lambda p, q: {"outgoing_id": p.task_id}),
    tab("app___web___admin___state____admin.show", lambda p, q: {"link": "typed by hand"}),
    tab("app___web___links____links.open"),
    tab("app___web___unsubscribe____unsubscribe.open"),

    Row("app___web___account___clock____my_clock.save", SIGNED_IN,
        lambda p, q: {"zone": "Europe/Berlin", "digest_hour": str(next(_numbers) % 24)}, is_about=False),
    Row("app___web___own____place.learn_zone", SIGNED_IN, lambda p, q: {"zone": "Europe/Berlin"}, is_about=False,
        already=SIGNED_IN),
    Row("app___web___account___state____account.turn_on_pushes", SIGNED_IN, lambda p, q: {
        "endpoint": f"https://fcm.googleapis.com/{next(_numbers)}", "p256dh": "B" + "A" * 86, "auth": "A" * 22,
        "device": "Firefox"}, is_about=False),
    Row("app___web___account___state____account.turn_off_pushes", SIGNED_IN,
        lambda p, q: {"endpoint": "https://fcm.googleapis.com/none"}, is_about=False, already=SIGNED_IN),
    # A reminder is one's own: nobody has those of somebody else.
    Row("app___web___board___reminders____reminders.add_before", MEMBERS,
        lambda p, q: {"task_id": p.task_id, "minutes": str(next(_numbers))}),
    Row("app___web___board___reminders____reminders.add_at", MEMBERS,
        lambda p, q: {"task_id": p.task_id, "at": f"{2100 + next(_numbers) % 90}-05-17T09:00"}),
    Row("app___web___board___reminders____reminders.remove", NOBODY, lambda p, q: {"reminder_id": p.task_id}),

    page("app___web___ways_in____ways_in.open", SIGNED_IN, lambda p: "/settings", is_about=False),
    page("app___web___second_factor_page____second_factor_page.open", SIGNED_IN, lambda p: "/settings/second-factor",
         is_about=False),
    # Nobody here is an admin of the whole Tandem: test_check.py has one.
    page("app___web___sign_in_check____sign_in_check.open", NOBODY, lambda p: "/admin/sign-in-check", is_about=False),
    tab("app___web___sign_in_check____sign_in_check.check", lambda p, q: {"number": 1}),
    tab("app___web___sign_in_check____sign_in_check.walk", lambda p, q: {"number": 1}),
    Row("app___web___account___state____account.remove_avatar", SIGNED_IN, is_about=False, already=SIGNED_IN),

    page("app___web___activity____activity.open", MEMBERS, lambda p: f"/b/{p.board_id}/activity?task={p.task_id}"),
    tab("app___web___activity____activity.go_to", lambda p, q: {"day": "2027-03-31", "zone": "UTC"}),
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

    page("app___web___news___state____inbox.open", SIGNED_IN, lambda p: "/inbox", is_about=False),
    tab("app___web___news___state____inbox.look", lambda p, q: {"is_open": False}),
    # Everybody has an inbox of their own, and this row is in that of somebody else: tests/domain/test_inbox.py.
    inbox("finish", NOBODY, lambda p, q: {"news_id": p.news_id}),
    inbox("read", NOBODY, lambda p, q: {"news_id": p.news_id}),
    inbox("snooze", NOBODY, lambda p, q: {"news_id": p.news_id, "until": "later", "zone": "UTC"}),
    inbox("take_back", NOBODY, lambda p, q: {"news_id": p.news_id}),
    inbox("unread", NOBODY, lambda p, q: {"news_id": p.news_id}),
    inbox("wake", NOBODY, lambda p, q: {"news_id": p.news_id}),
    inbox("read_all", SIGNED_IN, is_about=False, already=SIGNED_IN),
    # What somebody sees they have read; it says nothing, and to the tab of a stranger it shows nothing.
    tab("app___web___news___sight____seeing.see", lambda p, q: {"task_id": p.task_id}),
    tab("app___web___news___sight____seeing.look_away"),
    tab("app___web___board___told____ledger.show", lambda p, q: {"task_id": p.task_id}),
    tab("app___web___board___told____ledger.leave", lambda p, q: {"is_open": False}),
    Row("app___web___board___watching____watching.choose", MEMBERS,
        lambda p, q: {"noun": "task", "subject_id": p.task_id, "level": "muted"}),
    Row("app___web___account___notifications____notifications.choose", SIGNED_IN,
        lambda p, q: {"kind": "moved", "way": "email", "is_on": False}, is_about=False, already=SIGNED_IN),
    Row("app___web___account___notifications____notifications.keep_quiet", SIGNED_IN,
        lambda p, q: {"begins": f"{next(_numbers) % 24:02}:00", "ends": "23:30"}, is_about=False),

    tab("app___web___dialogs____dialogs.open", lambda p, q: {"name": "rename-board", "subject": p.board_id}),
    tab("app___web___dialogs____dialogs.close"),
    tab("app___web___dialogs____dialogs.leave", lambda p, q: {"is_open": False}),
    tab("app___web___sign_in____sign_in.open"),
    tab("app___web___elsewhere____elsewhere.look"),
    tab("app___web___toasts____toasts.apologise"),
    tab("app___web___toasts____toasts.dismiss", lambda p, q: {"toast_id": p.task_id}),
    # What a toast undoes is its own tab's, and the verb behind it asks for the role again: tests/live/test_undoing.py.
    tab("app___web___toasts____toasts.undo", lambda p, q: {"toast_id": p.task_id}),

    page("hydrate_and_load", MEMBERS, lambda p: f"/b/{p.board_id}"),
    page("reflex___state____on_load_internal_state.on_load_internal", MEMBERS, lambda p: f"/b/{p.board_id}"),
    tab("reflex___state____on_load_internal_state.set_is_hydrated", lambda p, q: {"value": True}),
]
# fmt: on
