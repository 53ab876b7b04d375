"""What debrief is told from outside."""

from shared.runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """The common settings, and how often what changed is compiled.

    Nobody waits for what debrief hears: it is taken in together, which costs a fraction of taking each as it comes.
    """

    fetch_min_bytes: int = 64_000
    fetch_wait_ms: int = 250
    compile_seconds: float = 0.5
