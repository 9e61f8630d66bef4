"""Leanings: how much each fact weighs in the grade of an act. See `fivepenny.policies.temperaments` for the formula."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Weights = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Leaning:
    """How one act is graded: its base, and the weight of each fact by key, in quarters of a grade."""

    base: int
    weights: Weights = field(default_factory=dict)


Temperament = Mapping[str, Leaning]
