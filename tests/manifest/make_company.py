#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the manifests of a made-up company: `make_company.py FOLDER --systems 200 --flows 5000`."""

import argparse
import pathlib
import random

COUNTRIES = ["FR", "DE", "IT", "US", "GB", "IN", "MA", "JP", "CH", "BR"]
CATEGORIES = ["IDENTITY.NAME", "CONTACT.EMAIL", "CONTACT.PHONE", "CONTACT.POSTAL", "TRANSACTION.ORDER",
              "PREFERENCE", "WEB.BROWSING", "DERIVED.SCORE"]
SUBJECTS = ["CUSTOMER_B2C", "PROSPECT_B2C", "CUSTOMER_B2B", "NEWSLETTER_SUBSCRIBER"]

COMPANY = """kind: organisation
name: Generated
controllers: [{id: lyon, legal_name: Generated SAS, country: FR}]
consent: {purposes: [PROSPECTING], channels: [email, sms, phone]}
"""
ACTIVITY = """kind: activity
id: marketing
name: Marketing
controllers: [lyon]
purposes: [PROSPECTING, CONTRACT_EXEC]
subjects: [CUSTOMER_B2C]
notices: [{ref: notice-1, languages: [fr]}]
"""


def party(number, chance):
    country = chance.choice(COUNTRIES)
    parent = f"party-{chance.randrange(number)}" if number > 20 and chance.random() < 0.6 else "lyon"
    role = "processor" if parent == "lyon" else "sub_processor"
    transfer = "" if country in ("FR", "DE", "IT") else (
        f"\n    transfers: [{{from: {parent}, to: party-{number}, mechanism: {'ADEQUACY' if country in ('GB', 'JP', 'CH', 'BR') else 'SCC_M2'}, signed: 2025-01-01}}]")
    return (f"kind: party\nid: party-{number}\nlegal_name: Party {number} Ltd\ncountry: {country}\nrecipient_type: PROCESSOR\n"
            f"places: [{{country: {country}}}]\nengagements:\n  - from: {parent}\n    role: {role}\n    service: service {number}\n"
            f"    contract: {{ref: C-{number}, signed: 2024-01-01, items: [a, b, c, d, e, f, g, h]}}{transfer}\n")


def flow(number, system, parties, chance):
    to = f"party-{chance.randrange(parties)}"
    return f"""  - id: flow-{number}
    from: {system}
    to: {to}
    kind: export
    state: running
    run_by: company
    categories: [{', '.join(sorted(chance.sample(CATEGORIES, 3)))}]
    subjects: [{chance.choice(SUBJECTS)}]
    terms: [{{activity: marketing, purpose: PROSPECTING, channel: email, audience: B2C, countries: [FR], basis: CONSENT}}]
    retention: [{{category: "*", purpose: PROSPECTING, duration: P3Y, start: last contact, fate: delete}}]
    frequency: regular
    protocol: HTTPS
    encryption: TLS 1.3
    evidence: {{kind: attested, who: owner, when: 2026-05-01}}
    withdrawal: {{path: upstream, latency: PT12H}}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--systems", type=int, default=200)
    parser.add_argument("--flows", type=int, default=5000)
    parser.add_argument("--parties", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    for name in ("parties", "integrations"):
        (arguments.folder / name).mkdir(parents=True, exist_ok=True)
    (arguments.folder / "company.yaml").write_text(COMPANY)
    (arguments.folder / "marketing.yaml").write_text(ACTIVITY)
    for number in range(arguments.parties):
        (arguments.folder / f"parties/party-{number}.yaml").write_text(party(number, chance))
    texts = {}
    for number in range(arguments.systems):
        texts[number] = (f"kind: integration\nsystem: system-{number}\ncontroller: lyon\noperated_by: party-{chance.randrange(arguments.parties)}\n"
                         f"our_role: controller\nowner: {{name: Owner {number}}}\nsubjects: [CUSTOMER_B2C]\nflows:\n")
    for number in range(arguments.flows):
        texts[number % arguments.systems] += flow(number, f"system-{number % arguments.systems}", arguments.parties, chance)
    for number, text in texts.items():
        if text.endswith("flows:\n"):
            text = text[:-len("flows:\n")]
        (arguments.folder / f"integrations/system-{number}.yaml").write_text(text)


if __name__ == "__main__":
    main()
