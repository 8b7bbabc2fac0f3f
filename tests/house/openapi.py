"""The API as it is described to other programs: docs/reference/openapi.json is what the code generates, no less.

`python -m tests.house.openapi --write` makes it.
"""

import json
import os
import sys
from functools import partial

import django
from django.urls import get_resolver
from django.utils import translation
from ninja import NinjaAPI
from ninja.responses import NinjaJSONEncoder

from tests.house import repository

SNAPSHOT = repository.ROOT / "docs" / "reference" / "openapi.json"


def api() -> NinjaAPI:
    """The one API that the product's URLs lead to."""
    (namespace,) = get_resolver().app_dict["ninja"]
    _prefix, resolver = get_resolver().namespace_dict[namespace]
    views = (pattern.callback for pattern in resolver.url_patterns)
    found: NinjaAPI = next(
        view.keywords["api"] for view in views if isinstance(view, partial) and "api" in view.keywords
    )
    return found


def generated() -> str:
    with translation.override("en"):
        schema = api().get_openapi_schema()
        return json.dumps(schema, cls=NinjaJSONEncoder, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def undocumented(statuses: frozenset[str]) -> list[str]:
    """Operations that do not say all of these answers."""
    paths: dict[str, dict[str, dict[str, dict[str, object]]]] = json.loads(generated())["paths"]
    return [
        f"{verb.upper()} {path}: {', '.join(sorted(lacking))}"
        for path, operations in paths.items()
        for verb, operation in operations.items()
        if (lacking := statuses - set(operation["responses"]))
    ]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    if "--write" not in sys.argv[1:]:
        sys.exit("call it with --write")
    SNAPSHOT.parent.mkdir(parents=True, exist_ok=True)
    SNAPSHOT.write_text(generated())
