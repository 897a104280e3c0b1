"""The input at the foot of a lane."""

from playwright.async_api import expect

from tests.browser.tab import Tab
from tests.live.story import Story


async def paste(tab: Tab, lane: str, text: str) -> None:
    await tab.quick_add(lane).evaluate(
        """(input, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", text);
            input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )


async def test_several_pasted_lines_are_offered_as_a_task_each(ana: Tab, ben: Tab):
    await paste(ana, "Done", "Pick a date\n\n  Book the room \r\nInvite the press\n")
    await expect(ana.lane("Done").get_by_role("group", name="Not added yet")).to_be_visible()
    await ana.role("button", "Add 3 tasks, one a line").click()
    for tab in (ana, ben):
        await tab.shows("Pick a date", "Book the room", "Invite the press", lane="Done")
    await expect(ana.quick_add("Done")).to_be_focused()


async def test_several_pasted_lines_can_be_one_task(ana: Tab):
    await paste(ana, "Done", "Pick a date\nBook the room")
    await ana.role("button", "Add one task").click()
    await ana.shows("Pick a date Book the room", lane="Done")


async def test_escape_puts_the_offer_away_and_adds_nothing(ana: Tab, team: Story):
    await ana.quick_add("Done").focus()
    await paste(ana, "Done", "Pick a date\nBook the room")
    await ana.quick_add("Done").press("Escape")
    await expect(ana.lane("Done").get_by_role("group", name="Not added yet")).to_have_count(0)
    await ana.add("Done", "Something else")
    await ana.shows("Something else", lane="Done")


async def test_a_title_that_is_too_long_is_refused_in_a_sentence_and_can_be_edited(ana: Tab):
    title = "a" * 501
    await ana.add("Done", title)
    await expect(ana.alert).to_contain_text("501")
    await ana.role("button", f"Edit {title}").click()
    await expect(ana.quick_add("Done")).to_have_value(title)
    await expect(ana.lane("Done").get_by_role("group", name="Not added yet")).to_have_count(0)
    await ana.page.keyboard.press("Backspace")
    await ana.page.keyboard.press("Enter")
    await ana.shows("a" * 500, lane="Done")
    await expect(ana.quick_add("Done")).to_have_value("")


async def test_titles_that_are_refused_at_once_all_come_back_in_their_order(ana: Tab):
    titles = [letter * 501 for letter in "abcdef"]
    await ana.quick_add("Done").evaluate(
        """(input, titles) => titles.forEach((title) => {
            input.value = title;
            input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
        })""",
        titles,
    )
    await expect(ana.lane("Done").get_by_role("listitem")).to_have_text(titles)


async def test_a_refused_title_does_not_take_the_place_of_the_one_that_is_being_typed(ana: Tab):
    await ana.quick_add("Done").fill("b" * 501)
    await ana.quick_add("Done").evaluate(
        """input => {  // Before the refusal can be here.
            input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
            input.value = "The next one";
        }"""
    )
    await expect(ana.alert).to_contain_text("501")
    await expect(ana.quick_add("Done")).to_have_value("The next one")
    await ana.quick_add("Done").press("Enter")
    await ana.shows("The next one", lane="Done")
    await expect(ana.role("button", "Add this task")).to_be_visible()
    await ana.quick_add("Done").fill("Half a title")
    await ana.role("button", f"Edit {'b' * 501}").click()
    await expect(ana.quick_add("Done")).to_have_value("b" * 501)
    await expect(ana.role("button", "Edit Half a title")).to_be_visible()


async def test_what_was_typed_before_lines_were_pasted_comes_back_with_escape(ana: Tab):
    await ana.quick_add("Done").fill("First of all")
    await paste(ana, "Done", "Pick a date\nBook the room")
    await expect(ana.quick_add("Done")).to_have_value("")
    await ana.quick_add("Done").press("Escape")
    await expect(ana.quick_add("Done")).to_have_value("First of all")


async def test_what_i_add_to_a_long_lane_is_brought_onto_my_screen(ana: Tab):
    await paste(ana, "Done", "\n".join(f"Task {number}" for number in range(60)))
    await ana.role("button", "Add 60 tasks, one a line").click()
    await expect(ana.card("Task 59")).to_be_in_viewport()
    await ana.add("Done", "The last of all")
    await expect(ana.card("The last of all")).to_be_in_viewport()
    await expect(ana.quick_add("Done")).to_be_focused()


async def test_of_more_lines_than_can_be_added_at_once_the_rest_stays_on_offer(ana: Tab):
    await paste(ana, "Done", "\n".join(f"Task {number}" for number in range(201)))
    await ana.role("button", "Add the first 200 of 201 tasks, one a line").click()
    await expect(ana.card("Task 199")).to_be_in_viewport()
    await ana.role("button", "Add this task").click()
    await expect(ana.card("Task 200")).to_be_in_viewport()
