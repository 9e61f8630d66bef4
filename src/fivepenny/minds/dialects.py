"""How a server of the OpenAI kind likes to be asked.

Which fields it takes, whether it knows a system role, whether its model thinks aloud, and how it is held to a grammar
or a JSON schema are found out by asking it, never from its name: a constraint counts only where a word comes back that
was made up a moment ago and that no message holds. It knows no HTTP: it is given a function that asks.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from fivepenny.minds.answers import MOST_ALTERNATIVES, Said
from fivepenny.minds.chat import encodable
from fivepenny.minds.mind import THINK_TOKENS, Request, Task
from fivepenny.minds.patience import Cause, Fault

PROBE_TOKENS = 96
PROBE_SYSTEM = "You keep the minutes of a coffee-house and answer each question in a single word of plain English."
PROBE_PROMPT = "Name a colour."
# Fits a signed number of 32 bits, and is never the largest unsigned one, which some engines take for "draw one".
SEED_MODULUS = 0x7FFF_FFFF


class Dialect(StrEnum):
    """A way to ask for constrained output; the first two say it in GBNF, the others in JSON schema."""

    GRAMMAR = "grammar"
    OUTPUTS_GRAMMAR = "structured_outputs grammar"
    RESPONSE_FORMAT = "response_format"
    OUTPUTS_JSON = "structured_outputs json"
    GUIDED_JSON = "guided_json"
    FORMAT_VALUE = "response_format value"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Manner:
    """What a server takes: the name of the token limit, sampling fields, the switch for thinking, a system role.

    `thinks`: the model thinks before it answers, switch or no switch, and gets `THINK_TOKENS` more for it.
    """

    limit_field: str
    sampling: bool
    thinking_switch: bool
    system_role: bool = True
    dialect: Dialect = Dialect.NONE
    thinks: bool = False


MANNERS = (
    Manner("max_tokens", sampling=True, thinking_switch=True),
    Manner("max_tokens", sampling=True, thinking_switch=False),
    Manner("max_completion_tokens", sampling=True, thinking_switch=False),
    Manner("max_completion_tokens", sampling=False, thinking_switch=False),
)
"""From the most that is asked for to the least that will do."""


Ask = Callable[[Mapping[str, object]], Said | Fault]


def constraint_fields(dialect: Dialect, grammar: str | None, schema: str | None) -> dict[str, Any]:
    """The fields that ask for this constraint in this dialect; none where it cannot be said there."""
    match dialect:
        case Dialect.GRAMMAR if grammar is not None:
            return {"grammar": grammar}
        case Dialect.OUTPUTS_GRAMMAR if grammar is not None:
            return {"structured_outputs": {"grammar": grammar}}
        case Dialect.RESPONSE_FORMAT if schema is not None:
            named = {"name": "reply", "strict": True, "schema": json.loads(schema)}
            return {"response_format": {"type": "json_schema", "json_schema": named}}
        case Dialect.OUTPUTS_JSON if schema is not None:
            return {"structured_outputs": {"json": json.loads(schema)}}
        case Dialect.GUIDED_JSON if schema is not None:
            return {"guided_json": json.loads(schema)}
        case Dialect.FORMAT_VALUE if schema is not None:
            return {"response_format": {"type": "json_object", "value": json.loads(schema)}}
    return {}


def messages_of(manner: Manner, system: str, prompt: str) -> list[dict[str, str]]:
    """The messages of one turn. `system` comes first and alone, so that a server may keep its beginning."""
    system, prompt = disarmed(system), disarmed(prompt)
    if not system:
        return [{"role": "user", "content": prompt}]
    if manner.system_role:
        return [{"role": "system", "content": system}, {"role": "user", "content": prompt}]
    return [{"role": "user", "content": f"{system}\n\n{prompt}"}]


def disarmed(text: str) -> str:
    """`text` with every spelling of a chat mark broken by a space.

    The marks of the families begin with `<` (`<|end|>`, `<s>`, `<start_of_turn>`, `<<SYS>>`) or are capitals in
    square brackets (`[INST]`, `[/INST]`); a server's tokenizer cannot be asked which are its own.
    """
    pieces: list[str] = []
    for place, letter in enumerate(text):
        pieces.append(letter)
        after = text[place + 1 : place + 2]
        if (letter == "<" and after and not after.isspace()) or (letter == "[" and (after == "/" or after.isupper())):
            pieces.append(" ")
    return encodable("".join(pieces))


def body_of(
    model: str, manner: Manner, request: Request, *, constrained: bool = True, told: bool = True
) -> dict[str, Any]:
    """What is posted for a request; without its constraint and its alternatives where these are not to be asked for."""
    body: dict[str, Any] = {
        "model": model,
        "messages": messages_of(manner, request.system, request.prompt),
        manner.limit_field: request.max_tokens + (THINK_TOKENS if manner.thinks else 0),
        "stream": False,
    }
    if manner.sampling:
        body |= {"temperature": request.temperature, "seed": request.seed % SEED_MODULUS}
    if manner.thinking_switch:
        body["chat_template_kwargs"] = {"enable_thinking": False}
    if constrained:
        body |= constraint_fields(manner.dialect, request.grammar, request.schema)
    if told and request.alternatives > 0:
        body |= {"logprobs": True, "top_logprobs": min(request.alternatives, MOST_ALTERNATIVES)}
    return body


def _probe(system: str, grammar: str | None = None, schema: str | None = None) -> Request:
    return Request(Task.REPLY, system, PROBE_PROMPT, PROBE_TOKENS, grammar, 0, 0.0, schema)


def find_manner(model: str, ask: Ask) -> tuple[Manner, Said] | Fault:
    """How this server is to be asked, with its reply to `PROBE_SYSTEM` and `PROBE_PROMPT`; or why it cannot be.

    Every question is put by `ask`, which is expected to be patient.
    """
    for manner in MANNERS:
        plain = ask(body_of(model, manner, _probe("")))
        if not isinstance(plain, Fault) or plain.cause is not Cause.REQUEST_REFUSED:
            break
    if isinstance(plain, Fault):
        return plain
    spoken = ask(body_of(model, manner, _probe(PROBE_SYSTEM)))
    if isinstance(spoken, Fault) or _dropped(plain, spoken):
        manner = replace(manner, system_role=False)
        spoken = ask(body_of(model, manner, _probe(PROBE_SYSTEM)))
        if isinstance(spoken, Fault):
            return spoken
    manner = replace(manner, thinks=plain.thought or spoken.thought)
    return replace(manner, dialect=_find_dialect(model, manner, ask)), spoken


def _dropped(plain: Said, spoken: Said) -> bool:
    """Whether a system text cost no tokens: then the template left it out."""
    return bool(spoken.prompt_tokens) and spoken.prompt_tokens == plain.prompt_tokens


def _find_dialect(model: str, manner: Manner, ask: Ask) -> Dialect:
    for dialect in Dialect:
        word = secrets.token_hex(6)
        for request in _constrained(word):
            if constraint_fields(dialect, request.grammar, request.schema):
                said = ask(body_of(model, replace(manner, dialect=dialect), request))
                if isinstance(said, Said) and word in said.text:
                    return dialect
    return Dialect.NONE


def _constrained(word: str) -> Iterator[Request]:
    """Requests whose only possible answer holds this word, in GBNF and as a schema."""
    shape = {
        "type": "object",
        "properties": {"word": {"type": "string", "enum": [word]}},
        "required": ["word"],
        "additionalProperties": False,
    }
    yield _probe(PROBE_SYSTEM, grammar=f'root ::= "{word}"')
    yield _probe(PROBE_SYSTEM, schema=json.dumps(shape))
