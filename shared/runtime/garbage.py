"""Python's search for garbage, fitted to a process that holds much for good and thousands of events for a moment."""

import gc

YOUNG, OLDER, OLDEST = 20_000, 20, 20


def search_seldom() -> None:
    """Once everything is loaded: what is there stays and is not looked through again.

    What events leave is freed by its counts of references. As it comes ready-made, a search begins after 700 objects, and
    of a batch of events each search finds all of them still in use: a quarter of the time of a rebuild went there.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDEST)
