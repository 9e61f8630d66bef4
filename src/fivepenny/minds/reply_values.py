"""What a tolerant reading makes of objects and lists: values that may be whole, unfinished or cut off.

It knows nothing of how they were read, nor of which of them is an answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from fivepenny.minds.reply_strings import CutText


class BareText(str):
    """A phrase that stood without quotes."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Node:
    """An object: members in order, `end` one past its brace or None where it never closed.

    `owner` is the object that holds it (through `owner_key`, directly or `in_list`).
    """

    start: int
    end: int | None = None
    members: list[tuple[str, "Value"]] = field(default_factory=list)
    owner: "Node | None" = None
    owner_key: str = ""
    in_list: bool = False
    _values: "dict[str, Value] | None" = None

    def values(self) -> dict[str, "Value"]:
        """Members by folded key, the last of equal keys; to be asked for only when the reading is over."""
        if self._values is None:
            self._values = {key.strip().lower(): value for key, value in self.members}
        return self._values


@dataclass(slots=True, eq=False)
class Items:
    """A list: `end` as in `Node`."""

    start: int
    items: list["Value"] = field(default_factory=list)
    end: int | None = None
    owner: Node | None = None
    owner_key: str = ""


Value: TypeAlias = bool | int | str | CutText | Node | Items | None


def lists_in(value: Value) -> Iterator[Value]:
    """The leaves of a value, lists flattened in order, without recursion."""
    waiting = [value]
    while waiting:
        leaf = waiting.pop()
        if isinstance(leaf, Items):
            waiting.extend(reversed(leaf.items))
        else:
            yield leaf
