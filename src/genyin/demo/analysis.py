"""The trend analyses of the demo: one a month ago, concluded by the lead, and one this morning."""

from collections import Counter

from genyin.base.actor import job
from genyin.demo.scene import Scene
from genyin.demo.stories import stories
from genyin.demo.text import Text
from genyin.incidents.models import Incident
from genyin.problems.stages import Stage
from genyin.trends import actions as trends
from genyin.trends import queries, runs
from genyin.trends.models import Candidate

ANALYST = job("trends")

CONCLUSION = Text(
    "与上月比，仓库波次计算和 VPN 认证事件上升，波次立项；其余候选属已有问题或继续观察。",
    "Against last month wave planning and VPN authentication have risen; wave planning becomes a problem, "
    "the other candidates belong to known problems or are watched.",
)
DISMISSED = {
    "toner-jam": Text(
        "耗材类，已按计数器计划更换，不立项。", "Consumables, replaced by counter; no problem of their own."
    ),
    "account-locked": Text(
        "按口令策略工作，已答复（见已取消的问题）。", "Works as the password policy says, see the cancelled problem."
    ),
}
WATCHED = {
    "erp-slow-search": Text("先看统计信息重建后的效果。", "See first what rebuilding the statistics brings."),
}


def analyse(scene: Scene) -> runs.RunResult:
    """Run the analysis on what has arrived, then decide on the candidates that need no problem of their own."""
    result = runs.run(by=ANALYST)
    by = scene.actors["lead2"]
    _link_known(scene)
    for candidate in queries.candidates(by):
        family = told_family(scene, candidate)
        if family in DISMISSED:
            trends.dismiss_candidate(candidate, reason=DISMISSED[family].said_in(scene.language), by=by)
        elif family in WATCHED:
            trends.watch_candidate(candidate, reason=WATCHED[family].said_in(scene.language), by=by)
    return result


def _link_known(scene: Scene) -> None:
    """Candidates of families that an open problem already handles go to that problem."""
    by = scene.actors["lead2"]
    handled = {story.family: story.key for story in stories() if story.key in scene.problems}
    for candidate in queries.candidates(by):
        key = handled.get(told_family(scene, candidate))
        if key and (problem := scene.problem(key)).stage != Stage.CLOSED:
            trends.link_candidate(candidate, problem=problem, by=by)


def conclude(scene: Scene) -> None:
    """The analysis of a month ago, with what it came to (R17)."""
    result = analyse(scene)
    trends.conclude_run(result.run, conclusion=CONCLUSION.said_in(scene.language), by=scene.actors["lead2"])


def told_family(scene: Scene, candidate: Candidate) -> str:
    """The family from which most of a candidate's incidents were made."""
    members = Incident.objects.filter(membership__family=candidate.family).values_list("external_id", flat=True)
    made = Counter(scene.arrivals.family_of[number] for number in members)
    return made.most_common(1)[0][0] if made else ""


def candidate_for(scene: Scene, family: str) -> Candidate | None:
    """The open candidate that shows this family, if the analysis has listed one."""
    found = queries.candidates(scene.actors["lead2"])
    return next((candidate for candidate in found if told_family(scene, candidate) == family), None)
