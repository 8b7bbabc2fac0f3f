"""Registering a problem in a real browser: what is like it appears beside the form while somebody types."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Person

TITLE = "Core switch restarts"
AT_THE_DESK = pytest.mark.parametrize("first_line", [("en", False)], indirect=True, ids=["en"])
SAID = {"en": re.compile(r"\d similar incidents?"), "zh-hans": re.compile(r"\d 起相似事件")}


@pytest.fixture(params=[("en", False), ("zh-hans", True)], ids=["en", "zh-phone"])
def first_line(request: pytest.FixtureRequest, site: str, browser: Browser) -> Iterator[Person]:
    """First line at a browser of their own, which at the end has nothing to complain of."""
    language, phone = request.param
    person = Person(browser, site, "first_line", language=language, phone=phone)
    yield person
    person.page.context.close()
    assert [fault for fault in person.faults if "422" not in fault] == []  # a refused form is no complaint


def test_what_is_like_it_appears_while_typing_and_nothing_typed_is_lost(first_line: Person) -> None:
    page, asked = first_line.page, list[str]()
    page.on("request", lambda request: asked.append(request.url) if "/beside/" in request.url else None)
    first_line.opens("/problems/new/")
    page.evaluate("window.same = true")
    page.locator("#id_title_").press_sequentially(TITLE, delay=20)
    expect(page.locator("#beside a[href='/incidents/desk:INC00001/']")).to_have_count(1)
    expect(page.locator("#beside-said")).to_have_text(SAID[first_line.language])
    expect(page.locator("#id_title_")).to_be_focused()
    expect(page.locator("#id_title_")).to_have_value(TITLE)
    assert page.evaluate("window.same")  # the page was not loaded again
    assert 1 <= len(asked) < len(TITLE) / 2  # not with every letter
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("#id_title_").fill("Nothing ever heard of")
    expect(page.locator("#beside a")).to_have_count(0)


def test_the_summary_is_in_sight_and_leads_to_what_it_counts(first_line: Person) -> None:
    page = first_line.page
    first_line.opens("/problems/new/")
    page.locator("#id_title_").fill(TITLE)
    expect(page.locator("#beside-said")).to_have_text(SAID[first_line.language])
    expect(page.locator("#beside-said")).to_be_in_viewport()
    page.locator("#beside-head a").click()
    expect(page.locator("#beside a").first).to_be_in_viewport()


@AT_THE_DESK
def test_a_hit_opens_by_key_in_a_tab_of_its_own(first_line: Person) -> None:
    page = first_line.page
    first_line.opens("/problems/new/")
    page.locator("#id_title_").fill(TITLE)
    link = page.locator("#beside a[href='/incidents/desk:INC00001/']")
    expect(link).to_have_count(1)
    link.focus()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    expect(opened.value.locator("h1")).to_contain_text("Core switch restarts at night")
    expect(page.locator("#id_title_")).to_have_value(TITLE)


@AT_THE_DESK
def test_after_a_refusal_it_still_follows_what_is_typed(first_line: Person) -> None:
    page = first_line.page
    first_line.opens("/problems/new/")
    page.locator("#id_title_").fill("Nothing ever heard of")
    Person.press(page.locator("form.g-form button.btn-primary"))
    expect(page.locator("form.g-form .g-error").first).to_be_visible()
    page.locator("#id_title_").fill(TITLE)
    expect(page.locator("#beside a[href='/incidents/desk:INC00001/']")).to_have_count(1)


@AT_THE_DESK
def test_from_an_incident_it_is_there_without_a_letter_typed(first_line: Person) -> None:
    first_line.opens("/problems/new/?incident=desk%3AINC00001")
    expect(first_line.page.locator("#beside a[href='/incidents/desk:INC00002/']")).to_have_count(1)
    expect(first_line.page.locator("#beside a[href='/incidents/desk:INC00001/']")).to_have_count(0)
