"""Functions that give an executor: ``make_handout.py build --executor executors:dask``.

Each is called once, and again when its executor has broken. All were run; docs/scale.md says with which versions.
"""

import os
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any


def processes() -> Executor:
    """Return a pool of this machine, of the standard library."""
    return ProcessPoolExecutor(mp_context=get_context("spawn"))


def loky() -> Executor:
    """Return the pool of joblib, which starts workers anew that have died."""
    from loky import get_reusable_executor  # noqa: PLC0415

    executor: Executor = get_reusable_executor()
    return executor


def dask() -> Executor:
    """Return that of a Dask cluster, at ``DASK_SCHEDULER`` or beside this one as the service ``scheduler``."""
    from distributed import Client  # noqa: PLC0415

    executor: Executor = Client(os.environ.get("DASK_SCHEDULER", "tcp://scheduler:8786")).get_executor()
    return executor


def slurm() -> Executor:
    """Return that of workers that Slurm starts, by dask-jobqueue; those still queued go when the program ends."""
    from dask_jobqueue import SLURMCluster  # noqa: PLC0415
    from distributed import Client  # noqa: PLC0415

    cluster = SLURMCluster(cores=1, memory="1GiB", walltime="02:00:00")
    cluster.scale(jobs=64)
    executor: Executor = Client(cluster).get_executor()
    return executor


def mpi() -> Executor:
    """Return that of mpi4py, below ``mpiexec -n 65 python -m mpi4py.futures make_handout.py``."""
    from mpi4py.futures import MPIPoolExecutor  # noqa: PLC0415

    executor: Executor = MPIPoolExecutor()
    return executor


class RayExecutor(Executor):
    """Ray's tasks as an executor."""

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> "Future[Any]":
        """Give a task to Ray."""
        import ray  # noqa: PLC0415

        future: Future[Any] = ray.remote(max_retries=0)(function).remote(*arguments, **named).future()
        return future


def ray() -> Executor:
    """Return that of the Ray cluster at ``RAY_ADDRESS`` (``auto`` for the one of this machine), else of a new one."""
    return RayExecutor()
