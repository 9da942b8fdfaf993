# SPDX-License-Identifier: Apache-2.0
"""Changes end to end: a choice made in Sellsy, accepted as a webhook, written and verified in Salesforce and Eudonet."""
import json
import statistics
import subprocess
import threading
import time

from .company import Client
from .doors import load
from .machine import Program, Shares, said, wait_until
from .table import Figure, number

SET = "marketing_campaigns_subscriptions"
TARGETS = ["salesforce", "eudonet"]
LATENCY_MS = 20
STEADY = 500  # changes a second


def once(records, key):
    """address -> the one record that holds it; addresses held twice are left out."""
    found = {}
    for record in records:
        address = str(record.get(key) or "").strip().lower()
        if address:
            found[address] = None if address in found else record
    return {address: record for address, record in found.items() if record}


def candidates(company):
    """(Sellsy id, members, Salesforce id, Eudonet id) of people who may be mailed in all three systems."""
    contacts = once(company["sellsy"].records("contact"), "email")
    salesforce = once(company["salesforce"].records("Contact"), "Email")
    eudonet = once(company["eudonet"].records("200"), "221")
    for kind, vendor, key in (("individual", "sellsy", "email"), ("Lead", "salesforce", "Email")):
        for address in once(company[vendor].records(kind), key):
            contacts.pop(address, None)
    found = []
    for address, contact in contacts.items():
        other, third = salesforce.get(address), eudonet.get(address)
        if other and third and "email" in contact[SET] and not other.get("HasOptedOutOfEmail") \
                and str(third.get("231", "0")) in ("0", "", "False"):
            found.append((contact["id"], contact[SET], other["Id"], third["FileId"]))
    return found


def withdraw(company, people):
    """People take e-mail off in Sellsy; four at a time, and Sellsy tells nobody."""
    def work(some):
        admin = Client(company["sellsy"].port)
        for number_, members, *_ in some:
            admin.json("POST", "/_admin/act", {"do": "update", "object": "contact", "id": number_,
                                               "set": {SET: [one for one in members if one != "email"]}})
    threads = [threading.Thread(target=work, args=(people[at::4],)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Run:
    """One burst, or one steady stream, of changes through the hub."""

    def __init__(self, bench, company, hub, people, rate):
        withdraw(company, people)
        ids = company.ids_file("changed.ids", [("people", one[0]) for one in people])
        for vendor in TARGETS + ["sellsy"]:
            company[vendor].forget_calls()
        before = hub.verified()
        shares = Shares({"hub": lambda: [hub.pid], "children": lambda: hub.family()[1:], "simulators": company.pids})
        begun_ms = int(time.time() * 1000)
        begun = time.monotonic()
        sent = load(bench, hub.webhook_port, ids, rate=rate, count=len(people))
        wait_until("all changes verified", lambda: hub.verified() - before >= len(people) * len(TARGETS), 120, 0.1)
        self.seconds = time.monotonic() - begun
        self.processor = {**shares.seconds(), "generator": sent["processor"]}
        self.calls = {vendor: company[vendor].calls() for vendor in TARGETS + ["sellsy"]}
        verified = [one for vendor in TARGETS for one in hub.verified_since(vendor, begun_ms)]
        # The hub's own times, since looking for the end costs up to 0.1 s.
        self.rate = len(people) / max(0.001, (max(one["at"] for one in verified) - begun_ms) / 1000)
        self.latencies = sorted(one["latency_ms"] for one in verified)

    def p99(self):
        return self.latencies[int(len(self.latencies) * 0.99)]

    def said(self):
        return said(self.processor)


def least_calls(count):
    """What the vendors' APIs allow at best for `count` changes made in Sellsy.

    Sellsy: each batch request holds 50 searches of 100 ids. Salesforce: one collections request writes 200 records, one
    reads 200 back. Eudonet has no batch for writes: one request a record, and searches of 50 rows to read them back.
    """
    up = lambda size: -(-count // size)
    return {"sellsy": up(50 * 100), "salesforce": 2 * up(200), "eudonet": count + up(50)}


def relay(bench, company, people, rate):
    """The same through the bare relay: one durable insert, one read, two writes."""
    plan = bench.folder / "relay.json"
    headers = {vendor: [f"{name}: {value}" for name, value in company[vendor].signed_in().items()] for vendor in
               ("sellsy", "salesforce", "eudonet")}
    as_json = ["Content-Type: application/json"]
    address = {vendor: f"http://127.0.0.1:{company[vendor].port}" for vendor in headers}
    plan.write_text(json.dumps({
        "count": len(people), "workers": 32,
        "ids": {str(one[0]): [str(one[0]), str(one[2]), str(one[3])] for one in people},
        "routes": [
            {"method": "GET", "url": address["sellsy"] + "/v2/contacts/{id}", "headers": headers["sellsy"]},
            {"method": "PATCH", "url": address["salesforce"] + "/services/data/v60.0/sobjects/Contact/{id}",
             "headers": headers["salesforce"] + as_json, "body": '{"HasOptedOutOfEmail":true}'},
            {"method": "POST", "url": address["eudonet"] + "/EudoAPI/CUD/200/{id}",
             "headers": headers["eudonet"] + as_json, "body": '{"Fields":[{"DescId":231,"Value":"1"}]}'},
        ]}))
    ids = company.ids_file("relayed.ids", [("people", one[0]) for one in people])
    for part in bench.folder.glob("relay.db*"):
        part.unlink()
    with Program([bench.program("relay"), "--plan", plan, "--folder", bench.folder], bench.folder / "relay.log") as program:
        port = int(program.line())
        load(bench, port, ids, rate=rate, count=len(people), connections=32)
        outcome = json.loads(program.line())
    if outcome["failed"]:
        raise RuntimeError(f"the bare relay failed: {outcome}")
    return outcome


def measure(bench, company, hub):
    people = candidates(company)
    share = len(people) // (bench.runs * 2)
    if share < 20:
        raise RuntimeError(f"only {len(people)} people can change their mind: take more --people")
    packs = [people[at * share:(at + 1) * share] for at in range(bench.runs * 2)]
    bursts = [Run(bench, company, hub, pack, 0) for pack in packs[:bench.runs]]
    company.everywhere(latency_ms=LATENCY_MS)
    steady = [Run(bench, company, hub, pack, STEADY) for pack in packs[bench.runs:]]
    company.everywhere(latency_ms=0)
    hub.stop()
    # The relay writes what the hub has written already, which is no dearer for the simulators.
    bare = statistics.median(relay(bench, company, pack, 0)["rate"] for pack in packs[:bench.runs])
    company.everywhere(latency_ms=LATENCY_MS)
    bare_p99 = statistics.median(relay(bench, company, pack, STEADY)["p99_ms"] for pack in packs[bench.runs:])
    company.everywhere(latency_ms=0)
    yield from figures(bursts, steady, bare, bare_p99, share)


def figures(bursts, steady, bare, bare_p99, count):
    middle = sorted(bursts, key=lambda run: run.rate)[len(bursts) // 2]
    yield Figure(f"changes written and verified in two systems ({count} at once)", middle.rate, "/s",
                 f"bare relay, unverified: {number(bare)}/s", "≥ 2,000/s", least=2_000, note=middle.said())
    late = sorted(steady, key=Run.p99)[len(steady) // 2]
    yield Figure(f"p99 from accepted to verified at {STEADY}/s, vendors take {LATENCY_MS} ms", late.p99(), "ms",
                 f"bare relay: {number(bare_p99)} ms", "< 1,000 ms", most=1_000, note=late.said())
    least = least_calls(count)
    totals = {vendor: sum(calls.values()) for vendor, calls in middle.calls.items()}
    for vendor, total in totals.items():
        kinds = ", ".join(f"{times} {name}" for name, times in middle.calls[vendor].items())
        yield Figure(f"calls to {vendor} for 1,000 changes", total / count * 1000, "",
                     f"least possible: {number(least[vendor] / count * 1000)}", note=f"for {count}: {kinds}")
    ratio = sum(totals.values()) / sum(least.values())
    yield Figure("… all calls against the least possible", ratio, "times", "", "≤ 1.3 times", most=1.3)
