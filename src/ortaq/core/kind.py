# SPDX-License-Identifier: Apache-2.0
"""A kind is a declaration: a name, a body and labels. Forms, pages, search, import and export follow from it."""

import functools
import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from ortaq.core.errors import N_, Invalid, UnknownField, UnknownKind
from ortaq.core.fields import Area, Country, Identifier, Links, Means, Name, Part, Prose, Role, SourceId, Word
from ortaq.core.nature import Nature
from ortaq.core.problems import Problem, joined, missing, problems_of


class Body(Part):
    """The fields that every kind has."""

    source_id: Annotated[
        SourceId | None,
        Field(
            title=N_("Source id"),
            description=N_(
                "The id under which another system knows this record. Leave it empty unless the record comes from there."
            ),
        ),
    ] = None
    title: Annotated[
        Name | None,
        Field(title=N_("Title"), description=N_("Its usual name first; older names and other spellings below it.")),
    ] = None
    description: Annotated[
        Prose | None,
        Field(title=N_("Description"), description=N_("What it is and why it matters, in a few sentences.")),
    ] = None
    countries: Annotated[list[Country], Field(title=N_("Countries"))] = []
    areas: Annotated[
        list[Area], Field(title=N_("Areas"), description=N_("What it has to do with. Tick all that fit."))
    ] = []
    links: Annotated[
        Links,
        Field(
            title=N_("Links"),
            description=N_("Other records that it belongs to: where it lies, who made it, what describes it."),
        ),
    ] = []
    identifiers: Annotated[
        list[Identifier],
        Field(title=N_("Identifiers"), description=N_("Its names in other registers, for example wikidata and Q1234.")),
    ] = []
    sources: Annotated[
        list[Word],
        Field(
            title=N_("Sources"),
            description=N_(
                "Where this is known from: a book with its page, an archive with its shelf mark, a web address."
            ),
        ),
    ] = []
    change_note: Annotated[
        Word | None,
        Field(
            title=N_("What was changed, and why"),
            description=N_("Others read it in the history. One sentence is enough."),
        ),
    ] = None


@dataclass(frozen=True)
class FieldSpec:
    """One field as the generic parts see it; help: a marked message for whoever fills it in; targets: kinds it points at."""

    name: str
    label: str
    role: Role
    is_many: bool
    is_required: bool
    choices: Mapping[str, str] | None
    parts: tuple["FieldSpec", ...] = ()
    help: str = ""
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """name: one lower-case word; label, plural: marked messages; needs_title: the body names itself;
    bounded_by: reference fields whose target must be here and limits the audience;
    is_personal: somebody's own words, which only their author revises or withdraws;
    is_by_node: the node itself writes it, nobody by hand, and no import;
    hides: the field of bounded_by whose target is not shown on the pages of the node that says so;
    locates: the field of bounded_by whose target says no more of where it lies than the cell, while this says it exactly;
    nature: what it describes, for formats of others.
    """

    name: str
    body: type[Body]
    label: str
    plural: str
    needs_title: bool = True
    bounded_by: tuple[str, ...] = ()
    is_personal: bool = False
    is_by_node: bool = False
    hides: str = ""
    locates: str = ""
    nature: Nature = Nature.DOCUMENT
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
        if self.hides and self.hides not in self.bounded_by:
            raise ValueError(f"Kind {self.name!r} hides by {self.hides!r}, which does not bound it")
        if self.locates and self.locates not in self.bounded_by:
            raise ValueError(f"Kind {self.name!r} locates {self.locates!r}, which does not bound it")

    def validate(self, body: Mapping[str, Any], node: str | None = None) -> dict[str, Any]:
        """Return *body* checked and in its stored form; node: where source ids in references belong.

        raises UnknownField, or Invalid with every problem found
        """
        return self._model(body, node).model_dump(exclude_defaults=True)

    def check(self, body: Mapping[str, Any], node: str) -> None:
        """As `validate`, for a body that stays as *node* has signed it."""
        self._model(body, node)

    def _model(self, body: Mapping[str, Any], node: str | None) -> Body:
        try:
            model = self.body.model_validate(body, context={"node": node})
        except ValidationError as error:
            raise self._refusal([*problems_of(error), *self._untitled(body)]) from error
        if self.needs_title and model.title is None:
            raise self._refusal([missing("title")])
        return model

    def spec(self, name: str) -> FieldSpec | None:
        """Return the field *name*; None if the kind has none of that name."""
        return next((one for one in self.fields if one.name == name), None)

    def checked_value(self, name: str, value: Any, node: str | None = None) -> Any:
        """Return *value* checked as that of the field *name*, in its stored form; raises Invalid."""
        adapter = _adapter(self.body, name)
        try:
            checked = adapter.validate_python(value, context={"node": node})
        except ValidationError as error:
            found = [Problem((name, *one.path), one.code, one.facts, one.given) for one in problems_of(error)]
            raise self._refusal(found) from error
        return adapter.dump_python(checked, exclude_defaults=True)

    def _untitled(self, body: Any) -> list[Problem]:
        is_untitled = self.needs_title and isinstance(body, Mapping) and body.get("title") is None
        return [missing("title")] if is_untitled else []

    def _refusal(self, found: list[Problem]) -> Invalid | UnknownField:
        unknown = [one.where for one in found if one.code == "field.unknown"]
        if unknown:
            known = ", ".join(spec.name for spec in self.fields)
            return UnknownField(
                kind=self.name, fields=", ".join(f"'{name}'" for name in unknown), known=known, found=found
            )
        return Invalid(kind=self.name, problems=joined(found), found=found)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema (2020-12) of the body, complete in itself."""
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **self.schema("#/$defs/{model}")}

    def schema(self, ref_template: str) -> dict[str, Any]:
        """Return the JSON Schema of the body; ref_template: how it names its parts, which stand under `$defs`."""
        schema = self.body.model_json_schema(ref_template=ref_template)
        if self.needs_title:
            title = schema["properties"]["title"]
            named = next(one for one in title.pop("anyOf") if one["type"] != "null")
            del title["default"]
            schema["properties"]["title"] = {**title, **named}
            schema["required"] = ["title", *schema.get("required", [])]
        return schema


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
def _adapter(model: type[Part], name: str) -> TypeAdapter[Any]:
    info = model.model_fields[name]
    annotated: Any = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    return TypeAdapter(annotated)


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
    about = info.description or ""
    required = info.is_required()
    return FieldSpec(name, label, means.role, is_many, required, means.choices, parts, about, means.targets)


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
