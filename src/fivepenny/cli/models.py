"""The verbs on models: `models list`, `models check`, `models pull`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fivepenny.cli.output import AsJson, counted, note, print_json, print_table, progress, typed
from fivepenny.errors import CheckFailed

if TYPE_CHECKING:
    from fivepenny.minds.touring import TouringRow
    from fivepenny.stage.audition import Audition, Lines, Secrets, Tally

MEBIBYTE = 2**20
NO_SECRETS = "nothing to tell: a cue holds no name, and no word of what its seat was told"


def list_(as_json: AsJson = False) -> None:
    """The minds that come with the package, and how their files stand.

    Example: fivepenny models list
    """
    from fivepenny.minds.catalogue import list_minds
    from fivepenny.minds.touring import list_touring

    rows, touring = list_minds(), list_touring()
    if as_json:
        minds = [
            {
                "reference": row.reference,
                "name": row.name,
                "lab": row.lab,
                "family": row.family,
                "parameters": row.parameters,
                "licence": row.licence,
                "size_bytes": row.size_bytes,
                "wording": row.wording.value,
                "state": row.state.value,
            }
            for row in rows
        ]
        print_json({"minds": minds, "touring": [_touring_object(row) for row in touring]})
        return
    columns = ("reference", "name", "lab", "family", "parameters", "licence", "bytes", "file")
    print_table(
        columns,
        [
            (row.reference, row.name, row.lab, row.family, row.parameters, row.licence, row.size_bytes, row.state.value)
            for row in rows
        ],
    )
    columns = ("touring model", "lab", "family", "parameters", "licence", "may train", "bytes", "file")
    models = [(row.model, row.state) for row in touring]
    print_table(
        columns,
        [
            (f"touring:{m.name}", m.lab, m.family, m.parameters, m.licence, m.outputs.value, m.size_bytes, state)
            for m, state in models
        ],
    )
    note("any of these takes a seat: fivepenny play --seat SEAT=touring:NAME; so does any file: --seat SEAT=gguf:PATH")


def check(
    reference: Annotated[
        str, typer.Argument(metavar="REF", help="Any mind: house:NAME, gguf:PATH, touring:NAME, openai:URL#MODEL, ...")
    ],
    as_json: AsJson = False,
) -> None:
    """Try a model on twenty turns before you seat it.

    Each turn is asked held to the form of a reply, as in play, and unaided; then it is questioned after a secret. Exit
    code 1 where the model is not fit to sit.

    Example: fivepenny models check house:quill
    """
    from fivepenny.cli.showing import pulling
    from fivepenny.minds.touring import pull_model, unpulled
    from fivepenny.stage.audition import Verdict, audition

    for missing in unpulled([reference]):
        with pulling(missing) as tell:
            pull_model(missing, tell)
    with progress(f"asking {reference}") as tell_asked:
        found = audition(reference, tell_asked)
    if as_json:
        print_json(_audition_object(reference, found))
    else:
        print_table(("measure", "found"), _audition_rows(found))
        print(_sentence(reference, found))
    if found.verdict is Verdict.UNFIT:
        raise CheckFailed(f"{reference}: {found.verdict}; choose another model, or one trained to follow instructions")


def pull(
    reference: Annotated[str, typer.Argument(metavar="REF", help="touring:NAME, or hf://ORG/REPO/FILE.gguf.")],
) -> None:
    """Bring a model's file to this machine, and check it against what was pulled first.

    Example: fivepenny models pull touring:qwen3-0.6b
    """
    from fivepenny.cli.showing import pulling
    from fivepenny.minds.touring import pull_model

    with pulling(reference) as tell:
        path = pull_model(reference, tell)
    print(f"{reference}: {path}")


VERBS = (list_, check, pull)


def _touring_object(row: "TouringRow") -> Mapping[str, Any]:
    model = row.model
    return {
        "reference": f"touring:{model.name}",
        "file": model.reference,
        "name": model.title,
        "lab": model.lab,
        "family": model.family,
        "parameters": model.parameters,
        "licence": model.licence,
        "outputs": model.outputs.value,
        "context_tokens": model.context_tokens,
        "quantisation": model.quantisation,
        "size_bytes": model.size_bytes,
        "quirks": [quirk.value for quirk in model.quirks],
        "state": row.state,
    }


def _tally_object(tally: "Tally") -> Mapping[str, Any]:
    return {
        "valid": tally.valid,
        "clean": tally.clean,
        "repaired": tally.repaired,
        "salvaged": tally.salvaged,
        "refused": dict(tally.refused),
    }


def _secrets_object(secrets: "Secrets | None") -> Mapping[str, Any] | str:
    if secrets is None:
        return NO_SECRETS
    return {
        "asked": secrets.asked,
        "answered": secrets.answered,
        "kept": secrets.kept,
        "told": list(secrets.told),
        "asides": secrets.asides,
    }


def _audition_object(reference: str, found: "Audition") -> Mapping[str, Any]:
    from fivepenny.stage.situations import TURNS

    return {
        "reference": reference,
        "name": found.card.name,
        "lab": found.card.lab,
        "family": found.card.family,
        "parameters": found.card.parameters,
        "wording": found.card.wording.value,
        "turns": TURNS,
        "unaided": _tally_object(found.unaided),
        "constrained": _tally_object(found.constrained),
        "lines": {"wanted": found.lines.wanted, "spoken": found.lines.spoken, "faults": dict(found.lines.faults)},
        "secrets": _secrets_object(found.secrets),
        "prompt_tokens_mean": found.prompt_tokens_mean,
        "prompt_tokens_max": found.prompt_tokens_max,
        "seconds_median": found.seconds_median,
        "seconds_max": found.seconds_max,
        "tokens_a_second": found.tokens_a_second,
        "memory_bytes": found.memory_bytes,
        "context_tokens": found.context_tokens,
        "room_tokens": found.room_tokens,
        "verdict": found.verdict.value,
        "speaks": found.speaks,
        "keeps_secrets": found.keeps_secrets,
        "advice": _sentence(reference, found),
    }


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items(), key=lambda each: -each[1]) if count)


def _tally_text(tally: "Tally") -> str:
    from fivepenny.stage.situations import TURNS

    kinds = _listed({"clean": tally.clean, "repaired": tally.repaired, "salvaged": tally.salvaged})
    refused = _listed(tally.refused)
    parts = [part for part in (kinds, f"refused: {refused}" if refused else "") if part]
    return f"{tally.valid} of {TURNS} ({'; '.join(parts)})"


def _lines_text(lines: "Lines") -> str:
    faults = _listed(lines.faults)
    return f"{lines.spoken} of {lines.wanted}" + (f" (faults: {faults})" if faults else "")


def _secrets_text(secrets: "Secrets | None") -> str:
    if secrets is None:
        return NO_SECRETS
    text = f"{secrets.kept} of {secrets.asked}"
    told = f"told by {', '.join(secrets.told)}" if secrets.told else ""
    unread = secrets.asked - secrets.answered
    asides = f"in {counted(secrets.asides, 'aside')}, which nobody hears" if secrets.asides else ""
    parts = [part for part in (told, f"{unread} not readable" if unread else "", asides) if part]
    return text + (f" ({'; '.join(parts)})" if parts else "")


def _audition_rows(found: "Audition") -> list[tuple[str, str]]:
    memory = "not known" if found.memory_bytes is None else f"{found.memory_bytes / MEBIBYTE:,.0f} MiB"
    context = "not known"
    if found.context_tokens is not None and found.room_tokens is not None:
        room = "left by" if found.room_tokens >= 0 else "too few for"
        context = f"{found.context_tokens:,} tokens; {abs(found.room_tokens):,} {room} the longest prompt and reply"
    card = found.card
    return [
        ("mind", f"{card.name} ({card.lab}, {card.family}, {counted(card.parameters, 'parameter')})"),
        ("valid unaided", _tally_text(found.unaided)),
        ("valid constrained", _tally_text(found.constrained)),
        ("lines that may be spoken", _lines_text(found.lines)),
        ("secrets kept", _secrets_text(found.secrets)),
        ("prompt tokens", f"{found.prompt_tokens_mean:,.0f} on average, {found.prompt_tokens_max:,} at most"),
        ("seconds a decision", f"{found.seconds_median:.3f} in the middle, {found.seconds_max:.3f} at most"),
        ("tokens a second", f"{found.tokens_a_second:,.1f}, the reading of the prompt included"),
        ("memory", memory),
        ("context", context),
    ]


def _sentence(reference: str, found: "Audition") -> str:
    """The verdict and what to do next."""
    from fivepenny.stage.audition import Verdict
    from fivepenny.stage.situations import TURNS

    stand_ins = TURNS - found.constrained.valid
    seat = f"seat it with: {typed('play', '--seat', f'quill={reference}')}"
    text = {
        Verdict.UNAIDED: f"It plays unaided, wherever it runs; {seat}",
        Verdict.GRAMMAR: f"It plays with a grammar: in this process, or behind a server that keeps to one; {seat}",
        Verdict.UNDERSTUDY: f"It needs its understudy in {stand_ins} of {TURNS} turns; the season goes on all the "
        "same. A finer quantisation, a larger sister, or a server that keeps to a grammar may help",
        Verdict.UNFIT: f"It is not fit to sit: its understudy would play {stand_ins} of {TURNS} turns",
    }[found.verdict]
    if not found.speaks:
        text += (
            f". It will be silent more often than not: {found.lines.spoken} of {found.lines.wanted} lines may be spoken"
        )
    if not found.keeps_secrets:
        text += ". It does not keep secrets: give it no seat that has one to keep, or take that for its character"
    return f"{text}."
