"""Every table. Times are UTC; ranks are as in ranks.py; an id is there once a row was flushed."""

from app.domain.models.boards import Assignment, Attachment, Board, Insider, Lane, Task
from app.domain.models.columns import RANK, UTCDateTime, now, table
from app.domain.models.history import Audit, Change
from app.domain.models.news import Inbox, News, NewsPreference, Telling, Watch
from app.domain.models.outgoing import Job, Lease, Outgoing, PushSubscription, Reminder
from app.domain.models.people import Identity, Instance, Person, Proof, RecoveryCode, SecondFactor, Session, SpentSlip
from app.domain.models.talk import Comment, CommentEdit, Mention, Reaction
from app.domain.models.workspaces import Invite, Member, Workspace

__all__ = [
    "RANK",
    "Assignment",
    "Attachment",
    "Audit",
    "Board",
    "Change",
    "Comment",
    "CommentEdit",
    "Identity",
    "Inbox",
    "Insider",
    "Instance",
    "Invite",
    "Job",
    "Lane",
    "Lease",
    "Member",
    "Mention",
    "News",
    "NewsPreference",
    "Outgoing",
    "Person",
    "Proof",
    "PushSubscription",
    "Reaction",
    "RecoveryCode",
    "Reminder",
    "SecondFactor",
    "Session",
    "SpentSlip",
    "Task",
    "Telling",
    "UTCDateTime",
    "Watch",
    "Workspace",
    "now",
    "table",
]
