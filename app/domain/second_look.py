"""Whether something that somebody was to be written about still matters, at the moment when it would go out."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain import audience
from app.domain.kinds import CHOICE_OF, CHOICES
from app.domain.models import News, NewsPreference, Task, Watch, table
from app.domain.outbox import Channel

SEEN = "It was seen before."
AWAY = "It was put off, or put away."
GONE = "They cannot see it any more."
MUTED = "They have muted it since."
OFF = "They want no such news any more."
UNKNOWN = "What it was about is gone."


async def why_not(session: AsyncSession, news_id: int, channel: Channel, at: datetime) -> str:
    """Why a row of news is not to be written about by e-mail or push any more, in words; empty when it is."""
    row = (await session.execute(_ROW, {"news": news_id})).one_or_none()
    if row is None:
        return UNKNOWN
    usual: Any = CHOICES[CHOICE_OF[row.kind]]
    keys = {"person": row.person_id, "choice": CHOICE_OF[row.kind]}
    chosen = (await session.execute(_PREFERENCE, keys)).one_or_none()
    reasons = (
        (row.read_at is not None, SEEN),
        (row.done_at is not None or row.shows_at > at, AWAY),
        (not row.may_see, GONE),
        (row.is_muted, MUTED),
        (not getattr(chosen or usual, channel), OFF),
    )
    return next((words for is_so, words in reasons if is_so), "")


_news, _task, _watch, _preference = table(News), table(Task).c, table(Watch).c, table(NewsPreference).c
_lane = select(_task.lane_id).where(_task.id == _news.c.task_id).correlate(_news).scalar_subquery()
_here = audience.about(_news.c.task_id, _lane, _news.c.board_id, _news.c.workspace_id)
_ROW = select(
    _news.c.person_id,
    _news.c.kind,
    _news.c.read_at,
    _news.c.done_at,
    _news.c.shows_at,
    audience.can_see(_news.c.person_id, _news.c.workspace_id, _news.c.board_id).label("may_see"),
    exists().where(_watch.person_id == _news.c.person_id, _watch.level == "muted", _here).label("is_muted"),
).where(_news.c.id == bindparam("news"))
_PREFERENCE = select(_preference.email, _preference.push).where(
    _preference.person_id == bindparam("person"), _preference.kind == bindparam("choice")
)
