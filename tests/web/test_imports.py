"""The import screen: looked at first, written by the worker, hostile files refused in words."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils.module_loading import import_string
from django_q.models import OrmQ

from genyin.base.models import Event
from genyin.incidents.models import Incident, Service
from genyin.intake import rejects
from genyin.intake.actions import MAX_UPLOAD
from genyin.intake.models import ImportRun, RunState
from genyin.web.imports import jobs
from genyin.web.imports.forms import safe_name
from tests.cast import Cast
from tests.house.query_counts import QueryCounts
from tests.web.conftest import Visit
from tests.web.pages import Page

HEAD = "编号,标题,发生时间,系统,状态\n"
GOOD = HEAD + "A-1,打印机卡纸,2026-11-02 08:00,printing,已关闭\nA-2,断网,2026-11-03 09:00,network,进行中\n"
BAD_ROW = GOOD + "A-3,无日期,never,network,已关闭\n"


@pytest.fixture(autouse=True)
def _files_of_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[None]:
    """Uploads and lists of rejects lie in the test's own folder; the progress in a cache table that is there."""
    monkeypatch.setattr(rejects, "folder", lambda run: tmp_path / "imports" / str(run))
    monkeypatch.setattr(rejects, "uploads", lambda: tmp_path / "uploads")
    call_command("createcachetable", verbosity=0)
    cache.clear()
    yield
    cache.clear()


def send(client: Client, content: str | bytes, *, name: str = "list.csv", **said: Any) -> Any:
    body = content.encode() if isinstance(content, str) else content
    return client.post("/incidents/import/", {"file": SimpleUploadedFile(name, body), "source": "excel", **said})


def worked() -> None:
    """What the worker does with what was put into its queue."""
    for task in OrmQ.objects.order_by("id"):
        told = task.task
        import_string(told["func"])(*told["args"])
        task.delete()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_step_is_sound_in_both_languages(visit: Visit, cast: Cast, language: str) -> None:
    client = visit("lead", language=language)

    def sound(address: str) -> None:
        assert Page(client.get(address).content.decode()).faults == []

    sound("/incidents/import/")
    address = send(client, BAD_ROW).headers["Location"]
    sound(address)
    worked()
    sound(address)
    client.post(f"{address}write/")
    sound(address)
    worked()
    sound(address)
    sound("/incidents/import/")


def test_a_file_is_shown_as_understood_before_anything_is_written(visit: Visit, cast: Cast) -> None:
    client = visit("lead")
    address = send(client, BAD_ROW).headers["Location"]
    worked()
    text = client.get(address).content.decode()
    for said in ("utf-8", "spreadsheet", "打印机卡纸", "Import 2 records", "发生时间", "never", "printing"):
        assert said in text
    assert not Incident.objects.exists()
    assert not Service.objects.filter(name="printing").exists()


def test_the_worker_writes_it_and_the_result_names_services_to_confirm_and_refused_rows(
    visit: Visit, cast: Cast
) -> None:
    client = visit("lead")
    address = send(client, BAD_ROW).headers["Location"]
    worked()
    assert client.post(f"{address}write/").status_code == 303
    waiting = client.get(f"{address}progress/?state=checked", headers={"HX-Request": "true"})
    assert "Waiting for the worker" in waiting.content.decode()
    worked()
    assert client.get(f"{address}progress/?state=checked").headers["HX-Refresh"] == "true"
    assert set(Incident.objects.values_list("source", "external_id")) == {("excel", "A-1"), ("excel", "A-2")}
    text = client.get(address).content.decode()
    assert "/procedure/services/?q=printing" in text
    listed = client.get(f"{address}rejects.csv")
    assert "attachment" in listed.headers["Content-Disposition"]
    assert "never" in listed.content.decode("utf-8-sig")
    told = Event.objects.get(verb="import.done")
    assert told.actor_name == "lead"
    assert not Path(ImportRun.objects.get().path).exists()  # what is written is not kept as a file too


def test_the_same_file_a_second_time_changes_nothing(visit: Visit, cast: Cast) -> None:
    client = visit("lead")
    for _ in range(2):
        address = send(client, GOOD).headers["Location"]
        worked()
        client.post(f"{address}write/")
        worked()
    run = ImportRun.objects.latest("id")
    assert (run.state, run.created, run.updated, run.unchanged) == (RunState.DONE, 0, 0, 2)


KINDS = {
    "services": ("服务名称,客户,可用性目标\n邮件,hospital customer,99.9\n", "hospital customer"),
    "people": ("登录名,姓名,邮箱,角色\nzhang,Desk Four,desk4@example.com,一线支持人员\n", "desk4@example.com"),
    "problems": (
        "问题单号,标题,来源,分类,级别,涉及系统,登记日期,状态\nP-1,核心交换机重启,事件升级,硬件设备,高,network,2026-03-02,未解决\n",
        "核心交换机重启",
    ),
    "known_errors": ("已知错误编号,标题,症状,变通方法,服务\nKE-9,打印机卡纸,卡纸,重启打印机,network\n", "打印机卡纸"),
    "changes": ("变更单号,标题,结果,关联问题单\nBG-1,升级固件,成功,P-1\n", "升级固件"),
}


def test_every_kind_is_shown_before_it_is_written_and_changes_nothing_the_second_time(visit: Visit, cast: Cast) -> None:
    client = visit("administrator")
    for kind, (content, shown) in KINDS.items():
        address = send(client, content, kind=kind)["Location"]
        worked()
        text = client.get(address).content.decode()
        assert shown in text, (kind, text)
        assert "Discard" in text
        client.post(f"{address}write/")
        worked()
        first = ImportRun.objects.latest("id")
        assert (first.kind, first.state, first.created) == (kind, RunState.DONE, 1), client.get(
            address
        ).content.decode()
        address = send(client, content, kind=kind)["Location"]
        worked()
        client.post(f"{address}write/")
        worked()
        again = ImportRun.objects.latest("id")
        assert (again.state, again.created, again.updated) == (RunState.DONE, 0, 0), kind


def test_what_was_only_looked_at_can_be_discarded_and_leaves_no_file(visit: Visit, cast: Cast) -> None:
    client = visit("lead")
    address = send(client, GOOD)["Location"]
    worked()
    run = ImportRun.objects.get()
    assert Path(run.path).exists()
    assert client.post(f"{address}discard/").status_code == 303
    run.refresh_from_db()
    assert run.state == RunState.DISCARDED
    assert not Path(run.path).exists()
    assert client.post(f"{address}discard/").status_code == 409
    client.post(f"{address}write/")
    worked()
    assert not Incident.objects.exists()
    assert "Discarded" in client.get("/incidents/import/").content.decode()
    assert send(client, GOOD)["Location"] != address


def test_an_import_that_was_written_is_not_discarded(visit: Visit, cast: Cast) -> None:
    client = visit("lead")
    address = send(client, GOOD)["Location"]
    worked()
    client.post(f"{address}write/")
    worked()
    assert client.post(f"{address}discard/").status_code == 409
    assert ImportRun.objects.get().state == RunState.DONE


def test_a_job_delivered_twice_does_no_harm(visit: Visit, cast: Cast) -> None:
    client, lead = visit("lead"), cast.user("lead").pk
    run = int(send(client, GOOD).headers["Location"].split("/")[-2])
    for _ in range(2):
        jobs.check(run, lead)
    for _ in range(2):
        jobs.carry_out(run, lead)
    assert Incident.objects.count() == 2
    assert ImportRun.objects.get().created == 2


def test_a_right_lost_while_the_job_waited_is_lost(visit: Visit, cast: Cast) -> None:
    client = visit("lead")
    address = send(client, GOOD).headers["Location"]
    cast.user("lead").grants.all().delete()
    worked()
    assert ImportRun.objects.get().state == RunState.CHECKING
    assert "role does not allow" in visit("deputy").get(address).content.decode()


def test_a_file_that_is_gone_is_said_in_words(visit: Visit, cast: Cast) -> None:
    client = visit("lead")
    address = send(client, GOOD).headers["Location"]
    worked()
    Path(ImportRun.objects.get().path).unlink()
    assert "cannot be opened" in client.get(address).content.decode()
    client.post(f"{address}write/")
    worked()
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.exe", b"MZ"),
        ("list.csv", b"PK\x03\x04zip"),
        ("list.csv.gz", b"no gzip"),
        ("list.xlsx", b"no workbook"),
        ("list.csv", b"a,b\n1,2\n"),
        ("../../etc/passwd", b"x"),
        ("list.csv", b""),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_beside_its_field_and_not_kept(
    visit: Visit, tmp_path: Path, name: str, content: bytes
) -> None:
    answer = send(visit("lead"), content, name=name)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'class="g-error" id="id_file_error"' in text
    assert not ImportRun.objects.exists()
    assert not list(tmp_path.rglob("*.*"))


def test_a_bomb_is_refused_in_words_and_nothing_is_written(visit: Visit) -> None:
    bomb = gzip.compress(GOOD.encode() + b"A-4,x,2026-11-02 08:00,network,\n" * 3_000_000)
    answer = send(visit("lead"), bomb, name="list.csv.gz")
    assert answer.status_code == 422
    assert "when it is unpacked" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_a_body_too_long_is_refused_before_it_is_read(visit: Visit) -> None:
    client = visit("lead")
    answer = client.generic(
        "POST", "/incidents/import/", b"", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(MAX_UPLOAD + 2**20),
    )  # fmt: skip
    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()


def test_a_form_without_its_token_is_refused(visit: Visit) -> None:
    client = visit("lead", enforce_csrf=True)
    assert send(client, GOOD).status_code == 403
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("name", ["first_line", "owner", "auditor"])
def test_those_without_the_right_are_refused(visit: Visit, cast: Cast, name: str) -> None:
    run = send(visit("lead"), GOOD).headers["Location"]
    client = visit(name)
    assert send(client, GOOD).status_code == 403
    for address in ("/incidents/import/", run, f"{run}progress/", f"{run}rejects.csv"):
        assert client.get(address).status_code == 403
    assert client.post(f"{run}write/").status_code == 403
    assert visit("representative").get(run).status_code == 404


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../x/list.csv", "list.csv"),
        ("C:\\temp\\list.csv", "list.csv"),
        (".hidden.csv", "hidden.csv"),
        ("a\x00b\n<i>.csv", "a_b_i_.csv"),
        ("..", "upload"),
        ("", "upload"),
        ("事件" * 100 + ".xlsx", ("事件" * 100 + ".xlsx")[-60:]),
    ],
)
def test_a_name_is_a_label_and_never_a_path(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


@pytest.mark.parametrize("rows", [2, 20])
def test_the_pages_ask_the_same_for_many_rows(visit: Visit, cast: Cast, queries_of: QueryCounts, rows: int) -> None:
    client = visit("lead")
    lines = "\n".join(f"A-{number},x,2026-11-02 08:00,s{number},已关闭" for number in range(rows))
    address = send(client, f"{HEAD}{lines}\n").headers["Location"]
    worked()
    queries_of("import preview", client, address)
    client.post(f"{address}write/")
    worked()
    queries_of("import result", client, address)
