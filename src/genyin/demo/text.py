"""A text of the demo in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Text:
    """The same thing said in Chinese and in English."""

    zh: str
    en: str

    def said_in(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    @classmethod
    def read(cls, table: Mapping[str, object], name: str) -> "Text":
        """`name_zh` and `name_en` of a TOML table; both must be there."""
        zh, en = table[f"{name}_zh"], table[f"{name}_en"]
        if not (isinstance(zh, str) and isinstance(en, str)):
            raise TypeError(f"{name}_zh and {name}_en must be texts")
        return cls(zh=zh.strip(), en=en.strip())
