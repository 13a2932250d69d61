"""SIGINT, SIGTERM and SIGHUP, in one process: when each of them ends it, and when it waits."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any

import pytest
from tests.waiting import HANGS

from renewopt import stopping
from renewopt.cli import interrupting
from renewopt.cli.interrupting import ended_by, listening, searching

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")

SIGNALS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}


@dataclass
class Told:
    best: float | None


class LeftError(BaseException):
    """Raised in place of the end of the process."""


@pytest.fixture
def leaves(monkeypatch: pytest.MonkeyPatch, interruptible: None) -> None:
    def leave(code: int) -> None:
        raise LeftError(code)

    monkeypatch.setattr(interrupting.os, "_exit", leave)


def send(name: str) -> None:
    os.kill(os.getpid(), getattr(signal, name))


@pytest.mark.usefixtures("leaves")
@pytest.mark.parametrize("name", SIGNALS)
def test_where_nothing_is_at_stake_it_ends_at_once_and_says_so(capfd: pytest.CaptureFixture[str], name: str) -> None:
    before = [signal.getsignal(getattr(signal, each)) for each in SIGNALS]
    with listening():
        interrupting.speak("nothing was written")
        with pytest.raises(LeftError) as left:
            send(name)
        assert left.value.args == (SIGNALS[name],)
        assert ended_by() == SIGNALS[name]
    assert capfd.readouterr().err == "nothing was written\n"
    assert [signal.getsignal(getattr(signal, each)) for each in SIGNALS] == before


@pytest.mark.usefixtures("leaves")
@pytest.mark.parametrize("name", SIGNALS)
def test_a_search_ends_at_once_without_a_plan_and_with_it_if_it_has_one(
    capfd: pytest.CaptureFixture[str], name: str
) -> None:
    shown = []
    with listening():
        interrupting.speak("no plan", "the best so far")
        with searching(shown.append) as watch:
            watch(Told(None))
            with pytest.raises(LeftError):
                send(name)
    with listening():
        interrupting.speak("no plan", "the best so far")
        with searching(shown.append) as watch:
            watch(Told(7.0))
            assert not stopping.asked()
            send(name)
            assert stopping.asked()
            assert ended_by() == SIGNALS[name]
            # A terminal that closes sends more than one; only Ctrl-C is meant once more.
            send("SIGTERM")
            send("SIGHUP")
            with pytest.raises(LeftError):
                send("SIGINT")
    assert capfd.readouterr().err == "no plan\nthe best so far\nno plan\n"
    assert [told.best for told in shown] == [None, 7.0]
    assert not stopping.asked()


@pytest.mark.usefixtures("leaves")
@pytest.mark.parametrize("name", SIGNALS)
def test_what_is_written_is_written_whole_however_often_it_is_pressed(
    capfd: pytest.CaptureFixture[str], name: str
) -> None:
    done: list[Any] = []

    def write() -> None:
        with stopping.tended():
            with stopping.tended():
                send(name)
                send("SIGINT")
                done.append("inner")
            done.append("outer")

    with listening(), searching(done.append):
        interrupting.speak("kept")
        with pytest.raises(LeftError) as left:
            write()
        assert left.value.args == (SIGNALS[name],)
    assert done == ["inner", "outer"]
    assert capfd.readouterr().err == "kept\n"


@pytest.mark.usefixtures("leaves")
def test_an_error_in_what_is_tended_is_told_as_itself() -> None:
    def fail() -> None:
        with stopping.tended():
            send("SIGTERM")
            raise KeyError

    with listening():
        with pytest.raises(KeyError):
            fail()
        assert ended_by() == 143


def test_the_short_work_after_a_search_does_not_hear() -> None:
    with listening():
        stopping.ask()
        with stopping.held():
            assert not stopping.asked()
            stopping.raise_if_asked()
        with pytest.raises(KeyboardInterrupt):
            stopping.raise_if_asked()
    stopping.raise_if_asked()


@pytest.mark.parametrize("name", SIGNALS)
def test_what_is_ignored_stays_ignored(name: str) -> None:
    number = getattr(signal, name)
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with listening():
            assert signal.getsignal(number) is signal.SIG_IGN
            send(name)
            assert ended_by() == 0
    finally:
        signal.signal(number, before)


def test_a_terminal_that_is_gone_is_not_written_to() -> None:
    # In a process of its own, whose terminal is closed before the signal comes.
    code = (
        "import os, signal, sys\n"
        "from renewopt.cli import interrupting\n"
        "with interrupting.listening(), interrupting.searching(print) as watch:\n"
        "    interrupting._ending.at_hand = True\n"
        "    os.close(int(sys.argv[1]))\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n"
        "    print('progress', file=sys.stderr, flush=True)\n"
        "    os._exit(interrupting.ended_by())\n"
    )
    keeper, terminal = os.openpty()
    try:
        command = [sys.executable, "-c", code, str(keeper)]
        running = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal, pass_fds=[keeper]
        )
    finally:
        os.close(terminal)
        os.close(keeper)
    assert running.wait(HANGS) == 129


def test_elsewhere_than_in_the_main_thread_nothing_is_changed() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def work() -> None:
        with listening():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
