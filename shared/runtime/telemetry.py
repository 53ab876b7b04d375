"""Traces and metrics: one trace from the HTTP request through outbox and Kafka to the last projection.

Sampled at the door; whatever comes after follows the `sampled` flag that travels with each event. Spans carry names,
ids and counts, never what people wrote.
"""

import json
import os
import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Gauge, Histogram

from shared.runtime.settings import ServiceSettings

REQUESTS = Counter("jpa_http_requests", "HTTP requests by route and status", ["route", "status"])
SECONDS = Histogram(
    "jpa_http_seconds", "Server time by route", ["route"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.3, 1, 3),
)  # fmt: skip
REFUSED = Counter("jpa_refused", "Commands refused, by reason", ["reason"])
PUBLISHED = Counter("jpa_events_published", "Events acknowledged by Kafka")
HANDLED = Counter("jpa_events_handled", "Events whose effect is committed")
QUARANTINED = Counter("jpa_events_quarantined", "Events set aside", ["reason"])
ACCEPTED = Counter("jpa_accepted", "Commands whose effect is committed")
LAG = Gauge("jpa_consumer_lag_events", "Events on the heard topics that are not yet handled")
# these are set when /metrics is asked (gauges.py), so that they rise also while what they watch stands still
LAG_SECONDS = Gauge("jpa_consumer_lag_seconds", "Age of the oldest event not yet handled; 0 when caught up", ["consumer"])
UNSENT = Gauge("jpa_outbox_unsent", "Events committed and not yet published")
OLDEST = Gauge("jpa_outbox_oldest_seconds", "For how long the oldest unpublished event has been due")
LEADS = Gauge("jpa_relay_leads", "1 where this replica relays, 0 where another one does")
ASIDE = Gauge("jpa_quarantine_events", "Events in quarantine now, by state", ["state"])
UNSEALED = Gauge("jpa_audit_unsealed_seconds", "Age of the oldest row of the audit that is not sealed")
FREE = Gauge("jpa_disk_free_bytes", "Free space where the database lies")
NEEDED = Gauge("jpa_disk_needed_bytes", "Free space below which no command is accepted")
READY = Gauge("jpa_ready", "1 when the service can work, else 0")

_PROPAGATOR = TraceContextTextMapPropagator()
NOT_SHIPPED = "00-00000000000000000000000000000001-0000000000000001-00"
"""What stands for a trace that is not shipped, so that the next service does not begin one of its own."""
_share = 1.0
_TRACER = trace.get_tracer("jpa")  # stands in for that of the provider which `start` sets


class FileSpanExporter(SpanExporter):
    """Spans as JSON lines in a file of bounded size: the embedded stack's collector."""

    def __init__(self, file: Path, max_bytes: int) -> None:
        self._path, self._max_bytes = file, max_bytes
        file.parent.mkdir(parents=True, exist_ok=True)
        self._out = file.open("a", encoding="utf-8")

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if self._out.tell() > self._max_bytes:
            self._out.close()
            os.replace(self._path, self._path.with_suffix(".1.jsonl"))
            self._out = self._path.open("a", encoding="utf-8")
        for span in spans:
            self._out.write(json.dumps(_line(span), separators=(",", ":")) + "\n")
        self._out.flush()
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        self._out.close()


def _line(span: ReadableSpan) -> dict[str, Any]:
    context, parent = span.context, span.parent
    return {
        "trace": f"{context.trace_id:032x}" if context else None,
        "span": f"{context.span_id:016x}" if context else None,
        "parent": f"{parent.span_id:016x}" if parent else None,
        "service": span.resource.attributes.get("service.name"),
        "name": span.name,
        "start": span.start_time,
        "end": span.end_time,
        "attributes": dict(span.attributes or {}),
    }


def start(service: str, settings: ServiceSettings) -> Callable[[], None]:
    """Set up tracing for this process; returns what stops it and sends the rest."""
    global _share  # noqa: PLW0603  # one process is one service
    _share = settings.trace_share
    provider = TracerProvider(resource=Resource({"service.name": service}), sampler=ParentBased(ALWAYS_ON))
    if settings.otel_exporter_otlp_endpoint:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    elif settings.trace_file:
        exporter = FileSpanExporter(settings.trace_file, settings.trace_file_max_bytes)
        provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
    trace.set_tracer_provider(provider)
    return provider.shutdown


def span(name: str, traceparent: str = "", **attributes: str | int) -> AbstractContextManager[Any]:
    """A span below `traceparent`; without one a trace begins here, for its share of all. Nothing is made of the others."""
    if not (traceparent.endswith("-01") if traceparent else random.random() < _share):  # noqa: S311
        return nullcontext(trace.INVALID_SPAN)
    context = _PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else None
    return _TRACER.start_as_current_span(name, context=context, attributes=attributes)


def span_if_sampled(name: str, traceparent: str, **attributes: str | int) -> AbstractContextManager[Any]:
    """A span only where the trace is being shipped: events come by the hundred."""
    return span(name, traceparent, **attributes) if traceparent.endswith("-01") else nullcontext()


def current_traceparent() -> str:
    """The current span in W3C form, when its trace is being shipped; else nothing."""
    context = trace.get_current_span().get_span_context()
    if not (context.is_valid and context.trace_flags.sampled):
        return ""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-01"
