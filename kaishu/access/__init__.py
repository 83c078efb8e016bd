"""Who may do what, and why: offices, people, roles, tokens; every act asks here."""

from kaishu.access.actor import SYSTEM, TERMINAL, VISITOR, Actor
from kaishu.access.call import Call, note, note_all
from kaishu.access.checking import allowed, require
from kaishu.access.offices import add_office, revise_office
from kaishu.access.people import add_person, change_password, revise_person
from kaishu.access.permissions import Permission, Role
from kaishu.access.queries import office_by_name, office_codes, offices, people, tokens_of
from kaishu.access.signin import actor_of_session, sign_in, sign_out
from kaishu.access.tokens import actor_of_token, issue_token, revoke_token, token_of_secret

__all__ = [
    "SYSTEM",
    "TERMINAL",
    "VISITOR",
    "Actor",
    "Call",
    "Permission",
    "Role",
    "actor_of_session",
    "actor_of_token",
    "add_office",
    "add_person",
    "allowed",
    "change_password",
    "issue_token",
    "note",
    "note_all",
    "office_by_name",
    "office_codes",
    "offices",
    "people",
    "require",
    "revise_office",
    "revise_person",
    "revoke_token",
    "sign_in",
    "sign_out",
    "token_of_secret",
    "tokens_of",
]
