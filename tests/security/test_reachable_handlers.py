"""What a browser may call is a list that somebody has read."""

from pathlib import Path

from tests.security.matrix import registry

LIST = Path(__file__).with_name("reachable_handlers.txt")


def test_exactly_the_handlers_on_the_list_can_be_called():
    found = registry.commands()
    assert found == LIST.read_text().splitlines(), (
        "The handlers that a browser may call have changed. Read each new one, then write the list anew:\n"
        + "\n".join(found)
    )


def test_no_handler_on_the_list_is_one_that_sets_vars_or_takes_files():
    names = [line.rpartition(".")[2] for line in LIST.read_text().splitlines()]
    assert not {"setvar", "update_vars_internal", "handle_frontend_exception", "upload"} & set(names)
