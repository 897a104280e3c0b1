"""Roles and lists take effect on the other's screen while they look."""

import re

from playwright.async_api import expect

from app.domain import boards, members
from tests.browser.conftest import Visit
from tests.browser.tab import Tab
from tests.live.story import Story


def members_page(team: Story) -> str:
    return f"/w/{team.workspace_id}/members"


async def give_role(ana: Tab, role: str) -> None:
    """Ana gives Ben a role, on the members' page."""
    choice = ana.role("combobox", "Role of Ben")
    await choice.select_option(role)
    await expect(choice).to_have_value(role)


async def test_controls_go_when_somebody_gets_a_lesser_role_and_come_back(ben: Tab, visit: Visit, team: Story):
    ana = await (await visit("Ana")).open(members_page(team))
    home = await (await visit("Ben")).open("/")
    dialog = await (await visit("Ben")).open(f"{team.path}?task={team.tasks[0]}")
    await expect(dialog.named("trash-task")).to_be_visible()

    await give_role(ana, "viewer")
    for controls in ("add-task-", "add-lane", "task-menu-"):
        await expect(ben.page.locator(f"[data-testid^={controls}]")).to_have_count(0)
    await expect(ben.done("Write the announcement")).to_be_disabled()
    await expect(home.named(f"new-board-{team.workspace_id}")).to_have_count(0)
    await expect(dialog.named("trash-task")).to_have_count(0)
    for control in ("task-lane", "task-due", "task-priority"):
        await expect(dialog.named(control)).to_be_disabled()
    for control in ("task-title", "task-description"):
        await expect(dialog.named(control)).to_have_attribute("readonly", "")
    for box in await dialog.page.locator("[data-testid^=assign-]").all():
        await expect(box).to_be_disabled()

    await give_role(ana, "member")
    await expect(ben.page.locator("[data-testid^=add-task-]")).to_have_count(3)
    await expect(home.named(f"new-board-{team.workspace_id}")).to_be_visible()
    await expect(dialog.named("task-title")).not_to_have_attribute("readonly", "")


async def test_a_dialog_closes_when_its_person_may_no_longer_do_what_it_is_for(ben: Tab, visit: Visit, team: Story):
    ana = await (await visit("Ana")).open(members_page(team))
    await ben.choose("Actions for this board", "Rename board")
    await expect(ben.page.get_by_role("dialog")).to_be_visible()
    await give_role(ana, "viewer")
    await expect(ben.page.get_by_role("dialog")).to_have_count(0)


async def test_the_members_page_follows_its_person_s_own_role(visit: Visit, team: Story):
    ana, ben = await visit("Ana"), await visit("Ben")
    for tab in (ana, ben):
        await tab.open(members_page(team))
    async with team.db.transaction() as tx:
        await boards.create(tx, team.people["Ana"], team.workspace_id, "Surprise party", is_private=True)
    await expect(ben.named("invite")).to_have_count(0)
    await ana.named("hand-over").click()
    await ana.page.get_by_label("New owner").select_option(label="Ben")
    await ana.named("confirm-hand-over").click()
    await expect(ben.role("combobox", "Role of Ana")).to_have_value("admin")
    await expect(ben.named("delete-workspace")).to_be_visible()
    await expect(ben.page.get_by_text("Surprise party")).to_be_visible()
    await expect(ana.named("delete-workspace")).to_have_count(0)
    await expect(ana.named("invite")).to_be_visible()
    async with team.db.transaction() as tx:
        await members.hand_over(tx, team.people["Ben"], team.workspace_id, team.people["Ana"].id)


async def test_who_is_removed_is_shown_the_door_and_the_admin_a_receipt(ben: Tab, visit: Visit, team: Story):
    ana = await (await visit("Ana")).open(members_page(team))
    revision = await ben.revision()
    await ana.role("button", "Remove Ben").click()
    await ana.named("confirm-remove").click()
    await expect(ben.named("door")).to_contain_text("Ana removed you from Tandem team.")
    await expect(ben.lanes()).to_have_count(0)
    receipt = ana.page.locator("[data-testid^=receipt-]")
    await expect(receipt).to_contain_text("Ben was removed by Ana")
    await expect(receipt).to_have_attribute("data-tabs", "1")
    await expect(receipt).to_have_attribute("data-missing", "0")
    await expect(receipt).to_contain_text(re.compile(rf"shown out at .*is revision {revision}\."))
    await ben.role("link", "Go to your workspaces").click()
    await expect(ben.named("new-workspace")).to_be_visible()
    await expect(ben.named(f"workspace-{team.workspace_id}")).to_have_count(0)


async def test_a_private_board_goes_from_the_screens_of_others_and_comes_back(
    ana: Tab, ben: Tab, visit: Visit, team: Story
):
    home = await (await visit("Ben")).open("/")
    link = home.page.get_by_role("main").get_by_test_id(f"board-{team.board_id}")
    await expect(link).to_be_visible()
    await ana.choose("Actions for this board", "Who can see it")
    await ana.page.get_by_label("Who stays").select_option("me")
    await ana.named("make-private").click()
    await expect(ben.named("door")).to_contain_text("Ana made this board private.")
    await expect(link).to_have_count(0)
    await expect(ana.named("private")).to_be_visible()
    receipts = ana.page.locator("[data-testid^=receipt-]")
    await expect(receipts).to_contain_text("This board was made private by Ana")
    await expect(receipts).to_contain_text("An open tab of Ben was shown out at")

    await ana.named("outsiders").select_option(label="Ben")
    await ana.named("let-in").click()
    await expect(link).to_be_visible()
    await expect(link.get_by_label("Private")).to_be_visible()
    await ben.role("link", "Load again").click()
    await expect(ben.lanes()).to_have_count(3)

    await ana.named(f"take-off-{team.people['Ben'].id}").click()
    await expect(ben.named("door")).to_contain_text("Ana took you off the list of this board.")
    await expect(link).to_have_count(0)
    await expect(receipts.first).to_contain_text("Ben was taken off by Ana")
    await expect(receipts.first).to_contain_text("An open tab was shown out at")
    await ana.named("make-open").click()
    await expect(link).to_be_visible()
    await expect(ana.named("private")).to_have_count(0)


async def test_an_owner_gets_access_to_a_private_board_in_sight_of_who_is_on_it(visit: Visit, team: Story):
    async with team.db.transaction() as tx:
        board_id = await boards.create(tx, team.people["Ben"], team.workspace_id, "Plans", is_private=True)
    ben = await (await visit("Ben")).open(f"/b/{board_id}")
    await ben.named("private").click()
    ana = await (await visit("Ana")).open(members_page(team))
    await expect(ben.named(f"insider-{team.people['Ana'].id}")).to_have_count(0)
    await ana.named(f"take-over-{board_id}").click()
    await expect(ben.named(f"insider-{team.people['Ana'].id}")).to_be_visible()
    await ana.named(f"private-board-{board_id}").get_by_role("link", name="Open").click()
    await expect(ana.lanes()).to_have_count(3)


async def test_a_new_board_can_be_private_from_the_start(visit: Visit, team: Story):
    ben = await (await visit("Ben")).open("/")
    await ben.named(f"new-board-{team.workspace_id}").click()
    await ben.page.fill("[name=board_name]", "Plans")
    await ben.page.get_by_label("Who can see it").select_option("me")
    await ben.role("button", "Create board").click()
    await expect(ben.named("private")).to_be_visible()


async def test_an_invitation_has_a_code_to_take_a_picture_of(visit: Visit, team: Story):
    ana = await (await visit("Ana")).open(members_page(team))
    await ana.named("invite").click()
    await ana.page.fill("[name=email_domain]", "@tandem.example")
    await ana.named("create-invite").click()
    await expect(ana.named("qr")).to_be_visible()
    who = "Whoever has an address at tandem.example and opens this link joins as a member."
    await ana.page.get_by_label("Can be used").select_option("Once")
    await expect(ana.named("invite-choices")).to_have_text(
        f"{who} It can be used 10 times, for a week. It is shown only now."
    )
    await expect(ana.page.get_by_text("for addresses at tandem.example")).to_be_visible()
    await ana.escape()
    await expect(ana.page.locator("[data-testid^=invitation-]")).to_contain_text("10 of 10 uses left")
