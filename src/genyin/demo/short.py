"""Small problems told shortly: the texts of one table become the steps that a problem of low level takes."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from genyin.demo.stories import Step, Story
from genyin.demo.text import Text

REVIEW = {
    "place": Text("书面评审", "In writing"),
    "cause_confirmed": Text("确认。", "Confirmed."),
    "good": Text("按轻量流程处理，用时短。", "The light path kept it short."),
    "improve": Text("无。", "Nothing."),
    "conclusion": Text("通过", "Passed"),
}
EVALUATED = {
    "preventive_measure": Text("", ""),
    "where": Text("现场试点", "Pilot on site"),
    "result": Text("试点正常。", "The pilot worked."),
    "risk": Text("低", "low"),
    "cost": Text("维保内", "within maintenance"),
    "back_out": Text("恢复原设置", "old settings"),
    "change_reason": Text("标准变更目录内", "In the list of standard changes"),
}


def short_stories() -> Iterator[Story]:
    """The stories of `data/stories/short.toml`."""
    path = files("genyin.demo").joinpath("data", "stories", "short.toml")
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["short"]:
        texts = {name: Text(zh=value[0], en=value[1]) for name, value in row.items() if _is_pair(value)}
        yield _story(row, texts)


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and any(not part.isascii() for part in value)


def _story(row: dict[str, Any], texts: dict[str, Text]) -> Story:
    return Story(
        key=row["key"], family=row["family"], service=row["service"], items=tuple(row["items"]),
        category=row["category"], subcategory="", level="low", impact="low", urgency="medium", source=row["source"],
        reason=row["reason"], submitter=row["submitter"], at=f"w{row['start']} 10:15", link=6, title=texts["title"],
        description=texts["description"], impact_text=Text("", ""), steps=tuple(_steps(row, texts)),
    )  # fmt: skip


def _steps(row: dict[str, Any], texts: dict[str, Text]) -> Iterator[Step]:
    """Cause after a third of the time, solution after two thirds, review `later` working days after the fix."""
    start, days, owner, lead = row["start"], row["days"], row["owner"], row["lead"]
    live, tester = start - days, Text("负责人", "The owner")
    review = live - row["later"]
    effect, found = texts["effect"], f"w{start - days // 3}"
    minutes = {
        **REVIEW, "meeting": False, "attendees": [lead, owner], "secretary": owner, "follow_ups": [],
        "effect": effect, "course": Text(f"{days} 个工作日上线。", f"Live after {days} working days."),
    }  # fmt: skip
    plan = {
        **EVALUATED, "solution": texts["solution"], "effect": effect, "tester": tester, "change_needed": False,
    }  # fmt: skip
    cause = {"code": row["code"], "text": texts["cause"], "established": texts["established"]}
    yield Step(f"w{start} 15:20", lead, "dispatch", {"owner": owner})
    yield Step(f"w{start - 1} 09:10", owner, "accept", {})
    yield Step(f"{found} 10:30", owner, "note_reproduction", {"reproduced": "yes", "text": texts["reproduction"]})
    yield Step(f"{found} 15:30", owner, "find_cause", cause)
    yield Step(f"w{start - 2 * days // 3} 16:10", owner, "plan_solution", plan)
    yield Step(f"w{live} 18:20", owner, "fix_in_place", {"kind": "fix"})
    yield Step(f"w{review} 10:00", lead, "hold_review", minutes)
    yield Step(f"w{review} 10:10", lead, "judge_effect", {"verdict": "effective", "text": effect})
    yield Step(f"w{review} 10:20", lead, "pass_review", {})
    yield Step(f"w{review - 1} 09:00", owner, "archive", {})
    yield Step(f"w{review - 1} 09:10", owner, "close", {})
