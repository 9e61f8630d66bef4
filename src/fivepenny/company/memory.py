"""Bounded memory: of all that a seat remembers, what fits on a prompt, however long the season."""

from collections.abc import Sequence

from fivepenny.world import Memory


def select_memories(memories: Sequence[Memory], most: int) -> tuple[Memory, ...]:
    """Up to `most` memories in order of time: half the strongest feelings, half the freshest facts.

    Ties go to the later. A fact that is both is kept once, and the room goes to the next strongest.
    """
    by_strength = sorted(memories, key=lambda memory: (-abs(memory.strength), -memory.event))
    by_time = sorted(memories, key=lambda memory: -memory.event)
    kept: dict[int, Memory] = {}
    for memory in (*by_strength[: most - most // 2], *by_time[: most // 2], *by_strength):
        if len(kept) >= most:
            break
        kept.setdefault(memory.event, memory)
    return tuple(sorted(kept.values(), key=lambda memory: memory.event))
