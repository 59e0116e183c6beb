"""Work in a child process that may not hang, and what it was at if it does."""

import contextlib
import faulthandler
import os
import pathlib
import select
import shutil
import signal
import subprocess
import time
import traceback

# How long a child may take, in seconds; it takes some hundredths.
DEADLINE = 60
# How long it may take to say where it is.
LAST_WORDS = 2


def in_child(work, deadline=DEADLINE):
    """Forks, does the work there, and gives what went wrong; "" if nothing did."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        _run(work, write)
    os.close(write)
    told, ended = _read(read, deadline)
    if not ended:
        told += _where(child, read)
        os.kill(child, signal.SIGKILL)
    os.close(read)
    _, status = os.waitpid(child, 0)
    said = told.decode(errors="replace")
    if not ended:
        return f"the child did not end within {deadline} s\n{said}"
    # A crash says nothing through the pipe.
    return said if status == 0 or said else f"the child ended with status {status}"


def _run(work, write):
    """In the child; it ends here. The end of the pipe tells the parent that it has."""
    # If the parent is ended meanwhile, nobody else would end this.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(4 * DEADLINE)
    faulthandler.register(signal.SIGUSR1, file=write, all_threads=True)
    try:
        work()
    except BaseException:
        os.write(write, traceback.format_exc().encode())
    finally:
        os._exit(0)


def _read(pipe, seconds):
    """What comes until the pipe ends, and whether it did in this time."""
    told, until = b"", time.monotonic() + seconds
    while True:
        ready, _, _ = select.select([pipe], [], [], max(until - time.monotonic(), 0))
        if not ready:
            return told, False
        part = os.read(pipe, 65536)
        if not part:
            return told, True
        told += part


def _where(child, pipe):
    """Where each thread of the child is: in Python, in the system, and natively if there is a gdb."""
    os.kill(child, signal.SIGUSR1)
    said = b"Python:\n" + _read(pipe, LAST_WORDS)[0]
    for task in sorted(pathlib.Path(f"/proc/{child}/task").glob("*")):
        for name in ("wchan", "syscall", "stack", "status"):
            with contextlib.suppress(OSError):
                said += f"{task.name} {name}: ".encode() + (task / name).read_bytes() + b"\n"
    if gdb := shutil.which("gdb"):
        arguments = [gdb, "--batch", "--pid", str(child), "-ex", "thread apply all backtrace"]
        with contextlib.suppress(subprocess.TimeoutExpired):
            said += subprocess.run(arguments, capture_output=True, timeout=DEADLINE).stdout
    return said
