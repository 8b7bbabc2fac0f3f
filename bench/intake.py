"""How long an import takes, and how much memory: `genyin import` in a home of its own, as a person calls it.

The file is generated: incidents of forty services and some hundred configuration items, Chinese and English titles of
which every second is new, a description of two lines, all dates filled, one row in a thousand unreadable. The database
is SQLite and new; making it is not counted. `seconds` are those the command reports of itself, `cpu_seconds` those of
its whole process with its start; reading the file a first time, before anything is written, is in both.

    python -m bench.intake ROWS [csv|xlsx|jsonl]
"""

import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import xlsxwriter

SOURCE = Path(__file__).parents[1] / "src"
FORMATS = ("csv", "xlsx", "jsonl")
HEADER = (
    "事件编号", "标题", "描述", "客户", "服务", "配置项", "分类", "影响度", "优先级", "状态", "发生时间", "登记时间",
    "解决时间", "关闭时间", "处理组", "报告人", "解决方案", "结束代码",
)  # fmt: skip
UNREADABLE = 1000  # one row in so many
FIRST = datetime(2024, 1, 1, 8, tzinfo=UTC)


def rows(count: int, seed: int) -> Iterator[list[str]]:
    """The rows below the header."""
    chance = random.Random(seed)
    for n in range(count):
        service, ci = n % 40, chance.randrange(400)
        at = FIRST + timedelta(minutes=5 * n + chance.randrange(5))
        solved = at + timedelta(minutes=chance.randrange(10, 3000))
        words = f"核心交换机 {ci} 端口告警" if n % 2 else f"Login to application {service} fails with error {n}"
        yield [
            f"SJ-{n:07d}", words, f"{words}\n第 {chance.randrange(9)} 次出现, user {n % 5000} called",
            f"客户 {service % 3}", f"服务 {service}", f"ci-{ci}", ("网络", "应用", "硬件")[n % 3],
            ("高", "中", "低")[n % 3],
            ("高", "中", "低", "紧急")[n % 4], "已关闭", _clock(at), _clock(at), _clock(solved),
            "someday" if n % UNREADABLE == UNREADABLE - 1 else _clock(solved + timedelta(days=1)),
            f"{n % 7} 组", f"user {n % 5000}", "重启后恢复", "已解决",
        ]  # fmt: skip


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def write(path: Path, count: int, seed: int) -> None:
    """The file, in the format its name ends in."""
    if path.suffix == ".xlsx":
        with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate((HEADER, *rows(count, seed))):
                sheet.write_row(number, 0, row)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            csv.writer(file).writerows((HEADER, *rows(count, seed)))
        else:
            records = (dict(zip(HEADER, row, strict=True)) for row in rows(count, seed))
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def main(count: int, *, form: str = "csv", seed: int = 0) -> dict[str, object]:
    """Figures of one import of that many rows; raises CalledProcessError when it fails."""
    with tempfile.TemporaryDirectory(prefix="genyin-bench-") as made:
        folder = Path(made)
        before, file = folder / "before.csv", folder / f"incidents.{form}"
        write(before, 1, seed)
        write(file, count, seed)
        _genyin(folder / "home", before)
        began = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = _genyin(folder / "home", file)
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
        size = file.stat().st_size
    return {
        "rows": told["rows"], "format": form, "file_mb": round(size / 2**20, 1), "seconds": told["seconds"],
        "cpu_seconds": round(cpu, 2), "peak_mb": told["peak_mb"], "created": told["created"],
        "rejected": told["rejected"],
    }  # fmt: skip


def _genyin(home: Path, file: Path) -> dict[str, object]:
    """Import the file in that home, always with SQLite; the answer."""
    kept = {name: value for name, value in os.environ.items() if name != "GENYIN_DATABASE_URL"}
    environment = {**kept, "GENYIN_HOME": str(home), "PYTHONPATH": str(SOURCE)}
    words = [sys.executable, "-m", "genyin.cli.main", "import", str(file), "--source", file.stem, "--json"]
    done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return answer


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), form=sys.argv[2] if len(sys.argv) > 2 else "csv")))
