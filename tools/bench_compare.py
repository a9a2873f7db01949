#!/usr/bin/env python3
"""`make bench-compare BASE=COMMIT`: the figures of this tree beside those of a commit, measured on this machine.

Timings drift, so both are measured in turn, ROUNDS times, and the best of each counts. Every figure is kept in
build/figures/<commit>.json; what got worse by more than LIMIT percent is marked, and makes the exit status 1.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
ROUNDS = int(os.environ.get("ROUNDS", "2"))
LIMIT = 5.0


def measure(tree):
    subprocess.run([sys.executable, "-B", "tools/run_bench.py"], cwd=tree, check=False, stdout=subprocess.DEVNULL,
                   env=dict(os.environ, BUILD="build"))
    with open(os.path.join(tree, "build", "bench.json"), encoding="utf-8") as f:
        return {r["name"]: r for r in json.load(f)}


def best(rounds):
    """Of each figure the best one seen."""
    out = {}
    for figures in rounds:
        for name, r in figures.items():
            pick = max if r["better"] == "higher" else min
            out[name] = r if name not in out else pick(out[name], r, key=lambda x: x["value"])
    return out


def commit_of(tree):
    return subprocess.run(["sh", "tools/version.sh"], cwd=tree, capture_output=True, text=True, check=False).stdout.strip()


def keep(figures, commit):
    folder = os.path.join(BUILD, "figures")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, commit + ".json"), "w", encoding="utf-8") as f:
        json.dump(sorted(figures.values(), key=lambda r: r["name"]), f, indent=1)
        f.write("\n")


def main():
    base = subprocess.run(["git", "rev-parse", sys.argv[1]], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    folder = tempfile.mkdtemp(prefix="freehold-bench-")
    tree = os.path.join(folder, "tree")
    try:
        subprocess.run(["git", "clone", "-q", ROOT, tree], check=True)
        subprocess.run(["git", "checkout", "-q", base], cwd=tree, check=True)
        subprocess.run(["make", "-s", "all"], cwd=tree, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, BUILD="build"))
        rounds = [(measure(tree), measure(ROOT)) for _ in range(ROUNDS)]
        before, now = best(r[0] for r in rounds), best(r[1] for r in rounds)
    finally:
        shutil.rmtree(folder)
    keep(before, base[:12])
    keep(now, commit_of(ROOT))
    worse = 0
    for name in sorted(set(before) | set(now)):
        if name not in before or name not in now:
            print("%-44s only %s" % (name, "before" if name in before else "now"))
            continue
        a, b, better = before[name]["value"], now[name]["value"], now[name]["better"]
        change = 100 * (b - a) / a if a else 0.0
        bad = -change if better == "higher" else change
        worse += bad > LIMIT
        print("%-44s %14.3f %14.3f %-10s %+6.1f %% %s" % (name, a, b, now[name]["unit"], change, "WORSE" if bad > LIMIT else ""))
    print("%d figures worse by more than %.0f %%" % (worse, LIMIT))
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
