# SPDX-License-Identifier: Apache-2.0
"""Figures beside the machine's own limit, and what falls short of its goal."""
import dataclasses
import json


@dataclasses.dataclass
class Figure:
    name: str
    value: float
    unit: str = ""
    limit: str = ""          # what this machine does without the hub, in words
    goal: str = ""           # in words
    least: float | None = None
    most: float | None = None
    note: str = ""

    def shortfall(self):
        """Empty if the goal is reached or there is none."""
        if self.least is not None and self.value < self.least:
            return f"short by {(1 - self.value / self.least) * 100:.0f} %"
        if self.most is not None and self.value > self.most:
            return f"{self.value / self.most:.1f} times the goal" if self.most else "above the goal"
        return ""

    def verdict(self):
        has_goal = self.least is not None or self.most is not None
        words = ("SHORT: " + self.shortfall() if self.shortfall() else "ok") if has_goal else ""
        return ", ".join(part for part in (words, self.note) if part)


def number(value):
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def show(figures):
    rows = [("FIGURE", "VALUE", "THIS MACHINE'S LIMIT", "GOAL", "VERDICT")]
    for one in figures:
        rows.append((one.name, f"{number(one.value)} {one.unit}".strip(), one.limit, one.goal, one.verdict()))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths + [0])).rstrip())
    missed = [one.name for one in figures if one.shortfall()]
    print()
    print("Every goal is reached." if not missed else f"{len(missed)} figures fall short: " + "; ".join(missed) + ".")


def as_json(figures):
    return json.dumps([{**dataclasses.asdict(one), "verdict": one.verdict()} for one in figures], indent=1)
