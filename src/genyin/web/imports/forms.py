"""Which file, from which source, read how. The name a browser sends is a label, never a path."""

import re
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from genyin.base.errors import BadFile, GenyinError
from genyin.base.sentences import say
from genyin.intake import kinds, library
from genyin.intake.actions import MAX_UPLOAD, SOURCE_LENGTH, keep_upload
from genyin.web.forms import Form
from genyin.web.problems.forms.base import line
from genyin.web.words import word

LARGEST_MAPPING = 256 * 2**10
LONGEST_NAME = 60  # characters; a file system counts bytes, and a Chinese character has three
ODD = re.compile(r"[^\w.()（）\- ]+")


def _mappings() -> list[tuple[str, str]]:
    """The ready mappings of kinds that can be taken in, by kind."""
    ready = sorted((m for m in library.all_ready() if m.kind in kinds.TAKERS), key=lambda m: (m.kind, m.title))
    return [
        ("", str(_("recognised by the columns"))),
        *((m.name, f"{word('import_kind', m.kind)}: {m.title}") for m in ready),
    ]


def _kinds() -> list[tuple[str, str]]:
    return [("", gettext("recognised by the columns")), *((kind, word("import_kind", kind)) for kind in kinds.TAKERS)]


class Upload(Form):
    title = _("Import a file")
    submit = _("Look at it first")
    intro = _("Nothing is written yet: you will see how the file is understood and which rows are refused.")
    file = forms.FileField(
        label=_("File"),
        max_length=1000,
        help_text=_("CSV, TSV, XLSX or JSONL, also as .gz, .xz or .zip; at most %(mb)s MB.")
        % {"mb": MAX_UPLOAD // 2**20},
    )
    source = line(_("Source"), required=False, longest=SOURCE_LENGTH)
    kind = forms.ChoiceField(label=_("What it holds"), choices=_kinds, required=False)
    mapping = forms.ChoiceField(label=_("Mapping"), choices=_mappings, required=False)
    own_mapping = forms.FileField(
        label=_("Your own mapping"),
        required=False,
        max_length=1000,
        help_text=_("A TOML file; it goes before the choice above."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].help_text = _(
            "The system the records come from, always spelled alike: its name and a record's number are their identity."
        )
        said = gettext("CSV, TSV, XLSX or JSONL, also as .gz, .xz or .zip; at most %(mb)s MB.")
        self.fields["file"].help_text = said % {"mb": MAX_UPLOAD // 2**20}
        self.fields["file"].widget.attrs["accept"] = ".csv,.tsv,.xlsx,.jsonl,.json,.gz,.xz,.zip"

    def clean_own_mapping(self) -> "UploadedFile[Any] | None":
        sent: UploadedFile[Any] | None = self.cleaned_data["own_mapping"]
        if sent and (sent.size or 0) > LARGEST_MAPPING:
            raise forms.ValidationError(_("A mapping has at most 256 kB."))
        return sent

    def refuse(self, error: GenyinError) -> None:
        """A refused file is shown beside the file, whichever of its columns was the reason."""
        if isinstance(error, BadFile):
            self.add_error("own_mapping" if error.file.endswith(".toml") else "file", say(error))
        else:
            super().refuse(error)

    def keep(self) -> tuple[Path, Path | None]:
        """Lay the files where the worker can read them: the data, and the mapping that was chosen."""
        sent, own = self.cleaned_data["file"], self.cleaned_data["own_mapping"]
        mapping = library.READY / f"{self.cleaned_data['mapping']}.toml" if self.cleaned_data["mapping"] else None
        if own:
            mapping = keep_upload("mapping.toml", own.chunks())
        return keep_upload(safe_name(sent.name), sent.chunks()), mapping


def safe_name(name: str) -> str:
    """What is left of a file's name: no path, no odd characters, its ending kept, short enough for any disk."""
    plain = ODD.sub("_", Path(name.replace("\\", "/")).name).lstrip(". ")
    return plain[-LONGEST_NAME:].lstrip(". ") or "upload"
