"""docs/architecture.svg is what its script draws from the import rules."""

import importlib.util
from pathlib import Path


def test_the_picture_is_up_to_date(repository: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_pictures", repository / "docs" / "make_pictures.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.PICTURE.read_text(encoding="utf-8") == script.draw(), "run python docs/make_pictures.py"
    for room in ("scenario", "optimiser", "ledger", "wording"):
        assert f">{room}</text>" in script.draw()
