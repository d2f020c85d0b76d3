# SPDX-License-Identifier: Apache-2.0
"""A kind is a declaration: a name, a body and labels. Forms, pages, search, import and export follow from it."""

import functools
import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo

from ortaq.core.errors import N_, Invalid, UnknownField, UnknownKind
from ortaq.core.fields import Area, Country, Identifier, Links, Means, Name, Part, Prose, Role, SourceId, Word


class Body(Part):
    """The fields that every kind has."""

    source_id: Annotated[SourceId | None, Field(title=N_("Source id"))] = None
    title: Annotated[Name | None, Field(title=N_("Title"))] = None
    description: Annotated[Prose | None, Field(title=N_("Description"))] = None
    countries: Annotated[list[Country], Field(title=N_("Countries"))] = []
    areas: Annotated[list[Area], Field(title=N_("Areas"))] = []
    links: Annotated[Links, Field(title=N_("Links"))] = []
    identifiers: Annotated[list[Identifier], Field(title=N_("Identifiers"))] = []
    sources: Annotated[list[Word], Field(title=N_("Sources"))] = []
    change_note: Annotated[Word | None, Field(title=N_("What was changed, and why"))] = None


@dataclass(frozen=True)
class FieldSpec:
    """One field as the generic parts see it."""

    name: str
    label: str
    role: Role
    is_many: bool
    is_required: bool
    choices: Mapping[str, str] | None
    parts: tuple["FieldSpec", ...] = ()


@dataclass(frozen=True)
class Kind:
    """name: one lower-case word; label, plural: marked messages; needs_title: the body names itself;
    bounded_by: reference fields whose target must be here and limits the audience;
    is_personal: somebody's own words, which only their author revises or withdraws.
    """

    name: str
    body: type[Body]
    label: str
    plural: str
    needs_title: bool = True
    bounded_by: tuple[str, ...] = ()
    is_personal: bool = False
    fields: tuple[FieldSpec, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not re.match(r"[a-z][a-z_]{1,39}\Z", self.name):
            raise ValueError(f"Kind {self.name!r}: a name is lower-case letters and _, 2 to 40 of them")
        object.__setattr__(self, "fields", specs(self.body, f"Kind {self.name!r}"))
        references = {spec.name for spec in self.fields if spec.role is Role.REF}
        if unknown := set(self.bounded_by) - references:
            raise ValueError(
                f"Kind {self.name!r} is bounded by {sorted(unknown)}; its reference fields are {sorted(references)}"
            )

    def validate(self, body: Mapping[str, Any], node: str | None = None) -> dict[str, Any]:
        """Return *body* checked and in its stored form; node: where source ids in references belong.

        raises UnknownField, or Invalid with every problem found
        """
        try:
            model = self.body.model_validate(body, context={"node": node})
        except ValidationError as error:
            raise self._refusal(error) from error
        if self.needs_title and model.title is None:
            raise Invalid(kind=self.name, problems="title: is missing")
        return model.model_dump(exclude_defaults=True)

    def _refusal(self, error: ValidationError) -> Invalid | UnknownField:
        found = error.errors(include_url=False, include_context=False)
        unknown = [_path(one["loc"]) for one in found if one["type"] == "extra_forbidden"]
        if unknown:
            known = ", ".join(spec.name for spec in self.fields)
            return UnknownField(kind=self.name, fields=", ".join(f"'{name}'" for name in unknown), known=known)
        problems = "; ".join(f"{_path(one['loc'])}: {_problem(one)}" for one in found[:20])
        return Invalid(kind=self.name, problems=problems)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema (2020-12) of the body."""
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **self.body.model_json_schema()}


def _path(loc: Iterable[Any]) -> str:
    return ".".join(str(step) for step in loc if step != "[key]")


def _problem(error: Any) -> str:
    given = repr(error.get("input"))
    shown = given if len(given) <= 60 else given[:59] + "…"
    return str(error["msg"]) if error["type"] == "missing" else f"{error['msg']} (given: {shown})"


class Kinds:
    """The kinds that a node knows, in the order in which they are listed."""

    def __init__(self, kinds: Iterable[Kind] = ()) -> None:
        self._by_name: dict[str, Kind] = {}
        for kind in kinds:
            self.add(kind)

    def add(self, kind: Kind) -> None:
        if kind.name in self._by_name:
            raise ValueError(f"Kind {kind.name!r} is declared twice")
        self._by_name[kind.name] = kind

    def remove(self, name: str) -> None:
        del self._by_name[name]

    def __getitem__(self, name: str) -> Kind:
        """Raises UnknownKind."""
        try:
            return self._by_name[name]
        except (KeyError, TypeError):
            raise UnknownKind(kind=name, known=", ".join(self._by_name)) from None

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._by_name.values())


@functools.cache
def specs(model: type[Part], where: str) -> tuple[FieldSpec, ...]:
    """Return the fields of *model*; a field whose type means nothing to Ortaq is refused by name."""
    return tuple(_spec(name, info, f"{where}, field {name!r}") for name, info in model.model_fields.items())


def _spec(name: str, info: FieldInfo, where: str) -> FieldSpec:
    means, is_many, part = _meaning(info.annotation, info.metadata)
    if means is None:
        raise ValueError(f"{where}: its type has no meaning; use the types of core/fields.py")
    parts = specs(part, where) if part is not None and means.role is Role.GROUP else ()
    label = info.title or name
    return FieldSpec(name, label, means.role, is_many, info.is_required(), means.choices, parts)


def _meaning(annotation: Any, metadata: Iterable[Any] = ()) -> tuple[Means | None, bool, type[Part] | None]:
    """Return what an annotation means, whether it is a list, and the group of fields that it holds."""
    for one in metadata:
        if isinstance(one, Means):
            return one, one.role in (Role.LINKS, Role.FILES), None
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _meaning(arguments[0], arguments[1:])
    if origin is list:
        means, _, part = _meaning(arguments[0])
        return means, True, part
    for one in arguments:
        means, is_many, part = _meaning(one)
        if means is not None:
            return means, is_many, part
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return Means(Role.GROUP), False, annotation
    return None, False, None
