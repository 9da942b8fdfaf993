#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays the story of a consent with a running demo: three simulated CRMs and the hub between them.

Each step does what a person does in a CRM (or says to the hub), then waits until every other system holds the answer
and the hub has read it back. Exit 0 if all systems end up right, 1 with a sentence if one does not.

Example: tools/scenario.py --home .demo --concordat build/release/bin/concordat --one
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request

LIMIT_S = 60
LOOK_S = 0.02
SET = "marketing_campaigns_subscriptions"
ROLE_MAILBOXES = {"info", "contact", "sales", "office", "support", "admin"}


class Wrong(Exception):
    """The story does not go on; the text says why, in one sentence."""


def call(address, method, path, body=None, token=None):
    request = urllib.request.Request(address + path, method=method)
    if token:
        request.add_header("Authorization", "Bearer " + token)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)
    except urllib.error.HTTPError as error:
        words = error.read().decode("utf-8", "replace")
        try:
            words = json.loads(words).get("detail", words)
        except ValueError:
            pass
        raise Wrong(f"{method} {path} was answered {error.code}: {words}") from None
    except OSError as error:
        raise Wrong(f"nobody answers at {address} ({error}): is the demo running? tools/run starts it") from None


class Crm:
    """One simulator: what its pages and records call the choice about e-mail."""

    def __init__(self, home, name, objects, key, email):
        port = home / f"{name}.port"
        if not port.exists():
            raise Wrong(f"{port} is missing: start the demo with tools/run first")
        self.address = f"http://127.0.0.1:{port.read_text().strip()}"
        self.name, self.title, self.objects, self.key, self.email = name, name.capitalize(), objects, key, email

    def records(self):
        for kind in self.objects:
            found = call(self.address, "GET", f"/_admin/records?object={kind}&limit=1000000")["records"]
            for record in found:
                yield kind, record

    def refuses(self, record):
        if self.name == "salesforce":
            return record["HasOptedOutOfEmail"]
        return "email" not in record[SET] if self.name == "sellsy" else record["231"] == "1"

    def now(self, place):
        kind, number = place
        found = call(self.address, "GET", f"/_admin/records?object={kind}&id={number}")["records"]
        if not found:
            raise Wrong(f"{self.title} has lost its record {kind} {number}")
        return found[0]

    def type(self, place, refuse):
        """What a user does in the vendor's page."""
        kind, number = place
        if self.name == "salesforce":
            change = {"HasOptedOutOfEmail": refuse}
        elif self.name == "eudonet":
            change = {"231": "1" if refuse else "0"}
        else:
            others = [one for one in self.now(place)[SET] if one != "email"]
            change = {SET: others if refuse else others + ["email"]}
        order = {"do": "update", "object": kind, "id": number, "set": change}
        call(self.address, "POST", "/_admin/act", order)


class Story:
    def __init__(self, home):
        self.crms = [Crm(home, "salesforce", ["Contact", "Lead"], "Id", "Email"),
                     Crm(home, "sellsy", ["contact", "individual"], "id", "email"),
                     Crm(home, "eudonet", ["200"], "FileId", "221")]
        address = home / "data" / "hub.address"
        if not address.exists():
            raise Wrong(f"{address} is missing: start the demo with tools/run first")
        words = dict(line.split(maxsplit=1) for line in address.read_text().splitlines() if " " in line)
        self.hub = f"http://{words['host'].replace('0.0.0.0', '127.0.0.1')}:{words['port']}"
        self.token = words["token"]
        self.step = 0
        self.people, self.refused = self.shared()

    def ask(self, method, path, body=None):
        return call(self.hub, method, path, body, self.token)

    def crm(self, name):
        return next(crm for crm in self.crms if crm.name == name)

    def shared(self):
        """Those whom all three know once, as (address, {system: place}): who refused nowhere, who refused everywhere."""
        found, twice, refusals = {}, set(), {}
        for crm in self.crms:
            for kind, record in crm.records():
                email = (record.get(crm.email) or "").lower()
                if not email or not email.isascii() or email.split("@")[0] in ROLE_MAILBOXES:
                    continue
                places = found.setdefault(email, {})
                if crm.name in places:
                    twice.add(email)
                refusals[email] = refusals.get(email, 0) + int(crm.refuses(record))
                places[crm.name] = (kind, record[crm.key])
        shared = [(email, places) for email, places in found.items() if len(places) == 3 and email not in twice]
        random.shuffle(shared)
        free = [person for person in shared if refusals[person[0]] == 0]
        return free, [person for person in shared if refusals[person[0]] == len(self.crms)]

    def somebody(self):
        if not self.people:
            raise Wrong("nobody is left whom all three systems know and who refused nowhere: tools/run --fresh")
        return self.people.pop()

    def subject(self, email):
        items = self.ask("POST", "/v1/subjects/search", {"identifier": email})["items"]
        return items[0]["id"] if items else ""

    def answer(self, email):
        question = {"scope": "lyon", "purpose": "PROSPECTING", "channel": "email", "identifiers": [email]}
        return self.ask("POST", "/v1/effective", question)["items"][0]["answer"]

    def read_back(self, email):
        page = self.ask("GET", "/v1/subjects/" + self.subject(email))
        return all(slot["verified"] for record in page["records"] for slot in record["slots"]
                   if slot["slot"].startswith(("contact.email", "individual.email", "lead.email")))

    def wait(self, holds, what):
        begun = time.monotonic()
        while not holds():
            if time.monotonic() - begun > LIMIT_S:
                raise Wrong(f"{what} within {LIMIT_S} s")
            time.sleep(LOOK_S)

    def follow(self, person, answer, begun, source=None):
        """Waits until everybody holds the answer; gives the words for it."""
        email, places = person
        refuse = answer == "deny"
        waiting = [crm for crm in self.crms if crm is not source]
        held = []
        while waiting:
            for crm in list(waiting):
                if crm.refuses(crm.now(places[crm.name])) == refuse:
                    held.append(f"{crm.title} {time.monotonic() - begun:.2f} s")
                    waiting.remove(crm)
            if waiting and time.monotonic() - begun > LIMIT_S:
                raise Wrong(f"{waiting[0].title} does not show the {answer} of {email} after {LIMIT_S} s")
            time.sleep(LOOK_S)
        self.wait(lambda: self.answer(email) == answer and self.read_back(email),
                  f"the hub has not read back the {answer} of {email}")
        return f"held by {', '.join(held)}; verified {time.monotonic() - begun:.2f} s"

    def tell(self, what, outcome):
        self.step += 1
        print(f"{self.step}. {what}\n   {outcome}", flush=True)

    def withdraw(self, name, how):
        crm, person = self.crm(name), self.somebody()
        begun = time.monotonic()
        crm.type(person[1][name], True)
        self.tell(f"{how}: {person[0]} wants no e-mail", self.follow(person, "deny", begun, crm))
        return person

    def was_absent(self, email):
        """Whether a system did not have the choice when the hub first saw it, minutes ago: that is too near in time as well."""
        items = self.ask("GET", f"/v1/subjects/{self.subject(email)}/history")["items"]
        return any("first sight" in item["text"] for item in items)

    def grant(self):
        """Somebody who refused long ago; within minutes of a refusal elsewhere clocks could not tell which came first."""
        person = next((one for one in self.refused if not self.was_absent(one[0])), None)
        if not person:
            raise Wrong("nobody is left who refused long ago: tools/run --fresh")
        now = int(time.time() * 1000)
        evidence = {"source": "web form", "notice_id": "notice-2026-01", "method": "double_opt_in",
                    "captured_at": now, "confirmed_at": now}
        begun = time.monotonic()
        self.ask("POST", "/v1/choices", {
            "identifier": {"kind": "email", "value": person[0]}, "scope": "lyon", "purposes": ["PROSPECTING"],
            "channels": ["email"], "decision": "granted", "evidence": evidence, "actor": "web form",
            "reason": "double opt-in"})
        self.tell(f"With a double opt-in at the hub {person[0]}, who had refused, agrees again",
                  self.follow(person, "permit", begun))
        return person

    def retick(self, person):
        crm = self.crm("sellsy")
        begun = time.monotonic()
        crm.type(person[1]["sellsy"], False)
        subject = self.subject(person[0])

        def candidates():
            items = self.ask("GET", "/v1/inbox?state=open&limit=500")["items"]
            return [one for one in items if one.get("subject") == subject and one["kind"] == "candidate"]

        self.wait(candidates, f"the re-tick of {person[0]} has not come to the inbox")
        outcome = self.follow(person, "deny", begun)
        self.tell(f"A Sellsy user re-ticks e-mail for {person[0]} without any proof",
                  f"restored: {outcome}; {len(candidates())} candidate waits in the inbox for proof")
        if len(candidates()) != 1:
            raise Wrong(f"one re-tick made {len(candidates())} candidates")

    def check(self, wanted):
        for (email, places), answer in wanted:
            said = self.answer(email)
            if said != answer:
                raise Wrong(f"the hub says {said} for {email}, but {answer} is right")
            for crm in self.crms:
                if crm.refuses(crm.now(places[crm.name])) != (answer == "deny"):
                    raise Wrong(f"{crm.title} ends up wrong for {email}: {answer} is right")
        print(f"All systems hold what they should: {len(wanted)} people in {len(self.crms)} systems.")

    def play(self):
        first = self.withdraw("salesforce", "A Salesforce user ticks Email Opt Out")
        second = self.withdraw("sellsy", "A Sellsy user unticks e-mail, and Sellsy sends a webhook")
        third = self.withdraw("eudonet", "A Eudonet user ticks the refusal of e-mail")
        fourth = self.grant()
        self.retick(first)
        self.check([(first, "deny"), (second, "deny"), (third, "deny"), (fourth, "permit")])

    def play_one(self, concordat, config):
        person = self.withdraw("eudonet", "A Eudonet user ticks the refusal of e-mail")
        self.check([(person, "deny")])
        print(f"\nWhat the hub knows of them (concordat subject history {person[0]}):\n", flush=True)
        subprocess.run([concordat, "subject", "history", person[0], "--config", str(config)], check=False)


def main():
    parser = argparse.ArgumentParser(description="Plays the story of a consent with a running demo.")
    parser.add_argument("--home", required=True, type=pathlib.Path, help="folder of the demo, such as .demo")
    parser.add_argument("--concordat", required=True, help="the concordat program")
    parser.add_argument("--one", action="store_true", help="only withdraw one person in Eudonet, and show it")
    options = parser.parse_args()
    try:
        story = Story(options.home)
        if options.one:
            story.play_one(options.concordat, options.home / "hub.yaml")
        else:
            story.play()
    except Wrong as wrong:
        print(f"tools/scenario.py: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
