"""Reviews on screen: the agenda, the minutes to read and download, and what is still to be done."""

import io
from datetime import date
from zipfile import ZipFile

import pytest

from genyin.base import clock
from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from genyin.problems.models import Problem
from genyin.reviews import actions as reviews
from genyin.reviews.models import Review
from tests.cast import MONDAY, Cast
from tests.house.query_counts import QueryCounts
from tests.web.conftest import Visit
from tests.web.pages import Page


def reviewed(cast: Cast, problem: Problem, *, customer_text: str = "") -> Review:
    """The minutes of a problem with one action item of the analyst's."""
    minutes = reviews.Minutes(
        course="Found after three nights.", conclusion="Works.", chair="lead", customer_text=customer_text
    )
    item = reviews.Action("Check the other switches", cast.user("analyst"), date(2026, 12, 1))
    return reviews.hold_review(problem, minutes=minutes, follow_ups=[item], by=cast.lead)


@pytest.fixture
def review(cast: Cast) -> Review:
    return reviewed(cast, cast.at(Stage.VERIFYING), customer_text="The core switch is stable again.")


def words_of(content: bytes) -> str:
    return ZipFile(io.BytesIO(content)).read("word/document.xml").decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ["lead", "representative"])
def test_every_page_is_sound_in_both_languages(
    visit: Visit, cast: Cast, review: Review, name: str, language: str
) -> None:
    problems.invite_representative(review.problem, user=cast.user("representative"), by=cast.lead)
    client = visit(name, language=language)
    for place in ("", f"{review.number}/"):
        answer = client.get(f"/reviews/{place}")
        assert answer.status_code == 200
        assert Page(answer.content.decode()).faults == []


@pytest.mark.procedure("R31")
def test_the_agenda_names_what_is_missing_and_from_when_the_review_decides(visit: Visit, cast: Cast) -> None:
    with clock.at(MONDAY.replace(hour=17)):  # in the site's zone it is Tuesday the 8th
        problem = cast.at(Stage.VERIFYING, level="high")
        text = visit("lead").get("/reviews/").content.decode()
        assert "hold_review" not in visit("first_line").get("/reviews/").content.decode()
    assert "1 problem waits for its review" in text
    assert "Review and minutes" in text
    assert "09-22" in text
    assert f"/problems/{problem.number}/hold_review/" in text


@pytest.mark.procedure("R54")
def test_the_minutes_are_read_and_downloaded_as_a_word_file(visit: Visit, review: Review) -> None:
    client = visit("owner")
    text = client.get(f"/reviews/{review.number}/").content.decode()
    assert "Found after three nights." in text
    assert "Check the other switches" in text
    minutes = client.get(f"/reviews/{review.number}/minutes.docx")
    assert f'filename="{review.number}.docx"' in minutes.headers["Content-Disposition"]
    assert "Found after three nights." in words_of(minutes.content)


@pytest.mark.procedure("R19")
def test_the_problem_record_form_is_downloaded_in_the_readers_language(visit: Visit, review: Review) -> None:
    for language, label in (("en", "Root cause"), ("zh-hans", "根本原因")):
        answer = visit("lead", language=language).get(f"/reviews/{review.number}/record.docx")
        for said in (label, review.problem.number, "The firmware leaks memory.", "Upgrade the firmware."):
            assert said in words_of(answer.content)


def test_an_action_item_is_finished_by_its_owner_and_by_nobody_else(visit: Visit, review: Review) -> None:
    item = review.follow_ups.get()
    address = f"/reviews/{review.number}/follow-ups/{item.pk}/"
    assert visit("first_line").post(address, {"result": "Done."}).status_code == 403
    assert visit("analyst").post(address, {"result": ""}).status_code == 422
    assert visit("analyst").post(address, {"result": "All are fine."}).status_code == 303
    item.refresh_from_db()
    assert item.result == "All are fine."
    assert address not in visit("analyst").get(f"/reviews/{review.number}/").content.decode()
    assert visit("analyst").post(address, {"result": "Twice."}).status_code == 422


def test_an_action_item_is_handed_over_to_somebody_who_may_see_it(visit: Visit, cast: Cast, review: Review) -> None:
    item = review.follow_ups.get()
    address = f"/reviews/{review.number}/follow-ups/{item.pk}/hand-over/"
    to = {name: str(cast.user(name).pk) for name in ("owner", "harbour_first_line")}
    assert visit("first_line").post(address, {"to": to["owner"]}).status_code == 403
    assert visit("lead").post(address, {"to": to["harbour_first_line"]}).status_code == 422
    assert visit("analyst").post(address, {"to": to["owner"]}).status_code == 303
    item.refresh_from_db()
    assert item.owner == cast.user("owner")
    assert "handed an action item over" in visit("lead").get(f"/problems/{review.problem.number}/").content.decode()


@pytest.mark.parametrize(("language", "word"), [("en", "Too little data"), ("zh-hans", "数据不足")])
def test_the_watchs_word_stands_in_the_readers_language(visit: Visit, cast: Cast, language: str, word: str) -> None:
    problem = cast.at(Stage.RESOLVED)
    review = Review.objects.get(problem=problem)
    for address in (f"/reviews/{review.number}/", f"/problems/{problem.number}/"):
        text = visit("lead", language=language).get(address).content.decode()
        assert "too_little_data" not in text
        assert word in text


def test_an_action_item_of_another_review_is_not_found_here(visit: Visit, cast: Cast, review: Review) -> None:
    other = reviewed(cast, cast.at(Stage.VERIFYING))
    item = other.follow_ups.get()
    assert visit("analyst").post(f"/reviews/{review.number}/follow-ups/{item.pk}/", {"result": "x"}).status_code == 404


@pytest.mark.procedure("R53")
def test_a_user_representative_reads_only_what_is_written_for_the_customer(
    visit: Visit, cast: Cast, review: Review
) -> None:
    problems.invite_representative(review.problem, user=cast.user("representative"), by=cast.lead)
    client = visit("representative")
    assert review.number in client.get("/reviews/").content.decode()
    text = client.get(f"/reviews/{review.number}/").content.decode()
    assert "The core switch is stable again." in text
    assert "Found after three nights." not in text
    assert "Check the other switches" not in text + client.get("/reviews/").content.decode()
    for place in ("minutes.docx", "record.docx"):
        assert client.get(f"/reviews/{review.number}/{place}").status_code == 404


def test_a_review_with_nothing_for_the_customer_is_not_there_for_them(visit: Visit, cast: Cast) -> None:
    review = reviewed(cast, cast.at(Stage.VERIFYING))
    problems.invite_representative(review.problem, user=cast.user("representative"), by=cast.lead)
    client = visit("representative")
    assert review.number not in client.get("/reviews/").content.decode()
    assert client.get(f"/reviews/{review.number}/").status_code == 404


def test_those_not_invited_and_other_customers_see_nothing(visit: Visit, review: Review) -> None:
    for name in ("representative", "harbour_first_line", "harbour_representative"):
        assert review.number not in visit(name).get("/reviews/").content.decode()
        assert visit(name).get(f"/reviews/{review.number}/").status_code == 404


@pytest.mark.parametrize("rows", [3, 9])
def test_the_agenda_asks_the_same_for_many_rows(visit: Visit, cast: Cast, queries_of: QueryCounts, rows: int) -> None:
    for _ in range(rows):
        reviewed(cast, cast.at(Stage.VERIFYING))
    queries_of("reviews", visit("lead"), "/reviews/")
