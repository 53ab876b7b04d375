"""The figures against their aims, and what of all that was measured is handed to programs."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One figure that has an aim."""

    name: str
    value: float
    unit: str
    aim: str
    met: bool
    beside: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "value": rounded(self.value), "unit": self.unit, "aim": self.aim, "met": self.met}


def judged(found: dict[str, Any]) -> list[Figure]:
    """Every aim whose part was measured."""
    figures: list[Figure] = []
    floor, system = found.get("floor", {}).get("mean"), found.get("system")
    if system:
        figures += _visible(system["throughput"], floor)
        slow, fast = system["latency_slow"], system["latency"]
        p50 = slow["p50_ms"]
        figures.append(
            Figure("to another party, 2 a second, p50", p50, "ms", "≤ 20", p50 <= 20, f"p99 {slow['p99_ms']:.0f}")
        )
        name = f"to another party, {fast['rate_per_second']:.0f} a second, p50"
        beside = f"{fast['p50_ms']:.1f} ms, p99 {fast['p99_ms']:.0f}"
        if floor:
            ratio = fast["p50_ms"] / floor["p50_ms_at_100_per_second"]
            beside += f"; floor {floor['p50_ms_at_100_per_second']:.1f} ms"
            figures.append(Figure(name, ratio, "× the floor", "≤ 2", ratio <= 2 and fast["sustained"], beside))
    if rebuild := found.get("rebuild"):
        rate = rebuild["rebuild_events_per_second"]
        beside = f"{rebuild['rebuilt_events']:,} events"
        figures.append(Figure("the portal's rebuild", rate, "events/s", "≥ 10,000", rate >= 10_000, beside))
    if pages := found.get("pages"):
        few, many, growth = pages["worst_p95_ms_few"], pages["worst_p95_ms_many"], pages["worst_growth"]
        name, which = "the slowest page at {:,} updates, p95", pages["worst_places"]
        figures.append(Figure(name.format(pages["few_updates"]), few, "ms", "≤ 30", few <= 30, which["p95_ms_few"]))
        figures.append(Figure(name.format(pages["many_updates"]), many, "ms", "≤ 100", many <= 100, which["p95_ms_many"]))
        figures.append(Figure("growth of a page's p50, at most", growth, "×", "≤ 1.5", growth <= 1.5, which["growth"]))
    return figures


def _visible(throughput: dict[str, Any], floor: dict[str, float] | None) -> list[Figure]:
    rate, sustained = throughput["visible_updates_per_second"], throughput["sustained"]
    late = throughput["backlog_gone_after_seconds"]
    found = [Figure("backlog gone after the last post", late, "s", "≤ 5", sustained)]
    if floor:
        ratio = rate / floor["visible_updates_per_second"]
        beside = f"{rate:,.0f}/s; floor {floor['visible_updates_per_second']:,.0f}/s"
        found.insert(0, Figure("visible updates", ratio, "of the floor", "≥ 0.5", ratio >= 0.5 and sustained, beside))
    return found


def rounded(value: Any) -> Any:
    """Three figures after the point say enough."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {str(name): rounded(each) for name, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, list) else value
