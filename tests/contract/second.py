"""A second Kaishu without datasets, in a process of its own; it says where it is, and a token."""

from __future__ import annotations

import json

import uvicorn

from kaishu import discovery
from kaishu.access import TERMINAL, Actor, Call, Role, add_office, add_person, issue_token
from kaishu.base import clock, ids
from kaishu.db import engine, session_scope
from kaishu.tables import METADATA
from tests.api.conftest import bare_app


def main() -> None:
    """Two departments, an administrator, a server on a free port."""
    METADATA.create_all(engine())
    with session_scope() as session:
        call = Call(session, TERMINAL, clock.now(), ids.new_id())
        add_office(call, title="交通委员会", title_en="Transport", name="transport", code="11000001")
        add_office(call, title="教育委员会", title_en="Education", name="education", code="11000002")
        person = add_person(call, account="admin", password="admin-mima-2026", role=Role.administrator)
        own = Call(
            session, Actor("person", person.id, person.name, Role.administrator, None), call.now, ids.new_id()
        )
        token = issue_token(own, application="测试")[1]
    discovery.refresh()
    server = uvicorn.Server(uvicorn.Config(bare_app(), port=0, log_level="warning", lifespan="off"))
    config = server.config
    config.load()
    server.lifespan = config.lifespan_class(config)
    listening = config.bind_socket()
    print(json.dumps({"port": listening.getsockname()[1], "token": token}), flush=True)
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()
