"""Everything that the package writes goes through the room of writing, so that what holds there holds everywhere."""

import ast
from pathlib import Path

import renewopt

PACKAGE = Path(renewopt.__file__).parent
WRITING = {
    "write_text",
    "write_bytes",
    "mkdir",
    "makedirs",
    "unlink",
    "rmdir",
    "rmtree",
    "touch",
    "mkstemp",
    "mkdtemp",
    "NamedTemporaryFile",
    "copy2",
    "copyfile",
    "copytree",
    "truncate",
    "symlink_to",
    "hardlink_to",
}
MOVING = {"rename", "replace", "remove", "move"}
"""Of the system: frames and texts have methods of these names."""
ELSEWHERE = {
    "comparison/folder.py": "parts of files that a killed process left, and a folder of its own making",
    "testing/written.py": "districts for tests",
    "testing/tiny_programmes.py": "programmes for tests",
}


def test_nothing_is_written_elsewhere() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if place.startswith("disk/") or place in ELSEWHERE:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            of = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
            named = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            named += [word.value.value for word in node.keywords if isinstance(word.value, ast.Constant)]
            opens = name == "open" and any(isinstance(each, str) and set(each) & set("wax+") for each in named)
            if opens or (of and name in WRITING) or (of in ("os", "shutil") and name in MOVING):
                found.append(f"{place}:{node.lineno} {of}.{name}")
    assert found == []
