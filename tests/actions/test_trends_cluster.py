"""The trend analysis on a cluster of worker processes: the same families, also when one of them is killed."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from distributed import LocalCluster

from bench.generated import generate
from genyin.base.actor import job
from genyin.base.errors import BadInput
from genyin.sift import neighbours
from genyin.sift.group import group
from genyin.trends import runs
from genyin.trends.models import FamilyMember
from genyin.trends.runs import cluster
from tests.actions.test_trends_runs import PRINTER, SWITCH, arrive
from tests.cast import Cast
from tests.processes import gone

pytestmark = [
    pytest.mark.once,
    pytest.mark.slow,
    # What a dying worker leaves open is closed by the collector, and the library says so.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as made:  # type: ignore[no-untyped-call]
        yield made


def test_two_workers_find_the_families_that_one_machine_finds(workers: LocalCluster) -> None:
    records = generate(2_000, seed=5).records
    with cluster.on(workers.scheduler_address) as spread:
        assert group(records, spread=spread).family.tolist() == group(records).family.tolist()


@pytest.mark.fault
def test_a_killed_worker_costs_time_only(workers: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "_SHARD", 50)
    records = generate(4_000, seed=6).records
    victim = next(iter(workers.workers.values())).process.pid
    killing = threading.Timer(0.4, os.kill, (victim, signal.SIGKILL))
    with cluster.on(workers.scheduler_address) as spread:
        killing.start()
        started = time.monotonic()
        found: list[list[int]] = []
        while not found or time.monotonic() < started + 1.5:  # until some grouping has lived through it
            found.append(group(records, spread=spread).family.tolist())
    killing.join()
    assert gone(victim)
    expected = group(records).family.tolist()
    assert all(one == expected for one in found)


def test_a_run_on_a_cluster_writes_the_same_families(cast: Cast, workers: LocalCluster) -> None:
    arrive(cast, SWITCH, ago=2, times=4)
    arrive(cast, PRINTER, ago=5, times=3)
    far = runs.run(by=job("trends"), scheduler=workers.scheduler_address)
    members = set(FamilyMember.objects.values_list("incident_id", "family__number"))
    near = runs.run(by=job("trends"))
    assert (far.families, near.families, near.candidates) == (2, 2, 0)
    assert set(FamilyMember.objects.values_list("incident_id", "family__number")) == members


def test_a_scheduler_that_does_not_answer_is_named(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=2, times=4)
    with pytest.raises(BadInput, match=r"127\.0\.0\.1:9"):
        runs.run(by=job("trends"), scheduler="tcp://127.0.0.1:9")
