"""The audit log, as an admin reads it."""

import asyncio
from pathlib import Path

from playwright.async_api import expect

from app.domain import audit, members
from tests.browser.conftest import Visit
from tests.live.story import Story


async def test_an_owner_reads_filters_and_saves_the_log_of_a_workspace(visit: Visit, team: Story):
    ana = await (await visit("Ana")).open(f"/w/{team.workspace_id}/members")
    await ana.named(f"role-{team.people['Ben'].id}").select_option("commenter")
    await ana.named("audit").click()
    await ana.is_titled("Audit log: Tandem team")
    entries = ana.page.locator("[data-testid^=entry-]")
    await expect(entries).to_have_count(6)
    await expect(entries.first).to_contain_text("Ana: Changed a role · Ben")
    await expect(entries.first).to_contain_text("from member to commenter")
    await expect(entries.first).to_contain_text("127.0.0.1")

    await ana.page.select_option("[name=kind]", "member.joined")
    await ana.page.fill("[name=person]", "ben")
    await ana.named("show-audit").click()
    await expect(entries).to_have_count(1)
    await expect(entries).to_contain_text("Ben: Joined by an invitation")
    await expect(ana.page).to_have_url(f"{ana.url}/w/{team.workspace_id}/audit?kind=member.joined&person=ben")
    await ana.page.reload()
    await expect(entries).to_have_count(1)
    await expect(ana.page.locator("[name=person]")).to_have_value("ben")
    async with ana.page.expect_download() as begun:
        await ana.named("audit-csv").click()
    lines = await asyncio.to_thread(Path(await (await begun.value).path()).read_text)
    assert len(lines.splitlines()) == 2

    await ana.page.fill("[name=person]", "nobody at all")
    await ana.named("show-audit").click()
    await expect(ana.alert).to_have_text("Nobody here is called “nobody at all”.")
    await ana.page.fill("[name=person]", "")
    await ana.page.select_option("[name=kind]", "")
    await ana.page.fill("[name=since]", "2027-03-02")
    await ana.page.fill("[name=until]", "2027-03-01")
    await ana.named("show-audit").click()
    await expect(ana.alert).to_have_text("The first day comes after the last one. Turn them around.")


async def test_a_long_log_is_turned_page_by_page(visit: Visit, team: Story):
    async with team.db.unrecorded() as session:
        for number in range(60):
            about = {"workspace_id": team.workspace_id, "subject": f"Number {number}"}
            await audit.note(session, "export.made", team.people["Ana"].id, **about)
    ana = await (await visit("Ana")).open(f"/w/{team.workspace_id}/audit")
    entries = ana.page.locator("[data-testid^=entry-]")
    await expect(entries).to_have_count(50)
    await expect(entries.first).to_contain_text("Number 59")
    await ana.named("older").click()
    await expect(entries.first).to_contain_text("Number 9")
    await expect(ana.named("older")).to_have_count(0)
    await ana.role("link", "Newest").click()
    await expect(entries.first).to_contain_text("Number 59")


async def test_who_is_no_admin_is_shown_the_door(visit: Visit, team: Story):
    ben = await (await visit("Ben")).open(f"/w/{team.workspace_id}/members")
    await expect(ben.named("audit")).to_have_count(0)
    await ben.open(f"/w/{team.workspace_id}/audit")
    await expect(ben.named("door")).to_contain_text("Only owners and admins can read the audit log.")
    await ben.is_titled("Not available")
    await ben.open("/admin/audit")
    await expect(ben.named("door")).to_contain_text("Only admins of this Tandem can read its audit log.")
    async with team.db.transaction() as tx:
        await members.change_role(tx, team.people["Ana"], team.workspace_id, team.people["Ben"].id, "admin")
    await ben.open(f"/w/{team.workspace_id}/audit")
    await expect(ben.page.locator("[data-kind='member.role_changed']")).to_be_visible()
