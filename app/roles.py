"""The table of permissions as docs/roles.md has it; `python -m app.roles` prints it."""

from app.domain.permissions import PERMISSIONS, ROLES

MEANINGS = {
    "view": "Look at boards and who is here",
    "comment": "Comment and react, edit and remove one's own comments",
    "moderate": "Remove the comments of others",
    "attach": "Add files to tasks, and remove one's own",
    "edit_tasks": "Add, change, move, complete and trash tasks",
    "edit_lanes": "Add, rename, move and delete lanes",
    "edit_boards": "Add and rename boards",
    "share_boards": "Choose who is on the list of a private board, if on it oneself, or open it to all",
    "close_boards": "Make an open board private",
    "archive_boards": "Archive and restore boards",
    "take_over_boards": "See that private boards exist, and get access to one, on the record",
    "edit_workspace": "Rename and describe the workspace",
    "invite": "Make and revoke invitations",
    "manage_members": "Change roles, remove people, read the receipts; owners are for owners to make and unmake",
    "read_audit": "Read the audit log of the workspace",
    "export": "Save a board as a file",
    "export_workspace": "Save the workspace as a file, with all its boards that one can see",
    "see_addresses": "Have the e-mail addresses of members in such a file",
    "hand_over": "Hand the workspace to somebody else, becoming an admin",
    "delete_workspace": "Delete the workspace",
}


def table() -> str:
    """A row for each permission, a column for each role, and what those without it are told."""
    rows = [f"| | {' | '.join(ROLES)} | what the others are told |", "|---|" + ":-:|" * len(ROLES) + "---|"]
    for permission, (roles, sentence) in PERMISSIONS.items():
        marks = " | ".join("✓" if role in roles else "" for role in ROLES)
        rows.append(f"| {MEANINGS[permission]} | {marks} | {sentence} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
