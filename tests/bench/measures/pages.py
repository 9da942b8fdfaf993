# SPDX-License-Identifier: Apache-2.0
"""First load: all records of three systems, by a client that only turns pages and by the hub."""
import json
import re
import threading
import time
import urllib.parse

from .company import Client
from .machine import CORES, memory, said, Shares, wait_until
from .table import Figure, number


def read_salesforce(simulator):
    client = Client(simulator.port, simulator.signed_in())
    for kind, fields in (("Contact", "Id, Email, Phone, MobilePhone, HasOptedOutOfEmail, DoNotCall, HasOptedOutOfFax, SystemModstamp, "
                          "LastModifiedById, IsDeleted"), ("Lead", "Id, Email, Phone, HasOptedOutOfEmail, SystemModstamp")):
        path = "/services/data/v60.0/query?q=" + urllib.parse.quote(f"SELECT {fields} FROM {kind} ORDER BY SystemModstamp, Id")
        while path:
            following = re.search(rb'"nextRecordsUrl":"([^"]+)"', client.text("GET", path))
            path = following.group(1).decode() if following else ""


def read_sellsy(simulator):
    client = Client(simulator.port, simulator.signed_in())
    for kind in ("contacts", "individuals", "companies"):
        offset = ""
        while True:
            path = f"/v2/{kind}/search?limit=100&order=id" + (f"&offset={urllib.parse.quote(offset)}" if offset else "")
            page = json.loads(client.text("POST", path, '{"filters":{}}'))
            offset = str(page["pagination"].get("offset") or "")
            if len(page["data"]) < 100 or not offset:
                break


def read_eudonet(simulator):
    client = Client(simulator.port, simulator.signed_in())
    wish = {"ShowMetadata": True, "RowsPerPage": 50, "NumPage": 1, "ListCols": [221, 222, 296, 295, 231, 232, 233, 234],
            "WhereCustom": {"WhereCustoms": [
                {"WhereCustoms": None, "Criteria": {"Field": "221", "Operator": 10, "Value": ""}, "InterOperator": 0},
                {"WhereCustoms": None, "Criteria": {"Field": "221", "Operator": 17, "Value": ""}, "InterOperator": 2}],
                "Criteria": None, "InterOperator": 0},
            "OrderBy": [{"DescId": 296, "Order": 0}]}
    pages = 1
    while wish["NumPage"] <= pages:
        text = client.text("POST", "/EudoAPI/Search/200", json.dumps(wish))
        found = re.search(rb'"TotalPages":(\d+)', text)
        pages = int(found.group(1)) if found else 0
        wish["NumPage"] += 1


READERS = {"salesforce": read_salesforce, "sellsy": read_sellsy, "eudonet": read_eudonet}


def page_seconds(company):
    """How long turning all pages of all three takes, all at the same time."""
    problems = []

    def read(vendor):
        try:
            READERS[vendor](company[vendor])
        except Exception as error:  # a thread's error must reach its starter
            problems.append(error)
    begun = time.monotonic()
    threads = [threading.Thread(target=read, args=(vendor,)) for vendor in READERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return time.monotonic() - begun


def first_load(company, hub):
    """Seconds from the hub's start until every system was read."""
    wait_until("the first load", hub.has_loaded, max(1800, company.people / 100), 0.1)
    return time.monotonic() - hub.started - hub.ready_s


def measure(bench, company, hub):
    """The hub must just have been started on an empty store."""
    shares = Shares({"hub": lambda: [hub.pid], "children": lambda: hub.family()[1:], "simulators": company.pids})
    took = first_load(company, hub)
    spent = shares.seconds()
    cores = f"{sum(spent.values()) / took:.1f} of {CORES} cores"
    records = sum(one["records"] for one in hub.systems())
    bytes_ = bench.held[company.people] = memory(hub.family())
    alone = page_seconds(company)
    yield Figure(f"first load of {company.people:,} people in each of three systems", records / took, "records/s",
                 f"turning pages only: {number(records / alone)}/s", note=f"{said(spent)}; {cores}")
    yield Figure("… as share of the page rate", alone / took * 100, "%", "", "≥ 60 %", least=60)
    yield Figure(f"memory of hub and children with {company.people:,} people", bytes_ / 1e6, "MB", "", "< 150 MB", most=150)
