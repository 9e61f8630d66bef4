"""A mind without a model: it says what it was given to say, and remembers what it was asked.

For tests, examples and rehearsals of a season's plumbing. It knows nothing of grammars: a scripted reply may
break any rule, which is what it is good for.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable

from fivepenny.errors import MindFailed
from fivepenny.minds.mind import Completion, MindCard, Request, Wording

SCRIPTED_CARD = MindCard(name="script", lab="fivepenny", family="script", parameters=0, wording=Wording.CUE)

Answer = str | Completion | Exception
Script = Iterable[Answer] | Callable[[Request], Answer]


class ScriptedMind:
    """Answers from a queue, in order, or by a function of the request.

    An answer is a text (counted in words, in no time), a whole `Completion`, or an exception to raise in its
    place. An empty queue raises `MindFailed`.
    """

    def __init__(self, script: Script, card: MindCard = SCRIPTED_CARD) -> None:
        self._card = card
        self._queue: deque[Answer] = deque() if callable(script) else deque(script)
        self._answer: Callable[[Request], Answer] = script if callable(script) else self._next
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._closed = False

    @property
    def card(self) -> MindCard:
        """Who this plays."""
        return self._card

    @property
    def requests(self) -> tuple[Request, ...]:
        """Every request so far, failed ones included, oldest first."""
        return tuple(self._requests)

    def count_tokens(self, system: str, prompt: str) -> int:
        """Words in both texts."""
        return len(system.split()) + len(prompt.split())

    def complete(self, request: Request) -> Completion:
        """The next answer. Raises `MindFailed` where there is none, and any exception that the script holds."""
        with self._lock:
            self._requests.append(request)
            if self._closed:
                raise MindFailed(f"{self._card.name}: closed; open the mind again")
            answer = self._answer(request)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Completion):
            return answer
        return Completion(answer, self.count_tokens(request.system, request.prompt), len(answer.split()), 0.0)

    def close(self) -> None:
        """Answer no more; calling it twice is harmless."""
        self._closed = True

    def _next(self, request: Request) -> Answer:
        if not self._queue:
            raise MindFailed(f"{self._card.name}: the script has no answer left for a {request.task} request")
        return self._queue.popleft()
