"""What the text of a cell is made of: storable characters, lists, lists of objects."""

import json
import re

from genyin.base.errors import gettext_noop
from genyin.intake.mapping import Spec
from genyin.intake.targets import Reads, Target
from genyin.intake.values import BadValue

# Half of a pair: an emoji cut in two by a program that counts in UTF-16, or one of the marks under which the
# readers keep bytes that do not fit.
LONE = re.compile("[\ud800-\udfff]")
DAMAGED = re.compile("[\udc80-\udcff]")


def clean(text: str, target: Target) -> str:
    """Text that any database can store. Raises BadValue where mending would change a name or hide damage."""
    if not text.isascii() and LONE.search(text):
        if DAMAGED.search(text):
            raise BadValue(gettext_noop("holds bytes that do not belong to the encoding of the file"))
        text = LONE.sub("\ufffd", text)
    if target.reads is Reads.TEXT:
        if len(text) > target.limit:
            raise BadValue(gettext_noop("is longer than %(limit)s characters"), limit=target.limit)
        return text.replace("\0", "\ufffd")
    if "\0" in text and target.reads is not Reads.TITLE:
        raise BadValue(gettext_noop("holds a zero byte"))
    return " ".join(text.replace("\0", "\ufffd").split())


def _objects(text: str) -> list[object]:
    """A cell that holds a JSON list; any other text is a list of itself."""
    if not text.startswith("["):
        return [text]
    try:
        content = json.loads(text)
    except ValueError:
        return [text]
    return content if isinstance(content, list) else [text]


def taken(text: str, spec: Spec) -> str:
    """Of the objects in a list those that match, by one of their values."""
    matching = (
        item
        for item in _objects(text)
        if isinstance(item, dict) and all(str(item.get(key, "")) == value for key, value in spec.where.items())
    )
    return ", ".join(str(item[spec.take]) for item in matching if item.get(spec.take))


def _name(item: object) -> str:
    """What an object of a REST interface is called; other items as they are."""
    if isinstance(item, dict):
        return str(next((item[key] for key in ("name", "value", "label", "key") if item.get(key)), ""))
    return str(item)


def listed(text: str, spec: Spec) -> tuple[str, ...]:
    """The items of a list, in their order, each once. Without `split` the usual separators count."""
    if spec.split == "json" or text.startswith("["):
        items = [_name(item) for item in _objects(text)]
    elif spec.split:
        items = text.split(spec.split)
    else:
        for mark in "，、；;\n|":
            text = text.replace(mark, ",")
        items = text.split(",")
    return tuple(dict.fromkeys(item.strip() for item in items if item.strip()))
