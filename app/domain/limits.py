"""How much fits: past one of these a person gets a sentence, and nothing is lost."""

OPEN_TASKS = 10_000
"""Tasks on a board that are not in the trash."""
LANES = 50
"""Lanes on a board."""
BOARDS = 100
"""Boards in a workspace, archived ones included."""
TASKS_AT_ONCE = 200
"""Tasks that one paste can add."""
ASSIGNEES = 20
"""People on one task."""
FILES = 100
"""Files on one task."""
COMMENTS = 1_000
"""Comments on one task."""
MENTIONS = 50
"""People whom one comment can mention."""
