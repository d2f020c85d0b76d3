# SPDX-License-Identifier: Apache-2.0
"""Who this node is: made once, on the first start, and kept in the database and in HOME/keys."""

import functools
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from ortaq.core.errors import N_, OrtaqError
from ortaq.core.identifiers import local_id, node_id, node_uri, record_uri
from ortaq.core.proof import SigningKey
from ortaq.nodes.models import Key, Node


class NoNode(OrtaqError):
    code, status = "node.absent", 500
    say = N_("There is no node in %(home)s yet. Run 'ortaq serve' or 'ortaq import' once to create it.")


class NoSigningKey(OrtaqError):
    code, status = "node.no-signing-key", 500
    say = N_(
        "The signing key %(file)s is missing or cannot be read. Put it back from the backup: without it this node cannot write."
    )


@dataclass(frozen=True)
class Identity:
    """This node: its id, its name, the key with which it signs now."""

    id: str
    name: str
    key: SigningKey

    @property
    def uri(self) -> str:
        """The actor under which the node itself writes: imports, upkeep."""
        return node_uri(self.id)

    def new_uri(self) -> str:
        """Return a URI that no record or actor of this node has had."""
        return record_uri(self.id, local_id(secrets.token_bytes(10)))


@functools.lru_cache(maxsize=4)
def _identity(home: Path, database: str) -> Identity:
    node = Node.objects.get(pk=_own_id(home, database))
    return Identity(node.id, node.name, _read_key(_present_key(node.id)))


def identity() -> Identity:
    """Return this node; raises NoNode before the first start."""
    return _identity(settings.HOME, str(settings.DATABASES["default"]["NAME"]))


def own_id() -> str:
    """Return the id of this node, for reading: its key need not be there. Raises NoNode."""
    return _own_id(settings.HOME, str(settings.DATABASES["default"]["NAME"]))


@functools.lru_cache(maxsize=4)
def _own_id(home: Path, database: str) -> str:
    found = Node.objects.filter(is_self=True).values_list("id", flat=True).first()
    if found is None:
        raise NoNode(home=home)
    return found


def signing_key() -> SigningKey:
    """Return the key with which this node signs now, also if another process has changed it since. For writers of the log."""
    me = identity()
    if _present_key(me.id) != me.key.public:
        forget_identity()
    return identity().key


def _present_key(node: str) -> str:
    return str(Key.objects.filter(node=node, use=Key.SIGN, last_seq=None).values_list("public", flat=True).get())


def forget_identity() -> None:
    """Read it anew the next time; for restore and tests."""
    _identity.cache_clear()
    _own_id.cache_clear()


def create_node(name: str) -> Identity:
    """Create this node's identity unless it exists; return it."""
    with transaction.atomic():
        if not Node.objects.filter(is_self=True).exists():
            key = make_key()
            node = Node.objects.create(id=node_id(key.public), name=name, is_self=True)
            Key.objects.create(public=key.public, node=node)
    forget_identity()
    return identity()


def make_key() -> SigningKey:
    """Return a new key, kept in HOME/keys; nothing is signed with it until the node's record names it."""
    seed = secrets.token_bytes(32)
    key = SigningKey(seed)
    file = key_file(key.public)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as stream:
        stream.write(seed.hex())
        stream.flush()
        os.fsync(stream.fileno())
    return key


def _read_key(public: str) -> SigningKey:
    file = key_file(public)
    try:
        return SigningKey(bytes.fromhex(file.read_text("ascii").strip()))
    except (OSError, ValueError) as error:
        raise NoSigningKey(file=file) from error


def key_file(public: str) -> Path:
    return Path(settings.HOME) / "keys" / f"{public}.key"
