# SPDX-License-Identifier: Apache-2.0
"""What the hub takes while nothing happens, and how soon it is there."""
import statistics
import subprocess
import time

from .company import Company, Hub
from .machine import memory, processor
from .table import Figure


def idle(bench, hub):
    """Three systems, polled every 5 s, nothing changes."""
    time.sleep(35)  # until what the load left behind has gone back
    before, begun = processor(hub.family()), time.monotonic()
    time.sleep(bench.idle_s)
    share = (processor(hub.family()) - before) / (time.monotonic() - begun)
    # Pss counts a library that several processes share once; Rss would count it for each.
    yield Figure("idle: memory of all processes (Pss)", memory(hub.family()) / 1e6, "MB", "", "< 60 MB", most=60,
                 note=f"{memory(hub.family(), 'Rss') / 1e6:.0f} MB Rss in {len(hub.family())} processes")
    yield Figure("idle: processor", share * 100, "%", "", "< 0.5 %", most=0.5)


def start(bench):
    """From exec to the first answer of /health."""
    company = Company(bench.source, bench.build, bench.folder / "stock", 10)
    try:
        data = company.folder / "data"
        subprocess.run([bench.program("stock"), "--folder", data, "--people", str(bench.stock)], check=True)
        with open(company.folder / "hub.yaml", "a", encoding="utf-8") as settings:
            settings.write("store.key: data/hub.key\n")
        times = []
        for _ in range(bench.runs):
            hub = Hub(company, "1h")
            times.append(hub.ready_s)
            hub.stop()
        yield Figure(f"start to ready with {bench.stock:,} people in the store", statistics.median(times), "s", "",
                     "< 0.5 s", most=0.5)
    finally:
        company.stop()
