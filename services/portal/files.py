"""The built style sheet, scripts and icon: read once, compressed once, kept by browsers for as long as they are the same."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache

from fastapi import APIRouter, Request, Response

from services.portal.pages.render import STATIC
from shared.errors import NotFound

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class File:
    """A file as it goes out."""

    plain: bytes
    packed: bytes
    media_type: str
    version: str


@cache
def files() -> dict[str, File]:
    found = {}
    for path in STATIC.iterdir() if STATIC.is_dir() else ():
        if path.suffix in TYPES:
            plain = path.read_bytes()
            version = hashlib.sha256(plain).hexdigest()[:12]
            found[path.name] = File(plain, gzip.compress(plain, 9, mtime=0), TYPES[path.suffix], version)
    return found


@router.get("/static/{name}")
async def static(name: str, request: Request, v: str = "") -> Response:
    file = files().get(name)
    if file is None:
        raise NotFound
    headers = {
        "etag": f'"{file.version}"',
        "vary": "accept-encoding",
        "cache-control": FOR_EVER if v == file.version else "no-cache",
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    if accepts_gzip(request):
        return Response(file.packed, 200, {**headers, "content-encoding": "gzip"}, file.media_type)
    return Response(file.plain, 200, headers, file.media_type)


def accepts_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")
