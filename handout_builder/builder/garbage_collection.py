"""Garbage collection between tasks, in processes that run with the collector disabled."""

import gc


class Garbage:
    """Collects garbage between tasks."""

    def __init__(self) -> None:
        self._done = 0

    def collect(self) -> None:
        """Collect what the last task has left, before the next one: laid-out pages are full of cycles."""
        if self._done and not gc.isenabled():
            gc.collect()
            if self._done == 1:
                gc.freeze()  # what is left now is used to the end
        self._done += 1
