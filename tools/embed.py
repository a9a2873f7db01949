#!/usr/bin/env python3
"""Embeds the files of a web page as C: embed.py FOLDER OUT.c. A table of path, type, ETag and octets, in the order of the paths."""
import hashlib
import os
import sys

TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".svg": "image/svg+xml"}


def octets(data):
    lines = [data[i:i + 24] for i in range(0, len(data), 24)]
    return "\n".join("\t" + ",".join("%d" % b for b in line) + "," for line in lines)


def main():
    folder, out = sys.argv[1:3]
    names = sorted(n for n in os.listdir(folder) if os.path.splitext(n)[1] in TYPES)
    arrays, rows = [], []
    for i, name in enumerate(names):
        with open(os.path.join(folder, name), "rb") as f:
            data = f.read()
        arrays.append("static const uint8_t file_%d[] = {\n%s\n};\n" % (i, octets(data)))
        rows.append('\t{ "/%s", "%s", "%s", { file_%d, sizeof(file_%d) } },' % (
            name, TYPES[os.path.splitext(name)[1]], hashlib.sha256(data).hexdigest()[:16], i, i))
    with open(out, "w", encoding="utf-8") as f:
        f.write('#include "console/page.h"\n\n%s\nconst struct page_file page_files[] = {\n%s\n};\n'
                "const size_t page_file_count = %d;\n" % ("\n".join(arrays), "\n".join(rows), len(names)))


main()
