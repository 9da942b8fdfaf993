#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails on an include that crosses the plan in tools/rooms.txt. `tools/check_rooms.py --help` says more."""

import argparse
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SOURCES = ("sdk", "plugins", "hub", "tools", "tests")
# The façade gives authors JSON, so a plugin and the tests have it already.
HEAVY_ALLOWED = ("sdk/concordat/connector.h", "plugins/", "tests/")


def read_plan(path):
    plan, libraries, heavy = {}, {}, []
    for line in path.read_text().splitlines():
        line = line.split("#")[0].strip()
        if line.startswith("library "):
            name, rooms = line[len("library "):].split("=")
            libraries[name.strip()] = rooms.split()
        elif line.startswith("heavy "):
            heavy.append(line[len("heavy "):])
        elif line:
            room, uses = line.split(":")
            plan[room.strip()] = uses.split()
    return plan, libraries, heavy


def room_of(name, plan):
    rooms = [room for room in plan if name == room or name.startswith(room + "/")]
    return max(rooms, key=len) if rooms else None


def may_include(room, file, target, plan):
    wanted = room_of(target, plan)
    if room == "plugins" and target.startswith("plugins/"):
        return target.split("/")[1] == file.split("/")[1]
    allowed = [room, *plan[room]]
    return any(wanted == name or (wanted or "").startswith(name + "/") for name in allowed)


def problems_of_line(file, room, kind, target, plans):
    plan, libraries, heavy = plans
    if kind == '"':
        if target.split("/")[0] not in SOURCES:
            yield f"include from the repository's root, not {target}"
        elif not may_include(room, file, target, plan):
            yield f"{room} may not include {target}"
        return
    for prefix, rooms in libraries.items():
        if target.startswith(prefix) and not any(file.startswith(r + "/") for r in rooms):
            yield f"{room} may not include <{target}>: it belongs to {', '.join(rooms)}"
    if file.endswith(".h") and not file.startswith(HEAVY_ALLOWED):
        if any(target == h or (h.endswith("/") and target.startswith(h)) for h in heavy):
            yield f"<{target}> is too heavy for a header; include it in a .cpp"


def check(root):
    plans = read_plan(root / "tools/rooms.txt")
    found = []
    for top in SOURCES:
        for path in sorted((root / top).rglob("*")):
            file = path.relative_to(root).as_posix()
            if path.suffix not in (".h", ".cpp", ".c") or "/template/" in file:
                continue
            room = room_of(file, plans[0])
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                match = INCLUDE.match(line)
                if match and room is None:
                    found.append(f"{file}:{number}: no room of tools/rooms.txt holds this file")
                elif match:
                    found += [f"{file}:{number}: {problem}"
                              for problem in problems_of_line(file, room, *match.groups(), plans)]
    return found


def main():
    parser = argparse.ArgumentParser(description="Checks that every #include follows tools/rooms.txt.",
                                     epilog="example: tools/check_rooms.py --root .")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    found = check(parser.parse_args().root)
    print("\n".join(found) if found else "rooms: every include follows the plan")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
