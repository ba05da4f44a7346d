"""The servers that are compared: started on loopback, watched through /proc, ended."""

import os
import re
import socket
import subprocess
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes(root):
    """A process and all that it has started, by their ids."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(after_name[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting.extend(children.get(process, []))
    return found


class Server:
    """A running server: `name`, `port`, and the path that answers queries."""

    def __init__(self, name, path, command, log):
        self.name, self.path = name, path
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", " ".join(map(str, command)))[1])
        self.log = log
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=open(log, "w"))
        for _ in range(600):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"{name} ended at once: {Path(log).read_text()[-1000:]}")
                time.sleep(0.1)
        raise SystemExit(f"{name} does not listen")

    def told_of_memory(self):
        """What the kernel tells of the memory of each of its processes that still runs."""
        for process in processes(self.process.pid):
            try:
                yield Path(f"/proc/{process}/smaps_rollup").read_text()
            except OSError:
                continue

    def memory(self):
        """What it holds in memory with its processes, in MiB; what they share is counted once (PSS)."""
        return self.mebibytes(r"^Pss:\s+(\d+) kB")

    def anonymous(self):
        """The part of it that is no file's, in MiB: what grows if something leaks."""
        return self.mebibytes(r"^(?:Anonymous|Swap):\s+(\d+) kB")

    def mebibytes(self, line):
        """The sum of what a line of the kernel's tells."""
        return sum(int(kb) for told in self.told_of_memory() for kb in re.findall(line, told, re.M)) / 1024

    @staticmethod
    def is_table(link):
        """Whether an open file is a table of the database; one just closed is none."""
        try:
            return ".sst" in os.readlink(link)
        except OSError:
            return False

    def files(self):
        """How many files it has open besides tables of the database, and how many processes it is.

        Tables come and go as the database merges them, and every worker opens them all.
        """
        open_files, number = 0, 0
        for process in processes(self.process.pid):
            try:
                open_files += sum(not self.is_table(f"/proc/{process}/fd/{name}") for name in os.listdir(f"/proc/{process}/fd"))
                number += 1
            except OSError:
                continue
        return open_files, number

    def cpu(self):
        """The processor time it has taken, its ended processes included, in seconds."""
        total = 0
        for process in processes(self.process.pid):
            try:
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            # Its own; and what those it has waited for took.
            total += sum(int(field) for field in fields[11:15])
        return total / TICKS

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def belligraph(program, store, folder, timeout, *more):
    command = [program, "--store", store, "serve", "--bind", f"127.0.0.1:{free_port()}", "--timeout", str(timeout), *more]
    return Server("belligraph", "/sparql", command, folder / "belligraph.log")


def oxigraph(program, store, folder, timeout):
    command = [program, "serve", "--location", store, "--bind", f"127.0.0.1:{free_port()}", "--union-default-graph"]
    return Server("oxigraph", "/query", [*command, "--timeout-s", str(timeout)], folder / "oxigraph.log")
