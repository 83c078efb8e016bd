"""Who acts: a visitor, a person, an application with a token, the terminal, the system itself."""

from __future__ import annotations

from dataclasses import dataclass

from kaishu.access.permissions import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """``kind`` is visitor, person, application, terminal or system; ``office`` an office id or None."""

    kind: str
    id: str
    name: str
    role: Role
    office: str | None = None

    @property
    def row(self) -> tuple[str, str, str]:
        """What the ledger keeps."""
        return self.kind, self.id, self.name


VISITOR = Actor("visitor", "", "", Role.visitor)
SYSTEM = Actor("system", "system", "Kaishu", Role.administrator)
TERMINAL = Actor("terminal", "terminal", "kaishu", Role.administrator)
