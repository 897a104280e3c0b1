"""Receipts and doors: what a change says afterwards to the admin who made it, and to the person whom it shut out."""

from app.domain import boards, doors, members, receipts, sharing, workspaces
from app.domain.drawings.oversight import BoardReceiptsDrawing, ReceiptsDrawing
from app.domain.receipts import Sighting, Tab
from app.domain.snapshots import ReceiptView, TabView
from tests.support.world import World, drawn

AT, LATER = "2031-05-17T12:00:00+00:00", "2031-05-17T12:00:01+00:00"


async def receipt(world: World) -> ReceiptView:
    """The newest."""
    shown = await drawn(world.db, ReceiptsDrawing(world.workspace_id))
    assert shown
    newest = shown[f"r{shown['receipts'].receipts[0]}"]
    assert isinstance(newest, ReceiptView)
    return newest


async def test_a_receipt_counts_what_was_reported_and_says_what_was_not(world: World):
    seen = Sighting(("one", "two", "three"), is_complete=True)
    await world.do(members.remove, world.ana, world.workspace_id, world.ben.id, seen)
    first = await receipt(world)
    assert (first.actor, first.person, first.role, first.tabs, first.missing) == ("Ana", "Ben", "", (), 3)
    tabs = [Tab("two", "board:1", 7, LATER)], [Tab("one", "workspace:1", None, AT), Tab("new", "board:1", 6, LATER)]
    for some in tabs:
        await world.do(receipts.report, world.workspace_id, world.ben.id, first.id, some)
    then = await receipt(world)
    assert then.tabs == (TabView(AT, 0, "Ben"), TabView(LATER, 7, "Ben"), TabView(LATER, 6, "Ben"))
    assert then.missing == 1, "Nobody has said anything of the third."


async def test_a_receipt_is_for_what_takes_something_away_and_for_those_who_may_know(world: World):
    await world.do(members.change_role, world.ana, world.workspace_id, world.cleo.id, "member")
    drawing = ReceiptsDrawing(world.workspace_id)
    shown = await drawn(world.db, drawing)
    assert shown and shown["receipts"].receipts == ()
    assert drawing.viewers == {world.ana.id}
    await world.do(members.change_role, world.ana, world.workspace_id, world.cleo.id, "viewer")
    lowered = await receipt(world)
    assert (lowered.person, lowered.role, lowered.is_complete) == ("Cleo", "viewer", False)


async def test_who_is_taken_off_the_list_of_a_private_board_has_a_receipt_there_and_nowhere_else(world: World):
    await world.do(sharing.close, world.ana, world.board_id, "everyone")
    await world.do(sharing.remove, world.ana, world.board_id, world.ben.id, Sighting(("one", "two"), is_complete=True))
    board, workspace = BoardReceiptsDrawing(world.board_id), ReceiptsDrawing(world.workspace_id)
    shown = await drawn(world.db, board)
    assert shown
    [id] = shown["receipts"].receipts
    tabs = [Tab("one", f"board:{world.board_id}", 7, AT)]
    await world.do(receipts.report_on_board, world.board_id, world.ben.id, id, tabs)
    shown = await drawn(world.db, board)
    assert shown
    receipt = shown[f"r{id}"]
    assert (receipt.actor, receipt.person, receipt.tabs, receipt.missing) == ("Ana", "Ben", (TabView(AT, 7, "Ben"),), 1)
    assert board.viewers == {world.ana.id}, "Cleo, a viewer, is on the list, and does not choose who is."
    assert world.announced[-1].keys() == {f"board:{world.board_id}", *board.topics}, "What shows it is rung for."
    elsewhere = await drawn(world.db, workspace)
    assert elsewhere and elsewhere["receipts"].receipts == ()
    await world.do(sharing.open_up, world.ana, world.board_id)
    assert await drawn(world.db, board) is None


async def test_all_whom_a_board_shuts_out_that_is_made_private_have_a_receipt_together(world: World):
    seen, board = Sighting(("one", "two", "three"), is_complete=True), BoardReceiptsDrawing(world.board_id)
    await world.do(sharing.close, world.ana, world.board_id, "everyone", seen)
    shown = await drawn(world.db, board)
    assert shown and shown["receipts"].receipts == (), "Nobody was shut out."
    await world.do(sharing.open_up, world.ana, world.board_id)
    await world.do(sharing.close, world.ana, world.board_id, "me", seen)
    shown = await drawn(world.db, board)
    assert shown
    [id] = shown["receipts"].receipts
    for person, tab in ((world.ben, "one"), (world.cleo, "two")):
        tabs = [Tab(tab, f"board:{world.board_id}", 7, AT)]
        await world.do(receipts.report_on_board, world.board_id, person.id, id, tabs)
    shown = await drawn(world.db, board)
    assert shown
    receipt = shown[f"r{id}"]
    assert (receipt.actor, receipt.person, receipt.missing, receipt.is_complete) == ("Ana", "", 1, True)
    assert receipt.tabs == (TabView(AT, 7, "Ben"), TabView(AT, 7, "Cleo"))


async def reason(world: World) -> str:
    """That for Ben, of someone who looked at the board."""
    async with world.db.reading() as tx:
        found = await doors.reason(tx, [f"board:{world.board_id}", f"workspace:{world.workspace_id}"], world.ben.id)
    return found.sentence if found else ""


async def test_the_door_says_what_happened(world: World):
    assert await reason(world) == ""
    await world.do(sharing.close, world.ana, world.board_id, "everyone")
    assert await reason(world) == "Ana made this board private."
    await world.do(sharing.remove, world.ana, world.board_id, world.cleo.id)
    assert await reason(world) == "Ana made this board private.", "Cleo's affairs are not Ben's."
    await world.do(sharing.remove, world.ana, world.board_id, world.ben.id)
    assert await reason(world) == "Ana took you off the list of this board."
    await world.do(members.remove, world.ana, world.workspace_id, world.ben.id)
    await world.do(workspaces.rename, world.ana, world.workspace_id, "Without Ben")
    await world.do(boards.rename, world.ana, world.board_id, "Without Ben")
    assert await reason(world) == "Ana removed you from Tandem team."


async def test_the_door_speaks_to_who_went_by_themselves(world: World):
    await world.do(sharing.close, world.ana, world.board_id, "everyone")
    await world.do(sharing.remove, world.ben, world.board_id, world.ben.id)
    assert await reason(world) == "You left this board."
    await world.do(members.leave, world.ben, world.workspace_id)
    assert await reason(world) == "You left Tandem team."
    await world.do(workspaces.delete, world.ana, world.workspace_id, "Tandem team")
    assert await reason(world) == "Ana deleted Tandem team."
