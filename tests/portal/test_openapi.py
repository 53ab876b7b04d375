"""The API's own description, held against the routes that there are; and the words of a refused body."""

import re
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import ValidationError

from services.intel.api import router as intel
from services.planner import api_conflicts as planner_conflicts
from services.planner import api_operations, api_work
from services.planner.api import router as planner
from services.planner.schemas import PostUpdate
from services.portal import api, api_conflicts, openapi
from services.portal.pages.routes import ROUTERS
from shared.errors import FieldError
from shared.runtime.commands import _placed
from shared.runtime.problems import field_errors

Json = dict[str, Any]


def app_of(*routers: APIRouter) -> FastAPI:
    app = FastAPI()
    for router in routers:
        app.include_router(router)
    return app


PORTAL = app_of(openapi.router, api_conflicts.targets, api.router, api_conflicts.router, *ROUTERS)
SERVICES = {
    "planner": app_of(planner, api_operations.router, api_work.router, planner_conflicts.router),
    "intel": app_of(intel),
}


@pytest.fixture(scope="module")
def document() -> Json:
    return openapi.described(PORTAL.routes, {name: app.openapi() for name, app in SERVICES.items()})


def routes_of(app: FastAPI, prefix: str = "") -> set[tuple[str, str]]:
    found = iter_route_contexts(app.routes)
    return {(prefix + str(one.path), method) for one in found for method in (one.methods or ()) if method != "HEAD"}


def test_every_question_and_command_that_there_is_is_described_and_no_other(document: Json):
    described = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}
    ours = {one for one in routes_of(PORTAL) if one[0].startswith("/api/v1")}
    ours = {one for one in ours if "{path:path}" not in one[0]} - {("/api/v1/openapi.json", "GET")}
    asked = {one for name in SERVICES for one in routes_of(SERVICES[name], "/api/v1") if one[1] == "POST"}
    assert described == ours | asked
    for path in ("/me", "/sessions/current", "/periods/{period_id}/totals", "/periods/{period_id}/debrief.pdf"):
        assert f"/api/v1{path}" in document["paths"]


def test_each_names_its_problem_answers_and_what_it_must_be_sent(document: Json):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            sent = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
            answers = operation["responses"]
            assert {"401", "503"} <= answers.keys()
            assert ("428" in answers) is ("If-Match" in sent), path
            assert ("{" in path) <= ({"404", "422"} <= answers.keys()), path
            is_command = method == "post" and path != "/api/v1/sessions" and not path.endswith("/disclosure")
            assert ("Idempotency-Key" in sent) is ("409" in answers) is is_command, path
            assert ("security" in operation) is ((path, method) != ("/api/v1/sessions", "post"))
            for status, answer in answers.items():
                assert status < "400" or "application/problem+json" in answer["content"], path


def test_every_answer_has_a_form_and_every_form_is_there(document: Json):
    named = set(re.findall(r"#/components/schemas/([^'\"]+)", str(document)))
    assert named <= document["components"]["schemas"].keys()
    disclosure = document["paths"]["/api/v1/operations/{operation_id}/disclosure"]["get"]["responses"]["200"]
    assert disclosure["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/PlannerDisclosure"}
    targets = document["paths"]["/api/v1/operations/{operation_id}/targets"]["post"]["requestBody"]["content"]
    assert targets["application/json"]["schema"] == {"$ref": "#/components/schemas/NameIdentifiers"}, "not the tokens"


def told(body: str) -> dict[str, str]:
    """What a service says of a body, field by field, on the way that commands take."""
    with pytest.raises(ValidationError) as wrong:
        PostUpdate.model_validate_json(body)
    return {error.field: error.reason for error in field_errors(_placed(wrong.value, "body"))}


def test_a_body_that_is_no_json_is_named_as_a_whole():
    assert told('{"kind": ') == {"body": "This is not JSON."}


def test_an_unknown_count_is_named_by_its_own_name_with_the_known_ones():
    reason = told('{"kind": "result", "counts": {"foo": 1}}')["counts.foo"]
    assert reason.startswith("Use one of ")
    assert "arrests" in reason
    assert "'" not in reason


def test_what_is_missing_or_too_much_is_told_in_plain_words():
    assert told('{"wrong": 1}') == {"kind": "This is needed.", "wrong": "There is no such field."}


def test_a_reason_of_our_own_needs_no_type():
    assert field_errors([{"loc": ("body",), "msg": "Send JSON."}]) == (FieldError("body", "Send JSON."),)
