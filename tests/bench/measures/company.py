# SPDX-License-Identifier: Apache-2.0
"""Three simulated CRMs and the hub between them, in a folder of their own."""
import http.client
import json
import pathlib
import re
import subprocess
import time
import urllib.parse

from .machine import Program, family, wait_until

VENDORS = ["salesforce", "sellsy", "eudonet"]
KEY = "demo-sign-key"
SECRETS = {
    "DEMO_SALESFORCE_ID": "demo-client", "DEMO_SALESFORCE_SECRET": "demo-secret",
    "DEMO_SELLSY_ID": "demo-client", "DEMO_SELLSY_SECRET": "demo-secret", "DEMO_SELLSY_SIGN_KEY": KEY,
    "DEMO_EUDONET_SUBSCRIBER": "demo-subscriber", "DEMO_EUDONET_USER": "demo-user",
}


class Client:
    """One kept-alive connection to this machine."""

    def __init__(self, port, headers=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self.headers = headers or {}

    def text(self, method, path, body=None, kind="application/json"):
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = kind
        try:
            self.connection.request(method, path, body, headers)
            reply = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # kept alive too long
            self.connection.close()
            self.connection.request(method, path, body, headers)
            reply = self.connection.getresponse()
        text = reply.read()
        if reply.status >= 300:
            raise RuntimeError(f"{method} {path}: {reply.status} {text[:300]!r}")
        return text

    def json(self, method, path, body=None):
        text = self.text(method, path, None if body is None else json.dumps(body))
        return json.loads(text) if text else None


class Simulator:
    def __init__(self, build, folder, vendor, people):
        self.vendor = vendor
        self.program = Program([build / "bin" / f"simulate-{vendor}", "--people", people],
                               folder / f"{vendor}.log")
        self.port = int(self.program.line().rsplit(":", 1)[1])
        self.admin = Client(self.port)
        if vendor != "sellsy":
            self.settings(quota=1_000_000_000)

    def settings(self, **values):
        self.admin.json("POST", "/_admin/settings", values)

    def act(self, **order):
        self.admin.json("POST", "/_admin/act", order)

    def calls(self):
        """API calls by method and path template."""
        by_call = self.admin.json("GET", "/_admin/calls")["by_call"]
        return {name: sums["calls"] for name, sums in by_call.items()}

    def forget_calls(self):
        self.admin.text("DELETE", "/_admin/calls")

    def records(self, kind):
        """All records of one kind, a page at a time."""
        offset = 0
        while True:
            page = self.admin.json("GET", f"/_admin/records?object={kind}&offset={offset}&limit=5000")["records"]
            yield from page
            offset += len(page)
            if len(page) < 5000:
                return

    def signed_in(self):
        """Headers of an API client."""
        client = Client(self.port)
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": "demo-client",
                                       "client_secret": "demo-secret"})
        kind = "application/x-www-form-urlencoded"
        if self.vendor == "eudonet":
            token = client.json("POST", "/EudoAPI/Authenticate/Token", {
                "SubscriberLogin": "demo", "SubscriberPassword": "demo-subscriber", "BaseName": "DEMO",
                "UserLogin": "api", "UserPassword": "demo-user", "UserLang": "LANG_00", "ProductName": "bench"})
            return {"x-auth": token["ResultData"]["Token"]}
        path = "/oauth2/access-tokens" if self.vendor == "sellsy" else "/services/oauth2/token"
        token = json.loads(client.text("POST", path, form, kind))["access_token"]
        return {"Authorization": "Bearer " + token}


class Hub:
    """A running hub. `interval`: between two polls."""

    def __init__(self, company, interval="5s"):
        self.company = company
        address = company.folder / "data" / "hub.address"
        address.unlink(missing_ok=True)
        self.started = time.monotonic()
        self.program = Program([company.build / "bin" / "concordat", "serve", "--config", company.folder / "hub.yaml"],
                               company.folder / "hub.log",
                               {**SECRETS, "CONCORDAT_SYNC_INTERVAL": interval, "CONCORDAT_LISTEN_PORT": "0",
                                "CONCORDAT_WEBHOOKS_PORT": "0", "CONCORDAT_LOG_LEVEL": "warning"})
        wait_until("the hub's start", lambda: self.is_up(address), 60, 0.005)
        self.pid = self.program.pid
        facts = dict(line.split(" ", 1) for line in address.read_text().splitlines())
        self.port, self.webhook_port, self.token = int(facts["port"]), int(facts["webhook_port"]), facts["token"]
        self.api = Client(self.port, {"Authorization": "Bearer " + self.token})
        self.api.json("GET", "/health")
        self.ready_s = time.monotonic() - self.started

    def is_up(self, address):
        if self.program.process.poll() is not None:
            self.program.line()
        return address.exists() and "token" in address.read_text()

    def family(self):
        return family(self.pid)

    def systems(self):
        return self.api.json("GET", "/v1/systems")["items"]

    def has_loaded(self):
        return all(one["state"] not in ("waiting", "loading") for one in self.systems())

    def is_settled(self):
        return all(one["due"] == 0 for one in self.systems())

    def settle(self, seconds=600):
        """Nothing is due, twice in a row."""
        wait_until("rest", lambda: self.is_settled() and (time.sleep(0.5) or self.is_settled()), seconds, 0.2)

    def approve(self):
        subprocess.run([self.company.build / "bin" / "concordat", "connect", "--approve", "--config",
                        self.company.folder / "hub.yaml"], env={**SECRETS, "PATH": "/usr/bin:/bin"}, check=True,
                       stdout=subprocess.DEVNULL)

    def counter(self, name):
        """The sum over all labels of a family in /metrics."""
        text = self.api.text("GET", "/metrics").decode()
        return sum(float(value) for value in re.findall(rf"^{re.escape(name)}(?:{{[^}}]*}})? (\S+)$", text, re.M))

    def verified(self):
        text = self.api.text("GET", "/metrics").decode()
        found = re.search(r'^concordat_deliveries_total{stage="verified"} (\S+)$', text, re.M)
        return float(found.group(1)) if found else 0

    def verified_since(self, system, since_ms):
        """Deliveries verified at or after that time, newest first."""
        after, found = "", []
        while True:
            page = self.api.json("GET", f"/v1/deliveries?system={system}&limit=500&after={after}")
            found += [one for one in page["items"] if one["stage"] == "verified" and one["at"] >= since_ms]
            after = page["next"]
            if not after or page["items"][-1]["at"] < since_ms:
                return found

    def stop(self):
        self.program.stop()


class Company:
    """Simulators, manifests and settings. The manifests are the demo's, without its caps."""

    def __init__(self, source, build, folder, people):
        self.build, self.folder, self.people = build, folder, people
        folder.mkdir(parents=True)
        self.simulators = {vendor: Simulator(build, folder, vendor, people) for vendor in VENDORS}
        (folder / "manifests").mkdir()
        demo = source / "manifests" / "demo"
        for manifest in [*demo.glob("*.yaml"), *demo.glob("integrations/*.yaml")]:
            text = manifest.read_text()
            for number, vendor in enumerate(VENDORS, 8491):
                text = text.replace(f"127.0.0.1:{number}", f"127.0.0.1:{self.simulators[vendor].port}")
            text = re.sub(r"cap_percent: \d+", "cap_percent: 100\n  cap_count: 10000000", text)
            (folder / "manifests" / manifest.name).write_text(text)
        subprocess.run([build / "bin" / "concordat", "init", folder / "new"], check=True, stdout=subprocess.DEVNULL)
        (folder / "new" / "keys").rename(folder / "keys")
        (folder / "hub.yaml").write_text(
            f"node: bench\nvocabularies: {source}/manifests/vocabularies\nplugins: {build}/plugins\n"
            "webhooks.connections: 1024\n")

    def __getitem__(self, vendor):
        return self.simulators[vendor]

    def pids(self):
        return [one.program.pid for one in self.simulators.values()]

    def everywhere(self, **settings):
        for one in self.simulators.values():
            one.settings(**settings)

    def ids_file(self, name, records):
        path = self.folder / name
        path.write_text("".join(f"{kind} {number}\n" for kind, number in records))
        return path

    def stop(self):
        for one in self.simulators.values():
            one.program.stop()
