"""Names of C for names of OpenAPI."""

import re

DIGITS = {"3": "three_", "4": "four_", "5": "five_"}


def snake(name):
    if name[0] in DIGITS:
        name = DIGITS[name[0]] + (name[1].upper() if name[1:2] == "g" else name[1]) + name[2:]
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name.replace("-", "_"))
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def constant(prefix, value):
    return prefix + "_" + re.sub(r"[^A-Z0-9]", "_", snake(value).upper() if value[0] in DIGITS else value.upper())
