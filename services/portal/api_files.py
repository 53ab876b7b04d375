"""Files over HTTP: taken in at the API and from forms, and given back as downloads only."""

import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.types import Scope

from services.portal.doors import Bearer, Portal, ThePortal
from services.portal.file_store import Stored
from services.portal.pages.desk import Signed
from services.portal.settings import Settings
from shared.actor import Actor
from shared.errors import Invalid
from shared.runtime.door import Large

router = APIRouter()

Hash = Annotated[str, PathParameter(pattern=r"^[0-9a-f]{64}$")]
UPLOAD = "/api/v1/files"
_TAKES = re.compile(rf"{UPLOAD}|/updates|/periods/[^/]+/plan-versions")
"""The API's one way, and the two forms with files; an address of the API that only ends alike takes JSON."""


class FileOut(BaseModel):
    """`seal` is what a command names the file by; it is good for the party that uploaded it only."""

    sha256: str
    name: str
    media_type: str
    size: int
    seal: str


def large_bodies(settings: Settings) -> Large:
    """Files come as multipart, at the API and with the two forms that take them; everything else keeps its limit."""
    most = settings.file_max_bytes * settings.files_per_request + settings.body_max_bytes

    def of(scope: Scope) -> int | None:
        kind = dict(scope["headers"]).get(b"content-type", b"")
        return most if _TAKES.fullmatch(scope["path"]) and kind.lower().startswith(b"multipart/form-data") else None

    return of


@router.post(UPLOAD, status_code=201, openapi_extra={"requestBody": {"content": {"multipart/form-data": {"schema": {
    "type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}}}}})  # fmt: skip
async def upload(request: Request, session: Bearer, portal: ThePortal) -> FileOut:
    """One file, in the field `file` of a multipart form; commands name it by the `seal` in the answer."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Invalid.field("file", "Send a multipart form with the file in its field `file`.")
    async with request.form(max_files=1, max_fields=1) as form:
        given = form.get("file")
        if not isinstance(given, UploadFile):
            raise Invalid.field("file", "Send a multipart form with the file in its field `file`.")
        stored = await keep(portal, session.actor, given)
    return FileOut.model_validate(vars(stored))


async def keep(portal: Portal, actor: Actor, given: UploadFile) -> Stored:
    portal.service.require_space()
    return await portal.files.take(actor, given.file, given.filename or "")


@router.get(f"{UPLOAD}/{{sha256}}", response_class=Response)
async def download(sha256: Hash, session: Bearer, portal: ThePortal) -> Response:
    """The bytes, for whoever may read what names the file, and for the account that uploaded it."""
    return await given_back(portal, session.actor, sha256)


@router.get("/files/{sha256}", include_in_schema=False)
async def file_page(sha256: Hash, at: Signed) -> Response:
    return await given_back(at.portal, at.actor, sha256)


async def given_back(portal: Portal, actor: Actor, sha256: str) -> Response:
    """As a download, never shown inside a page: `Headers` puts it into a sandbox besides."""
    async with portal.reads(actor) as reads:
        row = await reads.named_file(sha256)
    name = row["name"] if row else await portal.files.own(actor, sha256)
    size = await portal.files.size(sha256)
    await portal.note_read(actor, "file", sha256)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}", "content-length": str(size)}
    return StreamingResponse(portal.files.parts(sha256, size), 200, headers, "application/octet-stream")
