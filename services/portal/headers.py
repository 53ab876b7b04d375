"""Headers on every answer: what a browser may do with it, and that nobody keeps it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_PAIRS = [(name.encode(), value.encode()) for name, value in ALWAYS.items()]
# what others uploaded runs nothing and belongs to no origin, whatever a browser makes of it
SANDBOX = "sandbox; default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
_SANDBOXED = [(name, SANDBOX.encode() if name == b"content-security-policy" else value) for name, value in _PAIRS]
_NAMES = frozenset(name for name, _ in _PAIRS)


class Headers:
    """ASGI middleware around everything, the answers to faults included. Only static files say that they may be kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [pair for pair in message.get("headers", ()) if pair[0] not in _NAMES]
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                download = message["status"] == 200 and scope["path"].startswith(("/files/", "/api/v1/files/"))
                message = {**message, "headers": headers + (_SANDBOXED if download else _PAIRS)}
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)
