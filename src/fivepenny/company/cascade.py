"""References of cascades: a small mind first, and a larger one where the small one is not sure.

`cascade:[SMALL, LARGER]@BAR` asks the larger mind where the small one holds its choice for less likely than the bar.
Bars come from held-out seasons (`fivepenny bench cascade`); those of the house's minds stand in the package. It opens
no mind and asks none.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from fivepenny.errors import UnknownMind
from fivepenny.minds.mind import MindCard

KIND = "cascade"
FORM = f"{KIND}:[SMALL, LARGER]@BAR"
_FORM = re.compile(rf"{KIND}:\[([^,\[\]]+),([^,\[\]]+)\](?:@([0-9]*\.?[0-9]+))?")
PLACES = 4  # decimals of a bar
_OUTSIDE = ("understudy", "null", "human", KIND)


@dataclass(frozen=True, slots=True)
class Cascade:
    """Two references, and the sureness (0 to 1) below which the larger mind is asked."""

    small: str
    larger: str
    unsure_below: float

    @property
    def reference(self) -> str:
        """The cascade as it is kept on file."""
        return f"{KIND}:[{self.small},{self.larger}]@{self.unsure_below}"


def read_cascade(reference: str) -> Cascade | None:
    """The cascade that a reference names; None where it names something else. Raises UnknownMind."""
    if reference.partition(":")[0] != KIND:
        return None
    found = _FORM.fullmatch(reference.strip())
    if found is None:
        raise UnknownMind(f"{reference!a} names no cascade; write {FORM}, as in {KIND}:[house:quill, gguf:PATH]@0.8")
    small, larger = found[1].strip(), found[2].strip()
    for member in (small, larger):
        if member.partition(":")[0] in _OUTSIDE:
            raise UnknownMind(f"{reference!a}: {member} cannot be part of a cascade; name a model")
    bar = shipped_bars().get(small) if found[3] is None else float(found[3])
    if bar is None:
        command = f"fivepenny bench cascade {small} {larger}"
        raise UnknownMind(
            f"{reference!a}: no bar is known for {small}; write {FORM}, with the bar that {command} finds"
        )
    if bar > 1:
        raise UnknownMind(f"{reference!a}: a bar is a probability; write a number from 0 to 1 after the @")
    return Cascade(small, larger, round(bar, PLACES))


def members(reference: str) -> tuple[str, ...]:
    """The minds that a reference names: itself, or both of a cascade."""
    cascade = read_cascade(reference)
    return (reference,) if cascade is None else (cascade.small, cascade.larger)


def joint_card(small: MindCard, larger: MindCard) -> MindCard:
    """The card of both minds together: their names one after the other, their weights added up."""
    return MindCard(
        name=f"{small.name}, then {larger.name}",
        lab=small.lab if small.lab == larger.lab else f"{small.lab}, then {larger.lab}",
        family=small.family if small.family == larger.family else f"{small.family}, then {larger.family}",
        parameters=small.parameters + larger.parameters,
        wording=larger.wording,
    )


@cache
def shipped_bars() -> dict[str, float]:
    """The bars that come with the package, by the small mind's reference."""
    text = (resources.files("fivepenny") / "data" / "bars.toml").read_text("utf-8")
    return {str(reference): float(bar) for reference, bar in tomllib.loads(text)["bars"].items()}
