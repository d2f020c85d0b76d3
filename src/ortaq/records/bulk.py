# SPDX-License-Identifier: Apache-2.0
"""Rows in and out by the thousand, past the ORM: executemany on SQLite, COPY on PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def columns_of(model: type[models.Model], *, without: Sequence[str] = ()) -> list[str]:
    """Return the column names of *model* in order, but for the fields named."""
    return [str(f.column) for f in model._meta.concrete_fields if f.name not in without]


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert *rows*, each a tuple in the order of *columns*, in the transaction at hand."""
    if not rows:
        return
    table, names = (
        connection.ops.quote_name(model._meta.db_table),
        ", ".join(connection.ops.quote_name(c) for c in columns),
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 names come from the models


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Update by primary key; each row: values in the order of *columns*, then the key."""
    if not rows:
        return
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    pairs = ", ".join(f"{quote(column)} = %s" for column in columns)
    statement = f"UPDATE {table} SET {pairs} WHERE {key} = %s"  # noqa: S608 names come from the models
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def in_chunks(values: Iterable[Any], size: int = 500) -> Iterable[list[Any]]:
    """Yield *values* in lists short enough for one IN (…)."""
    chunk: list[Any] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
