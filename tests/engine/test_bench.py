"""The benches measure what they say, and the engine reaches its figures on real data."""

import csv
import json
import lzma
from pathlib import Path

import pytest

from bench import chinese as bench_chinese
from bench import codes as bench_codes
from bench import index as bench_index
from bench import match as bench_match
from bench.group import generate
from genyin.sift.group import group
from genyin.sift.records import Record

ISSUES = [
    # key, created, summary; sets: {1, 2, 6}, {3, 4}
    ("P-1", "2010-01-01", "disk full on datanode"),
    ("P-2", "2010-01-05", "datanode disk is full"),
    ("P-3", "2010-02-01", "login page fails"),
    ("P-4", "2012-02-01", "login page fails again"),
    ("P-5", "2012-02-02", "nothing alike"),
    ("P-6", "2010-03-01", "full disk"),
]


def write(folder: Path) -> None:
    with lzma.open(folder / "P.issues.jsonl.xz", "wt", encoding="utf-8") as lines:
        for key, created, summary in ISSUES:
            issue: dict[str, object] = {
                "key": key,
                "id": key[2:],
                "created": f"{created}T00:00:00.000+0000",
                "summary": summary,
                "description": None,
                "components": [],
                "versions": [],
            }
            lines.write(json.dumps(issue) + "\n")
    rows = ["set_id,position,key,created,is_query,reachable_365d"]
    rows += ["P-1,0,P-1,,0,", "P-1,1,P-2,,1,1", "P-1,2,P-6,,1,1", "P-3,0,P-3,,0,", "P-3,1,P-4,,1,0"]
    (folder / "P.dup_sets.csv").write_text("\n".join(rows), encoding="utf-8")


def test_a_set_older_than_the_window_is_a_miss_and_stays_in_the_denominator(tmp_path: Path) -> None:
    write(tmp_path)
    found = bench_match.main(tmp_path)
    assert found["queries"] == 3
    assert found["rr1"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["mrr"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["no_window"] == {"rr1": 1.0, "rr5": 1.0, "rr10": 1.0, "rr20": 1.0, "mrr": 1.0}
    assert {"by_project", "ms_p50", "ms_p99"} <= found.keys()


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"issues\.jsonl\.xz"):
        bench_match.main(tmp_path)


@pytest.mark.data
def test_duplicates_of_real_bug_reports_are_found(real_data: Path) -> None:
    """The two smaller projects, each with the weights the other teaches; all three: `genyin bench match`."""
    found = bench_match.main(real_data / "jira_apache", only=("MAPREDUCE", "ZOOKEEPER"))
    assert found["queries"] == 207
    assert found["rr10"] >= 0.70  # type: ignore[operator]
    assert found["no_window"]["rr10"] >= 0.80  # type: ignore[index]
    assert found["gain"]["mean"] >= 0.04  # type: ignore[index]
    projects: dict[str, dict[str, float]] = found["by_project"]  # type: ignore[assignment]
    assert all(one["rr10"] >= one["tfidf_rr10"] for one in projects.values())


def test_a_partner_that_stands_behind_one_other_is_second(tmp_path: Path) -> None:
    pairs = [("网络中断了", "网断了", "1"), ("网络中断了", "网络中断了吗", "0"), ("打印机卡纸", "打印机卡纸了", "1")]
    file = tmp_path / "pairs.tsv.xz"
    with lzma.open(file, "wt", encoding="utf-8") as rows:
        rows.writelines("\t".join(pair) + "\n" for pair in pairs)
    found = bench_chinese.main(file)
    assert (found["sentences"], found["queries"]) == (5, 4)
    assert (found["r1"], found["r5"]) == (0.75, 1.0)


@pytest.mark.data
def test_chinese_sentences_that_mean_the_same_are_found(real_data: Path) -> None:
    found = bench_chinese.main(real_data / "zh_bq_corpus" / "bq_dev.tsv.xz")
    assert found["queries"] == 3747
    assert found["r10"] >= 0.40  # type: ignore[operator]


@pytest.mark.data
def test_the_glossary_finds_english_by_chinese(real_data: Path) -> None:
    file = real_data / "vscode_multilingual" / "vscode_multilingual.first70.csv.xz"
    found, without = bench_chinese.across(file), bench_chinese.across(file, bench_chinese.without_glossary())
    assert found["queries"] == without["queries"] == 518
    assert found["title_r10"] > without["title_r10"] + 0.1  # type: ignore[operator]
    assert found["whole_r10"] > without["whole_r10"] + 0.1  # type: ignore[operator]


def test_a_known_error_is_guessed_from_what_was_learned_before(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv.xz"
    with lzma.open(file, "wt", encoding="utf-8") as rows:
        rows.write("CI_TypeSubType_aff,Service_Component_WBS_aff,CI_Name_aff,Urgency,KM_number\n")
        rows.writelines(f"app,W1,CI{n % 2},low,KM{n % 2}\n" for n in range(18))
        rows.write("app,W1,CI0,low,KM9\n" * 2)
    found = bench_codes.main(file)
    assert (found["rows"], found["guessed"]) == (20, 6)
    assert found["top1"] == pytest.approx(4 / 6, abs=1e-4)  # KM9 was never seen, then only once
    assert found["top5"] == pytest.approx(5 / 6, abs=1e-4)


@pytest.mark.data
def test_known_errors_of_a_real_service_desk_are_guessed(real_data: Path) -> None:
    found = bench_codes.main(real_data / "bpi2014_rabobank_partial" / "incident_at_open.first70.csv.xz")
    assert found["guessed"] == 7393
    assert found["top1"] >= 0.56  # type: ignore[operator]
    assert found["top10"] >= 0.90  # type: ignore[operator]


def test_the_generator_is_reproducible_and_keeps_its_promises() -> None:
    records, truth = generate(3_000, seed=1)
    again, _ = generate(3_000, seed=1)
    assert records == again
    assert records != generate(3_000, seed=2)[0]
    assert len({record.ref for record in records}) == 3_000
    assert (truth == -1).mean() == pytest.approx(0.35, abs=0.05)
    assert sum(record.service == -1 for record in records) / 3_000 == pytest.approx(0.05, abs=0.02)


def test_real_incidents_with_coded_fields_only_form_families() -> None:
    with (Path(__file__).parent / "data" / "uci_400.csv").open(encoding="utf-8", newline="") as rows:
        incidents = list(csv.DictReader(rows))
    fields = ("category", "subcategory", "u_symptom", "cmdb_ci")
    records = [
        Record(ref, codes=tuple((field, row[field]) for field in fields if row[field] != "?"))
        for ref, row in enumerate(incidents)
    ]
    families = group(records).families
    assert len(families) > 20
    for family in families:
        shared = {code.field for code in family.common.codes}
        assert "category" in shared, "a family of incidents that do not even share the category says nothing"


def test_a_small_index_is_built_asked_and_mapped_by_another_process() -> None:
    found = bench_index.main(1_500, seed=5)
    assert found["hit10"] > 0.9  # type: ignore[operator]
    assert found["segments"] > 0  # type: ignore[operator]
    assert found["load_seconds"] < found["build_seconds"]  # type: ignore[operator]
    assert {"peak_mb", "match_ms_p50", "match_ms_p99", "append_ms_p99", "append_ms_max", "mapped_mb"} <= found.keys()
