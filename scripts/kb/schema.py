"""The JSON Schema of an entry or procedure, for editors: derived from the typed model.

An editor's YAML server reads ``25.3`` as a number and ``true`` as a boolean where the loader
keeps the text as it is written, so the schema takes both.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from kb.findings import Finding
from kb.model import PLACEHOLDER_TYPES, PROJECTS, Entry, Procedure
from kb.recipe import SETUPS

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILES: dict[str, type[BaseModel]] = {
    "entries/entry.schema.json": Entry,
    "entries/procedure.schema.json": Procedure,
}
"""The committed schemas, by path in the repository."""
_ONE_LINE = r"^[^\n]+$"
_ONE_LINE_TRIMMED = r"^\s*[^\n]+\s*$"


def schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what the loader accepts for a model.

    Args:
        model: :class:`Entry` or :class:`Procedure`.

    Returns:
        The schema, with the fields' descriptions and the closed vocabularies.
    """
    document = _tidy(model.model_json_schema())
    places = {name: PROJECTS[name].repository for name in PROJECTS}
    kinds = {name: kind.description for name, kind in PLACEHOLDER_TYPES.items()}
    if "Source" in document["$defs"]:
        document["$defs"]["Source"]["properties"]["project"].update(_explained(places))
        del document["$defs"]["Source"]["properties"]["project"]["type"]
    if "placeholders" in document["properties"]:
        value = document["properties"]["placeholders"]
        (name_pattern,) = value.pop("patternProperties")
        value["propertyNames"] = {"pattern": name_pattern}
        value["additionalProperties"] = {"type": "string", **_explained(kinds)}
        rows = [f"- `{name}`: {text}" for name, text in kinds.items()]
        value["markdownDescription"] = "\n".join([value["description"], "", *rows])
    if "Setup" in document["$defs"]:
        words = {str(setup): text for setup, text in SETUPS.items()}
        document["$defs"]["Setup"].update(_explained(words))
    return {"$schema": DIALECT, **document}


def schema_text(model: type[BaseModel]) -> str:
    """Return the schema as the file that is committed.

    Args:
        model: :class:`Entry` or :class:`Procedure`.

    Returns:
        JSON with a line break at the end.
    """
    return json.dumps(schema(model), indent=2, ensure_ascii=False) + "\n"


def _explained(words: dict[str, str]) -> dict[str, list[str]]:
    """Return a closed vocabulary with an explanation of each word, as editors show it."""
    return {"enum": list(words), "markdownEnumDescriptions": list(words.values())}


def _tidy(node: Any) -> Any:  # noqa: ANN401 - JSON
    """Take out what is there for pydantic only, and what an editor's parser would refuse."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _tidy(value) for key, value in node.items()}
    if kept.get("default", "") is None:
        del kept["default"]
    if isinstance(kept.get("description"), str):
        kept["description"] = " ".join(kept["description"].split())
    if isinstance(kept.get("title"), str) and "properties" not in kept:
        del kept["title"]
    if options := kept.pop("anyOf", None):
        (option,) = (option for option in options if option != {"type": "null"})
        kept = {**option, **kept}
    return _loosened(kept)


def _loosened(node: dict[str, Any]) -> dict[str, Any]:
    """Take numbers and booleans where the loader takes their text."""
    if isinstance(words := node.get("enum"), list):
        return {**node, "enum": [*words, *(int(word) for word in words if word.isdigit())]}
    if node.get("type") == "integer":
        return {**node, "type": ["integer", "string"], "pattern": "^[0-9]+$"}
    if node.get("type") != "string":
        return node
    pattern = node.get("pattern", "")
    scalars = {"number": ("1", "25.3"), "boolean": ("true",)}
    also = [k for k, words in scalars.items() if any(re.search(pattern, word) for word in words)]
    node = {**node, "type": ["string", *also] if also else "string"}
    return {**node, "pattern": _ONE_LINE_TRIMMED} if pattern == _ONE_LINE else node


def stale_schemas(root: Path) -> list[Finding]:
    """Compare the committed schemas with the model.

    Args:
        root: the root of the repository.

    Returns:
        A finding for each schema that is missing or does not fit.
    """
    findings = []
    for path, model in FILES.items():
        file = root / path
        if not file.is_file():
            findings.append(Finding(path, 1, "", "the schema is missing", "run `make schema`"))
        elif file.read_text(encoding="utf-8") != schema_text(model):
            problem = "the schema does not fit the model"
            findings.append(Finding(path, 1, "", problem, "run `make schema`"))
    return findings
