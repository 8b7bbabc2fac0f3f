"""Every page of the shell is sound, in both languages, for whoever may see it."""

import json

import pytest
from django.test import Client
from django.utils import translation

from genyin.people.actions import add_token, set_password
from genyin.web import nav
from tests.cast import ADMIN, PASSWORD, Cast
from tests.web.conftest import Visit
from tests.web.pages import Page

EVERYBODY = ["/", "/profile/", "/profile/delegate/", "/more/", "/nowhere/"]
ADMINISTRATION = [
    "/people/",
    "/people/add/",
    "/people/owner/",
    "/people/owner/roles/",
    "/people/owner/password/",
    "/people/owner/access/",
    "/tokens/add/",
]
STRANGERS = ["/accounts/login/", "/accounts/signup/", "/accounts/inactive/"]
HTML_KB = 60


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", [*EVERYBODY, *ADMINISTRATION])
def test_every_page_is_sound_in_both_languages(visit: Visit, address: str, language: str) -> None:
    answer = visit("administrator", language=language).get(address)
    assert answer.status_code == (404 if address == "/nowhere/" else 200)
    check(answer.content.decode(), language)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", STRANGERS)
def test_every_page_for_strangers_is_sound_in_both_languages(
    cast: Cast, client: Client, address: str, language: str
) -> None:
    client.cookies["django_language"] = language
    check(client.get(address).content.decode(), language)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", ["/accounts/password/change/", "/accounts/2fa/", "/accounts/reauthenticate/"])
def test_the_pages_of_ones_own_account_are_sound(visit: Visit, cast: Cast, address: str, language: str) -> None:
    client = visit("lead", language=language)
    client.force_login(set_password(cast.user("lead"), password=PASSWORD, by=ADMIN))
    check(client.get(address, follow=True).content.decode(), language)


def check(text: str, language: str) -> None:
    page = Page(text)
    assert page.faults == []
    assert page.language == {"en": "en", "zh-hans": "zh-Hans"}[language]
    assert len(text.encode()) <= HTML_KB * 1024
    with translation.override(language):
        assert translation.gettext("Genyin") in text


def test_my_work_is_sound_with_work_in_it(visit: Visit, cast: Cast) -> None:
    problem = cast.submitted(level="high", title="Mail <b>queue</b> grows")
    text = visit("lead").get("/").content.decode()
    assert Page(text).faults == []
    assert "Mail &lt;b&gt;queue&lt;/b&gt; grows" in text
    assert nav.verb_url(problem.number, "dispatch") in text


def test_the_policy_forbids_code_in_pages_and_other_sites(visit: Visit) -> None:
    policy = visit("lead").get("/").headers["Content-Security-Policy"]
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";") if rule.strip()}
    assert rules["script-src"] == ["'self'"]
    assert rules["style-src"] == ["'self'"]
    assert rules["frame-ancestors"] == ["'none'"]


def test_htmx_is_told_to_add_no_style_and_run_no_text(visit: Visit) -> None:
    text = visit("lead").get("/").content.decode()
    start = text.index("content='{", text.index('name="htmx-config"')) + len("content='")
    settings = json.loads(text[start : text.index("'", start)])
    assert settings["includeIndicatorStyles"] is False
    assert settings["allowEval"] is False


def test_the_bar_shows_ten_areas_and_marks_where_one_is(visit: Visit) -> None:
    text = visit("lead").get("/").content.decode()
    bar = text[text.index('class="g-nav"') : text.index("</nav>", text.index('class="g-nav"'))]
    assert bar.count("<a ") == 10
    assert bar.count('aria-current="page"') == 1


def test_those_on_the_customers_side_see_few_areas_and_no_search(visit: Visit) -> None:
    text = visit("representative").get("/").content.decode()
    assert "/reports/" not in text
    assert "/search/" not in text
    assert "/problems/new/" not in text


def test_the_language_is_kept_for_the_person(visit: Visit, cast: Cast) -> None:
    client = visit("lead")
    answer = client.post("/language/", {"language": "zh-hans", "next": "/profile/"})
    assert answer.headers["Location"] == "/profile/"
    cast.user("lead").refresh_from_db()
    assert cast.user("lead").language == "zh-hans"
    assert Page(client.get("/").content.decode()).language == "zh-Hans"


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:x"])
def test_the_language_switch_leads_nowhere_else(visit: Visit, elsewhere: str) -> None:
    assert visit("lead").post("/language/", {"language": "en", "next": elsewhere}).headers["Location"] == "/"


def test_times_are_shown_in_the_readers_zone(visit: Visit, cast: Cast) -> None:
    token, _secret = add_token("crm", by=cast.administrator)
    client = visit("administrator")
    shown = {}
    for zone in ("", "America/New_York"):
        client.post("/profile/", {"language": "en", "zone": zone})
        shown[zone] = client.get(f"/tokens/{token.pk}/").content.decode()
    assert "Asia/Shanghai" in shown[""]
    assert "America/New_York" in shown["America/New_York"]
