"""Writes the pages that the program itself knows best: settings, permissions, errors, commands, vocabularies.

Run it as ``make docs`` after a change; a test compares the pages with what it would write.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["LC_ALL"] = "en_US.UTF-8"  # the pages show the commands in English

import click

import kaishu
from kaishu import standards
from kaishu.access.permissions import GRANTS, OWN_OFFICE_ONLY, Permission, Role
from kaishu.base.errors import KaishuError
from kaishu.base.settings import SETTINGS
from kaishu.cli.root import COMMANDS
from kaishu.cli.root import kaishu as command_group

HERE = Path(__file__).parent

SETTINGS_INTRO = """# Settings

Kaishu runs without any setting. Each one below can be changed by an environment variable; `HOST` and `PORT`
also work without the prefix, so that `make run PORT=9000` does what it says. `kaishu settings` prints the
table with the values of the present environment, and hides passwords in addresses.

A setting that must be a whole number and is not stops the program with the error `base.bad-setting`.
"""

SETTING_NOTES = {
    "home": "Relative paths count from the folder the program is started in. Everything lives below it: "
    "`records/` (SQLite), `originals/` (files as received), `lake/` (tables), `serving/` (copies made for "
    "fast reading), `index/` (search). The last two can be made again; see [operate](operate.md).",
    "host": "Use `0.0.0.0` to be reached from other machines, behind a proxy that speaks TLS.",
    "port": "0 takes any free port and prints which.",
    "database": "For PostgreSQL: `postgresql+psycopg://user:password@host/database`, with the extra "
    "`postgres` installed. Only the records move; files and tables stay in the home folder.",
    "site_url": "Set it when a proxy serves the site under another name, so that links in API answers and "
    "feeds are right.",
    "upload_limit": "2 GiB by default. Uploads are streamed to disk, so memory does not limit them.",
    "unpack_limit": "Guards against archives that unpack without end. What is over it is refused before "
    "anything is stored.",
    "column_limit": "A table with more columns is refused with the number found.",
    "field_limit": "1 MiB by default, in bytes of UTF-8.",
    "signin_tries": "Counted for the account and for the address, whichever is reached first.",
    "code_item": "308 for a city under state planning, 303 for a ministry; a region's own list may have "
    "others. See [compilation](compilation.md#resource-codes).",
    "code_category": "It is chosen in the record's form. See [compilation](compilation.md#resource-codes).",
    "row_limit": "Whole tables are better fetched as a download.",
    "smtp_host": "Reports of evaluations go by mail once this and `smtp_from` are set; otherwise they are "
    "put in the inbox of the office.",
    "smtp_tls": "`starttls` fails if the server does not offer it; `none` never sends a password to another "
    "machine.",
    "smtp_password": "Not shown by `kaishu settings`.",
    "secure_cookies": "Without it a browser also sends the session over plain HTTP, which is right only on "
    "one's own machine.",
}

PERMISSIONS_INTRO = """# Permissions

Every act asks for one permission before it does anything, wherever it is called from: page, API or terminal.
A person has one role, in one office at most. A refusal says which permission was missing and why.

| role | holds |
|---|---|
| visitor | what is public: read, search, download, call |
| member | the same, and tokens of their own |
| steward | deliver, describe and submit the tables of their own office |
| reviewer | see every draft; publish, return, withdraw; read and verify the ledger |
| administrator | everything |

The terminal acts as administrator and is named in the ledger as `terminal`: whoever can run commands on the
machine can read its files anyway.
"""

PERMISSION_NOTES = {
    "access:office:manage": "Add offices and change their names, codes and descriptions.",
    "access:person:manage": "Add accounts and give them a role and an office.",
    "access:person:self": "Change one's own password.",
    "access:token:issue": "Issue and revoke tokens for one's own applications.",
    "source:delivery:receive": "Hand a file in. Nothing is read yet; the bytes are kept under their SHA-256.",
    "source:register:read": "Sources of data, their tables, contracts, deliveries and drift.",
    "source:register:manage": "Register, look at, pull and retire sources; make contracts for tables.",
    "source:register:certify": "Certify a source that somebody else registered.",
    "lake:version:ingest": "Read a received file into a table as its next version; say which versions "
    "are kept, and drop old ones.",
    "lake:version:read-any": "Read any version of any table, published or not.",
    "quality:profile:make": "Compute the statistics of a version or of an uploaded file.",
    "quality:rules:draft": "Write rules for a table's quality and hand them to their owners.",
    "quality:rules:approve-business": "Agree to rules, or return them, as the owner of the business.",
    "quality:rules:approve-technical": "Agree to rules as the technical owner, which brings them into force.",
    "quality:cleansing:draft": "Write and preview a table's cleansing plan and hand it to its owners.",
    "quality:cleansing:approve-business": "Agree to a cleansing plan, or return it, as business owner.",
    "quality:cleansing:approve-technical": "Agree to a cleansing plan as technical owner: it is in force.",
    "quality:cleansing:run": "Run the cleansing plan in force, and undo a run.",
    "quality:check:run": "Check a table by the rules in force.",
    "quality:failing-rows:read": "See the values of failing rows; everybody else sees them masked.",
    "quality:order:open": "Open work orders for what failed.",
    "quality:order:handle": "Accept work orders, say what is mended, or refuse with a reason.",
    "quality:order:decide": "Insist on refused orders, exempt rules until a day, remind and escalate.",
    "elements:entry:read": "See data elements and code sets that are released.",
    "elements:entry:propose": "Propose data elements and code sets, and new versions of them.",
    "elements:entry:answer": "Answer for one's own office when a proposal concerns it.",
    "elements:entry:review": "Review proposals and release them.",
    "elements:column:assign": "Say which data element a column of a table is.",
    "quality:correction:send": "Say what is wrong in a table that one may read.",
    "standardisation:entity:read": "See standard entities, their mappings, runs and counts.",
    "standardisation:mapping:propose": "Write mappings, hand them to their offices, put them in force.",
    "standardisation:mapping:answer": "Agree or object to a mapping for one's own office.",
    "standardisation:entity:run": "Run an entity: for trial, or into force once the offices agree.",
    "standardisation:rows:read": "See the values of an entity's sources; everybody else sees them masked.",
    "standardisation:pair:decide": "Decide whether two rows are the same.",
    "delivery:sql:read": "Ask with SQL over tables whose data one may read; only one safe SELECT is run.",
    "harvest:source:read": "See harvest sources, plans, runs and what they did.",
    "harvest:source:manage": "Add harvest sources, change, pause and remove them.",
    "harvest:plan:apply": "Apply a harvest plan: make, change and withdraw harvested datasets.",
    "compilation:duty:manage": "Hand in duty lists and turn their rows into proposed entries.",
    "compilation:sheet:edit": "Take a spreadsheet of many records out and put it back in.",
    "inspection:result:read": "See check results, metadata scores and element usage. Visitors hold it.",
    "engagement:letter:leave": "Put letters into the inboxes of offices, such as reports of evaluations.",
    "engagement:letter:read": "Read the letters to one's own office.",
    "evaluation:result:read": "See published systems and results, and try other weights on them.",
    "evaluation:system:draft": "Write indicator systems and new editions of them.",
    "evaluation:result:make": "Evaluate by a system; one sees one's own results until they are published.",
    "evaluation:result:publish": "Publish and withdraw systems and results.",
    "evaluation:template:write": "Keep templates of reports; to change another's one also needs "
    "`evaluation:result:publish`.",
    "evaluation:judging:manage": "Open rounds of judging, disclose and close them.",
    "evaluation:judging:judge": "Judge units in rounds in which one has a seat.",
    "evaluation:judging:decide": "Decide differences between assessors, and appeals, as reviewer of a round.",
    "evaluation:judging:appeal": "Appeal against a judged score of a unit of one's office.",
    "inspection:check:run": "Run the checks and the metadata measurement.",
    "discovery:synonym:manage": "Change the synonyms and nicknames that the search knows.",
    "engagement:dataset:rate": "Rate published datasets; one rating of a person for a dataset.",
    "engagement:dataset:follow": "Follow datasets and be told of their changes.",
    "catalogue:dataset:read": "See published records. Visitors hold it.",
    "catalogue:dataset:read-draft": "See records and tables that are not published yet.",
    "catalogue:dataset:draft": "Make datasets, write their records, add tables, rename.",
    "catalogue:dataset:submit": "Hand a draft to the reviewers, or take it back.",
    "catalogue:dataset:review": "See what waits; publish it or return it with a reason.",
    "catalogue:dataset:withdraw": "Take a published dataset out of sight, with a reason. Nothing is deleted.",
    "delivery:file:download": "Download open data as files.",
    "delivery:rows:read": "Read open data row by row through the API.",
    "ledger:chain:verify": "Check the ledger's chain.",
    "ledger:entry:read": "Read the ledger.",
    "home:backup:make": "Make a backup, or restore one.",
    "discovery:index:rebuild": "Build the search index again.",
    "usage:counts:read": "See how often a dataset was seen, downloaded and called.",
}

ERRORS_INTRO = """# Errors

Every error has a code that does not change, a sentence in Chinese and English that names file, row and column
where there are any, and mostly an advice. The same error reaches

- a page as a message in the reader's language,
- the API as a problem (RFC 9457) with `code`, `title`, `detail` and the facts,
- the terminal as a sentence on standard error, or with `--json` as
  `{"error": {"code", "status", "message", "advice", "facts"}}` on standard output, and exit code 1.

Words in braces are replaced by facts. *Transient* errors may pass by themselves, and the worker tries again;
all others are for somebody to mend.
"""

COMMANDS_INTRO = """# Commands

`kaishu` does at a terminal what the pages and the API do. It works on the home folder directly, whether
or not a server runs, and prepares an empty one by itself.

- `--json` after a command prints one JSON value on standard output and nothing else there; errors too.
- People get tables, a progress bar on standard error, and the language of their locale; `--lang zh` or
  `--lang en` before the command chooses.
- Exit code 0 is success, 1 a refusal or a failure that is explained, 2 wrong usage.
"""

VOCABULARIES_INTRO = """# Vocabularies

Code lists that records are written with. They ship with the program as files, each with the body that keeps
it, the edition and the source. A code that is not in its list is refused; what is found in the wild for the
same term is listed as another writing and understood when records are taken in.
"""

CODE_TABLES_INTRO = """# Code tables

Too long to be printed: `kaishu/standards/data/` holds each as CSV with its head beside it. Programs read them
with `standards.code_set(name)`, which also takes the names above; rules of quality name them the same way.
"""


def errors() -> list[type[KaishuError]]:
    """Every error class of the package, by code."""
    for module in pkgutil.walk_packages(kaishu.__path__, "kaishu."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = {each for each in _below(KaishuError) if each.__module__.startswith("kaishu.")}
    return sorted(found, key=lambda each: (each.code, each.__name__))


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name."""
    context = _root()
    for name in COMMANDS:
        command = command_group.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", each) for inner, each in command.commands.items())


def settings_page() -> str:
    """docs/settings.md"""
    parts = [SETTINGS_INTRO]
    for name, setting in SETTINGS.items():
        parts.append(f"## KAISHU_{name.upper()}\n")
        parts.append(f"{setting.help} Default: {f'`{setting.default}`' if setting.default else 'empty'}.\n")
        if name in SETTING_NOTES:
            parts.append(SETTING_NOTES[name] + "\n")
    return "\n".join(parts)


def permissions_page() -> str:
    """docs/permissions.md"""
    parts = [PERMISSIONS_INTRO]
    for permission in Permission:
        holders = [role.value for role in Role if permission in GRANTS[role]]
        own = " A steward holds it for their own office only." if permission in OWN_OFFICE_ONLY else ""
        parts.append(f"## {permission.value}\n")
        parts.append(f"{PERMISSION_NOTES[permission.value]} Held by: {', '.join(holders)}.{own}\n")
    return "\n".join(parts)


def errors_page() -> str:
    """docs/errors.md"""
    parts = [ERRORS_INTRO]
    capability = ""
    for error in errors():
        head = error.code.partition(".")[0]
        if head != capability:
            capability = head
            parts.append(f"## {head}\n")
        parts.append(f"### {error.code}\n")
        transient = " *Transient.*" if any(c.__name__ == "Transient" for c in error.__mro__) else ""
        summary = " ".join((error.__doc__ or "").split("\n\n")[0].split())
        parts.append(f"{summary} Status {error.status}.{transient}\n")
        parts.append(f"- {error.zh}{error.next_zh}\n- {error.en} {error.next_en}".rstrip() + "\n")
    return "\n".join(parts)


def commands_page() -> str:
    """docs/commands.md"""
    parts = [COMMANDS_INTRO]
    for name, command in commands():
        context = click.Context(command, parent=_root(), info_name=name, terminal_width=100)
        parts.append(f"## kaishu {name}\n")
        parts.append(f"```\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def vocabularies_page() -> str:
    """docs/vocabularies.md"""
    parts = [VOCABULARIES_INTRO]
    for name in standards.NAMES:
        found = standards.vocabulary(name)
        parts.append(f"## {name}\n")
        parts.append(f"{found.zh} · {found.en}. {found.body}, {found.edition}. Source: {found.source}.\n")
        rows = [f"| `{term.code}` | {term.zh} | {term.en} |" for term in found.terms]
        parts.append("\n".join(["| code | 中文 | English |", "|---|---|---|", *rows]) + "\n")
    parts.append(CODE_TABLES_INTRO)
    for name in standards.SETS:
        table = standards.code_set(name)
        parts.append(f"## {name}\n")
        columns = "、".join(f"`{column}`" for column in table.columns)
        parts.append(
            f"{table.zh} · {table.en}. {table.body}, {table.edition}. {len(table.codes()):,} codes; columns "
            f"{columns}. Licence: {table.licence}. Source: {table.source}.\n"
        )
        if table.note:
            parts.append(f"{table.note}\n")
    return "\n".join(parts)


def crosswalk() -> str:
    """All correspondences, from the file that stands beside this one."""
    return _page_of("crosswalk")


def quality_rules() -> str:
    """Every kind of check, likewise."""
    return _page_of("quality_rules")


def cleansing() -> str:
    """Every kind of cleansing step, likewise."""
    return _page_of("cleansing_steps")


def _page_of(name: str) -> str:
    import importlib.util

    spec = importlib.util.spec_from_file_location(f"{name}_page", HERE / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text: str = module.page()
    return text


PAGES: dict[str, Callable[[], str]] = {
    "crosswalk.md": crosswalk,
    "quality-rules.md": quality_rules,
    "cleansing.md": cleansing,
    "settings.md": settings_page,
    "permissions.md": permissions_page,
    "errors.md": errors_page,
    "commands.md": commands_page,
    "vocabularies.md": vocabularies_page,
}


def _root() -> click.Context:
    return click.Context(command_group, info_name="kaishu", help_option_names=["-h", "--help"])


def _below(parent: type[KaishuError]) -> Iterator[type[KaishuError]]:
    for child in parent.__subclasses__():
        yield child
        yield from _below(child)


def main() -> None:
    """Write every page; with ``--check`` only name those that are not as they would be written."""
    stale = 0
    for name, page in PAGES.items():
        path, text = HERE / name, page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale += 1
            sys.stdout.write(f"docs/{name}\n")
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    sys.exit(bool(stale and "--check" in sys.argv))


if __name__ == "__main__":
    main()
