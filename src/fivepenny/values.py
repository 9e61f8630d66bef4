"""Values: small records that nothing changes once they are made.

A frozen dataclass asks the interpreter's guard at each field that its making sets, and so costs three to four times
what a plain one does. Of the values that are marked here a roll-out makes tens of thousands, so it is the type checker
that guards them: to mypy a value is a frozen dataclass, and setting a field of one is an error.

Knows nothing of what a value stands for.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

_Value = TypeVar("_Value")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(*, kw_only: bool = False) -> Callable[[type[_Value]], type[_Value]]:
    """Make a class a slotted dataclass that is equal and hashed by its fields, and frozen to the type checker."""
    return dataclass(slots=True, unsafe_hash=True, kw_only=kw_only)
