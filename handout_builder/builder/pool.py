"""Tasks done side by side, in as many processes as there are cores, each of which loads the engines once."""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from pathlib import Path

from handout_builder.builder.worker import Done, Producer, Task
from handout_builder.errors import Problem
from handout_builder.progress import Progress, silent

_producer = Producer()


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(tasks: Sequence[Task], jobs: int, progress: Progress) -> Iterator[tuple[Task, Done]]:
    """Do the tasks in up to ``jobs`` processes; yield each as it is done.

    A process that is ended by the system (which wants its memory back, say) takes others' tasks with it: they are
    done again, each in a process of its own, so that only the task that is to blame fails.
    """
    if min(len(tasks), jobs) == 1:
        producer = Producer()
        for task in tasks:
            yield task, producer.produce(task, progress)
        return
    lost: list[Task] = []
    for task, done in _pooled(tasks, min(len(tasks), jobs)):
        if done:
            yield task, done
        else:
            lost.append(task)
    for task in lost:
        for _, done in _pooled([task], 1):
            yield task, done or Done({}, errors=(_ended(task),))


def _pooled(tasks: Sequence[Task], jobs: int) -> Iterator[tuple[Task, Done | None]]:
    """Do the tasks; yield nothing for those whose process has ended, and raise a mistake of our own at the end."""
    others = multiprocessing.active_children()
    pool = ProcessPoolExecutor(jobs, _context(), _begin)
    mistake: Exception | None = None
    ended = False
    try:
        futures = {pool.submit(_do, task): task for task in tasks}
        for future in as_completed(futures):
            task = futures.pop(future)
            try:
                done = future.result()
            except BrokenProcessPool:
                yield task, None
            except Exception as error:  # the others are finished first
                mistake = error
            else:
                yield task, done
        ended = True
    finally:
        pool.shutdown(wait=ended, cancel_futures=True)
        for process in multiprocessing.active_children():
            if not ended and process not in others:
                process.terminate()  # Ctrl-C waits for nothing
    if mistake:
        raise mistake


def _context() -> BaseContext:
    """Return how processes are started: as copies with the engines loaded, where a process may be copied.

    It may where it has one thread, of Python or of any library: locks that another thread holds stay locked in a
    copy. Linux tells; elsewhere system libraries have threads of their own.
    """
    threads = Path("/proc/self/task")
    if not threads.is_dir() or len(list(threads.iterdir())) > 1:
        return multiprocessing.get_context("spawn")
    from handout_builder.engine.session import session  # noqa: PLC0415
    from handout_builder.epub import package  # noqa: F401, PLC0415

    with session():  # which loads the engine
        pass
    gc.freeze()  # what all share is not looked through, and so not copied
    return multiprocessing.get_context("fork")


def _begin() -> None:
    """Prepare a process: it ends at once on Ctrl-C, and with the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.disable()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _do(task: Task) -> Done:
    return _producer.produce(task, silent)


def _ended(task: Task) -> Problem:
    message = f"the process that built {task.name} was ended by the system"
    return Problem("worker", message, task.order.text, hint="it may have taken too much memory: try --jobs 1")
