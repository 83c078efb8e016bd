"""Kinds of source, one file each; this is the one list of them."""

from kaishu.source.connectors import (
    another_kaishu,
    any_sql,
    ckan_datastore,
    folder,
    ftp,
    http_json,
    mysql,
    postgresql,
    s3,
    sftp,
    sqlite,
)
from kaishu.source.connectors.kind import (
    Connector,
    Fetched,
    FoundColumn,
    FoundTable,
    Kind,
    Option,
    Place,
    Wanted,
    opened,
)

KINDS: dict[str, Kind] = {
    each.KIND.name: each.KIND
    for each in (
        postgresql,
        mysql,
        sqlite,
        any_sql,
        http_json,
        folder,
        sftp,
        ftp,
        s3,
        another_kaishu,
        ckan_datastore,
    )
}

__all__ = [
    "KINDS",
    "Connector",
    "Fetched",
    "FoundColumn",
    "FoundTable",
    "Kind",
    "Option",
    "Place",
    "Wanted",
    "opened",
]
