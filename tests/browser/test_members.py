"""The workspace's own page, and people's own settings."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import expect

from app.domain import people
from tests.browser.conftest import Visit
from tests.browser.tab import Tab
from tests.live.story import Story

SKY, ROSE = "rgb(11, 118, 176)", "rgb(192, 44, 85)"


@pytest_asyncio.fixture(loop_scope="session")
async def ana(visit: Visit, team: Story) -> Tab:
    """Ana, on the page of the members."""
    return await (await visit("Ana")).open(f"/w/{team.workspace_id}/members")


@pytest_asyncio.fixture(loop_scope="session")
async def ben_as_he_was(team: Story) -> AsyncIterator[None]:
    yield
    async with team.db.transaction() as tx:
        await people.change_profile(tx, team.people["Ben"], "Ben", "sky")


async def test_the_last_owner_cannot_leave_and_is_told_why(ana: Tab):
    await ana.role("button", "Leave workspace").click()
    await ana.role("button", "Leave", exact=True).click()
    await expect(ana.alert).to_contain_text("A workspace keeps at least one owner.")
    await ana.escape()
    await expect(ana.page.locator("[data-testid^=member-]")).to_have_count(3)


async def test_the_last_owner_stays_one_and_the_choice_goes_back(ana: Tab):
    choice = ana.role("combobox", "Role of Ana")
    await choice.select_option("viewer")
    await expect(ana.alert).to_contain_text("A workspace keeps at least one owner.")
    await expect(choice).to_have_value("owner")


async def test_deleting_a_workspace_needs_its_name_and_shows_everyone_the_door(ana: Tab, visit: Visit, team: Story):
    ben = await (await visit("Ben")).open(team.path)
    await ana.named("delete-workspace").click()
    await ana.page.get_by_label("to confirm").fill("Tandem")
    await ana.named("confirm-delete").click()
    await expect(ana.alert).to_contain_text("Type the workspace's name, “Tandem team”, to delete it.")
    await expect(ana.page.get_by_label("to confirm")).to_have_value("Tandem")
    await expect(ben.lanes()).to_have_count(3)

    await ana.page.get_by_label("to confirm").fill("Tandem team")
    await ana.named("confirm-delete").click()
    await expect(ben.named("door")).to_be_visible()
    await ana.page.wait_for_url(ana.url + "/")
    await expect(ana.named(f"workspace-{team.workspace_id}")).to_have_count(0)


async def test_a_workspace_s_name_and_description_show_at_once_where_others_see_them(
    ana: Tab, visit: Visit, team: Story
):
    ben = await (await visit("Ben")).open("/")
    await ana.is_titled("Members: Tandem team")
    await ana.role("textbox", "Name").fill("Tandem crew")
    await ana.role("button", "Rename").click()
    await expect(ben.named(f"workspace-{team.workspace_id}")).to_have_text("Tandem crew")
    await ana.is_titled("Members: Tandem crew")
    await ana.page.get_by_label("Description").fill("We open the doors in May.")
    await ana.role("button", "Save description").click()
    await expect(ben.page.get_by_text("We open the doors in May.")).to_be_visible()
    await ana.role("textbox", "Name").fill("Tandem team")
    await ana.role("button", "Rename").click()
    await expect(ben.named(f"workspace-{team.workspace_id}")).to_have_text("Tandem team")


async def test_a_name_and_a_colour_that_are_changed_show_on_the_board_of_the_other(
    visit: Visit, team: Story, ben_as_he_was: None
):
    ana = await (await visit("Ana")).open(team.path)
    ben = await (await visit("Ben")).open(team.path)
    await expect(ana.here("Ben")).to_have_css("background-color", SKY)
    settings = await (await visit("Ben")).open("/settings")
    await settings.role("textbox", "Name").fill("Benedict King")
    await settings.page.get_by_title("Rose").click()
    await settings.role("button", "Save").click()
    for tab in (ana, ben):
        await expect(tab.here("Benedict King")).to_have_text("BK")
        await expect(tab.here("Benedict King")).to_have_css("background-color", ROSE)
    await expect(ben.role("button", "Account")).to_have_text("BK")


async def test_an_invitation_that_is_revoked_leaves_the_list_and_lets_nobody_in(ana: Tab, visit: Visit):
    await ana.named("invite").click()
    await ana.named("create-invite").click()
    link = await ana.named("invite-link").input_value()
    await ana.escape()
    stranger = await visit()
    await stranger.page.goto(link)
    await expect(stranger.role("heading", "Join Tandem team")).to_be_visible()
    await ana.role("button", "Revoke").click()
    await expect(ana.page.locator("[data-testid^=invitation-]")).to_have_count(0)
    await stranger.page.reload()
    await expect(stranger.alert).to_contain_text("This invitation is not valid any more")


async def test_an_invitation_link_is_not_shown_again_to_whoever_opens_the_dialog_next(ana: Tab, team: Story):
    await ana.named("invite").click()
    await ana.named("create-invite").click()
    await expect(ana.named("invite-link")).to_be_visible()
    await ana.escape()
    await ana.named("invite").click()
    await expect(ana.named("create-invite")).to_be_visible()
    await expect(ana.named("invite-link")).to_have_count(0)
