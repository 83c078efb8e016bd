"""The one table of settings: name, default, meaning.  Each has a heading in docs/settings.md."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kaishu.base.errors import Terminal


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; read from the environment as ``KAISHU_<NAME>`` (HOST and PORT also bare)."""

    name: str
    default: str
    help: str


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("home", "home", "Folder for everything Kaishu keeps: records, tables, files, index."),
        Setting("host", "127.0.0.1", "Address that the server listens on."),
        Setting("port", "8000", "Port that the server listens on."),
        Setting("database", "", "SQLAlchemy URL of the records; empty means SQLite in the home folder."),
        Setting("site_url", "", "Public address of this site, for links in APIs; empty means as asked."),
        Setting("site_title", "开数市公共数据开放平台", "Name of the site in Chinese."),
        Setting("site_title_en", "Kaishu City Open Data", "Name of the site in English."),
        Setting("upload_limit", "2147483648", "Most bytes one uploaded file may have."),
        Setting("unpack_limit", "21474836480", "Most bytes a .gz or .zip may unpack to."),
        Setting("column_limit", "1900", "Most columns a table may have."),
        Setting("field_limit", "1048576", "Most bytes one field may have."),
        Setting("session_hours", "12", "Hours after which a sign-in ends."),
        Setting("signin_tries", "5", "Wrong passwords in 15 minutes before an account or address must wait."),
        Setting("row_limit", "10000", "Most rows one page of the row API may have."),
        Setting("query_seconds", "10", "Seconds after which a row query is stopped."),
        Setting("exports_limit", "21474836480", "Most bytes of finished downloads kept for the next reader."),
        Setting("body_limit", "1048576", "Most bytes of a request body that is not a file upload."),
        Setting("harvest_allow", "", "Hosts and networks inside that harvest may open, with commas between."),
        Setting(
            "source_allow",
            "",
            "Hosts and networks inside that sources may be read from, with commas between.",
        ),
        Setting(
            "source_folders",
            "",
            "Folders of this machine that sources may be read from, with commas between.",
        ),
        Setting(
            "secret_key",
            "",
            "Key for the secrets of sources; empty means the file secret.key in the home folder.",
        ),
        Setting("pull_limit", "21474836480", "Most bytes that one pull from a source may bring."),
        Setting("virtual_seconds", "20", "Seconds after which a query at a source is stopped."),
        Setting("virtual_rows", "1000", "Most rows that a query at a source brings."),
        Setting(
            "link_check_hours",
            "168",
            "Hours between two looks at an address of a published dataset; 0 never looks by itself.",
        ),
        Setting(
            "entry_gates",
            "advise",
            "The six entry gates: off, advise (shown, publication goes on) or require (what is staged is "
            "neither published nor handed out).",
        ),
        Setting(
            "code_item",
            "307",
            "Class digit and 项 in the resource codes of departments, as `kaishu code list` shows them; none "
            "leaves the 项 out.",
        ),
        Setting(
            "code_category",
            "require",
            "New resource codes without 项: require (nothing is submitted until it is chosen) or advise "
            "(codes of class, provider and serial number are made).",
        ),
        Setting("smtp_host", "", "Mail server; empty means that no mail is sent."),
        Setting("smtp_port", "587", "Port of the mail server."),
        Setting("smtp_tls", "starttls", "Encryption of mail's way: starttls, tls, or none."),
        Setting("smtp_user", "", "User of the mail server; empty means without sign-in."),
        Setting("smtp_password", "", "Password of that user."),
        Setting("smtp_from", "", "Address that mail comes from."),
        Setting("smtp_allow", "", "Domains that mail may go to, with commas between; empty means all."),
        Setting("secure_cookies", "0", "1 sends cookies over HTTPS only; set it behind TLS."),
    )
}


class BadSetting(Terminal):
    """A setting has a value that cannot be used."""

    code = "base.bad-setting"
    zh = "设置 KAISHU_{name} 的值“{value}”不能用：应为整数。"
    en = 'The setting KAISHU_{name} cannot be "{value}": a whole number is needed.'


def text(name: str) -> str:
    """Value of a setting as text; KeyError for a name that is not in the table."""
    setting = SETTINGS[name]
    value = os.environ.get(f"KAISHU_{name.upper()}")
    if value is None and name in ("host", "port"):
        value = os.environ.get(name.upper())
    return setting.default if value is None else value


def number(name: str) -> int:
    """Value of a setting as a whole number.  Raises ``BadSetting``."""
    value = text(name)
    try:
        return int(value)
    except ValueError as error:
        raise BadSetting(name=name.upper(), value=value) from error


def given(name: str) -> bool:
    """Did anybody set it?"""
    return f"KAISHU_{name.upper()}" in os.environ


def home() -> Path:
    """The home folder, absolute; not made here."""
    return _absolute(text("home"), os.getcwd())


@lru_cache(maxsize=16)
def _absolute(written: str, here: str) -> Path:
    return Path(here, Path(written).expanduser())


def folder(name: str) -> Path:
    """A folder of that name in the home folder, made if missing."""
    path = home() / name
    path.mkdir(parents=True, exist_ok=True)
    return path
