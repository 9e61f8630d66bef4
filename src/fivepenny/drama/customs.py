"""What is worth telling of a table's customs: each has a module of its own; they are joined here."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from fivepenny.drama import aims, bribery, court, deposits, hire
from fivepenny.drama.moments import Moment
from fivepenny.drama.names import Names
from fivepenny.drama.pacts import PACT_MOMENTS
from fivepenny.drama.paper import PAPER_MOMENTS
from fivepenny.drama.past import Past
from fivepenny.drama.words import MOMENTS as WORDS_MOMENTS
from fivepenny.events import Body, Event

CUSTOM_MOMENTS: Mapping[type[Body], Callable[[Names, Past, Sequence[Event], Event], Iterator[Moment]]] = {
    **hire.MOMENTS,
    **deposits.MOMENTS,
    **court.MOMENTS,
    **PACT_MOMENTS,
    **PAPER_MOMENTS,
    **aims.MOMENTS,
    **WORDS_MOMENTS,
    **bribery.MOMENTS,
}
"""The moments of an event of each kind, before it is added to the past; beside it the events read with it."""
