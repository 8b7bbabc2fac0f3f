"""The API's documentation as it is committed: `python -m tests.api.snapshot --write` brings it up to date."""

import argparse
import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from genyin.api.routes import api  # noqa: E402 (Django must be set up first)

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.json"


def text() -> str:
    """The OpenAPI document, one key a line, so that a change can be read in a diff."""
    schema = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/"), default=str))
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the API's documentation with the committed one.")
    parser.add_argument("--write", action="store_true", help="bring the committed one up to date")
    if parser.parse_args().write:
        SNAPSHOT.write_text(text())
    return 0 if SNAPSHOT.exists() and SNAPSHOT.read_text() == text() else 1


if __name__ == "__main__":
    sys.exit(main())
