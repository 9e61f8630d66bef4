"""The cast: which player sits in which seat, from a company's name and single seats' references.

References of minds are those of `fivepenny.minds.registry` (`house:NAME`, `gguf:PATH`, `openai:URL#MODEL`, …);
`understudy:NAME` and `null` are players without weights, `human` is a person.
"""

from collections.abc import Iterable
from dataclasses import replace

from fivepenny.aims import PATRON
from fivepenny.company import cascade
from fivepenny.company.human import HUMAN, Company, HumanPlayer
from fivepenny.company.players import CuePlayer, Player, PolicyPlayer, ProsePlayer
from fivepenny.errors import MindFailed, UnknownMind, WrongUse
from fivepenny.minds import remote
from fivepenny.minds.catalogue import seat_mind
from fivepenny.minds.mind import Mind, Request, Task, Wording
from fivepenny.minds.touring import company_names, resolve, touring_company
from fivepenny.policies.null import NullPlayer
from fivepenny.policies.temperaments import TEMPERAMENTS
from fivepenny.policies.understudy import load_understudy, temperament_for
from fivepenny.scenario import Scenario, Seat

HOUSE, UNDERSTUDIES, NULL = "house", "understudies", "null"
COMPANIES = (HOUSE, UNDERSTUDIES, NULL)
_UNDERSTUDY = "understudy"
_PATRON = f"{_UNDERSTUDY}:{PATRON}"
# Held to a digit, so that not even a model that has nothing to say ends before its first token.
_ODDS_PROBE = Request(Task.GRADE, "", "0", 8, "root ::= [0-9]", 0, 0.0, alternatives=2)


def cast_references(company: str | None, pairs: Iterable[str], scenario: Scenario) -> dict[str, str]:
    """Who sits where: by `SEAT=MIND` pairs, else by the company, else by the scenario's own minds, else the house.

    Raises WrongUse or UnknownMind.
    """
    own = {seat.name: _checked(seat.mind) for seat in scenario.seats if seat.mind and company is None}
    return {**company_references(company or HOUSE, scenario), **own, **seat_overrides(pairs, scenario)}


def _checked(reference: str) -> str:
    """A reference as it is kept on file: no key written into an address ever reaches a season file."""
    found = cascade.read_cascade(reference)
    if found is not None:
        return replace(found, small=_checked(found.small), larger=_checked(found.larger)).reference
    if reference.partition(":")[0] == remote.KIND:
        remote.parse_reference(reference)
    return resolve(reference)


def company_references(company: str, scenario: Scenario) -> dict[str, str]:
    """The reference of each seat in this company; the Patron belongs to none: a rule plays it. Raises UnknownMind."""
    if company in company_names():
        seats = [seat for seat in scenario.seat_names if seat != PATRON]
        return {**touring_company(company, seats), **({PATRON: _PATRON} if PATRON in scenario.seat_names else {})}
    if company not in COMPANIES:
        raise UnknownMind(f"no company {company!r}; there are: {', '.join((*COMPANIES, *company_names()))}")
    references: dict[str, str] = {}
    for place, seat in enumerate(scenario.seat_names):
        name = temperament_for(seat, place)
        house = _PATRON if seat == PATRON else f"house:{name}"
        references[seat] = {HOUSE: house, UNDERSTUDIES: f"understudy:{name}", NULL: NULL}[company]
    return references


def seat_overrides(pairs: Iterable[str], scenario: Scenario) -> dict[str, str]:
    """`SEAT=MIND` arguments as references; `understudy` alone is the seat's own. Raises WrongUse."""
    found: dict[str, str] = {}
    for pair in pairs:
        seat, mark, reference = pair.partition("=")
        if not mark or not reference:
            raise WrongUse(f"--seat {pair!r}: write SEAT=MIND, as in --seat marrow=house:quill")
        if seat not in scenario.seat_names:
            raise WrongUse(f"--seat {pair!r}: no seat {seat!r}; there are: {', '.join(scenario.seat_names)}")
        if reference == _UNDERSTUDY:
            reference = f"{_UNDERSTUDY}:{temperament_for(seat, scenario.seat_names.index(seat))}"
        found[seat] = _checked(reference)
    return found


def open_player(
    reference: str,
    seat: Seat,
    minds: dict[str, Mind],
    *,
    tells_sureness: bool = False,
    people: Company | None = None,
) -> Player:
    """The player of this reference, asked how sure it is where that is wanted; `people` is whom a person sits with.

    A mind is opened once and kept in `minds`, whoever shares it. Raises UnknownMind, MissingPart or WrongUse, as
    `fivepenny.minds.catalogue.seat_mind` does, and WrongUse where a mind cannot tell how sure it is, or nobody is there
    to be asked.
    """
    kind, _, name = reference.partition(":")
    if reference == NULL:
        return PolicyPlayer(NullPlayer())
    if reference == HUMAN:
        if people is None:
            raise WrongUse(f"--seat {seat.name}={HUMAN}: a person can be asked by play and resume alone")
        return HumanPlayer(seat, people)
    if kind == _UNDERSTUDY:
        if name not in TEMPERAMENTS:
            raise UnknownMind(f"{reference!r}: no understudy {name!r}; there are: {', '.join(TEMPERAMENTS)}")
        return PolicyPlayer(load_understudy(name))
    if reference not in minds:
        minds[reference] = seat_mind(reference)
    mind = minds[reference]
    if tells_sureness:
        _check_odds(mind, reference)
    if mind.card.wording is Wording.CUE:
        return CuePlayer(mind, tells_sureness=tells_sureness)
    return ProsePlayer(mind, seat, tells_sureness=tells_sureness)


def _check_odds(mind: Mind, reference: str) -> None:
    """Let a mind show that it tells probabilities: without them a cascade would always ask its larger mind."""
    try:
        told = mind.complete(_ODDS_PROBE).odds
    except MindFailed as error:
        raise WrongUse(f"{reference}: {error}; it cannot be the small mind of a cascade") from error
    if not told:
        raise WrongUse(f"{reference}: it does not tell how likely its tokens were; choose another small mind")


def names_of_others(scenario: Scenario) -> dict[str, dict[str, frozenset[str]]]:
    """For each seat, what each of the others is called, in lower case; the `of` or `von` of a name is a word as any."""
    names = {
        seat.name: frozenset({seat.name, *(part.lower() for part in seat.full_name.split() if not part.islower())})
        for seat in scenario.seats
    }
    return {seat: {other: words for other, words in names.items() if other != seat} for seat in names}
