"""What each part of a score counts: learned, shipped, and refitted on a site's own confirmed links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

#: Learned by `genyin.sift.learn` on all three projects of `bench match`; each is judged there on the two others.
#: Those of CJK text were chosen on `bench chinese`: its words are pairs, and near characters tell more than they do.
SHIPPED: Mapping[str, float] = MappingProxyType(
    {
        "words": 12.0,
        "letters": 9.0,
        "words:cjk": 7.0,
        "letters:cjk": 14.0,
        "identifiers": 3.4,
        "age": 0.57,
        "named": 1.5,
        "service": 0.3,
        "shared": 0.31,
        "differs": 0.37,
    }
)


@dataclass(frozen=True, slots=True)
class Weights:
    """Weight by part. The more of a query is Chinese, Japanese or Korean, the more of "words:cjk" and "letters:cjk"
    stands in the place of "words" and "letters".

    "words", "letters", "identifiers" (each 0 to about 1), "age" (times −ln(1 + days)), "named",
    "service", "shared:FIELD" (times the idf of the rarest value that a coded field shares) and "differs:FIELD"
    (times −1 where a field has other values). A field without its own weight takes that of "shared", "differs".
    """

    values: Mapping[str, float] = field(default_factory=lambda: SHIPPED)

    def of(self, part: str, *, cjk: float = 0.0) -> float:
        """The weight of a part for a query of which this share is CJK; 0 for a part that is not known."""
        kind = part.partition(":")[0]
        latin = self.values.get(part, self.values.get(kind, 0.0))
        return latin + cjk * (self.values[f"{part}:cjk"] - latin) if f"{part}:cjk" in self.values else latin
