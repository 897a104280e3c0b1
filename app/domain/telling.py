"""Telling people of a change: one statement, which decides what becomes of each of them, however many they are.

It writes down also where that is nothing: they cannot see it, have muted it, want no such news, or were looking at it.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    CompoundSelect,
    Insert,
    Integer,
    ScalarSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
    update,
)

from app.domain.audience import ITSELF, can_see, given, here, named, watching, workspace
from app.domain.kinds import REASONS, WAYS
from app.domain.models import News, NewsPreference, Watch, table

_news, _watch, _preference = table(News), table(Watch).c, table(NewsPreference).c
_before = _news.alias("before")
_is_outside = bindparam("is_outside", type_=Boolean)


def _telling(found: Select[Any, Any] | CompoundSelect[Any, Any]) -> Insert:
    """The statement that writes a row of `news` for every candidate that `found` finds."""
    candidate = found.subquery("candidate").c
    person_id = candidate.person_id
    stopped = exists().where(
        _watch.person_id == person_id,
        _watch.noun == "task",
        _watch.subject_id == given("task"),
        _watch.level == "stopped",
    )
    told = exists().where(
        _before.c.person_id == person_id,
        _before.c.change_topic == given("change_topic"),
        _before.c.change_revision == given("change_revision"),
        func.coalesce(_before.c.task_id, 0) == func.coalesce(given("task"), 0),
    )
    audience = (
        select(person_id, func.min(candidate.strength).label("strength"))
        .where(person_id != bindparam("but", type_=Integer), or_(candidate.strength == ITSELF, ~stopped), ~told)
        .group_by(person_id)
        .subquery("audience")
    )
    wants = {way: func.coalesce(_preference[way], bindparam(f"by_{way}", type_=Boolean)) for way in WAYS}
    wants |= {way: and_(wants[way], bindparam("leaves", type_=Boolean)) for way in ("email", "push")}
    is_looking = audience.c.person_id.in_(bindparam("looking", expanding=True))
    decided = (
        select(
            audience.c.person_id,
            case(dict(enumerate(REASONS)), value=audience.c.strength).label("reason"),
            case(
                (~or_(_is_outside, can_see(audience.c.person_id, workspace(), given("board"))), "gone"),
                (_has_muted(audience.c.person_id), "muted"),
                (~or_(*wants.values()), "off"),
                (is_looking, "seen"),
                else_="",
            ).label("withheld"),
            *(wish.label(way) for way, wish in wants.items()),
        )
        .outerjoin_from(
            audience,
            table(NewsPreference),
            and_(_preference.person_id == audience.c.person_id, _preference.kind == bindparam("choice", type_=String)),
        )
        .cte("decided")
        .prefix_with("MATERIALIZED")
        .c
    )
    goes_out = decided.withheld == ""
    is_shown = and_(or_(goes_out, decided.withheld == "seen"), decided.inbox)
    is_unread = and_(is_shown, goes_out)
    channels = func.trim(
        _word(is_shown, literal("inbox ", String))
        .concat(_word(and_(goes_out, decided.email), bindparam("letter", type_=String)))
        .concat(_word(and_(goes_out, decided.push), literal("push", String)))
    )
    before, direct = _of_the_same_task(decided.person_id)
    rows = {
        _news.c.person_id: decided.person_id,
        _news.c.kind: given("kind"),
        _news.c.reason: decided.reason,
        _news.c.actor_id: given("actor_id"),
        _news.c.workspace_id: case((_is_outside, null()), else_=workspace()),
        _news.c.board_id: case((_is_outside, null()), else_=given("board")),
        _news.c.task_id: given("task"),
        _news.c.change_topic: given("change_topic"),
        _news.c.change_revision: given("change_revision"),
        _news.c.at: given("at"),
        _news.c.channels: channels,
        _news.c.withheld: decided.withheld,
        _news.c.is_shown: is_shown,
        _news.c.is_newest: is_shown,
        _news.c.is_direct: and_(is_unread, or_(given("is_direct"), func.coalesce(direct, false()))),
        _news.c.unread: case((is_unread, func.coalesce(before, 0) + 1), else_=0),
        _news.c.read_at: case((is_unread, cast(null(), _news.c.at.type)), else_=given("at")),
        _news.c.done_at: cast(null(), _news.c.at.type),
        _news.c.shows_at: given("at"),
        _news.c.details: given("details"),
    }
    told_now = (_news.c.id, _news.c.person_id, _news.c.is_shown, _news.c.channels)
    return insert(_news).from_select(list(rows), select(*rows.values()), include_defaults=False).returning(*told_now)


def _word(is_so: ColumnElement[bool], word: ColumnElement[str]) -> ColumnElement[str]:
    return case((is_so, word), else_=literal("", String))


def _has_muted(person_id: Any) -> ColumnElement[bool]:
    return exists().where(_watch.person_id == person_id, _watch.level == "muted", here())


def _of_the_same_task(person_id: Any) -> tuple[ScalarSelect[int], ScalarSelect[bool]]:
    """Of what the person has not read of the task: how many there are, and whether one was for them alone."""
    unread = and_(
        _before.c.person_id == person_id,
        _before.c.task_id == given("task"),
        _before.c.is_newest,
        _before.c.read_at.is_(None),
        _before.c.done_at.is_(None),
    )
    found = select(_before.c.unread).where(unread), select(_before.c.is_direct).where(unread)
    return tuple(query.limit(1).scalar_subquery() for query in found)  # type: ignore[return-value]  # Two of them.


NAMED, WATCHING = _telling(named()), _telling(watching())
"""Tell those whom the verb names; tell everybody who watches the task."""
_now = _news.alias("now")
SUPERSEDE = (
    update(_news)
    .where(
        _news.c.task_id == given("task"),
        _news.c.is_newest == true(),
        or_(_news.c.change_topic != given("change_topic"), _news.c.change_revision != given("change_revision")),
        _news.c.person_id.in_(
            select(_now.c.person_id).where(
                _now.c.change_topic == given("change_topic"),
                _now.c.change_revision == given("change_revision"),
                _now.c.task_id == given("task"),
                _now.c.is_newest == true(),
            )
        ),
    )
    .values(is_newest=False)
)
"""What came before of the same task no longer stands for it in the inboxes of those who were told."""
