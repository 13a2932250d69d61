"""JSON Schema of a scenario, for editors that complete and check YAML while it is typed."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from renewopt.scenario.contents import MAY_BE_ABSENT, TableFile
from renewopt.scenario.models import Scenario
from renewopt.scenario.table_specs import TABLES, Column

__all__ = ["json_schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_LIMITS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum"}
"""Limits as pydantic writes them where a check of our own comes first, and in JSON Schema; all are whole."""

_CELLS: dict[str, dict[str, Any]] = {
    "id": {"type": ["string", "number"]},
    "text": {"type": ["string", "number"]},
    "number": {"type": ["number", "string"]},
    "count": {"type": "integer"},
    "months": {"type": "integer"},
    "money": {"type": ["number", "string"]},
    "share": {"type": ["number", "string"]},
    "month": {"type": "string", "pattern": r"^\d{4}-\d{2}$"},
    "boolean": {"type": "boolean"},
    "ids": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": ["string", "number"]}}]},
    "terms": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    "dated_terms": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
}


def json_schema(model: type[BaseModel] = Scenario) -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, variants and inline tables included.

    Parameters
    ----------
    model
        Whose files it is for.

    Returns
    -------
    dict
        Ready for ``json.dumps``.
    """
    schema: dict[str, Any] = {"$schema": DIALECT, **_plain(model.model_json_schema(by_alias=True))}
    definitions = schema.setdefault("$defs", {})
    definitions["TableFile"] = _plain(TableFile.model_json_schema())
    properties = schema["properties"]
    for name, columns in TABLES.items():
        definitions[f"{name}_row"] = _row(columns)
        rows = {"type": "array", "minItems": 1, "items": {"$ref": f"#/$defs/{name}_row"}}
        words = model.model_fields[name].description
        properties[name] = {"description": words, "anyOf": [{"$ref": "#/$defs/TableFile"}, rows]}
    properties["variants"] = {
        "type": "object",
        "description": "by name: the keys that differ; lists whose items have ids merge by id, `!remove` deletes",
        "additionalProperties": {"type": ["object", "null"]},
    }
    if needed := [name for name in MAY_BE_ABSENT if name in schema.get("required", ())]:
        schema["required"] = [name for name in schema["required"] if name not in needed]
        schema["anyOf"] = [{"required": ["works"]}, {"required": needed}]
    return schema


def _plain(schema: Any) -> Any:
    """Write limits in the words of JSON Schema, and leave out titles that only repeat a key."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _LIMITS and not isinstance(value, dict):
            plain[_LIMITS[key]] = int(float(value))
        elif key != "title" or isinstance(value, dict):
            plain[key] = _plain(value)
    return plain


def _row(columns: dict[str, Column]) -> dict[str, Any]:
    """Return the schema of an inline row; Chinese headers are understood too, so that no key is forbidden."""
    cells = {name: _cell(column) for name, column in columns.items()}
    return {"type": "object", "properties": cells}


def _cell(column: Column) -> dict[str, Any]:
    cell = dict(_CELLS[column.kind])
    if column.choices and column.kind != "ids":
        cell = {"enum": list(column.choices)}
    return {**cell, "description": f"{column.description}; also: {', '.join(column.headers)}"}
