# SPDX-License-Identifier: Apache-2.0
"""Who acts at a node, told to others: each name signed by the node whose actor it is, so that it can be passed on."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from pydantic import TypeAdapter

from ortaq.core import proof as proofs
from ortaq.core.errors import N_, OrtaqError
from ortaq.core.fields import Name
from ortaq.core.identifiers import split_uri
from ortaq.nodes import keeping
from ortaq.nodes.identity import identity
from ortaq.nodes.models import Actor
from ortaq.people.queries import institution_of, institutions_of_actors, names_of
from ortaq.records.announcing import own_names

_NAME: TypeAdapter[Any] = TypeAdapter(Name)


class ActorRefused(OrtaqError):
    code, status = "actor.refused", 422
    say = N_(
        "What node %(node)s says of the actor %(actor)s is not signed by the node whose actor that is. It was not taken."
    )


def statements(actors: Iterable[str]) -> list[dict[str, Any]]:
    """Return what is known of *actors* (URIs), signed: of our own by us now, of others as it came."""
    me, wanted = identity(), list(dict.fromkeys(actors))
    own = [uri for uri in wanted if split_uri(uri)[0] == me.id]
    passed_on = Actor.objects.filter(uri__in=set(wanted) - set(own)).values_list("statement", flat=True)
    return [*(_signed(uri, names) for uri, names in _own_names(own).items()), *passed_on]


def _own_names(actors: list[str]) -> dict[str, Mapping[str, list[str]]]:
    me = identity()
    found: dict[str, Mapping[str, list[str]]] = {uri: {"und": [name]} for uri, name in names_of(actors).items()}
    others = institutions_of_actors(set(actors) - found.keys())
    for uri, local in others.items():
        found[uri] = institution_of(local).name
    return found | ({me.uri: own_names()} if me.uri in actors else {})


def _signed(uri: str, names: Mapping[str, list[str]]) -> dict[str, Any]:
    at = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"actor": uri, "names": dict(names), "at": at}
    return {**said, "proof": identity().key.prove(said, at)}


def take_statement(given: Any, *, source: str) -> None:
    """Keep what a node says of its actor; raises ActorRefused where another has signed it."""
    try:
        uri, names = str(given["actor"]), _NAME.validate_python(given["names"])
        node = split_uri(uri)[0]
        said = {name: value for name, value in given.items() if name != "proof"}
        public = str(given["proof"]["verificationMethod"]).rpartition("#")[2]
        if public not in {key.public for key in keeping.keys_of(node) if not key.is_revoked}:
            raise ActorRefused(node=source, actor=uri)
        proofs.verify(said, given["proof"], public)
    except ActorRefused:
        raise
    except (OrtaqError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ActorRefused(node=source, actor=str(given)[:100]) from error
    Actor.objects.update_or_create(uri=uri, defaults={"node": node, "names": names, "statement": given})
