"""The families that were most frequent lately."""

from genyin.base import clock
from genyin.trends import tables
from tests.actions.test_trends_runs import PRINTER, SWITCH, analysed, arrive
from tests.cast import MONDAY, Cast


def test_the_most_frequent_families_lead_the_list(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=2, times=4)
    arrive(cast, PRINTER, ago=3, times=6)
    arrive(cast, PRINTER, ago=90, times=20)
    analysed()
    with clock.at(MONDAY):
        told = tables.most_frequent(cast.lead, days=30, k=1)
    assert [(one.family.title, one.count, one.family.size) for one in told] == [(PRINTER, 6, 26)]
