"""The shapes of text that the fields of entries, procedures and recipes are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

ID_PATTERN = r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$"
KEBAB_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
RELEASE_PATTERN = r"^[0-9]+(\.[0-9]+)*([a-z]+[0-9]+)?$"
LINES_PATTERN = r"^[1-9][0-9]*(-[1-9][0-9]*)?$"

EntryId = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=60)]
Slug = Annotated[str, StringConstraints(pattern=KEBAB_PATTERN, max_length=60)]
Release = Annotated[str, StringConstraints(pattern=RELEASE_PATTERN)]
LineRange = Annotated[str, StringConstraints(pattern=LINES_PATTERN)]
Line = Annotated[str, StringConstraints(pattern=r"^[^\n]+$", strip_whitespace=True)]
Summary = Annotated[Line, StringConstraints(max_length=200)]
Prose = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Verbatim = Annotated[str, StringConstraints(min_length=1)]
PlaceholderName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Url = Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$")]


class Model(BaseModel):
    """Unknown keys are refused, and what was read is not changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
