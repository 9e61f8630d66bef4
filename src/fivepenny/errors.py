"""The whole exception tree, with the exit code that the command line gives each branch.

Every message is one line that says what is wrong, where, and what to do. An expected refusal of the market is
a named value (`fivepenny.ledger`), never an exception.
"""


class FivepennyError(Exception):
    """Anything this package raises on purpose."""

    exit_code = 1


class CheckFailed(FivepennyError):
    """A check that was asked for failed: an audit, a replay, an exam."""


class BrokenInvariant(FivepennyError):
    """The books or the rules contradict themselves: a defect of ours; the season stops."""


class WrongUse(FivepennyError):
    """Bad input from outside: an argument, a scenario, a chronicle, a season file, a GGUF."""

    exit_code = 2


class ScenarioError(WrongUse):
    """A scenario or one of its values cannot be played."""


class ChronicleError(WrongUse):
    """A chronicle cannot be read."""


class SeasonFileError(WrongUse):
    """A season file is missing, malformed, of another version, or cannot be written."""


class UnknownMind(WrongUse):
    """A mind reference names nothing that can take a seat."""


class MissingPart(FivepennyError):
    """Something needed is not on this machine: a library, a model file, a folder's permission."""

    exit_code = 3


class MindFailed(FivepennyError):
    """A mind gave no answer; the understudy plays the turn and the cause is counted.

    `cause` is why in words that stay the same from call to call, to be counted; empty where nobody knows better.
    """

    def __init__(self, message: str, cause: str = "") -> None:
        """A message for people, and a cause to be counted."""
        super().__init__(message)
        self.cause = cause


class TakenBack(FivepennyError):
    """A person wants the last choice of the day back."""


class Left(FivepennyError):
    """A person has left the table; everything that was answered is kept."""


class PromptTooLong(FivepennyError):
    """A prompt would pass its ceiling; it cannot be built."""


FOREIGN_LENGTH_MAX = 160


def foreign_words(error: Exception) -> str:
    """What another library's error says, with its class, as part of one line of ours."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:FOREIGN_LENGTH_MAX]
