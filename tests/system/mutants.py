"""Builds with one safeguard taken out, to see that the oracle notices: each an ASGI app, made when it is asked for."""

from typing import Any


def __getattr__(name: str) -> Any:
    return {"relay_ignores_audience": _relay, "row_level_security_is_off": _rows}[name]()


def _relay() -> Any:
    """Every event goes to every feed."""
    from shared.parties import PARTIES, feed_topic
    from shared.runtime import relay

    relay.feeds_of = lambda audience: [feed_topic(party) for party in PARTIES]
    from services.planner.app import app

    return app


def _rows() -> Any:
    """The reader's policy lets every row through."""
    from services.portal import read_model

    read_model._MINE = "true"
    from services.portal.app import app

    return app
