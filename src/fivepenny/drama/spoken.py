"""What was said today, and so need not be told again."""

from collections.abc import Sequence

from fivepenny import happenings as hap
from fivepenny.events import Event


def line_of(todays: Sequence[Event], speaker: str, hearer: str, *acts: str) -> int:
    """The number of the first line with which one of these was said to the hearer; 0 where nothing was."""
    for event in todays:
        body = event.body
        if isinstance(body, hap.Said) and (body.speaker, body.hearer) == (speaker, hearer) and body.act in acts:
            return event.number
    return 0
