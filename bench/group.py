"""Grouping of generated incidents whose families are known.

The generator: services and configuration items grow as the square root of n; a family lives on one
service (8 % on two) and one to three CIs; family sizes follow Zipf's law; 35 % of the records are
alone; about a third are machine alerts; half are Chinese; words are mistyped; 5 % carry no service,
2 % the wrong one, and `dirty` of the CIs are wrong or missing.

Its bias: words are drawn, not written. People vary their sentences in ways that no drawing has, and
two faults of one real system share more words than two families here. Read its figures as a
comparison between methods, not as what a service desk will see.

    python -m bench.group N [SEED]
"""

import json
import resource
import sys
import time
from dataclasses import dataclass

import numpy as np

from genyin.sift.group import Settings, group
from genyin.sift.measure import adjusted_rand, pairwise
from genyin.sift.records import NO_SERVICE, Record

ALONE_SHARE = 0.35
MACHINE_SHARE = 0.31
CHINESE_SHARE = 0.5
NO_SERVICE_SHARE = 0.05
WRONG_SERVICE_SHARE = 0.02
TYPO_SHARE = 0.03

_SYLLABLES = "ba co di fu ga ho ji ka lo mi no pa re si tu va we xi yo za ter lin port net".split()  # noqa: SIM905
_HAN = "网络服务器数据库磁盘内存应用系统登录密码邮件打印备份链路交换防火墙证书接口超时失败异常告警中断延迟"


@dataclass(frozen=True, slots=True)
class Fault:
    """What the records of one family are drawn from."""

    words: tuple[str, ...]
    service: int
    cis: tuple[int, ...]
    category: int
    machine: bool
    chinese: bool


def generate(n: int, *, seed: int, dirty: float = 0.0) -> tuple[list[Record], np.ndarray]:
    """`n` records in random order and the true family (n,) of each, -1 for one that is alone."""
    rng = np.random.default_rng(seed)
    sizes = _sizes(n, rng)
    vocabulary = _vocabulary(int(12 * n**0.6), rng)
    services = max(2, int(n**0.5 / 2))
    records: list[Record] = []
    truth: list[int] = []
    for family, size in enumerate(sizes):
        fault = _fault(vocabulary, services, rng)
        label = family if size > 1 else -1
        for _ in range(size):
            records.append(_record(len(records), fault, services, vocabulary, dirty, rng))
            truth.append(label)
    order = rng.permutation(n)
    shuffled = [records[i] for i in order]
    return shuffled, np.array(truth)[order]


def _sizes(n: int, rng: np.random.Generator) -> list[int]:
    sizes = [1] * int(ALONE_SHARE * n)
    left = n - len(sizes)
    while left > 0:
        size = min(left, int(min(1 + rng.zipf(1.7), max(4, n // 20))))
        sizes.append(size)
        left -= size
    return sizes


def _vocabulary(size: int, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    latin = ["".join(rng.choice(_SYLLABLES, rng.integers(2, 5))) for _ in range(size)]
    han = ["".join(rng.choice(list(_HAN), rng.integers(2, 4))) for _ in range(size)]
    return latin, han


def _draw(vocabulary: tuple[list[str], list[str]], chinese: bool, count: int, rng: np.random.Generator) -> list[str]:
    """Words by Zipf's law: few are everywhere, most are rare."""
    words = vocabulary[int(chinese)]
    ranks = np.exp(rng.random(count) * np.log(len(words))).astype(int)
    return [words[rank - 1] for rank in ranks]


def _fault(vocabulary: tuple[list[str], list[str]], services: int, rng: np.random.Generator) -> Fault:
    chinese, machine = bool(rng.random() < CHINESE_SHARE), bool(rng.random() < MACHINE_SHARE)
    service = int(rng.integers(services))
    cis = tuple(int(service * 20 + ci) for ci in rng.integers(0, 20, rng.integers(1, 4)))
    words = tuple(_draw(vocabulary, chinese, int(rng.integers(4, 8)), rng))
    return Fault(words, service, cis, int(rng.integers(30)), machine, chinese)


def _record(
    ref: int,
    fault: Fault,
    services: int,
    vocabulary: tuple[list[str], list[str]],
    dirty: float,
    rng: np.random.Generator,
) -> Record:
    ci = fault.cis[rng.integers(len(fault.cis))]
    codes = [("category", f"category {fault.category}")]
    if rng.random() >= dirty:
        codes.append(("ci", f"ci-{ci}"))
    elif rng.random() < 0.5:
        codes.append(("ci", f"ci-{rng.integers(services * 20)}"))
    service = fault.service
    if (chance := rng.random()) < NO_SERVICE_SHARE:
        service = NO_SERVICE
    elif chance < NO_SERVICE_SHARE + WRONG_SERVICE_SHARE:
        service = int(rng.integers(services))
    return Record(ref, _title(fault, ci, vocabulary, rng), "", service, tuple(codes), float(rng.random() * 365))


def _title(fault: Fault, ci: int, vocabulary: tuple[list[str], list[str]], rng: np.random.Generator) -> str:
    between = "" if fault.chinese else " "
    if fault.machine:
        clock = f"{rng.integers(24):02d}:{rng.integers(60):02d}:{rng.integers(60):02d}"
        return f"{clock} srv-{ci:04d} {between.join(fault.words)} {rng.integers(1, 100)}%"
    said = [word for word in fault.words if rng.random() < 0.75] or [fault.words[0]]
    said += _draw(vocabulary, fault.chinese, int(rng.integers(0, 4)), rng)
    rng.shuffle(said)
    return between.join(_mistyped(word, rng) for word in said)


def _mistyped(word: str, rng: np.random.Generator) -> str:
    if len(word) < 4 or rng.random() >= TYPO_SHARE:
        return word
    at = int(rng.integers(len(word) - 1))
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def main(n: int, *, seed: int = 0, dirty: float = 0.0, settings: Settings | None = None) -> dict[str, object]:
    """Figures for `n` generated records; see the module for what they are and are not."""
    records, truth = generate(n, seed=seed, dirty=dirty)
    started, cpu = time.perf_counter(), time.process_time()
    grouping = group(records, settings=settings)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    precision, recall, f1 = pairwise(truth, grouping.family)
    return {
        "n": n,
        "seed": seed,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "ari": round(adjusted_rand(truth, grouping.family), 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
        "families": len(grouping.families),
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
