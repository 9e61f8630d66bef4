"""What several test modules share: tiny models that llama.cpp can run, and a Ctrl-C that children can be sent."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tiny_models import write_llama, write_tokenizer

# A suite started in the background of a shell inherits an interrupt that is ignored, and would hand it on to the
# command lines that it starts and interrupts; one that is caught here is the children's default again.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _no_catalogue_of_ones_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A developer's own catalogue of models and prices reaches no test, and no process that a test starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture(scope="session")
def models_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `tokenizer.json` and two Llamas of other random weights, `marrow.gguf` and `quill.gguf`."""
    folder = tmp_path_factory.mktemp("models")
    tokenizer = write_tokenizer(folder / "tokenizer.json")
    write_llama(folder / "marrow.gguf", tokenizer, seed=1)
    write_llama(folder / "quill.gguf", tokenizer, seed=2)
    return folder
