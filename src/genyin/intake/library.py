"""Loads mapping files. They are checked whole when they are loaded, so that a spelling mistake is found
before the first row and named with its place."""

import tomllib
from collections.abc import Mapping as Table
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from genyin.base.errors import gettext_noop
from genyin.intake.mapping import Log, Mapping, Spec, plain
from genyin.intake.rows import bad_file
from genyin.intake.targets import KINDS
from genyin.intake.values import SPECIAL_DATES, is_pattern

READY = Path(__file__).parent / "mappings"
TOP = frozenset(
    (
        "name",
        "title",
        "kind",
        "zone",
        "dates",
        "point",
        "missing",
        "recognise",
        "unless",
        "fields",
        "values",
        "log",
        "extra",
    )
)
SPEC = frozenset(
    ("columns", "join", "separator", "where", "take", "split", "values", "otherwise", "dates", "unit", "strip")
)
LOG = frozenset(("key", "order", "order_is", "at", "by", "track"))
OTHERWISE = ("reject", "empty", "keep")


def ready(name: str) -> Mapping | None:
    """The ready mapping of that name, if there is one."""
    path = READY / f"{name}.toml"
    # The name may come from outside; it names a file in this folder or nothing.
    return load(path) if name.replace("_", "").isalnum() and path.is_file() else None


def all_ready() -> tuple[Mapping, ...]:
    """Every ready mapping, by name."""
    return tuple(load(path) for path in sorted(READY.glob("*.toml")))


def vocabulary(mapping: Mapping | None = None) -> frozenset[str]:
    """The names of columns, plain, that the mapping knows; without one those of all the ready ones."""
    mappings = all_ready() if mapping is None else (mapping,)
    specs = [spec for one in mappings for spec in one.fields.values()]
    logs = [names for one in mappings if one.log for names in (one.log.key, one.log.order, one.log.at)]
    words = (name for names in (*(spec.columns + spec.join for spec in specs), *logs) for name in names)
    return frozenset(plain(name) for name in words if not name.startswith("@"))


def load(path: Path) -> Mapping:
    """Read and check a mapping file. Raises BadFile naming the place."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise bad_file(
            gettext_noop("The mapping %(file)s cannot be read: %(why)s."), file=path.name, why=str(error)
        ) from error
    return _Check(path.name).mapping(content, default_name=path.stem)


class _Check:
    """Turns loosely typed TOML into a Mapping, or says what is wrong where."""

    def __init__(self, file: str) -> None:
        self.file = file

    def mapping(self, content: dict[str, object], *, default_name: str) -> Mapping:
        self.known(content, TOP, "")
        kind = self.one_of(content.get("kind", "incidents"), tuple(KINDS), "kind")
        values = {
            name: self.table(table, f"values.{name}")
            for name, table in self.as_table(content.get("values", {}), "values").items()
        }
        specs = {
            name: self.spec(spec, values, f"fields.{name}")
            for name, spec in self.as_table(content.get("fields", {}), "fields").items()
        }
        self.known(specs, KINDS[kind].names, "fields")
        for name, spec in specs.items():
            self.codes(spec, frozenset(KINDS[kind].targets[name].codes), f"fields.{name}")
        for required in KINDS[kind].required:
            if not any(name in specs for name in required):
                self.fail("fields", gettext_noop("must say where %(names)s comes from"), names=" / ".join(required))
        return Mapping(
            name=self.text(content.get("name", default_name), "name"),
            title=self.text(content.get("title", default_name), "title"),
            kind=kind,
            zone=self.zone(content.get("zone", "")),
            dates=self.dates(content.get("dates", ["iso"]), "dates"),
            point=self.one_of(content.get("point", "."), (".", ","), "point"),
            missing=frozenset(mark.casefold() for mark in self.texts(content.get("missing", []), "missing")) | {""},
            recognise=tuple(
                self.texts(names, "recognise") for names in self.as_list(content.get("recognise", []), "recognise")
            ),
            unless=self.texts(content.get("unless", []), "unless"),
            fields=specs,
            extra=self.texts(content.get("extra", []), "extra"),
            log=self.log(content.get("log")),
        )

    def spec(self, raw: object, values: dict[str, dict[str, str]], at: str) -> Spec:
        if isinstance(raw, str | list):
            return Spec(columns=self.texts(raw, at))
        spec = self.as_table(raw, at)
        self.known(spec, SPEC, at)
        table = None
        if "values" in spec:
            table = values.get(self.text(spec["values"], at))
            if table is None:
                self.fail(
                    f"{at}.values", gettext_noop("names a table that is not there: %(name)s"), name=spec["values"]
                )
        if not spec.get("columns") and not spec.get("join"):
            self.fail(at, gettext_noop("must name a column"))
        return Spec(
            columns=self.texts(spec.get("columns", []), at),
            join=self.texts(spec.get("join", []), at),
            separator=self.text(spec.get("separator", " / "), at),
            where={key: self.text(value, at) for key, value in self.as_table(spec.get("where", {}), at).items()},
            take=self.text(spec.get("take", ""), at),
            split=self.text(spec.get("split", ""), at),
            strip=self.text(spec.get("strip", ""), at),
            table=table,
            otherwise=self.one_of(spec.get("otherwise", "reject"), OTHERWISE, f"{at}.otherwise"),
            dates=self.dates(spec.get("dates", []), f"{at}.dates"),
            unit=self.one_of(spec.get("unit", "minutes"), ("seconds", "minutes", "hours"), f"{at}.unit"),
        )

    def codes(self, spec: Spec, codes: frozenset[str], at: str) -> None:
        """A table that fills a coded field must lead to codes that exist; "" says unknown."""
        for word, code in (spec.table or {}).items():
            if codes and code not in codes | {""}:
                self.fail(at, gettext_noop("turns “%(word)s” into “%(code)s”, which is none of %(names)s"),
                          word=word, code=code, names=", ".join(sorted(codes)))  # fmt: skip

    def log(self, raw: object) -> Log | None:
        if raw is None:
            return None
        log = self.as_table(raw, "log")
        self.known(log, LOG, "log")
        for name in ("key", "order"):
            if name not in log:
                self.fail("log", gettext_noop("must say where %(names)s comes from"), names=name)
        return Log(
            key=self.texts(log["key"], "log.key"),
            order=self.texts(log["order"], "log.order"),
            order_is=self.one_of(log.get("order_is", "number"), ("number", "date"), "log.order_is"),
            at=self.texts(log.get("at", []), "log.at"),
            by=self.texts(log.get("by", []), "log.by"),
            track=self.texts(log.get("track", []), "log.track"),
        )

    def table(self, raw: object, at: str) -> dict[str, str]:
        return {
            key.strip().casefold(): self.text(value, f"{at}.{key}") for key, value in self.as_table(raw, at).items()
        }

    def zone(self, raw: object) -> str:
        name = self.text(raw, "zone")
        try:
            if name:
                ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            self.fail("zone", gettext_noop("is no time zone: %(name)s"), name=name)
        return name

    def dates(self, raw: object, at: str) -> tuple[str, ...]:
        """Date forms: ours by name, or patterns that strptime understands."""
        forms = self.texts(raw, at)
        for form in forms:
            if form not in SPECIAL_DATES and not is_pattern(form):
                why = gettext_noop(
                    "holds “%(form)s”, which is neither one of %(names)s nor a pattern such as %(pattern)s"
                )
                self.fail(at, why, form=form, names=", ".join(SPECIAL_DATES), pattern="%d/%m/%Y %H:%M")
        return forms

    def known(self, found: Table[str, object], allowed: frozenset[str], at: str) -> None:
        for name in found:
            if name not in allowed:
                self.fail(
                    f"{at}.{name}".lstrip("."),
                    gettext_noop("is unknown; possible are %(names)s"),
                    names=", ".join(sorted(allowed)),
                )

    def as_table(self, raw: object, at: str) -> dict[str, object]:
        if not isinstance(raw, dict):
            self.fail(at, gettext_noop("must be a table"))
        return raw

    def as_list(self, raw: object, at: str) -> list[object]:
        if not isinstance(raw, list):
            self.fail(at, gettext_noop("must be a list"))
        return raw

    def text(self, raw: object, at: str) -> str:
        if not isinstance(raw, str):
            self.fail(at, gettext_noop("must be text"))
        return raw

    def texts(self, raw: object, at: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        return tuple(self.text(item, at) for item in ([raw] if isinstance(raw, str) else self.as_list(raw, at)))

    def one_of(self, raw: object, allowed: tuple[str, ...], at: str) -> str:
        value = self.text(raw, at)
        if value not in allowed:
            self.fail(at, gettext_noop("must be one of %(names)s"), names=", ".join(allowed))
        return value

    def fail(self, at: str, why: str, **params: object) -> NoReturn:
        raise bad_file(
            gettext_noop("The mapping %(file)s is wrong: “%(at)s” %(why)s."),
            file=self.file,
            at=at,
            why=why % params if params else why,
        )
