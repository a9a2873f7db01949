#!/usr/bin/env python3
"""`make mutants`: random small faults, one at a time; the fast suite must find each. A test that cannot fail is not one.

tools/mutants.py [--count 300] [--seed 1] [--jobs 2] [--only FOLDER]... [--tests REGEX]

Each mutant changes one place of the product's code: a condition is negated, a call or an assignment deleted, a
constant moved by one, `<` becomes `<=`, `&&` becomes `||`, a returned truth is turned, two states are swapped. It is
built, and the tests whose programs changed are run, quickest first, until one fails. A mutant that does not compile or
changes no machine code is none. Survivors are listed, with the line, in build/mutants.txt. With --tests only the tests
whose names match are built and run: a folder's own tests, in a minute or two.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
# What is mutated: the product but its programs, which run end to end only, and the loops of the physical layer,
# whose floats have no single right value.
FOLDERS = ["base", "crypto", "wire", "proto", "core", "gnb", "ue", "io", "radio"]
LEFT_OUT = re.compile(r"_test\.c$|_bed|test_env|radio/phy/|_tables\.h$")
SLOWEST_FACTOR, SLOWEST_MIN_S = 5, 20
REACH_PERCENT = 90

DECLARATION = re.compile(r"^\t+(?:static |const )*(?:struct |enum )?[a-z_0-9]+ \**[a-z_0-9]+\[")

LESS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


def kinds_of(line):
    """(kind, mutated line) of everything that can be done to a line of code."""
    out = []
    m = re.match(r"^(\t+(?:\} else )?if \()(.*)(\)(?: \{)?)$", line)
    if m and m.group(2).count("(") == m.group(2).count(")"):
        out.append(("negated condition", "%s!(%s)%s" % m.groups()))
    if re.match(r"^\t+[a-z_0-9]+\([^=]*\);$", line):
        out.append(("deleted call", re.match(r"^\t+", line).group(0) + ";"))
    if re.match(r"^\t+[a-z_0-9>.\[\]\-]+ (?:[-+|&]?=) [^=].*;$", line):
        out.append(("deleted assignment", re.match(r"^\t+", line).group(0) + ";"))
    room = [m.span() for m in re.finditer(r"\[[^\[\]]*\]", line)] if DECLARATION.match(line) else []
    for m in re.finditer(r"(?<![\w.\"'])(\d+)(?![\w.\"'])", line):
        if any(begin < m.start() < end for begin, end in room):
            continue  # a buffer with an octet to spare is the same
        if "\"" not in line and "define" not in line:
            out.append(("constant", line[:m.start()] + str(int(m.group(1)) + 1) + line[m.end():]))
    for m in re.finditer(r" (<=|>=|<|>) ", line):
        if "#include" not in line:
            out.append(("boundary", line[:m.start(1)] + LESS[m.group(1)] + line[m.end(1):]))
    for m in re.finditer(r" (&&|\|\|) ", line):
        out.append(("and/or", line[:m.start(1)] + ("||" if m.group(1) == "&&" else "&&") + line[m.end(1):]))
    for m in re.finditer(r" (==|!=) ", line):
        out.append(("equality", line[:m.start(1)] + ("!=" if m.group(1) == "==" else "==") + line[m.end(1):]))
    m = re.match(r"^(\t+return )(true|false)(;.*)$", line)
    if m:
        out.append(("returned truth", m.group(1) + ("false" if m.group(2) == "true" else "true") + m.group(3)))
    m = re.match(r"^(\t\{ [A-Z_0-9]+, [A-Z_0-9]+, [a-z_0-9]+, )([A-Z_0-9]+), ([A-Z_0-9]+)( \},.*)$", line)
    if m and m.group(2) != m.group(3):
        out.append(("swapped states", "%s%s, %s%s" % (m.group(1), m.group(3), m.group(2), m.group(4))))
    return out


def sites(tree, only):
    """[(file, line number, kind, new line)] of the whole product."""
    out = []
    listed = subprocess.run(["git", "ls-files", "*.c"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for path in listed:
        if LEFT_OUT.search(path) or not any(path.startswith(f.rstrip("/") + "/") for f in only):
            continue
        with open(os.path.join(tree, path), encoding="utf-8") as f:
            text = f.read()
        text = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.S)
        for n, line in enumerate(text.split("\n")):
            out += [(path, n, kind, new) for kind, new in kinds_of(line.rstrip())]
    return out


class Tree:
    """A copy of the tree with a build of its own, in which one mutant at a time is tried."""

    def __init__(self, folder, jobs, only_tests):
        self.path, self.jobs, self.targets = folder, jobs, []
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("build*", ".git"))
        subprocess.run(["git", "init", "-q", folder], check=True)
        self.build_folder = os.path.join(folder, "build", "plain")
        subprocess.run(["meson", "setup", self.build_folder, "--buildtype=debugoptimized"], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
        tests = json.loads(subprocess.run(["meson", "introspect", "--tests", self.build_folder], capture_output=True,
                                          text=True, check=True).stdout)
        self.tests = [(t["name"], t["cmd"]) for t in tests if not t["name"].startswith(("radio/phy", "sim/channel", "sim/blocks"))
                      and re.search(only_tests, t["name"])]
        if only_tests:
            self.targets = sorted({os.path.relpath(command[0], self.build_folder) for _, command in self.tests
                                   if command[0].startswith(self.build_folder)})
        if not self.build():
            sys.exit("the tree does not build")
        self.seconds, self.digest = {}, {}

    def build(self):
        p = subprocess.run(["ninja", "-C", self.build_folder, "-j%d" % self.jobs, *self.targets], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, check=False)
        return p.returncode == 0

    def run(self, command, timeout):
        start = time.time()
        try:
            code = subprocess.run(command, cwd=self.path, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=timeout, check=False).returncode
        except subprocess.TimeoutExpired:
            code = 124
        return code, time.time() - start

    def program_digest(self, command):
        with open(command[0], "rb") as f:
            return hashlib.sha256(f.read()).hexdigest()

    def measure(self):
        for name, command in self.tests:
            code, self.seconds[name] = self.run(command, 600)
            self.digest[name] = self.program_digest(command)
            if code not in (0, 77):
                sys.exit("%s fails without a mutant" % name)

    def try_mutant(self, mutant):
        """"found by NAME", "survived", "no build" or "no change"."""
        path, n, _, new = mutant
        file = os.path.join(self.path, path)
        with open(file, encoding="utf-8") as f:
            before = f.read()
        lines = before.split("\n")
        lines[n] = new
        with open(file, "w", encoding="utf-8") as f:
            f.write("\n".join(lines))
        try:
            if not self.build():
                return "no build"
            changed = sorted((t for t in self.tests if self.program_digest(t[1]) != self.digest[t[0]]),
                             key=lambda t: self.seconds[t[0]])
            if not changed:
                return "no change"
            for name, command in changed:
                code, _ = self.run(command, max(SLOWEST_MIN_S, SLOWEST_FACTOR * self.seconds[name]))
                if code != 0:
                    return "found by " + name
            return "survived"
        finally:
            with open(file, "w", encoding="utf-8") as f:
                f.write(before)


def worker(tree, queue, wanted, results, lines):
    while queue and len(results) < wanted:
        mutant = queue.pop()
        verdict = tree.try_mutant(mutant)
        if verdict in ("no build", "no change"):
            continue
        results.append((mutant, verdict))
        path, n, kind, new = mutant
        line = "%s %-18s %s:%d: %s%s" % ("found   " if verdict != "survived" else "SURVIVED", kind, path, n + 1, new.strip(),
                                         " (%s)" % verdict if verdict != "survived" else "")
        lines.append(line)
        print(line)
        sys.stdout.flush()


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--count", type=int, default=300)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--jobs", type=int, default=os.cpu_count())
    args.add_argument("--only", action="append", default=[])
    args.add_argument("--tests", default="", help="a regular expression of test names; the rest is not even built")
    args = args.parse_args()
    results, lines = [], []
    with tempfile.TemporaryDirectory(prefix="freehold-mutants-") as folder:
        trees = [Tree(os.path.join(folder, "tree%d" % i), 1 if i else args.jobs, args.tests) for i in range(args.jobs)]
        for tree in trees:
            tree.jobs = 1
            tree.measure()
        queue = sites(trees[0].path, args.only or FOLDERS)
        random.Random(args.seed).shuffle(queue)
        with concurrent.futures.ThreadPoolExecutor(len(trees)) as pool:
            for future in [pool.submit(worker, t, queue, args.count, results, lines) for t in trees]:
                future.result()
    by_kind = collections.Counter((mutant[2], verdict == "survived") for mutant, verdict in results)
    for kind in sorted({m[2] for m, _ in results}):
        print("%-20s %3d of %3d found" % (kind, by_kind[kind, False], by_kind[kind, False] + by_kind[kind, True]))
    survived = sum(v == "survived" for _, v in results)
    os.makedirs(BUILD, exist_ok=True)
    with open(os.path.join(BUILD, "mutants.txt"), "w", encoding="utf-8") as f:
        f.write("\n".join(sorted(lines)) + "\n")
    print("%d of %d found (%.0f %%, to reach %d)" % (len(results) - survived, len(results),
                                                    100 * (len(results) - survived) / max(len(results), 1), REACH_PERCENT))
    return 0 if 100 * (len(results) - survived) >= REACH_PERCENT * len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
