"""The public API's OpenAPI document: the portal's own questions, and the commands of the services that take them."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from services.portal.doors import ThePortal

PREFIX = "/api/v1"
SERVICES = ("planner", "intel")
SIGN_IN = (f"{PREFIX}/sessions", "post")
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
    "413": "More than is taken at once.",
    "422": "Something must be corrected: `errors` names the fields.",
    "428": "This command needs `If-Match` with the version that you looked at.",
    "429": "Too many attempts: wait a minute.",
    "503": "Not accepted, nothing was kept.",
    "504": "Not known yet: send it again with the same Idempotency-Key, it is kept once.",
}
_FRAMEWORKS = {"HTTPValidationError", "ValidationError"}
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
    said = {name: await portal.gateway.openapi(name) for name in SERVICES}
    document = described(request.app.routes, said)
    if all(said.values()):
        _whole.update(document)
    return document


def described(routes: Sequence[Any], said: Mapping[str, dict[str, Any] | None]) -> dict[str, Any]:
    """The document of these routes of ours, and of what each service says of its own."""
    ours = [route for route in iter_route_contexts(routes) if (route.path or "").startswith(PREFIX)]
    document = get_openapi(
        title="Joint Period of Action", version="1", openapi_version="3.1.0", routes=ours,
        description="Questions and commands of a party. Sign in with POST /api/v1/sessions for a token.",
    )  # fmt: skip
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name, other in said.items():
        if other:
            _take_in(document, name, other)
    schemas["Problem"] = PROBLEM
    document["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(path, method, operation)
    for gone in _FRAMEWORKS:
        schemas.pop(gone, None)
    return document


def _take_in(document: dict[str, Any], name: str, other: dict[str, Any]) -> None:
    """The commands of a service, and its answers to questions that are passed on, its schemas under names of their own."""
    title = name.capitalize()
    for path, methods in other["paths"].items():
        if path.startswith(("/operator", "/health")):
            continue
        for method, said in methods.items():
            known = document["paths"].setdefault(PREFIX + path, {})
            if (method == "post") != (method in known):  # a command that the portal itself takes stands already
                operation = _renamed(said, title)
                operation["tags"] = [name]
                operation["operationId"] = f"{name}_{operation.get('operationId', path)}"
                known[method] = operation
    for schema, body in other.get("components", {}).get("schemas", {}).items():
        if schema not in _FRAMEWORKS:
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
    # what would be disclosed is asked with a body, and is a question all the same
    is_command = method == "post" and (path, method) != SIGN_IN and not path.endswith("/disclosure")
    if is_command:
        given.append(_KEY)
    if "if-match" in asked:
        given.append(_VERSION)
    if given:
        operation["parameters"] = given
    else:
        operation.pop("parameters", None)
    if (path, method) != SIGN_IN:
        operation["security"] = [{"bearer": []}]
    wanted = {"401", "503"}
    if is_command:
        wanted |= {"403", "404", "409", "413", "422", "504"} | ({"428"} if "if-match" in asked else set())
    elif (path, method) == SIGN_IN:
        wanted |= {"413", "422", "429"}
    elif given:
        wanted |= {"404", "422"}
    if operation.get("tags") and not is_command:
        wanted |= {"403", "504"}  # a question that is passed on
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses = operation.setdefault("responses", {})
    responses.pop("422", None)
    responses.update({code: {"description": ANSWERS[code], "content": content} for code in sorted(wanted)})
