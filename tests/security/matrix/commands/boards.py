"""Commands of the board's page: its lanes and tasks, what is said about them, who sees it, what happened there."""

from typing import Any

from tests.security.matrix.commands.row import Row, Sends, fresh, page, tab
from tests.security.matrix.standings import ADMINS, COMMENTERS, EDITORS, MEMBERS, NOBODY


def board(name: str, may: frozenset[str], sends: Sends, **more: Any) -> Row:
    return Row(f"app___web___board___state____board_page.{name}", may, sends, **more)


def talk(name: str, may: frozenset[str], sends: Sends, **more: Any) -> Row:
    return Row(f"app___web___board___talk_state____talk.{name}", may, sends, **more)


def sharing(name: str, may: frozenset[str], sends: Sends, **more: Any) -> Row:
    return Row(f"app___web___board___sharing____sharing.{name}", may, sends, **more)


# fmt: off
ON_BOARDS = [
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
         "key": f"{fresh():08}"}, is_pair=True),
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

    # A reminder is one's own: nobody has those of somebody else.
    Row("app___web___board___reminders____reminders.add_before", MEMBERS,
        lambda p, q: {"task_id": p.task_id, "minutes": str(fresh())}),
    Row("app___web___board___reminders____reminders.add_at", MEMBERS,
        lambda p, q: {"task_id": p.task_id, "at": f"{2100 + fresh() % 90}-05-17T09:00"}),
    Row("app___web___board___reminders____reminders.remove", NOBODY, lambda p, q: {"reminder_id": p.task_id}),

    tab("app___web___board___told____ledger.show", lambda p, q: {"task_id": p.task_id}),
    tab("app___web___board___told____ledger.leave", lambda p, q: {"is_open": False}),
    Row("app___web___board___watching____watching.choose", MEMBERS,
        lambda p, q: {"noun": "task", "subject_id": p.task_id, "level": "muted"}),

    page("app___web___activity____activity.open", MEMBERS, lambda p: f"/b/{p.board_id}/activity?task={p.task_id}"),
    tab("app___web___activity____activity.go_to", lambda p, q: {"day": "2027-03-31", "zone": "UTC"}),
]
# fmt: on
