"""A row for every command that a browser may call: what it is sent, and who may have it done.

A new command fails the suite until it has its row in one of these. `Row.sends` is given two places: the first owns what
the command is about, the second whatever else it names (`task in one, lane in another`).
"""

from tests.security.matrix.commands.boards import ON_BOARDS
from tests.security.matrix.commands.every_page import ON_EVERY_PAGE
from tests.security.matrix.commands.people import OF_PEOPLE
from tests.security.matrix.commands.row import Row
from tests.security.matrix.commands.workspaces import IN_WORKSPACES

__all__ = ["ROWS", "Row"]

ROWS = [*ON_BOARDS, *IN_WORKSPACES, *OF_PEOPLE, *ON_EVERY_PAGE]
