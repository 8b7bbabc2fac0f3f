"""From signing in to the closed problem, by people at their browsers, once in each language, wide and on the phone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from genyin.base import clock
from tests.browser.people import Person
from tests.reports.conftest import said_in, xml_of

SignIn = Callable[[str], Person]


@pytest.fixture(params=[("en", False), ("zh-hans", False), ("zh-hans", True)], ids=["en", "zh", "zh-phone"])
def sign_in(request: pytest.FixtureRequest, site: str, browser: Browser) -> Iterator[SignIn]:
    """`sign_in("lead")`: that person at a browser of their own; at the end nobody's may have complained."""
    language, phone = request.param
    present: dict[str, Person] = {}

    def person(name: str) -> Person:
        if name not in present:
            present[name] = Person(browser, site, name, language=language, phone=phone)
        return present[name]

    yield person
    faults = {name: who.faults for name, who in present.items() if who.faults}
    for who in present.values():
        who.page.context.close()
    assert faults == {}


def register(first_line: Person) -> str:
    """First line registers a problem from the incident on the screen; answers its number."""
    page = first_line.page
    first_line.opens("/incidents/desk:INC00001/")
    page.locator("#content a[href*='/problems/new/?incident=']").first.click()
    form = page.locator("form.g-form")
    assert form.locator("[name=title_]").input_value() == "Core switch restarts at night"
    first_line.fills(form, {"description": "Every few nights.", "category": "hardware", "level": "low"})
    with page.expect_navigation(url="**/problems/WT-*/"):
        Person.press(form.locator("button.btn-primary"))
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def report(lead: Person, kind: str, folder: Path) -> bytes:
    """The service report of this month, downloaded from its page two clicks from home."""
    lead.opens("/reports/")
    month = clock.month_of(clock.now(), "Asia/Shanghai")  # the site's, not this machine's
    lead.page.locator(f"#content a[href*='/reports/{month}/']").first.click()
    with lead.page.expect_download() as waiting:
        lead.page.locator(f"a[href*='/download/{kind}/']").first.click()
    waiting.value.save_as(folder / f"report.{kind}")
    return (folder / f"report.{kind}").read_bytes()


@pytest.mark.procedure("R20")
def test_a_problem_is_carried_from_an_incident_to_closed(sign_in: SignIn, tmp_path: Path) -> None:
    first_line, lead, owner = sign_in("first_line"), sign_in("lead"), sign_in("owner")
    ref = register(first_line)
    lead.does(ref, "dispatch", {"owner": _option(lead, ref, "owner"), "note": "核心网络"})
    owner.does(ref, "accept", {})
    owner.does(ref, "note_reproduction", {"reproduced": "yes", "text": "After 21 days of polling."})
    owner.does(ref, "find_cause", {"code": "software_defect", "text": "固件内存泄漏", "established": "Memory graph."})
    owner.does(ref, "plan_solution", {"solution": "Upgrade.", "change_needed": "no", "change_reason": "Configuration."})
    owner.does(ref, "fix_in_place", {"kind": "fix"})
    lead.does(ref, "hold_review", {"course": "Found and fixed.", "conclusion": "Passed."})
    lead.does(ref, "judge_effect", {"effect": "effective", "evidence": "No incident since."})
    lead.does(ref, "pass_review", {})
    owner.does(ref, "archive", {})
    owner.does(ref, "close", {"outcome": "fixed"})
    owner.opens(f"/problems/{ref}/")
    assert owner.page.locator(".stage li.now").count() == 1
    assert owner.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    rate = {"en": "Resolution rate", "zh-hans": "问题解决率"}[lead.language]
    for kind in ("docx", "xlsx"):
        said = said_in(xml_of(report(lead, kind, tmp_path)))
        assert rate in said
        assert "100%" in said
    assert report(lead, "pdf", tmp_path).startswith(b"%PDF")


def test_a_refusal_stands_in_the_form_and_nothing_typed_is_lost(sign_in: SignIn) -> None:
    lead = sign_in("lead")
    lead.opens("/problems/new/")
    form = lead.page.locator("form.g-form")
    form.locator("[name=description]").fill("typed while on the phone")
    Person.press(form.locator("button.btn-primary"))
    form.locator(".g-error").first.wait_for()
    assert form.locator("[name=description]").input_value() == "typed while on the phone"
    lead.faults = [fault for fault in lead.faults if "422" not in fault]  # the browser's own word for a refusal


def _option(person: Person, ref: str, name: str) -> str:
    """The value of the choice with exactly this person's name, as the form offers it."""
    person.opens(f"/problems/{ref}/dispatch/")
    options = person.page.locator("select[name=owner] option")
    return next(str(o.get_attribute("value")) for o in options.all() if o.inner_text().strip() == name)
