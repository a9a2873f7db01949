"""A reader for the YAML that 3GPP's OpenAPI files are written in; anything else is a fault.

Block mappings and sequences by indentation, plain and quoted scalars over one or more lines, block scalars,
flow sequences and mappings of scalars. No anchors, tags, aliases, multiple documents or complex keys.
"""

import re

KEY = re.compile(r"""(?:'([^']*)'|"([^"\\]*)"|([^\s'"\[\]{}#&*!|>%@`,?:-](?:[^:#]|:(?=\S))*?))\s*:(?:\s+(.*))?$""")
FLOW = re.compile(r"""\s*(?:([\[\]{},:])|'([^']*)'|"([^"\\]*)"|([^\s\[\]{},:#'"][^\[\]{},:#]*))""")


class Fault(Exception):
    """What this reader or this compiler does not know."""


def scalar(text):
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return int(text)
    if text in ("", "null", "~"):
        return None
    return text


class Reader:
    def __init__(self, name, text):
        self.name = name
        self.lines = text.split("\n")
        self.at = 0

    def fault(self, why):
        raise Fault(f"{self.name}:{self.at + 1}: {why}: {self.lines[self.at] if self.more() else 'end'}")

    def more(self):
        return self.at < len(self.lines)

    def skip_blank(self):
        while self.more() and re.match(r"\s*(#|$)", self.lines[self.at]):
            self.at += 1

    def indent(self):
        """Of the next line with something in it; -1 at the end."""
        self.skip_blank()
        if not self.more():
            return -1
        line = self.lines[self.at]
        if "\t" in line[:len(line) - len(line.lstrip())]:
            self.fault("a tab")
        return len(line) - len(line.lstrip(" "))

    def whole(self):
        value = self.node(0)
        if self.indent() >= 0:
            self.fault("something is left")
        return value

    def node(self, least):
        """The block that begins on the next line, indented by at least `least`."""
        indent = self.indent()
        if indent < least:
            return None
        line = self.lines[self.at][indent:]
        if line.startswith("- ") or line == "-":
            return self.sequence(indent)
        if KEY.match(line):
            return self.mapping(indent)
        self.at += 1
        return self.value(line, indent)

    def sequence(self, indent):
        out = []
        while self.indent() == indent and re.match(r"-( |$)", self.lines[self.at][indent:]):
            rest = self.lines[self.at][indent + 1:]
            if rest.strip():
                # What follows the dash is a block of its own, indented as it stands.
                self.lines[self.at] = " " * (indent + 1) + rest
            else:
                self.at += 1
            out.append(self.node(indent + 1))
        return out

    def mapping(self, indent):
        out = {}
        while self.indent() == indent:
            found = KEY.match(self.lines[self.at][indent:])
            if not found:
                if re.match(r"-( |$)", self.lines[self.at][indent:]):
                    break
                self.fault("no key")
            key = next(k for k in found.groups()[:3] if k is not None)
            if key in out:
                self.fault("key twice")
            self.at += 1
            rest = self.uncommented(found.group(4) or "")
            if rest:
                out[key] = self.value(rest, indent)
            elif self.indent() == indent and re.match(r"-( |$)", self.lines[self.at][indent:]):
                out[key] = self.sequence(indent)
            else:
                out[key] = self.node(indent + 1)
        if self.indent() > indent:
            self.fault("indented by itself")
        return out

    @staticmethod
    def uncommented(text):
        if text[:1] in ("'", '"'):
            return text.strip()
        return re.sub(r"(^|\s)#.*$", "", text).strip()

    def continued(self, text, indent):
        """text with the lines that go on with it."""
        parts = [text]
        while self.more() and self.indent() > indent:
            if re.search(r":(\s|$)", self.lines[self.at]):
                self.fault("a mapping within a text")
            parts.append(self.uncommented(self.lines[self.at].strip()))
            self.at += 1
        return " ".join(parts)

    def value(self, text, indent):
        """A value that begins behind a key or dash of this indentation."""
        if re.fullmatch(r"[|>][-+]?", text):
            return self.block(indent)
        if text[0] in "'\"":
            quote = text[0]
            while not re.fullmatch(r"'(?:[^']|'')*'" if quote == "'" else r'"(?:[^"\\]|\\.)*"', text):
                if self.indent() <= indent:
                    self.fault("an open quote")
                text += " " + self.lines[self.at].strip()
                self.at += 1
            if quote == '"':
                return re.sub(r"\\(.)", self.unescape, text[1:-1])
            return text[1:-1].replace("''", "'")
        if text[0] in "[{":
            while text.count("[") + text.count("{") > text.count("]") + text.count("}"):
                if self.indent() <= indent:
                    self.fault("an open bracket")
                text += " " + self.lines[self.at].strip()
                self.at += 1
            return self.flow(text)
        if text[0] in "&*!|>%@`":
            self.fault("unknown to this reader")
        return scalar(self.continued(text, indent))

    def unescape(self, found):
        if found.group(1) not in '"\\/':
            self.fault("an unknown escape")
        return found.group(1)

    def block(self, indent):
        out = []
        while self.more():
            line = self.lines[self.at]
            if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
                break
            out.append(line.strip())
            self.at += 1
        return "\n".join(out).rstrip() + "\n"

    def flow(self, text):
        tokens, at = [], 0
        while text[at:].strip():
            found = FLOW.match(text, at)
            if not found:
                self.fault("a flow of an unknown form")
            mark, single, double, plain = found.groups()
            quoted = single if single is not None else double
            tokens.append((mark, quoted if quoted is not None else scalar(plain.strip()) if plain else None))
            at = found.end()
        value = self.flow_node(tokens)
        if tokens:
            self.fault("something behind a flow")
        return value

    def flow_node(self, tokens):
        if not tokens:
            self.fault("an open flow")
        mark, value = tokens.pop(0)
        if mark is None:
            return value
        if mark == "[":
            out = []
            while tokens and tokens[0][0] != "]":
                out.append(self.flow_node(tokens))
                if tokens and tokens[0][0] == ",":
                    tokens.pop(0)
        elif mark == "{":
            out = {}
            while tokens and tokens[0][0] != "}":
                key = self.flow_node(tokens)
                if not tokens or tokens.pop(0)[0] != ":":
                    self.fault("a flow mapping without a value")
                out[key] = self.flow_node(tokens)
                if tokens and tokens[0][0] == ",":
                    tokens.pop(0)
        else:
            self.fault("a flow of an unknown form")
        if not tokens:
            self.fault("an open flow")
        tokens.pop(0)
        return out


def load(name, text):
    return Reader(name, text.replace("\r", "")).whole()
