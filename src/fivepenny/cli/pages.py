"""A season file as something to read: which renderer makes which page. Knows no model and prints nothing."""

from typing import TYPE_CHECKING, Any

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
    from fivepenny.drama.court_file import court_files
    from fivepenny.drama.text import render_text

    return render_text(screenplay_of(file), court_files(file.header, tuple(file.events())))


def playbill_of(file: "SeasonFile", cards: "Mapping[str, MindCard]") -> str:
    """The playbill, one page of HTML."""
    from fivepenny.drama.playbill import CastRow, Meter, render_playbill
    from fivepenny.stage.report import METER, meter_table, season_report, spared_lines

    cast = [
        CastRow(seat.name, seat.full_name, seat.trade, card.name, card.lab, card.family, card.parameters)
        for seat in file.header.scenario.seats
        for card in (cards[seat.name],)
    ]
    events = tuple(file.events())
    report = season_report(file, cards, 0.0, {})
    meter = Meter(METER, [[_cell(value) for value in row] for row in meter_table(report)], spared_lines(report))
    return render_playbill(file.header, events, screenplay_of(file), cast, _counts(report), meter)


def json_of(file: "SeasonFile") -> str:
    """The season as one JSON object, sealed parts apart."""
    from fivepenny.drama.export import render_json

    return render_json(file.header, tuple(file.events()), screenplay_of(file))


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}" if isinstance(value, float) else str(value)


def _counts(report: "Mapping[str, Any]") -> dict[str, int]:
    """What the playbill counts, by the names that it shows."""
    shown = {
        "turns": report["decisions"],
        "understudy turns": report["understudy_turns"],
        "calls": report["calls"],
        "tokens of the longest prompt": report["prompt_tokens_max"],
    }
    return shown | {f"refused, {cause}": count for cause, count in report["refusals"].items()}
