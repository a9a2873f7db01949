#!/usr/bin/env python3
"""`make coverage`: what the unit and scenario tests reach, by gcovr. Prints a line a room and the whole; pages for
each file are in build/coverage. Tests, generated code and programs that only run end to end are left out.
"""
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
# Programs: they run as processes, in tests/end-to-end, which this does not measure.
LEFT_OUT = [r".*_test\.c", r".*_bed.*", r"tests/.*", r"apps/.*", r"air/.*", r"demo/.*", r"ops/.*", r".*/kern/check/.*",
            r"build.*"]


def room(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] in ("core", "wire", "radio", "io") and len(parts) > 2 else parts[0]


def main():
    subprocess.run([sys.executable, "-B", "tools/run_tests.py", "--only", "cov"], cwd=ROOT, check=False)
    out = os.path.join(BUILD, "coverage")
    os.makedirs(out, exist_ok=True)
    command = ["gcovr", "--root", ROOT, "--object-directory", os.path.join(BUILD, "cov"), "--gcov-ignore-parse-errors",
               "--json-summary", os.path.join(out, "summary.json"), "--html-details", os.path.join(out, "index.html"),
               "--exclude-unreachable-branches", "-j", str(os.cpu_count())]
    for pattern in LEFT_OUT:
        command += ["--exclude", os.path.join(ROOT, pattern) if not pattern.startswith(".*") else pattern]
    subprocess.run(command + [os.path.join(BUILD, "cov")], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(out, "summary.json"), encoding="utf-8") as f:
        summary = json.load(f)
    rooms = {}
    for f in summary["files"]:
        r = rooms.setdefault(room(f["filename"]), [0, 0, 0, 0])
        for i, key in enumerate(("line_covered", "line_total", "branch_covered", "branch_total")):
            r[i] += f[key]
    print("%-24s %8s %8s %8s" % ("room", "lines", "covered", "branches"))
    for name in sorted(rooms):
        lc, lt, bc, bt = rooms[name]
        print("%-24s %8d %7.1f%% %7.1f%%" % (name, lt, 100 * lc / max(lt, 1), 100 * bc / max(bt, 1)))
    print("%-24s %8d %7.1f%% %7.1f%%" % ("all", summary["line_total"], summary["line_percent"], summary["branch_percent"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
