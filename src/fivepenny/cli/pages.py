"""A season file as something to read: which renderer makes which page. Knows no model and prints nothing."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fivepenny.drama.screenplay import Screenplay
    from fivepenny.journal import SeasonFile
    from fivepenny.minds.mind import MindCard


def screenplay_of(file: "SeasonFile") -> "Screenplay":
    """The screenplay of the days on file."""
    from fivepenny.drama.screenplay import build_screenplay

    return build_screenplay(file.header, tuple(file.events()))


def fountain_of(file: "SeasonFile") -> str:
    """The season as Fountain."""
    from fivepenny.drama.fountain import render_fountain

    return render_fountain(screenplay_of(file))


def text_of(file: "SeasonFile") -> str:
    """The season as plain text."""
    from fivepenny.drama.text import render_text

    return render_text(screenplay_of(file))


def playbill_of(file: "SeasonFile", cards: "Mapping[str, MindCard]") -> str:
    """The playbill, one page of HTML."""
    from fivepenny.drama.playbill import CastRow, render_playbill

    cast = [
        CastRow(seat.name, seat.full_name, seat.trade, card.name, card.lab, card.family, card.parameters)
        for seat in file.header.scenario.seats
        for card in (cards[seat.name],)
    ]
    events = tuple(file.events())
    return render_playbill(file.header, events, screenplay_of(file), cast, _counts(file))


def json_of(file: "SeasonFile") -> str:
    """The season as one JSON object, sealed parts apart."""
    from fivepenny.drama.export import render_json

    return render_json(file.header, tuple(file.events()), screenplay_of(file))


def _counts(file: "SeasonFile") -> dict[str, int]:
    """What the playbill counts, by the names that it shows."""
    from fivepenny.stage.report import refusals_by_cause, season_counts

    counts = season_counts(file)
    shown = {
        "turns": counts["decisions"],
        "understudy turns": counts["understudy_turns"],
        "calls": counts["calls"],
        "prompt tokens": counts["prompt_tokens"],
        "tokens of the longest prompt": counts["prompt_tokens_max"],
        "tokens answered": counts["completion_tokens"],
    }
    return shown | {f"refused, {cause}": count for cause, count in refusals_by_cause(file.tape()).items()}
