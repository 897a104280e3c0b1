"""The table of permissions in the docs is the one that the program goes by."""

from app.domain.permissions import PERMISSIONS
from app.roles import MEANINGS, table
from tests.support.stores import ROOT


def test_the_docs_have_the_table_of_permissions_as_it_is():
    assert table() in (ROOT / "docs/roles.md").read_text(), (
        "docs/roles.md has fallen behind: put into it what python -m app.roles prints."
    )


def test_every_permission_has_words():
    assert MEANINGS.keys() == PERMISSIONS.keys()
