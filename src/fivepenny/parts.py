"""What every part of a scenario is made of: the bounds of its values, and how it is written.

Knows no part by itself.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer
from pydantic_core import PydanticCustomError

MOST_DAYS = 3_000
LATER_PARTS = frozenset(
    {
        *("banker", "calendar", "customs", "deposits", "diet", "eats", "legends"),
        *("moved_by", "patron", "put_off_by", "want"),
    }
)


def _printable(text: str) -> str:
    """A text without marks that change how what stands around it is read (control characters, turned direction)."""
    if not text.isprintable():
        raise PydanticCustomError("printable", "it holds characters that cannot be printed; leave them out")
    return text


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,19}$")]
Text = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(_printable)]
Custom = Literal["court", "deposits", "hire", "pacts", "paper", "words"]
"""What may be done at a table beyond trade, tips and plain loans; each has a module of that name in the market."""
Manner = Literal["plain", "warm", "flattering", "evasive", "menacing"]
"""What a speaker puts on."""
Pence = Annotated[int, Field(ge=0, le=10**9)]
Quantity = Annotated[int, Field(ge=0, le=10**6)]
Percent = Annotated[int, Field(ge=0, le=100)]
Day = Annotated[int, Field(ge=1, le=MOST_DAYS)]


class Part(BaseModel):
    """A part of a scenario: strict, frozen, and of no other keys than its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_serializer(mode="wrap")
    def _leave_out(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without the parts that came later where they are not used: a season's digest begins with its scenario."""
        return {key: value for key, value in write(self).items() if value or key not in LATER_PARTS}
