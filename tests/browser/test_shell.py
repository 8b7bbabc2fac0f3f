"""The frame of every page in a real browser: forms over the page, keys, themes, and nothing the policy forbids."""

import re

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from genyin.people.actions import set_password
from tests.cast import ADMIN, PASSWORD, Cast


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser says against the page, violations of the policy among it."""
    found: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if (
            message.type in {"error", "warning"}
            and "status of 422" not in message.text
            and "Code 422" not in message.text
        ):
            found.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def signed_in(page: Page, live_server: LiveServer, committed_cast: Cast, complaints: list[str]) -> Page:
    """The lead, on My work, with two problems to dispatch."""
    set_password(committed_cast.user("lead"), password=PASSWORD, by=ADMIN)
    for title in ("Mail queue grows", "Core switch restarts"):
        committed_cast.submitted(title=title)
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("#id_login", "lead")
    page.fill("#id_password", PASSWORD)
    page.click("button.g-full")
    expect(page).to_have_title(re.compile("My work"))
    return page


def test_a_form_opens_over_the_page_shows_its_mistakes_and_closes(signed_in: Page, complaints: list[str]) -> None:
    page = signed_in
    page.goto(page.url + "profile/")
    page.get_by_role("link", name="Delegate my rights").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.fill("#id_reason", "Away")
    page.get_by_role("button", name="Delegate", exact=True).click()
    expect(page.locator("#id_to_error")).to_have_text("This cannot be empty.")
    expect(page.locator("#id_to")).to_be_focused()
    expect(page.locator("#id_reason")).to_have_value("Away")
    address = page.url
    page.get_by_role("dialog").get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url == address
    assert complaints == []


def test_a_form_over_the_page_does_its_verb_and_says_so(signed_in: Page, complaints: list[str]) -> None:
    page = signed_in
    page.goto(page.url + "profile/")
    page.get_by_role("link", name="Delegate my rights").click()
    page.select_option("#id_to", label="deputy")
    page.fill("#id_ends", "2099-12-31")
    page.get_by_role("button", name="Delegate", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Delegated.")
    expect(page.locator("table")).to_contain_text("deputy")
    assert complaints == []


def test_keys_walk_the_work_and_find_the_search(signed_in: Page) -> None:
    page = signed_in
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".todo > li").nth(1).locator(".btn")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".todo > li").nth(0).locator(".btn")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_a_theme_once_chosen_is_there_before_anything_is_drawn(signed_in: Page, context: BrowserContext) -> None:
    page = signed_in
    page.locator(".g-person summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert 'data-bs-theme="dark"' in context.request.get(page.url).text()


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440])
def test_no_page_scrolls_sideways(signed_in: Page, width: int) -> None:
    page = signed_in
    home = page.url
    page.set_viewport_size({"width": width, "height": 844})
    for address in ("", "profile/", "more/", "nowhere/"):
        page.goto(home + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_nothing_is_asked_of_another_site(signed_in: Page, live_server: LiveServer) -> None:
    asked: list[str] = []
    signed_in.on("request", lambda request: asked.append(request.url))
    signed_in.goto(f"{live_server.url}/")
    assert 0 < len(asked) <= 10
    assert all(address.startswith(live_server.url) for address in asked)
