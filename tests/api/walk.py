"""What the people say on the way, and the way as far as a stage."""

from tests.api.conftest import Walk

CAUSE = {
    "code": "software_defect",
    "text": "The firmware leaks memory.",
    "established": "Memory graph.",
}
PLAN = {
    "solution": "Upgrade the firmware.",
    "preventive_measure": "Alert at 75% memory.",
    "tested": {"where": "laboratory", "result": "ten days stable", "tester": "analyst"},
    "evaluated": {"effect": "no restarts", "cost": "two hours", "risk": "short outage", "back_out": "old image kept"},
    "change_needed": True,
    "change_reason": "Production switch.",
}
MINUTES = {
    "course": "Found in a week, fixed in a night.",
    "conclusion": "The upgrade works.",
    "customer_text": "The switch was upgraded; it has been quiet since.",
    "chair": "lead",
    "recorder": "analyst",
}


def to_solving(walk: Walk) -> None:
    walk.does("lead", "dispatch", owner="owner")
    walk.does("owner", "accept")
    walk.does("owner", "form_team", members=["analyst"])
    walk.does("analyst", "note_reproduction", reproduced="yes", text="After 21 days of polling.")
    walk.does("owner", "find_cause", causes=[CAUSE])


def to_verifying(walk: Walk) -> None:
    to_solving(walk)
    walk.does("owner", "plan_solution", **PLAN)
    walk.does("owner", "raise_change", title="Firmware upgrade", number="CHG-77")
    walk.does("owner", "record_change", change="CHG-77")
    walk.does("owner", "fix_in_place", kind="fix")
