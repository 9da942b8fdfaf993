# SPDX-License-Identifier: Apache-2.0
"""Webhooks: how many become durable in a second, how long that takes, and whether a crowd disturbs it."""
import json
import statistics
import subprocess
import time

from .company import KEY
from .machine import Program, processor, said
from .table import Figure, number

CONNECTIONS = 64


def load(bench, port, ids, **options):
    """Runs the load generator to its end."""
    command = [bench.program("load"), "--port", str(port), "--ids", str(ids), "--key", KEY,
               "--connections", str(options.pop("connections", CONNECTIONS))]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    result = json.loads(subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout)
    if result["other"] or result["lost"]:
        raise RuntimeError(f"webhooks were not accepted: {result}")
    return result


def median_of(bench, port, ids, key, **options):
    return statistics.median(load(bench, port, ids, **options)[key] for _ in range(bench.runs))


def door(bench, folder=None):
    command = [bench.program("door"), "--key", KEY] + (["--folder", folder] if folder else [])
    return Program(command, bench.folder / "door.log")


def measure(bench):
    """The webhook door alone: the hub's server, signature check and store, without lanes."""
    ids = bench.folder / "nobody.ids"
    ids.write_text("document 1\n")
    fsyncs = bench.core()["fsyncs"]
    with door(bench) as bare:
        unstored = median_of(bench, int(bare.line()), ids, "rate", seconds=bench.short)
    with door(bench, bench.folder / "door") as stored:
        port = int(stored.line())
        before = processor([stored.pid])
        runs = [load(bench, port, ids, seconds=bench.short) for _ in range(bench.runs)]
        spent = {"hub": processor([stored.pid]) - before, "generator": sum(run["processor"] for run in runs)}
        rate = statistics.median(run["rate"] for run in runs)
        each = spent["hub"] / sum(run["rate"] * run["seconds"] for run in runs) * 1e6
        p99 = median_of(bench, port, ids, "p99_ms", seconds=bench.short, rate=rate / 2)
    limit = f"{number(unstored)}/s unstored; {number(fsyncs)} fsync/s"
    yield Figure("webhooks made durable, 64 connections", rate, "/s", limit, "≥ 12,000/s", least=12_000,
                 note=f"{number(each)} µs of processor each; {said(spent)}")
    yield Figure("… as share of the server without storing", rate / unstored * 100, "%", "", "≥ 50 %", least=50)
    yield Figure("… p99 at half that load", p99, "ms", f"one fsync {number(1000 / fsyncs)} ms", "< 20 ms", most=20)


def crowd(bench, hub):
    """500 others: 200 silent, 200 that send a byte now and then, 100 event streams."""
    return Program([bench.program("crowd"), "--port", hub.webhook_port, "--api-port", hub.port, "--token", hub.token,
                    "--idle", 200, "--slow", 200, "--streams", 100], bench.folder / "crowd.log")


def with_crowd(bench, hub):
    """The whole hub; its webhooks name nothing that is synchronised, so no vendor is asked."""
    ids = bench.folder / "nobody.ids"
    ids.write_text("document 1\n")
    rate = median_of(bench, hub.webhook_port, ids, "rate", seconds=bench.short)
    drain(hub)
    calm = median_of(bench, hub.webhook_port, ids, "p99_ms", seconds=bench.short, rate=rate / 2)
    drain(hub)
    with crowd(bench, hub) as others:
        others.line()
        busy = median_of(bench, hub.webhook_port, ids, "p99_ms", seconds=bench.short, rate=rate / 2)
        outcome = json.loads(others.stop())
    drain(hub)
    yield Figure("webhooks accepted by the whole hub at work", rate, "/s", "", "≥ 12,000/s", least=12_000)
    yield Figure("… p99 at half that load", calm, "ms", "", "< 20 ms", most=20)
    yield Figure("… p99 with 500 idle and slow connections", busy, "ms", f"{number(calm)} ms without", "≤ 2 times",
                 most=2 * calm, note=f"{outcome['came_back']} closed and back, {outcome['turned_away']} turned away")


def drain(hub):
    """Until every webhook was decided."""
    decided = -1.0
    while decided != (decided := hub.counter("concordat_webhooks_decided_total")):
        time.sleep(1)
