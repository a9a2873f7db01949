#!/usr/bin/env python3
"""`make clauses`: which file implements which clause of the standards, and which clauses stand behind a file.

A comment cites a clause as "24.501 5.5.1.2.8 d" or, after the specification was named once in the file, as
"5.5.1.2.8". tools/clauses.py [SPEC [CLAUSE]] | FILE... | --procedures [PROTOCOL]
  without arguments: each specification with its clauses and their files;
  --procedures: tests/conformance/procedures.csv with the files that cite each procedure's clause, and how many
  of a protocol's procedures no file cites yet.
"""
import csv
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SPEC = r"(?:2[0-9]|3[0-9])\.[0-9]{3}(?:-[0-9])?"
CLAUSE = r"(?:[0-9]{1,2}|[A-I])(?:\.[0-9]{1,2}[A-Za-z]?)+(?:\.[0-9]+[A-Za-z]?)*"
TOKEN = re.compile(r"\b(%s)\b|\bRFC ?([0-9]{3,5})\b|(?<![\w.%%-])(%s)(?![\w%%]|\.[0-9])" % (SPEC, CLAUSE))
# Whose clauses a protocol of procedures.csv has.
SPEC_OF = {"NGAP": "38.413", "XnAP": "38.423", "F1AP": "38.473", "E1AP": "37.483", "RRC": "38.331",
           "NAS 5GMM": "24.501", "NAS 5GSM": "24.501", "MAC": "38.321", "RLC": "38.322", "PDCP": "38.323",
           "SDAP": "37.324", "idle mode": "38.304", "PHY control": "38.213", "system (stage 2)": "23.502",
           "NRPPa": "38.455", "E2AP": "E2AP"}


def files():
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.c", "*.h"], cwd=ROOT, capture_output=True,
                         text=True, check=True).stdout.split("\n")
    return sorted(f for f in out if f and os.path.exists(os.path.join(ROOT, f)))


def comments(path):
    """(line, text) of each comment."""
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as f:
        text = f.read()
    for m in re.finditer(r"/\*.*?\*/|//[^\n]*", text, re.S):
        yield text.count("\n", 0, m.start()) + 1, m.group(0)


def citations(path):
    """(line, specification, clause or "") in the order of the file."""
    spec = None
    for line, text in comments(path):
        for m in TOKEN.finditer(text):
            at = line + text.count("\n", 0, m.start())
            if m.group(1):
                spec = m.group(1)
                yield at, spec, ""
            elif m.group(2):
                spec = "RFC " + m.group(2)
                yield at, spec, ""
            elif spec:
                yield at, spec, m.group(3)


def clause_map():
    """{spec: {clause: [file:line]}}"""
    out = {}
    for path in files():
        for line, spec, clause in citations(path):
            if clause:
                out.setdefault(spec, {}).setdefault(clause, []).append("%s:%d" % (path, line))
    return out


def order(clause):
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"\.", clause)]


def short(places):
    seen = {}
    for p in places:
        seen.setdefault(p.split(":")[0], p)
    return " ".join(seen.values())


def print_specs(wanted, prefix):
    known = clause_map()
    for spec in sorted(known):
        if wanted and spec != wanted:
            continue
        print("%s: %d clauses" % (spec, len(known[spec])))
        for clause in sorted(known[spec], key=order):
            if not prefix or clause == prefix or clause.startswith(prefix + "."):
                print("    %-16s %s" % (clause, short(known[spec][clause])))


def print_files(paths):
    for path in paths:
        cited = {}
        for _, spec, clause in citations(path):
            cited.setdefault(spec, set()).update({clause} - {""})
        print(path)
        for spec in sorted(cited):
            print("    %-8s %s" % (spec, " ".join(sorted(cited[spec], key=order))))


def print_procedures(wanted):
    known = clause_map()
    with open(os.path.join(ROOT, "tests", "conformance", "procedures.csv"), encoding="utf-8") as f:
        rows = list(csv.DictReader(line for line in f if not line.startswith("#")))
    total = {}
    for r in rows:
        if wanted and r["protocol"] != wanted:
            continue
        cited = known.get(SPEC_OF.get(r["protocol"]), {})
        places = [p for clause, ps in cited.items() for p in ps
                  if r["clause"] and (clause == r["clause"] or clause.startswith(r["clause"] + "."))]
        count = total.setdefault(r["protocol"], [0, 0])
        count[0] += 1
        count[1] += bool(places)
        if wanted or places:
            print("%-18s %-12s %-50s %s" % (r["protocol"], r["clause"], r["procedure"][:50], short(places) or "-"))
    for protocol, (rows_count, cited_count) in total.items():
        print("%-18s %4d procedures, %4d cited" % (protocol, rows_count, cited_count))


def main():
    args = sys.argv[1:]
    if args and args[0] == "--procedures":
        print_procedures(args[1] if len(args) > 1 else None)
    elif args and os.path.exists(os.path.join(ROOT, args[0])):
        print_files(args)
    else:
        print_specs(args[0] if args else None, args[1] if len(args) > 1 else None)


if __name__ == "__main__":
    main()
