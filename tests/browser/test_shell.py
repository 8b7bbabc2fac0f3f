"""The frame of every page in a real browser: forms over the page, keys, themes, and nothing the policy forbids."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Person


@pytest.fixture
def lead(site: str, browser: Browser) -> Iterator[Person]:
    """The lead at a browser of their own, which at the end has nothing to complain of."""
    person = Person(browser, site, "lead", language="en")
    yield person
    person.page.context.close()
    assert [fault for fault in person.faults if "422" not in fault] == []  # a refused form is no complaint


def test_a_form_opens_over_the_page_shows_its_mistakes_and_closes(lead: Person) -> None:
    page = lead.page
    lead.opens("/profile/")
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


def test_a_form_over_the_page_does_its_verb_and_says_so(lead: Person) -> None:
    page = lead.page
    lead.opens("/profile/")
    page.get_by_role("link", name="Delegate my rights").click()
    page.select_option("#id_to", label="deputy")
    page.fill("#id_ends", "2099-12-31")
    page.get_by_role("button", name="Delegate", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Delegated.")
    expect(page.locator("table")).to_contain_text("deputy")


def test_keys_walk_the_work_and_find_the_search(lead: Person) -> None:
    page = lead.page
    for title in ("Mail queue grows", "Storage latency jitter"):
        registered(lead, title)
    lead.opens("/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".todo > li").nth(1).locator(".btn").first).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".todo > li").nth(0).locator(".btn").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_a_theme_once_chosen_is_there_before_anything_is_drawn(lead: Person) -> None:
    page = lead.page
    lead.opens("/")
    page.locator(".g-person summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert 'data-bs-theme="dark"' in page.context.request.get(page.url).text()


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440])
def test_no_page_scrolls_sideways(lead: Person, width: int) -> None:
    page = lead.page
    page.set_viewport_size({"width": width, "height": 844})
    for address in ("/", "/profile/", "/more/"):
        page.goto(lead.site + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_nothing_is_asked_of_another_site(lead: Person) -> None:
    asked: list[str] = []
    lead.page.on("request", lambda request: asked.append(request.url))
    lead.opens("/")
    assert 0 < len(asked) <= 10
    assert all(address.startswith(lead.site) for address in asked)


def registered(lead: Person, title: str) -> None:
    """A problem that waits for the lead to dispatch it."""
    lead.opens("/problems/new/")
    form = lead.page.locator("form.g-form")
    service = form.locator("select[name=service] option[value]:not([value=''])").first.get_attribute("value") or ""
    coded = {"category": "hardware", "level": "low", "source": "incident", "reason": "cause_unknown"}
    lead.fills(form, {"title_": title, "description": "Seen twice.", "service": service, **coded})
    with lead.page.expect_navigation():
        form.locator("button.btn-primary").click()


PLACES = (
    "", "incidents", "incidents/import", "incidents/new", "problems", "problems/new", "known-errors", "trends",
    "trends/families", "trends/figures", "trends/analyses", "changes", "reviews", "reports", "register", "search",
    "procedure", "procedure/states", "procedure/services", "profile",
)  # fmt: skip


def test_no_page_scrolls_sideways_on_the_phone(site: str, browser: Browser) -> None:
    lead = Person(browser, site, "lead", language="en", phone=True)
    wide = []
    for place in PLACES:
        lead.opens(f"/{place}/".replace("//", "/"))
        if lead.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(place)
    assert wide == []
    lead.page.context.close()


CUT = "buttons => buttons.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"


@pytest.mark.parametrize(("language", "phone"), [("en", False), ("en", True), ("zh-hans", False)])
def test_no_button_is_cut_off(site: str, browser: Browser, language: str, phone: bool) -> None:
    lead = Person(browser, site, "lead", language=language, phone=phone)
    cut = {}
    for place in PLACES:
        lead.opens(f"/{place}/".replace("//", "/"))
        cut[place] = lead.page.locator(".btn:visible").evaluate_all(CUT)
    assert {place: words for place, words in cut.items() if words} == {}
    lead.page.context.close()
