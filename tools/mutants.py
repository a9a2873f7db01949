#!/usr/bin/env python3
"""`make mutants`: random small faults, one at a time; the fast suite must find each. A test that cannot fail is not one.

tools/mutants.py [--count 300] [--seed 1] [--jobs 2] [--only FOLDER]... [--tests REGEX] [--again]

Each mutant changes one place of the product's code: a condition is negated, a call or an assignment deleted, a
constant moved by one, `<` becomes `<=`, `&&` becomes `||`, a returned truth is turned, two states are swapped. It is
built, and the tests that come by its line and whose programs changed are run until one fails: those of the room first,
then those of the whole network, then the others, the quickest first and ten seconds of each kind at most: so what is
found is found at least. Which tests come by a line a second build tells once, which counts lines; where none does, those of the
room are run. A mutant that does not compile or changes no machine code is none; nor is one in a line that only logs or
asserts.
Survivors are listed, with the line, in build/mutants.txt. With --tests only the tests whose names match are built and run.
Each verdict is kept at once in build/mutants/verdicts.jsonl: a run that was cut goes on where it was as long as the tree is
the same. The lots are drawn for each mutant by its text, so a seed's sample stays where other lines change. With --again
the survivors of earlier trees are tried, and nothing else, by whatever test: after some were written for them.
tools/mutants_equivalent.txt names those that change nothing that can be seen, with the reason; they are not counted.
"""
import argparse
import collections
import concurrent.futures
import filecmp
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
# What is mutated: the product but its programs, and what drives the kernel's SCTP, which run end to end and in a guest
# only, and the loops of the physical layer, whose floats have no single right value.
FOLDERS = ["base", "crypto", "wire", "proto", "core", "gnb", "ue", "io", "radio"]
EQUIVALENT = os.path.join(ROOT, "tools", "mutants_equivalent.txt")
LEFT_OUT = re.compile(r"_test\.c$|_bed|(^|/)test_|(^|/)fake_|radio/phy/|io/sctp/kernel|_tables\.h$")
# Not of the fast mutants: what takes long and tests no room that is mutated, what needs debug information, what measures time.
LONG_TESTS = ("radio/phy", "sim/channel", "sim/blocks", "tests/gdb", "crypto/constant_time")
NO_SITE = re.compile(r"^\t+(?:log_[a-z]+|assert|_Static_assert|printf|fprintf)\(|^_Static_assert\(")
REACH_MAX_S = 600
SAVED_EACH = 25
STAGE_S = 10
SLOWEST_FACTOR, SLOWEST_MIN_S = 5, 10
REACH_PERCENT = 90
SURVIVED = "survived"

# A 1 for a 0 that clears a whole struct, and room for two where one is used, are no faults.
NO_CONSTANT = re.compile(r"(?:= |\))\{ 0 \}|calloc\(1,")
DECLARATION = re.compile(r"^\t+(?:static |const )*(?:struct |enum )?[a-z_0-9]+ \**[a-z_0-9]+\[")

# The smaller or the larger of two is the same where they are equal.
SAME_AT_BOUNDARY = re.compile(r"([^ (].*?) (?:<=|>=|<|>) (.*?) \? (?:\1 : \2|\2 : \1)(?=[;,) ])")
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
    room += [m.span() for m in NO_CONSTANT.finditer(line)]
    for m in re.finditer(r"(?<![\w.\"'])(\d+)(?![\w.\"'])", line):
        if any(begin < m.start() < end for begin, end in room):
            continue  # a buffer with an octet to spare is the same
        if "\"" not in line and "define" not in line:
            out.append(("constant", line[:m.start()] + str(int(m.group(1)) + 1) + line[m.end():]))
    same = [m.span() for m in SAME_AT_BOUNDARY.finditer(line)]
    for m in re.finditer(r" (<=|>=|<|>) ", line):
        if not any(begin < m.start() < end for begin, end in same):
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


def equivalents():
    """{(file, line, mutated line)} of tools/mutants_equivalent.txt: four fields between ` | `, the last the reason."""
    with open(EQUIVALENT, encoding="utf-8") as f:
        return {tuple(line.split(" | ")[:3]) for line in f if line.strip() and not line.startswith("#")}


def is_mutated(path, only):
    return not LEFT_OUT.search(path) and any(path.startswith(f.rstrip("/") + "/") for f in only)


def sites(tree, only):
    """[(file, line number, kind, new line)] of the whole product."""
    out, equivalent = [], equivalents()
    listed = subprocess.run(["git", "ls-files", "*.c"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for path in listed:
        if not is_mutated(path, only):
            continue
        with open(os.path.join(tree, path), encoding="utf-8") as f:
            text = f.read()
        text = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.S)
        for n, line in enumerate(text.split("\n")):
            if not NO_SITE.match(line):
                out += [(path, n, kind, line.strip(), new) for kind, new in kinds_of(line.rstrip())
                        if (path, line.strip(), new.strip()) not in equivalent]
    return out


def drawn(queue, seed):
    """In the order of lots. Each is drawn for itself, by its text, so that a seed's sample stays when other lines change."""
    alike, lots = collections.Counter(), []
    for mutant in queue:
        path, _, kind, old, new = mutant
        text = path, kind, old, new.strip()
        alike[text] += 1
        lots.append(hashlib.sha256("\0".join((str(seed), str(alike[text]), *text)).encode()).digest())
    return [mutant for _, mutant in sorted(zip(lots, queue), reverse=True)]


class Verdicts:
    """What was found out before, in any tree: one JSON object a line."""

    def __init__(self, path, tests):
        self.path, self.tests, self.tree = path, tests, tree_digest()
        self.kept, self.last = {}, {}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                for line in f:
                    self.take(json.loads(line))

    def take(self, v):
        """Line numbers move from tree to tree; the text of a line stays."""
        self.last[v["path"], v["old"], v["new"].strip()] = v["verdict"]
        if v["tree"] == self.tree and (v["tests"] == self.tests or v["verdict"] != SURVIVED):
            self.kept[v["path"], v["line"], v["new"]] = v["verdict"]

    def of(self, mutant):
        path, n, _, _, new = mutant
        return self.kept.get((path, n, new))

    def survived_before(self, mutant):
        path, _, _, old, new = mutant
        return self.last.get((path, old, new.strip())) == SURVIVED

    def keep(self, mutant, verdict):
        path, n, kind, old, new = mutant
        v = {"tree": self.tree, "tests": self.tests, "path": path, "line": n, "kind": kind, "old": old, "new": new, "verdict": verdict}
        with open(self.path, "a", encoding="utf-8") as f:
            f.write(json.dumps(v) + "\n")


def listed_files():
    return [p for p in subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
                                      check=True).stdout.split("\n") if p and os.path.exists(os.path.join(ROOT, p))]


def tree_digest():
    """Of all that a test's verdict may depend on, so not of pages, nor of this tool."""
    digest = hashlib.sha256()
    for path in listed_files():
        if not path.endswith((".md", ".txt", "/mutants.py")):
            with open(os.path.join(ROOT, path), "rb") as f:
                digest.update(path.encode() + b"\0" + hashlib.sha256(f.read()).digest())
    return digest.hexdigest()


class Reach:
    """Which lines each test comes by, as a build that counts them tells (gcov): no other test can find a mutant there.
    What is known of a program that is still the same, byte for byte, is kept in reach.json."""

    def __init__(self, tree, kept, wanted):
        self.tree, self.build_folder, self.kept = tree, os.path.join(tree.path, "build", "cov"), kept
        self.known = {"code": {}, "tests": {}}  # code: {file: lines}; tests: {test: [digest, {file: lines}]}
        if os.path.exists(kept):
            with open(kept, encoding="utf-8") as f:
                self.known = json.load(f)
        self.build()
        self.measure({path for path, *_ in wanted})

    def build(self):
        t = self.tree
        if not os.path.exists(os.path.join(self.build_folder, "build.ninja")):
            subprocess.run(["meson", "setup", self.build_folder, "-Dbuildtype=debug", "-Db_coverage=true"], cwd=t.path,
                           check=True, stdout=subprocess.DEVNULL)
        if not t.build(t.targets(t.tests), self.build_folder):
            sys.exit("the tree that counts does not build")

    def measure(self, files):
        counts, measured = [], 0
        with open(os.path.join(self.build_folder, "compile_commands.json"), encoding="utf-8") as f:
            for c in json.load(f):
                if os.path.relpath(os.path.join(c["directory"], c["file"]), self.tree.path) in files:
                    counts.append(os.path.join(self.build_folder, c["output"][:-len(".o")] + ".gcda"))
        for name, command in self.tree.tests:
            command = [word.replace(self.tree.build_folder, self.build_folder) for word in command]
            digest, lines = self.known["tests"].get(name, ("", {}))
            now = self.tree.file_digest(command[0])
            if digest == now and files <= set(lines):
                continue
            for path in glob.glob(os.path.join(self.build_folder, "**", "*.gcda"), recursive=True):
                os.remove(path)
            self.tree.run(name, command, REACH_MAX_S)
            self.known["tests"][name] = now, self.reached([path for path in counts if os.path.exists(path)], files)
            measured += 1
            if measured % SAVED_EACH == 0:  # it takes long: one that was cut goes on where it was
                self.save()
        self.save()

    def save(self):
        with open(self.kept + ".new", "w", encoding="utf-8") as f:
            json.dump(self.known, f)
        os.replace(self.kept + ".new", self.kept)

    def reached(self, counters, files):
        lines = {path: [] for path in files}
        text = subprocess.run(["gcov", "--json-format", "--stdout", *counters], cwd=self.build_folder, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=True).stdout if counters else b""
        for report in map(json.loads, filter(None, text.split(b"\n"))):
            for file in report["files"]:
                path = os.path.relpath(os.path.join(report["current_working_directory"], file["file"]), self.tree.path)
                if path in files:
                    self.known["code"][path] = [line["line_number"] for line in file["lines"]]
                    lines[path] += [line["line_number"] for line in file["lines"] if line["count"]]
        return lines

    def tests(self, path, n):
        """Names, or None for all. A line without code, as a table's, is taken by those that come by the file."""
        lines = self.known["code"].get(path)
        return {name for name, (_, files) in self.known["tests"].items() if n + 1 in files.get(path, []) or
                (n + 1 not in lines and files.get(path))} if lines else None


class Tree:
    """A copy of the tree with a build of its own, in which one mutant at a time is tried. It is kept between runs."""

    def __init__(self, folder, jobs, only, only_tests):
        self.path, self.jobs, self.only = folder, jobs, only
        self.build_folder = os.path.join(folder, "build", "plain")
        self.synchronise()
        if not os.path.exists(os.path.join(self.build_folder, "build.ninja")):
            linker = {"CC_LD": "lld"} if shutil.which("ld.lld") else {}
            subprocess.run(["git", "init", "-q", folder], check=True)
            # What is not freed is a fault too: the leak sanitizer alone costs nothing but the end of a program.
            subprocess.run(["meson", "setup", self.build_folder, "-Dbuildtype=plain", "-Doptimization=2",
                            "-Dc_link_args=-fsanitize=leak", "-Db_lundef=false"], cwd=folder, check=True,
                           stdout=subprocess.DEVNULL, env=dict(os.environ, **linker))
        if not self.build(["build.ninja"]):
            sys.exit("the tree cannot be set up")
        self.find_tests(only_tests)
        if not self.build(self.targets(self.tests) + sorted(o for outputs in self.objects.values() for o in outputs)):
            sys.exit("the tree does not build")
        self.seconds, self.leaky, self.digest = {}, {}, {}  # leaky: it leaves memory behind without a mutant

    def synchronise(self):
        """Writes what differs from ROOT, and only that, so that only that is rebuilt."""
        for path in listed_files():
            here, there = os.path.join(ROOT, path), os.path.join(self.path, path)
            if not os.path.exists(there) or not filecmp.cmp(here, there, shallow=False):
                os.makedirs(os.path.dirname(there), exist_ok=True)
                shutil.copyfile(here, there)
                shutil.copymode(here, there)

    def introspect(self, what):
        return json.loads(subprocess.run(["meson", "introspect", what, self.build_folder], capture_output=True, text=True,
                                         check=True).stdout)

    def find_tests(self, only_tests):
        """The tests that are programs (not scripts around freehold) with the folder that each stands in, what else they
        need built, and the objects made of each source."""
        tests = [t for t in self.introspect("--tests")
                 if t["cmd"][0].startswith(self.build_folder) and not t["name"].startswith(LONG_TESTS) and
                 re.search(only_tests, t["name"])]
        self.tests = [(t["name"], t["cmd"]) for t in tests]
        self.environment = {t["name"]: t["env"] for t in tests}
        self.folder, targets = {}, self.introspect("--targets")
        built = {target["id"]: target["filename"] for target in targets}
        self.needs = {t["name"]: sorted({t["cmd"][0], *(f for d in t["depends"] for f in built[d])}) for t in tests}
        for target in targets:
            for name in target["filename"]:
                self.folder[name] = os.path.relpath(os.path.dirname(target["defined_in"]), self.path)
                sources = [s for block in target["target_sources"] for s in block.get("sources", []) if s.endswith("_test.c")]
                if sources:
                    self.folder[name] = os.path.relpath(os.path.dirname(sources[0]), self.path)
        self.objects = collections.defaultdict(list)
        with open(os.path.join(self.build_folder, "compile_commands.json"), encoding="utf-8") as f:
            for c in json.load(f):
                source = os.path.relpath(os.path.join(c["directory"], c["file"]), self.path)
                if is_mutated(source, self.only):
                    self.objects[source].append(c["output"])

    def targets(self, tests):
        return sorted({os.path.relpath(file, self.build_folder) for name, _ in tests for file in self.needs[name]})

    def build(self, targets, folder=None):
        p = subprocess.run(["ninja", "-C", folder or self.build_folder, "-j%d" % self.jobs, *targets], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, check=False)
        return p.returncode == 0

    def run(self, name, command, timeout, leaky=False):
        start = time.time()
        try:
            code = subprocess.run(command, cwd=self.path, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=timeout, check=False,
                                  env=dict(os.environ, LSAN_OPTIONS="detect_leaks=%d" % (not leaky),
                                           **self.environment[name])).returncode
        except subprocess.TimeoutExpired:
            code = 124
        return code, time.time() - start

    def file_digest(self, name):
        with open(os.path.join(self.build_folder, name), "rb") as f:
            return hashlib.sha256(f.read()).hexdigest()

    def test_digest(self, name):
        return " ".join(self.file_digest(file) for file in self.needs[name])

    def measure(self, known):
        """Each test must pass here; what has run before, byte for byte the same program, need not run again."""
        for name, command in self.tests:
            self.digest[name] = self.test_digest(name)
            key = name + " " + self.digest[name]
            if key not in known:
                for leaky in (False, True, True):  # a busy machine may cost one that measures time a run
                    code, seconds = self.run(name, command, 600, leaky)
                    if code in (0, 77):
                        known[key] = seconds, leaky
                        break
                else:
                    sys.exit("%s fails without a mutant" % name)
            self.seconds[name], self.leaky[name] = known[key]
        self.object_digest = {o: self.file_digest(o) for outputs in self.objects.values() for o in outputs}

    def stages(self, path):
        """The tests of the room first, then those of the whole network, which find most of the rest, then all others."""
        folder = os.path.dirname(path)
        while True:
            own = [t for t in self.tests if (self.folder.get(t[1][0], "") + "/").startswith(folder + "/")]
            if own or not folder:
                break
            folder = os.path.dirname(folder)
        network = [t for t in self.tests if t[0].startswith(("scenario/", "tests/")) and t not in own]
        return [own, network, [t for t in self.tests if t not in own and t not in network]]

    def fails(self, command, name):
        limit_s = max(SLOWEST_MIN_S, SLOWEST_FACTOR * self.seconds[name])
        return self.run(name, command, limit_s, self.leaky[name])[0] not in (0, 77)

    def verdict(self, path, reach):
        """"found by NAME", SURVIVED, "no build" or "no change"."""
        if not self.build(self.objects[path]):
            return "no build"
        if all(self.file_digest(o) == self.object_digest[o] for o in self.objects[path]):
            return "no change"
        stages = [[t for t in tests if reach is None or t[0] in reach] for tests in self.stages(path)]
        if not any(stages):
            stages = self.stages(path)[:1]  # they may come by it in a child that ends without counting
        for tests in filter(None, stages):
            left_s = STAGE_S
            if not self.build(self.targets(tests)):
                return "no build"
            changed = [t for t in tests if self.test_digest(t[0]) != self.digest[t[0]]]
            for name, command in sorted(changed, key=lambda t: self.seconds[t[0]]):
                left_s -= self.seconds[name]
                if left_s < 0:
                    break
                if self.fails(command, name) and self.fails(command, name):
                    return "found by " + name
        return SURVIVED

    def try_mutant(self, mutant, reach):
        path, n, _, _, new = mutant
        file = os.path.join(self.path, path)
        with open(file, encoding="utf-8") as f:
            before = f.read()
        lines = before.split("\n")
        lines[n] = new
        with open(file, "w", encoding="utf-8") as f:
            f.write("\n".join(lines))
        try:
            return self.verdict(path, reach)
        finally:
            with open(file, "w", encoding="utf-8") as f:
                f.write(before)


def worker(tree, queue, wanted, verdicts, reach, results, lines):
    while queue and len(results) < wanted:
        mutant = queue.pop()
        verdict = verdicts.of(mutant)
        if not verdict:
            verdict = tree.try_mutant(mutant, reach.tests(mutant[0], mutant[1]) if reach else None)
            verdicts.keep(mutant, verdict)
        if verdict in ("no build", "no change"):
            continue
        results.append((mutant, verdict))
        path, n, kind, _, new = mutant
        line = "%s %-18s %s:%d: %s%s" % ("found   " if verdict != SURVIVED else "SURVIVED", kind, path, n + 1, new.strip(),
                                         " (%s)" % verdict if verdict != SURVIVED else "")
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
    args.add_argument("--again", action="store_true", help="only what survived before, in an earlier tree")
    args = args.parse_args()
    only, results, lines = args.only or FOLDERS, [], []
    folder = os.path.join(BUILD, "mutants")
    os.makedirs(folder, exist_ok=True)
    known, seconds_file = {}, os.path.join(folder, "seconds.json")
    if os.path.exists(seconds_file):
        with open(seconds_file, encoding="utf-8") as f:
            known = json.load(f)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        trees = list(pool.map(lambda i: Tree(os.path.join(folder, "tree%d" % i), 1, only, args.tests), range(args.jobs)))
        try:
            for tree in trees:
                tree.measure(known)
        finally:
            with open(seconds_file, "w", encoding="utf-8") as f:
                json.dump(known, f)
        verdicts = Verdicts(os.path.join(folder, "verdicts.jsonl"), args.tests)
        queue = sites(trees[0].path, only)
        if args.again:
            queue = list(filter(verdicts.survived_before, queue))
        queue = drawn(queue, args.seed)
        reach = None if args.again else Reach(trees[0], os.path.join(folder, "reach.json"), queue[-2 * args.count:])
        start = time.time()
        for future in [pool.submit(worker, t, queue, args.count, verdicts, reach, results, lines) for t in trees]:
            future.result()
    by_kind = collections.Counter((mutant[2], verdict == SURVIVED) for mutant, verdict in results)
    for kind in sorted({m[2] for m, _ in results}):
        print("%-20s %3d of %3d found" % (kind, by_kind[kind, False], by_kind[kind, False] + by_kind[kind, True]))
    survived = sum(v == SURVIVED for _, v in results)
    os.makedirs(BUILD, exist_ok=True)
    with open(os.path.join(BUILD, "mutants.txt"), "w", encoding="utf-8") as f:
        f.write("\n".join(sorted(lines)) + "\n")
    print("mutants: %d found of %d (%.0f %%), to reach %d %%; %.1f s each" % (
        len(results) - survived, len(results), 100 * (len(results) - survived) / max(len(results), 1), REACH_PERCENT,
        (time.time() - start) / max(len(results), 1)))
    return 0 if 100 * (len(results) - survived) >= REACH_PERCENT * len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
