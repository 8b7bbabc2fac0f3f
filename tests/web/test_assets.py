"""What browsers are given beside the pages."""

import gzip
from pathlib import Path

import pytest

from genyin import web

STATIC = Path(web.__file__).parent / "static"
VENDOR = STATIC / "vendor"


@pytest.mark.parametrize("packed", sorted(VENDOR.rglob("*.gz")), ids=lambda path: path.name)
def test_a_compressed_twin_holds_the_same_bytes(packed: Path) -> None:
    assert gzip.decompress(packed.read_bytes()) == packed.with_suffix("").read_bytes()


@pytest.mark.parametrize("folder", sorted(p for p in VENDOR.iterdir() if p.is_dir()), ids=lambda path: path.name)
def test_a_vendored_package_brings_its_licence(folder: Path) -> None:
    assert (folder / "LICENSE").stat().st_size > 500


@pytest.mark.parametrize("name", ["genyin.css", "vendor/tabler/tabler.min.css"])
def test_no_style_sheet_fetches_from_elsewhere(name: str) -> None:
    text = (STATIC / name).read_text().replace(" ", "")
    assert "@import" not in text
    assert "url(http" not in text
    assert "url(//" not in text
