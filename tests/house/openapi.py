"""The API as it is described to other programs: docs/reference/openapi.json is what the code generates, no less.

`python -m tests.house.openapi --write` makes it.
"""

import json
import os
import sys
from typing import Any

import django
from django.utils import translation
from django.utils.module_loading import import_string

from tests.house import repository

SNAPSHOT = repository.ROOT / "docs" / "reference" / "openapi.json"


def described() -> dict[str, Any]:
    """The description as it is committed; making it anew takes seconds, and a house test holds the two together."""
    description: dict[str, Any] = json.loads(SNAPSHOT.read_text())
    return description


def generated() -> str:
    with translation.override("en"):
        # By name: ninja reads Django's settings when it is imported, and called as a program there are none yet.
        encoder = import_string("ninja.responses.NinjaJSONEncoder")
        schema = import_string("genyin.api.routes.api").get_openapi_schema(path_prefix="/api/")
        return json.dumps(schema, cls=encoder, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    if "--write" not in sys.argv[1:]:
        sys.exit("call it with --write")
    SNAPSHOT.parent.mkdir(parents=True, exist_ok=True)
    SNAPSHOT.write_text(generated())
