"""Commands that many pages have, pages for those who are not signed in, and Reflex's own."""

from tests.security.matrix.commands.row import page, tab
from tests.security.matrix.standings import MEMBERS

# fmt: off
ON_EVERY_PAGE = [
    tab("app___web___links____links.open"),
    tab("app___web___unsubscribe____unsubscribe.open"),
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
