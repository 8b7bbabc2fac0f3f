"""What each part of a score counts: learned, shipped, and refitted on a site's own confirmed links."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

#: Learned by `genyin.sift.learn` on all three projects of `bench match`; each is judged there on the two others.
SHIPPED: Mapping[str, float] = MappingProxyType(
    {
        "words": 12.0,
        "letters": 9.0,
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
    """Weight by part: "words", "letters", "identifiers" (each 0 to about 1), "age" (times −ln(1 + days)), "named",
    "service", "shared:FIELD" (times the idf of the rarest value that a coded field shares) and "differs:FIELD"
    (times −1 where a field has other values). A field without its own weight takes that of "shared", "differs".
    """

    values: Mapping[str, float] = field(default_factory=lambda: SHIPPED)

    def of(self, part: str) -> float:
        """The weight of a part; 0 for one that is not known."""
        kind = part.partition(":")[0]
        return self.values.get(part, self.values.get(kind, 0.0))
