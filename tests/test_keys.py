"""Keys of remote minds: which variable's key goes to which address, and that it goes nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.errors import WrongUse
from fivepenny.minds.keys import OPENAI_HOST, is_private, key_advice, key_for
from fivepenny.minds.patience import Patience
from fivepenny.minds.remote import remote_mind
from misbehaving import chosen_reply, serving

OWN, OPENAI = "FIVEPENNY_API_KEY", "OPENAI_API_KEY"
BOTH = {OWN: "own-1720", OPENAI: "open-1720"}
AT_OPENAI = f"https://{OPENAI_HOST}/v1"
AT_HOME = "http://127.0.0.1:11434/v1"


def test_the_key_of_one_lab_goes_to_that_lab_alone() -> None:
    assert key_for(AT_OPENAI, BOTH) == "open-1720"
    assert key_for(f"https://{OPENAI_HOST.upper()}:443/v1", BOTH) == "open-1720"
    for url in (
        AT_HOME, "https://lab.example/v1", f"https://{OPENAI_HOST}.lab.example/v1", f"https://x{OPENAI_HOST}/v1",
        f"https://{OPENAI_HOST}./v1", f"https://lab.example/{OPENAI_HOST}",
    ):  # fmt: skip
        assert key_for(url, BOTH) == "own-1720"
        assert key_for(url, {OPENAI: "open-1720"}) == ""
    assert key_for(f"http://{OPENAI_HOST}/v1", {OPENAI: "open-1720"}) == ""


def test_our_own_key_goes_wherever_no_other_is_set() -> None:
    assert key_for(AT_OPENAI, {OWN: " own-1720\n"}) == "own-1720"
    assert key_for(AT_OPENAI, {OWN: "own-1720", OPENAI: " "}) == "own-1720"
    assert key_for(AT_HOME, {}) == key_for(AT_OPENAI, {}) == ""


@pytest.mark.parametrize("bad", ["a b", "a\nb", "clé"])
def test_what_cannot_be_a_key_is_one_line_without_it(bad: str) -> None:
    for url, name in ((AT_HOME, OWN), (AT_OPENAI, OWN), (AT_OPENAI, OPENAI)):
        with pytest.raises(WrongUse, match=name) as caught:
            key_for(url, {name: bad})
        assert bad not in str(caught.value)
    assert key_for(AT_HOME, {OPENAI: bad}) == ""


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.8.8.8", "localhost", "[::1]", "10.0.0.9", "172.16.0.1", "172.31.255.1", "192.168.178.20",
     "100.64.0.1", "100.127.255.254", "169.254.1.1", "studio.local", "[fd7a:115c:a1e0::1]", "[fe80::1%25eth0]"],
)  # fmt: skip
def test_at_home_a_key_may_go_in_the_open(host: str) -> None:
    assert key_for(f"http://{host}:8080/v1", BOTH) == "own-1720"


@pytest.mark.parametrize(
    "host",
    ["lab.example", OPENAI_HOST, "8.8.8.8", "172.32.0.1", "100.128.0.1", "11.0.0.1", "192.169.0.1", "[2606:4700::1]",
     "local", "mylocal", "localhost.lab.example", "10.0.0.9.lab.example", "x.local.", "2130706433", "0x7f.1"],
)  # fmt: skip
def test_elsewhere_no_key_goes_in_the_open(host: str) -> None:
    with pytest.raises(WrongUse, match="use https or unset it") as caught:
        key_for(f"http://{host}/v1", BOTH)
    text = str(caught.value)
    assert OWN in text and "1720" not in text and "\n" not in text
    assert key_for(f"https://{host}/v1", {OWN: "own-1720"}) == "own-1720"
    assert key_for(f"http://{host}/v1", {}) == ""


@given(st.text())
def test_any_host_is_private_or_not(host: str) -> None:
    assert is_private(host) in (True, False)


def test_the_advice_names_the_variable_that_is_read() -> None:
    for url, name in ((AT_OPENAI, OPENAI), (AT_HOME, OWN)):
        assert key_advice(url).startswith(f"set {name} ")
        assert key_for(url, {name: "x"}) == "x"


@pytest.mark.parametrize(("variables", "sent"), [(BOTH, "Bearer own-1720"), ({OPENAI: "open-1720"}, None)])
def test_a_server_gets_the_key_that_is_meant_for_it(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], sent: str | None
) -> None:
    for name in BOTH:
        monkeypatch.delenv(name, raising=False)
    for name, key in variables.items():
        monkeypatch.setenv(name, key)
    with serving(chosen_reply) as upstream:
        remote_mind(upstream.reference, patience=Patience(tries=1)).close()
    assert {headers.get("Authorization") for headers in upstream.headers} == {sent}
    assert "open-1720" not in str(upstream.headers) + str(upstream.bodies)


def test_a_mind_beyond_the_house_is_not_opened_with_an_open_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OWN, "own-1720")
    with pytest.raises(WrongUse, match="plain http"):
        remote_mind("openai:http://lab.invalid/v1#m")
