"""Traces: whether one is shipped is decided once, where it begins."""

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from shared.runtime import telemetry
from shared.runtime.telemetry import NOT_SHIPPED, current_traceparent, span

SHIPPED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(autouse=True)
def shipping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "_TRACER", TracerProvider().get_tracer("test"))


def test_a_trace_begins_here_for_its_share_of_all(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(telemetry, "_share", 0.0)
    with span("request") as nothing:
        assert nothing is trace.INVALID_SPAN
        assert current_traceparent() == ""
    monkeypatch.setattr(telemetry, "_share", 1.0)
    with span("request"):
        assert current_traceparent().endswith("-01")


def test_a_trace_that_is_shipped_goes_on_whatever_the_share(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(telemetry, "_share", 0.0)
    with span("request", SHIPPED):
        assert current_traceparent().split("-")[1] == SHIPPED.split("-")[1]


def test_a_trace_that_is_not_shipped_does_not_begin_anew_in_the_next_service(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(telemetry, "_share", 1.0)
    with span("request", NOT_SHIPPED):
        assert current_traceparent() == ""
