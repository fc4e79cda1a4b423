"""A room, two people at once: what one writes the other sees, in Arabic too; lines that break; a right that ends."""

import re

import pytest

from tests.browser.visitor import INES, KARIM, NADIA
from tests.workspaces.chat.corpus import PAYLOADS

pytestmark = pytest.mark.browser

ROOM = "/groups/safety-of-journalists/chat/"
AT_ONCE = 5_000  # milliseconds; a reader's patience, not the machine's

# What a browser does when the machine loses its network: the sockets die, and no new one comes about.
CUT = """
window.sockets = [];
window.cut = false;
window.WebSocket = class extends WebSocket {
  constructor(address) {
    super(address);
    window.sockets.push(this);
    if (window.cut) this.close();
  }
};
"""


@pytest.fixture
def topic(arrive):
    """A fresh topic of Nadia's, so that the tests do not read each other's words."""
    writer = arrive(NADIA)
    writer.go(f"{ROOM}new/")
    writer.page.locator("[name=title]").fill("Live trial")
    writer.page.locator("[name=body]").fill("Is everybody here?")
    with writer.page.expect_navigation():
        writer.page.locator("form:has([name=title]) button.primary").click()
    return writer.path


def enter(visitor, path):
    visitor.go(path)
    visitor.page.locator("html[data-live=on]").wait_for()
    visitor.evaluate("window.untouched = true")


def say(visitor, text):
    visitor.page.locator("[data-composer] textarea").fill(text)
    visitor.page.keyboard.press("Control+Enter")


def said(visitor):
    return visitor.page.locator("#messages .message-text").all_inner_texts()


def was_not_loaded_again(visitor):
    return visitor.evaluate("window.untouched === true")


def test_one_writes_the_other_sees_it_in_arabic_from_right_to_left(arrive, topic, shots):
    writer, reader = arrive(NADIA), arrive(KARIM)
    enter(reader, topic)
    enter(writer, topic)
    assert reader.lang() == ("ar", "rtl")
    reader.page.locator("#here [data-here]", has_text="Nadia Osei").wait_for(timeout=AT_ONCE)
    assert reader.page.locator("[data-here-count] [data-count]").inner_text() == "٢"

    # Said every three seconds, and lost where the line is busy at that moment.
    writer.page.locator("[data-composer] textarea").press_sequentially("Who takes the night, who", delay=300)
    assert reader.page.locator("[data-typing]", has_text="Nadia Osei").count() == 1
    say(writer, "Who takes the **night**? من يأخذ الليل؟")

    arrived = reader.page.locator("#messages .message", has_text="Who takes the night?")
    arrived.wait_for(timeout=AT_ONCE)
    assert arrived.locator("strong").inner_text() == "night"
    assert re.fullmatch(r"[٠-٩]{2}:[٠-٩]{2}", arrived.locator("time").inner_text())
    assert was_not_loaded_again(reader)
    writer.page.locator("#outbox[hidden]").wait_for(state="attached", timeout=AT_ONCE)
    assert writer.page.locator("#messages .message", has_text="Who takes the night?").count() == 1
    assert was_not_loaded_again(writer)
    assert [one.wider_than_screen() for one in (writer, reader)] == [[], []]
    assert [one.obstacles() for one in (writer, reader)] == [[], []]
    shots(reader, "room-arabic")


def test_after_a_broken_line_all_is_there_in_order_and_once(arrive, topic):
    writer, reader = arrive(NADIA), arrive(KARIM)
    reader.context.add_init_script(CUT)
    enter(reader, topic)
    enter(writer, topic)
    reader.expect("WebSocket is closed before the connection is established")
    reader.expect("net::ERR_INTERNET_DISCONNECTED")
    # Playwright's "offline" leaves open sockets alone, and cutting them alone would leave the page its requests.
    reader.context.set_offline(True)
    reader.evaluate("window.cut = true; window.sockets.forEach((socket) => socket.close())")
    reader.page.locator("html[data-live=off]").wait_for(timeout=AT_ONCE)

    for number in range(1, 11):
        say(writer, f"Missed {number}.")
        writer.page.locator("#messages .message", has_text=f"Missed {number}.").wait_for(timeout=AT_ONCE)
    say(reader, "Written without a line.")
    reader.page.locator("#outbox li", has_text="Written without a line.").wait_for()
    assert not [text for text in said(reader) if text.startswith("Missed")]
    reader.evaluate("window.cut = false")
    reader.context.set_offline(False)

    reader.page.locator("#messages .message", has_text="Missed 10.").wait_for(timeout=30_000)
    writer.page.locator("#messages .message", has_text="Written without a line.").wait_for(timeout=30_000)
    # In another language than the reader's, and marked so.
    assert [text for text in said(reader) if text.startswith("Missed")] == [f"Missed {n}. EN" for n in range(1, 11)]
    assert len([text for text in said(writer) if text.startswith("Written")]) == 1
    reader.page.locator("#outbox[hidden]").wait_for(state="attached", timeout=AT_ONCE)
    assert was_not_loaded_again(reader)


def test_changes_signs_and_deletions_are_seen_in_place(arrive, topic):
    writer, reader = arrive(NADIA), arrive(KARIM)
    enter(reader, topic)
    enter(writer, topic)
    say(writer, "To be changed")
    mine = writer.page.locator("#messages .message", has_text="To be changed")
    mine.wait_for(timeout=AT_ONCE)
    number = mine.get_attribute("data-number")
    theirs = reader.page.locator(f"#m{number}")

    mine.locator("[data-message-menu]").click()
    writer.page.locator("#message-menu [data-react] button").first.click()
    theirs.locator("[data-sign]").wait_for(timeout=AT_ONCE)
    writer.page.locator(f"#m{number} .sign.own").wait_for(timeout=AT_ONCE)
    writer.go(f"{ROOM}m/{number}/edit/")
    writer.page.locator("[name=body]").fill("It has been changed")
    writer.page.locator("form:has([name=body]) button.primary").click()
    theirs.get_by_text("It has been changed").wait_for(timeout=AT_ONCE)
    writer.go(f"{ROOM}m/{number}/delete/")
    writer.page.locator("form button.danger").click()

    theirs.locator(".message-gone").wait_for(timeout=AT_ONCE)
    assert was_not_loaded_again(reader)


def test_names_are_offered_and_taken_by_keyboard(arrive, topic):
    writer = arrive(NADIA)
    enter(writer, topic)
    field = writer.page.locator("[data-composer] textarea")

    field.press_sequentially("Ask @rav", delay=40)
    writer.page.locator("#offers [role=option][aria-selected=true]", has_text="Ravi Menon").wait_for(timeout=AT_ONCE)
    assert writer.obstacles() == []
    writer.page.keyboard.press("Enter")
    assert field.input_value() == "Ask @Ravi Menon "
    writer.page.keyboard.press("Control+Enter")

    writer.page.locator("#messages .mention", has_text="@Ravi Menon").wait_for(timeout=AT_ONCE)


def admit(keeper, visibility):
    """Say who may come into the group: whoever is removed from an open one still reads in it."""
    keeper.go("/groups/safety-of-journalists/visibility/")
    keeper.page.locator(f"[name=visibility][value={visibility}]").check(force=True)
    with keeper.page.expect_navigation():
        keeper.page.locator("form:has([name=visibility]) button.primary").click()


def test_who_is_removed_is_told_on_the_open_page_and_gets_nothing_more(arrive, topic):
    keeper, gone = arrive(NADIA), arrive(INES)
    admit(keeper, "closed")
    enter(gone, topic)
    keeper.go("/groups/safety-of-journalists/participants/")
    row = keeper.page.locator("#people li", has_text="Inês Duarte")
    keeper.go(row.locator("a[href$='/remove/']").get_attribute("href"))
    with keeper.page.expect_navigation():
        keeper.page.locator("form button.danger").click()

    gone.page.locator(".note[role=alert]").wait_for(timeout=2_000)
    assert gone.page.locator("[data-composer] textarea").is_disabled()
    keeper.go(topic)
    keeper.page.locator("html[data-live=on]").wait_for()
    say(keeper, "Said without her.")
    keeper.page.locator("#messages .message", has_text="Said without her.").wait_for(timeout=AT_ONCE)
    gone.page.wait_for_timeout(500)
    assert "Said without her." not in gone.page.content()
    keeper.go("/groups/safety-of-journalists/organisations/sample-press-union/name/")  # for the tests that follow
    keeper.page.get_by_label("Inês Duarte").check()
    keeper.page.locator("form button.primary").click()
    gone.go(topic)
    gone.page.locator("#messages .message", has_text="Said without her.").wait_for()
    admit(keeper, "open")


def test_nothing_of_what_is_written_runs_in_anothers_browser(arrive):
    """C2: whatever runs, is fetched or is refused by the policy is found when the reader leaves."""
    writer, reader = arrive(NADIA), arrive(KARIM)
    writer.go(f"{ROOM}new/")
    writer.page.locator("[name=title]").fill("<img src=x onerror=alert(1)>{{7*7}}")
    writer.page.locator("[name=body]").fill("\n\n".join(PAYLOADS[:10]))
    with writer.page.expect_navigation():
        writer.page.locator("form:has([name=title]) button.primary").click()
    path = writer.path
    enter(reader, path)
    enter(writer, path)
    batches = ["\n\n".join(PAYLOADS[first : first + 20]) for first in range(10, len(PAYLOADS), 20)]
    for batch in batches:
        say(writer, batch)

    reader.page.locator("#messages .message").nth(len(batches)).wait_for(timeout=30_000)
    writer.page.locator("#outbox[hidden]").wait_for(state="attached", timeout=30_000)
    for visitor in (reader, writer):
        visitor.go(path)
        assert visitor.page.locator("#messages .message").count() == len(batches) + 1
        found = "#messages .message-text :is(script, img, svg, iframe, style, object, embed, form, input, base, meta)"
        assert visitor.page.locator(found).count() == 0


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_the_page_on_screens_and_phones(arrive, width, height, shots):
    visitor = arrive(NADIA, width=width, height=height)
    enter(visitor, ROOM)

    assert visitor.wider_than_screen() == []
    assert visitor.obstacles() == []
    if width < 720:
        visitor.page.locator(".room-tabs a[href='#room-topics']").click()
        assert visitor.page.locator("#topics").is_visible()
        assert not visitor.page.locator("#room-messages").is_visible()
        visitor.page.locator(".room-tabs a[href='#room-messages']").click()
        assert visitor.page.locator("#room-messages").is_visible()
    shots(visitor, f"room-{width}")


def test_without_scripts_the_room_is_read_and_written(arrive):
    visitor = arrive(NADIA, java_script_enabled=False)
    visitor.go(ROOM)
    visitor.page.locator("[data-composer] textarea").fill("Sent by a plain form.")
    visitor.page.locator("[data-composer] button.primary").click()

    assert "Sent by a plain form." in visitor.page.locator("#messages").inner_text()
