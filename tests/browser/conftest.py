"""One Chromium for all tests of pages; where there is none, they are skipped and say so."""

from collections.abc import Iterator

import pytest
from tests.browser.chromium import MISSING, Browser, chromium, found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if found() is None:
        pytest.skip(MISSING)
    with chromium() as started:
        yield started
