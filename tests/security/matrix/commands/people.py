"""Commands about one's own account and inbox, and of those who look after the whole Tandem."""

from typing import Any

from tests.security.matrix.commands.row import Row, Sends, fresh, nothing, page, tab
from tests.security.matrix.standings import NOBODY, SIGNED_IN


def inbox(name: str, may: frozenset[str], sends: Sends = nothing, **more: Any) -> Row:
    return Row(f"app___web___news___state____inbox.{name}", may, sends, **more)


# fmt: off
OF_PEOPLE = [
    Row("app___web___account___state____account.save", SIGNED_IN,
        lambda p, q: {"name": f"Somebody {fresh()}", "color": "teal"}, is_about=False),
    # Everybody may end their own sign-ins: tests/live/test_ended_sign_ins.py.
    Row("app___web___account___state____account.end_session", NOBODY, lambda p, q: {"session": "f" * 32}),
    Row("app___web___account___state____account.end_others", SIGNED_IN, is_about=False, already=SIGNED_IN),
    # Here everybody is shown already: tests/live/test_being_seen.py has some who are not.
    Row("app___web___account___state____account.show_me", SIGNED_IN, lambda p, q: {"is_shown": True}, is_about=False,
        already=SIGNED_IN),
    page("app___web___account___state____account.open", SIGNED_IN, lambda p: "/settings", is_about=False),
    Row("app___web___account___state____account.remove_avatar", SIGNED_IN, is_about=False, already=SIGNED_IN),

    Row("app___web___account___clock____my_clock.save", SIGNED_IN,
        lambda p, q: {"zone": "Europe/Berlin", "digest_hour": str(fresh() % 24)}, is_about=False),
    Row("app___web___own____place.learn_zone", SIGNED_IN, lambda p, q: {"zone": "Europe/Berlin"}, is_about=False,
        already=SIGNED_IN),
    Row("app___web___account___state____account.turn_on_pushes", SIGNED_IN, lambda p, q: {
        "endpoint": f"https://fcm.googleapis.com/{fresh()}", "p256dh": "B" + "A" * 86, "auth": "A" * 22,
        "device": "Firefox"}, is_about=False),
    Row("app___web___account___state____account.turn_off_pushes", SIGNED_IN,
        lambda p, q: {"endpoint": "https://fcm.googleapis.com/none"}, is_about=False, already=SIGNED_IN),

    page("app___web___ways_in____ways_in.open", SIGNED_IN, lambda p: "/settings", is_about=False),
    page("app___web___second_factor_page____second_factor_page.open", SIGNED_IN, lambda p: "/settings/second-factor",
         is_about=False),

    Row("app___web___account___notifications____notifications.choose", SIGNED_IN,
        lambda p, q: {"kind": "moved", "way": "email", "is_on": False}, is_about=False, already=SIGNED_IN),
    Row("app___web___account___notifications____notifications.keep_quiet", SIGNED_IN,
        lambda p, q: {"begins": f"{fresh() % 24:02}:00", "ends": "23:30"}, is_about=False),

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

    # Nobody here is an admin of the whole Tandem: test_check.py has one.
    page("app___web___sign_in_check____sign_in_check.open", NOBODY, lambda p: "/admin/sign-in-check", is_about=False),
    tab("app___web___sign_in_check____sign_in_check.check", lambda p, q: {"number": 1}),
    tab("app___web___sign_in_check____sign_in_check.walk", lambda p, q: {"number": 1}),
]
# fmt: on
