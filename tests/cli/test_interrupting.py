"""Ctrl-C once, and twice."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from renewopt.cli.interrupting import graceful

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")


def test_the_first_is_an_exception_and_says_what_happens(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), graceful("en"):
        os.kill(os.getpid(), signal.SIGINT)
    assert "finishing with the best plan so far" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is before


def test_the_second_ends_the_process() -> None:
    code = (
        "import os, signal\n"
        "from renewopt.cli.interrupting import graceful\n"
        "with graceful('zh'):\n"
        "    try:\n        os.kill(os.getpid(), signal.SIGINT)\n"
        "    except KeyboardInterrupt:\n        os.kill(os.getpid(), signal.SIGINT)\n"
        "    print('still here')\n"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)
    assert (done.returncode, done.stdout) == (130, "")
    assert "已中断" in done.stderr


def test_elsewhere_than_in_the_main_thread_nothing_is_changed() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def work() -> None:
        with graceful("en"):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
