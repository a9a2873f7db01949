#!/usr/bin/env python3
"""Procedures of the standards, and security test cases, with the tests that show them: tests/conformance/procedures.csv, scas.csv.

tools/conformance.py [--ran FILE] | --table
Each row has in `test` the tests that show it, with blanks between, or the word "no", and then in `why` the reason. A test is
SUITE (core/amf_paging, scenario/paging, e2e) or SUITE:CASE. Without arguments: whether each row has either, and the
tests named are in the tree, and README has the table. --ran: whether each of them ran and passed (tools/run_tests.py writes FILE). --table: how many there are
by protocol, as README has it.
"""
import csv
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROCEDURES, SCAS = (os.path.join("tests", "conformance", name) for name in ("procedures.csv", "scas.csv"))


def rows(*files):
    """(where it stands, row)"""
    for name in files or (PROCEDURES, SCAS):
        with open(os.path.join(ROOT, name), encoding="utf-8") as f:
            lines = f.read().split("\n")
        head = sum(line.startswith("#") for line in lines)
        for number, row in enumerate(csv.DictReader(lines[head:]), head + 2):
            yield "%s:%d" % (name, number), row


def tests_of(row):
    """[(suite, case or "")]"""
    return [tuple(n.split(":") + [""])[:2] for n in row["test"].split()]


def sources():
    """What a case may be named in: every test's source."""
    out = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [d for d in folders if d not in ("build", ".git")]
        for name in files:
            if name.endswith(("_test.c", ".scn", "_test.py")) or name in ("run.py", "guest.py", "confinement.py"):
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    out.append((name, f.read()))
    return out


def check_rows():
    texts = sources()
    cases = set(re.findall(r"\b(?:test_)?\w+(?=\(void \*\*state\))|(?<=^def )(?:test_\w+|\w+(?=\(freehold\)))", "\n".join(t for _, t in texts), re.M))
    scripts = {name[:-4] for name, _ in texts if name.endswith(".scn")}
    faults = []
    for number, row in rows():
        if row["test"] == "no":
            if not row["why"]:
                faults.append((number, "no, and no reason"))
            continue
        if not row["test"]:
            faults.append((number, "neither a test nor \"no\""))
        for suite, case in tests_of(row):
            if case and case not in cases:
                faults.append((number, "there is no %s" % case))
            if suite.startswith("scenario/") and suite[9:] not in scripts:
                faults.append((number, "there is no %s" % suite))
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as f:
        if "\n".join(table()) not in f.read():
            faults.append(("README.md", "another table: tools/conformance.py --table"))
    return faults


def check_ran(path):
    with open(path, encoding="utf-8") as f:
        ran = set(f.read().split("\n"))
    return [(number, "%s did not run" % ":".join(t).rstrip(":")) for number, row in rows() if row["test"] != "no"
            for t in tests_of(row) if ":".join(t).rstrip(":") not in ran]


def table():
    count = {}
    for _, row in rows(PROCEDURES):
        c = count.setdefault(row["protocol"], [0, 0])
        c[0] += 1
        c[1] += row["test"] != "no"
    return ["| protocol | procedures | with a test |", "|---|---|---|"] + [
        "| %s | %d | %d |" % (protocol, number, shown) for protocol, (number, shown) in sorted(count.items())]


def main():
    args = sys.argv[1:]
    if args == ["--table"]:
        print("\n".join(table()))
        return 0
    faults = check_rows() if not args else check_ran(args[1])
    for number, what in faults:
        print("%s: %s" % (number, what))
    print("%d passed, %d failed" % (len(list(rows())) - len(faults), len(faults)))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
