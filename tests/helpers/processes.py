"""Programs that tests start: how long one may stand still."""

HANGS = 300
"""Seconds of the clock after which a program is taken to hang, however busy the machine.

It limits nobody's speed: where a test does, it looks at the CPU time of the process.
"""
