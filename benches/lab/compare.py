"""The lab beside moto_server and dynalite: the same loops, in one run, on one machine.

python compare.py LAB_COMMAND SDK_LOOPS DYNALITE

LAB_COMMAND is the `itemseal` command, SDK_LOOPS the example binary of itemseal-lab, DYNALITE the path of
dynalite's cli.js. Needs boto3 and moto[server] in this Python. Prints calls per second, and ratios.
"""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
ROUNDS = 3


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(command, endpoint=None, ready=None):
    """Runs a server until the block ends; it is ended by its process id."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended with {process.returncode}")
            if ready is not None and Path(ready).exists():
                endpoint = Path(ready).read_text().strip()
                break
            if ready is None and answers(endpoint):
                break
            time.sleep(0.01)
        yield endpoint, process.pid
    finally:
        process.terminate()
        process.wait()


def answers(endpoint):
    try:
        urllib.request.urlopen(endpoint, timeout=1)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def run(*command):
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[0])


def median(values):
    return sorted(values)[len(values) // 2]


def main():
    lab, loops, dynalite = sys.argv[1:4]
    folder = tempfile.mkdtemp()
    moto_port, dynalite_port = free_port(), free_port()
    rows = [("GenerateDataKey", "moto"), ("Decrypt", "moto"), ("PutItem", "moto"), ("GetItem", "moto"),
            ("PutItem", "dynalite"), ("GetItem", "dynalite")]
    calls = {"lab": 4000, "moto": 600, "dynalite": 3000}
    with contextlib.ExitStack() as stack:
        ready = os.path.join(folder, "ready")
        started = time.perf_counter()
        endpoint, pid = stack.enter_context(server([lab, "lab", "up", "--port", "0", "--ready-file", ready], ready=ready))
        print(f"start to ready: {1000 * (time.perf_counter() - started):.0f} ms (looked at every 10 ms); "
              f"memory at idle: {resident(pid)} MB")
        servers = {"lab": endpoint}
        moto = f"http://127.0.0.1:{moto_port}"
        servers["moto"] = stack.enter_context(server(["moto_server", "-p", str(moto_port)], moto))[0]
        other = f"http://127.0.0.1:{dynalite_port}"
        command = ["node", dynalite, "--port", str(dynalite_port), "--createTableMs", "0"]
        servers["dynalite"] = stack.enter_context(server(command, other))[0]
        print(f"{'loop':<28}{'operation':<17}{'lab':>8}{'other':>8}  {'lab/other':>9}")
        for kind, tasks in (("aws-sdk, 1 task", 1), ("aws-sdk, 8 tasks", 8), ("boto3", 0)):
            for operation, other in rows:
                def rate(name):
                    if tasks:
                        return run(loops, servers[name], operation, str(tasks), str(calls[name]))
                    script = str(HERE / "boto3_loops.py")
                    return run(sys.executable, script, servers[name], operation, str(calls[name] // 4))
                # A fresh table each round for boto3 would need another name, so it has one round.
                pairs = [(rate("lab"), rate(other)) for _ in range(ROUNDS if tasks else 1)]
                ours, theirs = median([a for a, _ in pairs]), median([b for _, b in pairs])
                ratio = median([a / b for a, b in pairs])
                print(f"{kind:<28}{operation:<17}{ours:>8.0f}{theirs:>8.0f}  {ratio:>8.1f}x  {other}", flush=True)
        fifths = subprocess.run([loops, servers["lab"], "PutStream", "8", "50000"], check=True, capture_output=True, text=True)
        print("puts per second on a table with a stream, each fifth of 50,000:", fifths.stdout.strip())


def resident(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0


if __name__ == "__main__":
    main()
