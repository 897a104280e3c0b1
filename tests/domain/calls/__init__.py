"""One call of every writing verb: what several tests ask of all of them. A new verb gets its row in one of these."""

from tests.domain.calls.boards import ON_BOARDS
from tests.domain.calls.call import Call
from tests.domain.calls.inboxes import IN_INBOXES
from tests.domain.calls.people import OF_PEOPLE
from tests.domain.calls.workspaces import IN_WORKSPACES

__all__ = ["CALLS", "Call"]

CALLS = [*ON_BOARDS, *IN_WORKSPACES, *OF_PEOPLE, *IN_INBOXES]
