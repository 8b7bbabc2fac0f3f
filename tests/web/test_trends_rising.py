"""A rise on the screen."""

from genyin.base import clock
from genyin.trends.models import Family
from tests.actions.test_trends_rising import change, from_nothing, risen
from tests.cast import MONDAY, Cast
from tests.house.query_counts import QueryCounts
from tests.web.conftest import Visit
from tests.web.test_trends import sound

__all__ = ["from_nothing", "risen"]  # the fixtures


def test_a_rise_is_explained_on_its_page_in_both_languages(visit: Visit, cast: Cast, risen: Family) -> None:
    made = change(cast, "Firmware 4.2", ago=12)
    address = f"/trends/families/{risen.ref}/"
    with clock.at(MONDAY):
        text = visit("lead").get(address).content.decode()
        chinese = visit("deputy", language="zh-hans").get(address).content.decode()
        sides = visit("lead").get("/trends/").content.decode()
    sound(text)
    sound(chinese)
    for said in ("Rising since", "times as often", "20 since then", "20 of 20", made.number, "Firmware 4.2"):
        assert said in text, said
    assert "Rising since" not in chinese
    assert "Rising services" in sides
    assert "Rising services" not in visit("harbour_first_line").get("/trends/").content.decode()


def test_the_page_of_a_rising_family_asks_as_often_as_was_agreed(
    visit: Visit, cast: Cast, risen: Family, queries_of: QueryCounts
) -> None:
    change(cast, "Firmware 4.2", ago=12)
    with clock.at(MONDAY):
        queries_of("rising family", visit("lead"), f"/trends/families/{risen.ref}/")


def test_a_rise_from_nothing_says_that_there_was_none_before(visit: Visit, from_nothing: Family) -> None:
    assert from_nothing.rise is not None
    address, days = f"/trends/families/{from_nothing.ref}/", from_nothing.rise["past"]
    with clock.at(MONDAY):
        text = visit("lead").get(address).content.decode()
        chinese = visit("deputy", language="zh-hans").get(address).content.decode()
    assert f"20 since then, none in the {days} days before." in text
    assert "times as often" not in text
    assert f"此后 20 起，之前 {days} 天没有。" in chinese
