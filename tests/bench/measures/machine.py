# SPDX-License-Identifier: Apache-2.0
"""Processes of this machine: their processor time and memory, and how to start and stop them."""
import os
import pathlib
import signal
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count()


def family(pid):
    """The process and everything it started."""
    found = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in task.read_text().split():
                found += family(int(child))
        except OSError:
            pass
    return found


def processor(pids):
    """Seconds of processor time so far."""
    total = 0
    for pid in pids:
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / TICKS
        except OSError:
            pass
    return total


def memory(pids, kind="Pss"):
    """Bytes; Pss counts shared pages by their share, Rss whole."""
    total = 0
    for pid in pids:
        try:
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith(kind + ":"):
                    total += int(line.split()[1]) * 1024
        except OSError:
            pass
    return total


class Program:
    """A process of ours, with its log; ends with the block."""

    def __init__(self, command, log, env=None):
        self.log = log
        self.command = [str(part) for part in command]
        with open(log, "w", encoding="utf-8") as errors:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=errors,
                                            text=True, env={**os.environ, **(env or {})})
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def line(self):
        """The next line it prints; refuses when it ended instead."""
        text = self.process.stdout.readline().strip()
        if not text and self.process.poll() is not None:
            raise RuntimeError(f"{self.command[0]} ended: {pathlib.Path(self.log).read_text()[-2000:]}")
        return text

    def stop(self):
        """What it still printed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.communicate(timeout=30)[0]
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.communicate()[0]


def wait_until(what, is_so, seconds, pause=0.05):
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(pause)


class Shares:
    """Processor time of named groups between two moments."""

    def __init__(self, groups):
        self.groups = groups
        self.before = {name: processor(pids()) for name, pids in groups.items()}

    def seconds(self):
        return {name: processor(pids()) - self.before[name] for name, pids in self.groups.items()}


def said(spent, own=("hub", "children")):
    """Who took how much of the processor; names the bench where more than half lies outside of the hub."""
    whole = sum(spent.values()) or 1
    text = "processor: " + ", ".join(f"{name} {seconds / whole * 100:.0f} %" for name, seconds in spent.items())
    outside = sum(seconds for name, seconds in spent.items() if name not in own)
    return text + ("; limited by the bench" if outside / whole > 0.5 else "")
