"""The public API's OpenAPI document: the portal's own questions, and the commands of the services that take them."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi

from services.portal.doors import ThePortal

PREFIX = "/api/v1"
SERVICES = ("planner", "intel")
PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
        "changed": {"type": "array", "items": {"type": "object"}, "description": "What happened since, on a 409."},
    },
}
ANSWERS = {
    "401": "No session, or one that has ended.",
    "403": "Seen, and not yours to do.",
    "404": "Unknown, or hidden: the two are told in the same words.",
    "409": "Not possible now, or changed since you looked: `changed` says what.",
    "422": "Something must be corrected: `errors` names the fields.",
    "503": "Not accepted, nothing was kept.",
    "504": "Not known yet: send it again with the same Idempotency-Key, it is kept once.",
}
_KEY = {
    "name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string", "maxLength": 100},
    "description": "Your own, for this command: the same key again gets the same answer.",
}  # fmt: skip
_VERSION = {
    "name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"},
    "description": 'The version that you looked at, as its ETag gave it: `"3"`.',
}  # fmt: skip

router = APIRouter(include_in_schema=False)
_whole: dict[str, Any] = {}


@router.get(f"{PREFIX}/openapi.json")
async def openapi(request: Request, portal: ThePortal) -> dict[str, Any]:
    """Kept once every service has been heard; without one of them its commands are missing until it is back."""
    if _whole:
        return _whole
    routes = [route for route in request.app.routes if getattr(route, "path", "").startswith(PREFIX)]
    document = get_openapi(
        title="Joint Period of Action", version="1", openapi_version="3.1.0", routes=routes,
        description="Questions and commands of a party. Sign in with POST /api/v1/sessions for a token.",
    )  # fmt: skip
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    said = [(name, await portal.gateway.openapi(name)) for name in SERVICES]
    for name, other in said:
        if other:
            _take_in(document, name, other)
    schemas["Problem"] = PROBLEM
    document["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(path, method, operation)
    for gone in ("HTTPValidationError", "ValidationError"):
        schemas.pop(gone, None)
    if all(other for _, other in said):
        _whole.update(document)
    return document


def _take_in(document: dict[str, Any], name: str, other: dict[str, Any]) -> None:
    """The commands of a service, with its schemas under names of their own."""
    title = name.capitalize()
    for path, methods in other["paths"].items():
        if not path.startswith(("/operator", "/health")) and "post" in methods:
            operation = _renamed(methods["post"], title)
            operation["tags"] = [name]
            operation["operationId"] = f"{name}_{operation.get('operationId', path)}"
            document["paths"].setdefault(PREFIX + path, {})["post"] = operation
    for schema, body in other.get("components", {}).get("schemas", {}).items():
        if schema not in {"HTTPValidationError", "ValidationError"}:
            document["components"]["schemas"][title + schema] = _renamed(body, title)


def _renamed(value: Any, title: str) -> Any:
    if isinstance(value, dict):
        return {key: _reference(one, title) if key == "$ref" else _renamed(one, title) for key, one in value.items()}
    return [_renamed(one, title) for one in value] if isinstance(value, list) else value


def _reference(reference: str, title: str) -> str:
    return reference.replace("#/components/schemas/", f"#/components/schemas/{title}")


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Headers, problem answers and the bearer token."""
    given = [one for one in operation.get("parameters", ()) if one["in"] != "header"]
    asked = {one["name"].lower() for one in operation.get("parameters", ()) if one["in"] == "header"}
    if method == "post" and path != f"{PREFIX}/sessions":
        given.append(_KEY)
    if "if-match" in asked:
        given.append(_VERSION)
    if given:
        operation["parameters"] = given
    else:
        operation.pop("parameters", None)
    if path != f"{PREFIX}/sessions":
        operation["security"] = [{"bearer": []}]
    wanted = ANSWERS if method == "post" else {code: ANSWERS[code] for code in ("401", "404", "422", "503")}
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses = operation.setdefault("responses", {})
    responses.update({code: {"description": text, "content": content} for code, text in wanted.items()})
