"""Bad input: each kind has its status, its code, its field, and changes nothing."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from genyin.api import rate
from genyin.api.routes import api
from genyin.base.models import Event
from genyin.problems import actions as problems
from genyin.problems.models import Problem
from genyin.reports import actions as reports
from genyin.reports.documents import service_report_pdf
from tests.api.conftest import Callers
from tests.cast import Cast


def test_without_a_token_nobody_is_let_in(cast: Cast) -> None:
    response = Client().get("/api/problems")
    assert response.status_code == 401
    assert response.json()["code"] == "not_signed_in"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_token_is_no_better_than_none(cast: Cast) -> None:
    response = Client(headers={"Authorization": "Bearer gy_wrong"}).get("/api/me")
    assert response.status_code == 401


def test_a_session_reads_without_and_writes_only_with_its_csrf_token(cast: Cast, submitted_problem: Problem) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.user("lead"))
    assert client.get("/api/me").json()["name"] == "lead"
    path = f"/api/problems/{submitted_problem.number}/comment"
    refused = client.post(path, {"text": "no"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    client.cookies["csrftoken"] = "a" * 32
    allowed = client.post(path, {"text": "yes"}, content_type="application/json", headers={"X-CSRFToken": "a" * 32})
    assert allowed.status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({}, 422, "bad_input", "owner"),
        ({"owner": 5}, 400, "wrong_type", "owner"),
        ({"owner": None}, 400, "wrong_type", "owner"),
        ([], 400, "wrong_type", ""),
        ("owner", 400, "wrong_type", ""),
        ({"owner": "owner", "colour": "red"}, 400, "unknown_field", "colour"),
        ({"owner": "o" * 151}, 422, "too_long", "owner"),
        ({"owner": "owner", "note": "n" * 20_001}, 422, "too_long", "note"),
        ({"owner": "o\u0000r"}, 422, "bad_input", "owner"),
        ({"owner": "o\ud800r"}, 422, "bad_input", "owner"),
        ({"owner": "nobody"}, 422, "unknown_reference", "owner"),
        ({"owner": "auditor"}, 422, "bad_input", "owner"),
        ({"owner": "owner", "version": 99}, 409, "conflict", ""),
        ({"owner": "owner", "version": 2**40}, 422, "bad_input", "version"),
        ({"owner": "owner", "version": "1"}, 400, "wrong_type", "version"),
        ({"owner": "owner", "version": True}, 400, "wrong_type", "version"),
    ],
)
def test_each_wrong_body_has_its_own_answer_and_writes_nothing(
    callers: Callers, submitted_problem: Problem, body: Any, status: int, code: str, field: str
) -> None:
    lead, before = callers("lead"), Event.objects.count()
    answer = lead.raw(f"problems/{submitted_problem.number}/dispatch", json.dumps(body).encode())
    assert (answer.status, answer["code"], answer["field"]) == (status, code, field)
    assert answer["message"]
    assert Event.objects.count() in (before, before + 1)  # the caller's own token, made on first use
    submitted_problem.refresh_from_db()
    assert (submitted_problem.version, submitted_problem.stage) == (1, "submitted")


@pytest.mark.parametrize("content", [b"{", b"", b"\xff\xfe", b'{"owner": ' + b"9" * 5000 + b"}", b"[" * 100_000])
def test_what_is_no_json_is_malformed(callers: Callers, submitted_problem: Problem, content: bytes) -> None:
    answer = callers("lead").raw(f"problems/{submitted_problem.number}/dispatch", content)
    assert answer.status in (400, 422)
    assert answer["code"] in ("malformed", "bad_input", "wrong_type")


def test_every_wrong_value_is_named_not_only_the_first(callers: Callers, submitted_problem: Problem) -> None:
    answer = callers("lead").post(f"problems/{submitted_problem.number}/dispatch", {"owner": 1, "note": 2, "x": 3})
    assert answer.status == 400
    assert set(answer.fields) == {"owner", "note", "x"}


@pytest.mark.parametrize("ref", ["WT-1", "%00", "%ff", "a" * 300, "1 OR 1=1", "问题"])
def test_what_is_not_there_is_not_found(callers: Callers, cast: Cast, ref: str) -> None:
    answer = callers("lead").get(f"problems/{ref}")
    assert (answer.status, answer["code"]) == (404, "not_found")


def test_an_unknown_address_is_answered_in_the_same_shape(callers: Callers, cast: Cast) -> None:
    answer = callers("lead").get("nothing/here")
    assert (answer.status, answer["code"]) == (404, "not_found")
    refused = callers("lead").post("me")
    assert (refused.status, refused["code"], refused.headers["Allow"]) == (405, "method_not_allowed", "GET")


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": 10**30}, {"cursor": "x"}, {"cursor": "é"}])
def test_a_list_is_bounded(callers: Callers, cast: Cast, query: dict[str, Any]) -> None:
    answer = callers("lead").get("problems", **query)
    assert (answer.status, answer["code"], answer["field"]) == (422, "bad_input", next(iter(query)))


def test_pages_follow_each_other_without_gap_or_repetition(callers: Callers, cast: Cast) -> None:
    made = [cast.submitted(title=f"Problem {n}").number for n in range(7)]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        answer = callers("lead").get("problems", limit=3, cursor=cursor)
        seen += [item["number"] for item in answer["items"]]
        cursor = answer["next"]
    assert seen == made[::-1]


def test_an_open_control_point_is_named_with_the_step_that_satisfies_it(callers: Callers, cast: Cast) -> None:
    problem = cast.at("investigating")
    cause = {"code": "software_defect", "text": "A leak.", "established": "By looking."}
    answer = callers("owner").post(f"problems/{problem.number}/find_cause", {"causes": [cause]})
    assert (answer.status, answer["code"]) == (409, "control_points_open")
    points = {point["code"]: point for point in answer["details"]["points"]}
    assert set(points) == {"team", "reproduction"}
    assert points["team"]["satisfied_by"] == "form_team"
    assert points["team"]["href"] == f"/api/problems/{problem.number}/form_team"
    assert points["reproduction"]["clause"] == "R46"
    assert not problem.causes.exists()


def test_a_verb_that_does_not_start_here_is_refused_as_wrong_stage(callers: Callers, cast: Cast) -> None:
    problem = cast.at("assigned")
    answer = callers("lead").post(f"problems/{problem.number}/dispatch", {"owner": "owner"})
    assert (answer.status, answer["code"]) == (409, "wrong_stage")


def test_the_slower_of_two_is_told_that_the_problem_changed(callers: Callers, submitted_problem: Problem) -> None:
    version, path = submitted_problem.version, f"problems/{submitted_problem.number}/dispatch"
    assert callers("lead").post(path, {"owner": "owner", "version": version}).status == 200
    slower = callers("deputy").post(path, {"owner": "other_owner", "version": version})
    assert (slower.status, slower["code"]) == (409, "conflict")


def test_the_sentence_is_spoken_in_the_language_asked_for(cast: Cast, callers: Callers) -> None:
    client = callers("lead").client
    english = client.get("/api/problems/none", headers={"Accept-Language": "en"})
    chinese = client.get("/api/problems/none", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert english.headers["Content-Language"] == "en"
    assert chinese.headers["Content-Language"] == "zh-hans"


def test_too_many_requests_are_slowed_down(cast: Cast, callers: Callers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "PER_MINUTE", 0)
    answer = callers("lead").get("me")
    assert (answer.status, answer["code"]) == (429, "too_many_requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_the_limit_is_described_as_it_is_counted(cast: Cast) -> None:
    said = Client().get("/api/openapi.json").json()["info"]["description"]
    assert f"{rate.PER_MINUTE} times a minute of each web process" in said


def test_the_description_is_made_once_since_anybody_may_ask_for_it(db: None) -> None:
    assert api.get_openapi_schema(path_prefix="/api/") is api.get_openapi_schema(path_prefix="/api/")
    served = Client().get("/api/openapi.json").json()
    assert served["paths"].keys() == api.get_openapi_schema()["paths"].keys()


def test_a_pdf_without_a_font_is_a_documented_503_that_says_what_to_install(
    cast: Cast, callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_report_pdf, "CJK_FONTS", ("A font nobody has",))
    report = reports.issue("2026-01", reason="First report.", by=cast.lead)
    answer = callers("lead").get(f"reports/{report.number}/documents/pdf")
    assert (answer.status, answer["code"], answer["field"]) == (503, "not_available", "format")
    assert "fonts-noto-cjk" in answer["message"]
    assert callers("lead").get(f"reports/{report.number}/documents/docx").status == 200
    described = Client().get("/api/openapi.json").json()["paths"]
    documented = {
        operation["operationId"]
        for methods in described.values()
        for operation in methods.values()
        if "503" in operation["responses"]
    }
    matching = {"match", "similar_incidents"}
    assert documented == {"get_statistics", "report_document", *matching}


def test_a_file_comes_back_as_a_download_and_nothing_else(cast: Cast, callers: Callers) -> None:
    problem = cast.at("investigating")
    owner = callers("owner").client
    path = f"/api/problems/{problem.number}/attach"
    page = BytesIO(b"<script>alert(1)</script>")
    page.name = "graph 图.html"
    sent = owner.post(path, {"file": page})
    assert sent.status_code == 200
    kept = sent.json()["attachments"][0]
    got = owner.get(kept["href"])
    assert got.content == b"<script>alert(1)</script>"
    assert got.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''graph%20%E5%9B%BE.html")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Type"] == "application/octet-stream"


def test_a_body_beyond_the_bound_is_refused_by_its_size(cast: Cast, callers: Callers) -> None:
    problem = cast.at("investigating")
    too_big = callers("owner").raw(f"problems/{problem.number}/comment", b'{"text": "' + b"x" * 6 * 2**20 + b'"}')
    assert (too_big.status, too_big["code"]) == (413, "too_large")


def test_a_duplicate_of_a_duplicate_is_refused_with_its_field(cast: Cast, callers: Callers) -> None:
    first, second, third = (cast.submitted(title=f"Problem {n}") for n in range(3))
    problems.mark_duplicate(first, original=second, by=cast.lead)
    answer = callers("lead").post(f"problems/{third.number}/mark_duplicate", {"original": first.number})
    assert (answer.status, answer["field"]) == (422, "original")
