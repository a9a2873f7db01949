#!/usr/bin/env python3
"""Compiles OpenAPI schemas to a C header and tables for wire/json.

usage: openapi.py --members wire/sbi/members.txt --folder wire/sbi/openapi --include wire/sbi/types.h
                  --header OUT.h --source OUT.c

Which members of which types stands in the list of members (tools/openapi/members.py); all else is skipped.
"""

import argparse
import sys

from openapi.emit import Emitter
from openapi.members import read
from openapi.model import Model
from openapi.yaml import Fault


def main():
    args = argparse.ArgumentParser(description=__doc__)
    for name in ("members", "folder", "include", "header", "source"):
        args.add_argument("--" + name, required=True)
    args = args.parse_args()
    try:
        with open(args.members, encoding="utf-8") as source:
            members = read(source.read())
        head, code = Emitter(Model(args.folder, members)).run(args.include)
    except Fault as fault:
        sys.exit(f"openapi: {fault}")
    for path, text in ((args.header, head), (args.source, code)):
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)


if __name__ == "__main__":
    main()
