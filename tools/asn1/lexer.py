"""Tokens of ASN.1 source (X.680 clause 12), as (text, line) pairs."""

import re

TOKEN = re.compile(r"""
    (?P<space>\s+)
  | (?P<comment>--.*?(?:--|$)|/\*[\s\S]*?\*/)
  | (?P<token>::=|\.\.\.|\.\.|\[\[|\]\]|-?\d+|&?[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*|[{}()\[\],|:;@.])
""", re.VERBOSE | re.MULTILINE)


class SyntaxFault(Exception):
    """The source is not the ASN.1 this compiler reads."""


def tokens(text, source):
    """The tokens of text; source names it in faults."""
    found, at, line = [], 0, 1
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise SyntaxFault(f"{source}:{line}: unexpected {text[at:at + 20]!r}")
        if match.lastgroup == "token":
            found.append((match.group(), line))
        line += match.group().count("\n")
        at = match.end()
    return found
