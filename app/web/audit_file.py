"""The audit log as a file for spreadsheets, read and sent a part at a time."""

from collections.abc import AsyncIterator
from dataclasses import astuple, fields
from datetime import datetime, tzinfo

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from app.domain import audit
from app.domain.drawings.audit import Question, entries, require_reader
from app.domain.snapshots import AuditEntry
from app.formats import cells
from app.web import address, live
from app.web.answers import GUARDED, actor_of, answering
from app.web.audit_query import question, zone_of

AT_ONCE = 1_000
COLUMNS = [field.name for field in fields(AuditEntry)]


async def download(request: Request) -> Response:
    """GET /w/<id>/audit.csv and /admin/audit.csv, with the filters of the page; that it was had is noted as well."""
    actor = await actor_of(request)
    workspace_id = request.path_params.get("workspace_id")
    if workspace_id is not None and workspace_id >= 2**31:
        workspace_id = 0
    given = dict(request.query_params)
    asked, zone = question(workspace_id, given), zone_of(given)
    async with live.current().db.reading() as tx:
        await require_reader(tx, actor, workspace_id)
        first = await entries(tx, asked, most=AT_ONCE)
    async with live.current().db.unrecorded() as session:
        about = {"workspace_id": workspace_id, "subject": "Audit log"}
        await audit.note(session, "export.made", actor.id, address.of(request.scope), **about)
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "private, no-store"}
    return StreamingResponse(
        _parts(asked, first, zone), media_type="text/csv; charset=utf-8", headers=headers | GUARDED
    )


def row(entry: AuditEntry, zone: tzinfo) -> list[str]:
    """Its cells, with the time in the reader's zone."""
    row = [str(value) for value in astuple(entry)]
    row[COLUMNS.index("at")] = datetime.fromisoformat(entry.at).astimezone(zone).isoformat(timespec="seconds")
    return row


async def _parts(asked: Question, page: list[AuditEntry], zone: tzinfo) -> AsyncIterator[str]:
    yield cells.lines([COLUMNS])
    while page:
        yield cells.lines([row(entry, zone) for entry in page])
        if len(page) < AT_ONCE:
            return
        async with live.current().db.reading() as tx:
            page = await entries(tx, asked, page[-1].id, AT_ONCE)


routes = [
    Route("/w/{workspace_id:int}/audit.csv", answering(download, is_followed=True)),
    Route("/admin/audit.csv", answering(download, is_followed=True)),
]
