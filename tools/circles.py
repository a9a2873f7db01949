#!/usr/bin/env python3
"""Circles of files inside a room: send below, dispatch above (ARCHITECTURE.md).

A file depends on another of its folder when it names a function that the other defines (a call, or a row of a
table). Files that depend on one another in a ring cannot be read one after the other, so there must be none.
Run with folders to see who names what: tools/circles.py core/amf
"""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def strip(text):
    """The text with comments, strings and includes blanked."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", " ", text, flags=re.S)
    return re.sub(r"^\s*#\s*include[^\n]*", "", text, flags=re.M)


def defined(text):
    """Names of the functions and tables of external linkage that a C file defines."""
    names = set()
    for m in re.finditer(r"^(?!static\b)[a-z][^;{}()=]*?\b([a-z_0-9]+)\s*\([^;{}]*\)\s*\n\{", text, re.M):
        names.add(m.group(1))
    for m in re.finditer(r"^(?!static\b)(?:const )?[a-z][^;{}()=\n]*?\b([a-z_0-9]+)(?:\[[^\]]*\])*\s*=", text, re.M):
        names.add(m.group(1))
    return names


def edges(files):
    """{file: {other file: names it uses of it}} within one folder."""
    text = {f: strip(open(os.path.join(ROOT, f), encoding="utf-8").read()) for f in files}
    home = {}
    for f in files:
        for name in defined(text[f]):
            home[name] = f
    out = {f: {} for f in files}
    for f in files:
        for name in set(re.findall(r"(?<!struct )(?<!enum )(?<!->)(?<!\.)\b[a-z_][a-z_0-9]*\b", text[f])):
            if name in home and home[name] != f:
                out[f].setdefault(home[name], []).append(name)
    return out


def rings(graph):
    """Strongly connected components of more than one file (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(v):
        index[v] = low[v] = len(index)
        stack.append(v)
        for w in graph[v]:
            if w not in index:
                visit(w)
                low[v] = min(low[v], low[w])
            elif w in stack:
                low[v] = min(low[v], index[w])
        if low[v] == index[v]:
            ring = []
            while True:
                ring.append(stack.pop())
                if ring[-1] == v:
                    break
            if len(ring) > 1:
                found.append(sorted(ring))

    sys.setrecursionlimit(10000)
    for v in sorted(graph):
        if v not in index:
            visit(v)
    return found


def folders(files):
    out = {}
    for f in files:
        if f.endswith(".c") and not re.search(r"_test\.c$|_bed|/fuzz/|^tools/|^tests/bench/", f):
            out.setdefault(os.path.dirname(f), []).append(f)
    return out


def all_rings(files):
    """[(files of a ring, graph of its folder)]"""
    out = []
    for folder in folders(files).values():
        graph = edges(folder)
        out += [(ring, graph) for ring in rings(graph)]
    return out


def main():
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True,
                           text=True, check=True).stdout.split("\n")
    files = sorted(f for f in files if f and os.path.exists(os.path.join(ROOT, f)))
    wanted = [a.rstrip("/") for a in sys.argv[1:]]
    count = 0
    for ring, graph in all_rings(files):
        if wanted and os.path.dirname(ring[0]) not in wanted:
            continue
        count += 1
        print("circle of %d files in %s" % (len(ring), os.path.dirname(ring[0])))
        for f in ring:
            for to in ring:
                if to in graph[f]:
                    print("    %s -> %s: %s" % (os.path.basename(f), os.path.basename(to),
                                                ", ".join(sorted(graph[f][to]))))
    print("%d circles" % count)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
