#!/usr/bin/env python3
"""Compiles ASN.1 modules to a C header and descriptor tables for wire/per.

usage: asn1c.py --prefix ngap --room wire/ngap --title TITLE --header OUT.h --source OUT.c
                [--root Type]... MODULE.asn...

The header is known to C as wire/ngap/ngap_asn1.h, by room and prefix. Without --root everything is compiled.
"""

import argparse
import os
import sys

from asn1.emit_c import Source
from asn1.emit_h import Header
from asn1.lexer import SyntaxFault
from asn1.parser import parse
from asn1.resolve import Resolver


def read(path):
    with open(path, encoding="utf-8") as source:
        return os.path.basename(path), source.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--prefix", required=True)
    args.add_argument("--room", required=True)
    args.add_argument("--title", required=True)
    args.add_argument("--header", required=True)
    args.add_argument("--source", required=True)
    args.add_argument("--root", action="append", default=[])
    args.add_argument("modules", nargs="+")
    args = args.parse_args()
    try:
        resolver = Resolver(parse([read(path) for path in sorted(args.modules, key=os.path.basename)]))
        for root in args.root:
            resolver.named(root)
        if not args.root:
            resolver.whole()
        resolver.finish()
        header = Header(args.prefix, resolver)
        structs = header.text(args.title)
        source = Source(args.prefix, resolver, header)
        write(args.source, source.text(args.title, args.room))
        write(args.header, structs + source.declaration())
    except SyntaxFault as fault:
        sys.exit(f"asn1c: {fault}")


if __name__ == "__main__":
    main()
