#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts deliberate bugs into a copy of the tree and lets concordat-simulate look for each of them.

  mutate.py --check              every bug below still fits the tree; nothing is built
  mutate.py --build DIR [NAME…]  builds and searches; prints which seed found what

Leaves the tree alone: the bugs go into a copy below DIR. Fails if a bug no longer fits, or is not found.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# name, file, exact text, text instead
BUGS = [
    # ---- when things count
    ("a margin that ignores skew", "hub/consent/time.cpp",
     "std::max(kLeastMargin, std::abs(a.skewMs) + std::abs(b.skewMs) + kMinuteMs)", "kLeastMargin"),
    ("no margin at all", "hub/consent/time.cpp",
     "return a.at > b.at + margin(a, b);", "return a.at > b.at;"),
    ("a date rounded down for a restriction", "hub/consent/time.cpp",
     "return at - time.utcOffsetMinutes.value_or(kLatestZone) * kMinuteMs + unit - 1;",
     "return at - time.utcOffsetMinutes.value_or(kLatestZone) * kMinuteMs;"),
    ("a record's time trusted for a grant", "hub/consent/time.cpp",
     "    if (trusted && clock.lastNotPermissiveAt != 0)",
     "    if (clock.modifiedAt)\n        return EventTime{latestMoment(*clock.modifiedAt), "
     "systemClock(clock), clock.skewMs};\n    if (trusted && clock.lastNotPermissiveAt != 0)"),
    ("a typed date is never disproved", "hub/consent/time.cpp",
     "return seenAt != 0 && certainlyLater(EventTime{seenAt, \"hub\", 0}, time);",
     "return seenAt < 0 && certainlyLater(EventTime{seenAt, \"hub\", 0}, time);"),
    ("a restriction of the future", "hub/consent/time.cpp",
     "    if (at > clock.observedAt) return unknownClock(clock);\n", ""),
    ("a grant of the future", "hub/consent/time.cpp",
     "        if (certainlyLater(captured, EventTime{clock.observedAt, \"hub\", 0})) return std::nullopt;\n",
     ""),
    # ---- what an observation becomes
    ("absent is taken for none", "hub/consent/observe.cpp",
     "                return seeAbsent();", "                return seeNone();"),
    ("a read-back overwrites what was seen", "hub/consent/observe.cpp",
     "if (!isOurs && equalsSeen() && !isNewerThanOurs()) {", "if (!isOurs) {"),
    ("a stale page decides", "hub/consent/observe.cpp",
     "if (underWay || (writeEnded != 0 && writeEnded >= observation.askedAt))",
     "if (underWay && observation.askedAt < 0)"),
    ("an inferred withdrawal is none", "hub/consent/observe.cpp",
     "        restrict(Decision::Withdrawn, restrictionTime(clockOf(s_)));\n        result_.inferred = true;",
     "        explain(\"says nothing\");"),
    ("a bare permit is trusted", "hub/consent/observe.cpp",
     "result_.event = grantFrom(s_, false, false);", "result_.event = grantFrom(s_, false, true);"),
    ("a bare permit over a deny is granted", "hub/consent/observe.cpp",
     "if (s_.context.denyWanted && !prior_.unseen) {", "if (s_.context.denyWanted && prior_.unseen) {"),
    ("a second opt-out is nothing new", "hub/consent/observe.cpp",
     "if (s_.reading.time == prior_.time && hash_ == prior_.evidenceHash)",
     "if (s_.reading.time == prior_.time || hash_ == prior_.evidenceHash)"),
    ("what is laxer than wanted is not due", "hub/consent/observe.cpp",
     "result_.due = s_.context.denyWanted && slot_.writable && !showsDeny(slot_, shown_) &&",
     "result_.due = false && s_.context.denyWanted && !showsDeny(slot_, shown_) &&"),
    ("a deny seen first is nothing", "hub/consent/observe.cpp",
     "            return restrict(decision, restrictionTime(clockOf(s_)));\n        }\n        if (prior_.shown",
     "            return explain(consent::toString(decision));\n        }\n        if (prior_.shown"),
    ("the permit of a deleted row counts", "hub/consent/observe.cpp",
     "        return shown_ == Shown::Deny;\n    }", "        return true;\n    }"),
    # ---- what is proven
    ("declared evidence overrides", "hub/consent/proof.cpp",
     "return proof.held || proof.trusted || proof.knownSource;", "return proof.held || true;"),
    ("one opt-in is two", "hub/consent/proof.cpp",
     "return !(purpose && purpose->doubleOptIn) || proof.confirmedAt.has_value();", "return true;"),
    # ---- rules
    ("a wide restriction gives way to any grant", "hub/consent/ground.cpp",
     "    if (wide && !proof.direct) return false;\n", ""),
    ("an objection stays with its purpose", "hub/consent/covers.cpp",
     "if (code == \"*\" || marketing || isAncestor", "if (code == \"*\" || isAncestor"),
    ("a restriction does not reach children", "hub/consent/covers.cpp",
     "marketing || isAncestor(code, wanted, policy)) reach", "marketing) reach"),
    ("any is no channel", "hub/consent/covers.cpp",
     "if (channel == \"any\" || channel == \"*\") reach = Reach::Widened;",
     "if (channel == \"*\") reach = Reach::Widened;"),
    ("a no stays in its company", "hub/consent/covers.cpp",
     "own->second.spread != Spread::Group) return false;", "own->second.spread != Spread::Own) return false;"),
    ("a yes goes to every company", "hub/consent/covers.cpp",
     "if (grant.scope != key.scope || !contains", "if (!contains"),
    ("an old version still counts", "hub/consent/covers.cpp",
     "if (version.empty() || !purpose || purpose->version == version) return true;", "return true;"),
    ("what is over is unknown", "hub/consent/effective.cpp",
     "        if (!lost.empty()) return expired(lost);\n", ""),
    ("a grant never ends", "hub/consent/ground.cpp",
     "grant.to = std::min(event.validTo.value_or(grant.to), endOfAge(event));",
     "grant.to = endOfAge(event);"),
    ("a grant never grows old", "hub/consent/ground.cpp",
     "grant.to = std::min(event.validTo.value_or(grant.to), endOfAge(event));",
     "grant.to = event.validTo.value_or(grant.to);"),
    ("an address binds nobody else", "hub/consent/ground.cpp",
     "                addStranger(event);", "                (void)event;"),
    ("any merge loosens", "hub/consent/sides.cpp",
     "        if (!joins(link) || link.confirmed || !contains(reachable, link.a)) return true;",
     "        if (joins(link) || link.confirmed || !contains(reachable, link.a)) return true;"),
    ("a merge forgets the other side", "hub/consent/sides.cpp",
     "[&](std::string_view side) { return contains(joined_, side); });",
     "[&](std::string_view side) { return contains(own_, side); });"),
    ("erased addresses are not looked up", "hub/sync/book.cpp",
     "            book.history.erased = true;", "            book.history.erased = false;"),
    # ---- what a system should hold
    ("one permitted key opens the slot", "hub/consent/desired.cpp",
     "        if (all(Answer::Permit)) return permit();",
     "        if (!all(Answer::Unknown)) return permit();"),
    ("a slot is denied only when all of it is", "hub/consent/desired.cpp",
     "if (!hasNarrowerSlot(keys_[i]) || isAsWideAsTheSlot(*answers_[i])) return true;",
     "if (isAsWideAsTheSlot(*answers_[i])) return true;"),
    ("absence kept is forgotten", "hub/consent/desired.cpp",
     "if (!bindsThisSlot(absence)) return true;", "if (!bindsThisSlot(absence) || true) return true;"),
    ("narrower slots do not count", "hub/consent/desired.cpp",
     "if (!other.slot.writable || other.slot.id == place_.rules.slot.id) return false;",
     "if (other.slot.writable || other.slot.id == place_.rules.slot.id) return false;"),
    # ---- delivering
    ("the fence is dropped", "hub/sync/deliver.cpp",
     "if (!target || target->fence != planned.fence || target->leaseOwner != owner_) return;",
     "if (!target) return;"),
    ("a write starts after its lease", "hub/sync/deliver.cpp",
     "    context.sendBefore = sendBefore;\n", "    (void)sendBefore;\n"),
    ("an old result settles a new write", "hub/sync/deliver.cpp",
     "        if (row.sentGeneration != planned.item.generation) break;\n", ""),
    ("an unknown creation is repeated at once", "hub/sync/deliver.cpp",
     "planned.mayCreate ? std::max(plan_.commitDelayMs, pause) : pause", "pause"),
    ("an unknown withdrawal is not repeated", "hub/sync/deliver.cpp",
     "    if (planned.loosening) return;  // sent once", "    if (planned.loosening || true) return;  // sent once"),
    ("what is put off is never tried again", "hub/sync/deliver.cpp",
     "            row.retryAt =\n                now + std::max(outcome.retryAfterMs,",
     "            row.retryAt =\n                0 * std::max(outcome.retryAfterMs,"),
    ("a permit is sent whatever has changed", "hub/sync/planned.cpp",
     "    if (planned.loosening && plan_.conditionalWrites) planned.item.expectedVersion = record.version;\n", ""),
    ("a permit is sent again and again", "hub/sync/planned.cpp",
     "    if (work.row->loosenedGeneration >= work.target.generation) return;\n", ""),
    ("a permit that waited is dropped", "hub/sync/planned.cpp",
     "        if (!loosening.empty()) work.dueAt(unit_.now() + kWebhookHoldMs);\n", ""),
    ("a conflict ends the matter", "hub/sync/verification.cpp",
     "row->outcome == sdk::OutcomeKind::Conflict || check.other > 0", "check.other > 0"),
    ("late commits are not looked for", "hub/sync/verification.cpp",
     "    const bool mayCommitLate = commits > check.asOf;", "    const bool mayCommitLate = commits < 0 && check.asOf > 0;"),
    ("a pause stops nothing", "hub/sync/standing.cpp",
     "    if (standing.paused) return \"the system is paused\";\n", ""),
    ("a full stop stops nothing", "hub/sync/deliver.cpp",
     "if (!state.isOpen() || state.isFullyStopped(unit.now())) return;", "if (!state.isOpen()) return;"),
    # ---- observing
    ("a dead lane's write blocks its record", "hub/sync/observe.cpp",
     "if (isUnderWay && record.writeBegan + core_.plan.settings.leaseMs > now) return false;",
     "if (isUnderWay && now > 0) return false;"),
    ("a row taken back stays closed", "hub/sync/observe.cpp",
     "    record.deleted = observation.deleted || observation.mergedInto;",
     "    record.deleted = record.deleted || observation.deleted || observation.mergedInto;"),
    ("merges in a system are not followed", "hub/sync/observe.cpp",
     "    if (observation.mergedInto) followMerge(look);\n", ""),
    ("the cap holds explicit denies", "hub/sync/observe.cpp",
     "    if (restricts) look.unit.caps().take(plan_.name, CapKind::Explicit, look.unit.now());",
     "    if (restricts && !look.unit.caps().take(plan_.name, CapKind::Explicit, look.unit.now())) return;"),
    ("who comes back is somebody new", "hub/sync/observe.cpp",
     "        if (mayLink(point)) unit.claim(record.subject, point);", "        if (!mayLink(point)) unit.claim(record.subject, point);"),
    ("the cursor is committed first", "hub/sync/intake.cpp",
     "    if (!sightings.empty() || page.cursor != cursor)\n",
     "    core_.store.write([&](store::Writer& unit) { unit.putCursor(plan_.name, \"pull\", page.cursor); });\n"
     "    if (!sightings.empty() || page.cursor != cursor)\n"),
    ("a webhook that nobody can read is thrown away", "hub/sync/intake.cpp",
     "unit.putProblem(webhook.id, problem);", "unit.removeWebhook(webhook.id + problem.substr(problem.size()));"),
    ("time changes nothing", "hub/sync/intake.cpp",
     "    if (subjects.empty()) return;\n    inUnit(core_, [&](Unit& unit) {\n        for (const auto& subject : subjects)",
     "    if (subjects.size() < 1'000'000) return;\n    inUnit(core_, [&](Unit& unit) {\n        for (const auto& subject : subjects)"),
    # ---- one transaction
    ("who shares an address is not told", "hub/sync/unit.cpp",
     "            if (holder == event.subject) continue;\n            touch(holder, acceptedAt);",
     "            if (holder == event.subject) continue;"),
    ("a changed answer raises no target", "hub/sync/unit.cpp",
     "           (isNews && changesWishes(book, plan));", "           (isNews && plan.name.empty());"),
    ("a merge is told to one side", "hub/sync/unit.cpp",
     "{std::pair{one, other}, std::pair{other, one}}) {", "{std::pair{one, other}}) {"),
    # ---- people
    ("the tombstone is forgotten", "hub/sync/people.cpp",
     "            if (!mayLink(point)) continue;", "            if (mayLink(point)) continue;"),
    ("something is said for an erased subject", "hub/sync/choice.cpp",
     "        if (isErased(unit.book(choice.subject)))", "        if (isErased(unit.book(choice.subject)) && choice.subject.empty())"),
    # ---- the store
    ("the journal is never replayed", "hub/store/reconcile.cpp",
     "    if (!missing.empty()) replay(missing);", "    if (missing.size() > 1'000'000) replay(missing);"),
    ("what was replayed counts later", "hub/sync/service.cpp",
     "    takeReplayed();\n    if", "    if (core_.keyId.empty()) takeReplayed();\n    if"),
    ("withdrawals are not journaled", "hub/store/unit_writer.cpp",
     "if (canTighten(event.decision)) journal(", "if (event.decision == consent::Decision::Erased) journal("),
    ("hub time goes back", "hub/sync/hub_time.cpp", "    if (wall >= last_) {", "    if (wall >= 0) {"),
]


def problems():
    """A sentence for each bug that does not fit the tree."""
    found = []
    for name, file, old, _ in BUGS:
        count = (ROOT / file).read_text().count(old)
        if count != 1:
            found.append(f"'{name}' fits {file} {count} times, not once")
    return found


def copy_tree(tree):
    tree.mkdir(parents=True, exist_ok=True)
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    for name in files.decode().split("\0"):
        source, target = ROOT / name, tree / name
        if not name or not source.is_file():
            continue
        if target.is_file() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def build(folder):
    environment = dict(os.environ, CCACHE_NOHASHDIR="1", CCACHE_BASEDIR=str(folder / "tree"))
    if not (folder / "out" / "build.ninja").is_file():
        subprocess.run(["cmake", "-S", folder / "tree", "-B", folder / "out", "-G", "Ninja",
                        "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DCMAKE_UNITY_BUILD=OFF",
                        "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -DNDEBUG"],
                       check=True, stdout=subprocess.DEVNULL, env=environment)
    return subprocess.run(["ninja", "-C", folder / "out", "-j2", "concordat-simulate"], env=environment,
                          capture_output=True, text=True)


def search(folder, options):
    """What found the bug, as (seed, what); seed 0 is the program's own end."""
    command = [str(folder / "out/bin/concordat-simulate"), "--swarm", "--json", "--shrink", "0", "--repeat", "0",
               "--hours", str(options.hours), "--seeds", f"1..{options.seeds}"]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=options.seconds)
    except subprocess.TimeoutExpired:
        return None, f"not found in {options.seconds} s"
    for line in run.stdout.splitlines():
        said = json.loads(line)
        if "rule" in said:
            return said["seed"], said["rule"]
    if run.returncode != 0:
        return 0, "the program ended: " + (run.stderr.strip().splitlines() or [str(run.returncode)])[-1]
    return None, f"not found in {options.seeds} seeds"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--build", type=Path, default=Path("build/mutate"))
    parser.add_argument("--seeds", type=int, default=2000)
    parser.add_argument("--hours", type=float, default=3)
    parser.add_argument("--seconds", type=int, default=1800, help="at most so long for each bug")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    wrong = problems()
    if wrong or options.check:
        print("\n".join(wrong) if wrong else f"{len(BUGS)} bugs fit the tree")
        return 1 if wrong else 0
    folder = options.build.resolve()
    tree = folder / "tree"
    copy_tree(tree)
    base = build(folder)
    if base.returncode != 0:
        print(base.stdout[-2000:])
        return 1
    missed = []
    print(f"{'bug':48} {'seed':>6} {'s':>5}  found by", flush=True)
    for name, file, old, new in BUGS:
        if options.names and name not in options.names:
            continue
        path = tree / file
        text = (ROOT / file).read_text()
        path.write_text(text.replace(old, new))
        built = build(folder)
        start = time.monotonic()
        seed, what = (None, "does not build: " + next((line for line in built.stdout.splitlines() if "error:" in line), "")) \
            if built.returncode != 0 else search(folder, options)
        path.write_text(text)
        if seed is None:
            missed.append(name)
        print(f"{name:48} {'-' if seed is None else seed:>6} {time.monotonic() - start:5.0f}  {what}", flush=True)
    print(f"{len(missed)} not found" + (": " + ", ".join(missed) if missed else ""))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
