"""Recursive-descent parser of ASN.1 modules (X.680, X.681, X.683 as far as 3GPP protocols use them)."""

from .lexer import SyntaxFault, tokens
from .syntax import (ClassDef, Component, Constraint, Module, ObjectSet, Parameterised, Range, Type)

STRINGS = {"PrintableString", "VisibleString", "UTF8String", "IA5String", "NumericString"}


class Cursor:
    """A position in a list of tokens."""

    def __init__(self, found, source):
        self.found, self.source, self.at = found, source, 0

    def peek(self, ahead=0):
        at = self.at + ahead
        return self.found[at][0] if at < len(self.found) else ""

    def line(self):
        return self.found[min(self.at, len(self.found) - 1)][1]

    def next(self):
        text = self.peek()
        self.at += 1
        return text

    def accept(self, *texts):
        for ahead, text in enumerate(texts):
            if self.peek(ahead) != text:
                return False
        self.at += len(texts)
        return True

    def expect(self, *texts):
        for text in texts:
            if self.next() != text:
                self.at -= 1
                raise SyntaxFault(f"{self.source}:{self.line()}: expected {text!r}, found {self.peek()!r}")

    def fault(self, what):
        return SyntaxFault(f"{self.source}:{self.line()}: {what} at {self.peek()!r}")


class ModuleParser(Cursor):
    """Parses one module; classes holds the information object classes of all modules."""

    def __init__(self, found, source, classes):
        super().__init__(found, source)
        self.classes = classes

    def module(self):
        module = Module(self.next())
        while self.next() != "BEGIN":
            if not self.peek():
                raise self.fault("no BEGIN")
        for section in ("EXPORTS", "IMPORTS"):
            if self.accept(section):
                while self.next() != ";":
                    pass
        while not self.accept("END"):
            self.assignment(module)
        return module

    def assignment(self, module):
        name = self.next()
        if name[:1].islower():
            self.value_assignment(module, name)
        elif self.peek() == "{":
            params = self.dummies()
            self.expect("::=")
            module.types[name] = Parameterised(params, self.type())
        elif self.accept("::="):
            if self.peek() == "CLASS":
                module.classes[name] = self.class_def()
            else:
                module.types[name] = self.type()
        else:
            class_name = self.next()
            self.expect("::=")
            module.sets[name] = self.object_set(class_name)

    def value_assignment(self, module, name):
        if self.peek() in self.classes:
            class_name = self.next()
            self.expect("::=")
            module.objects[name] = self.object(class_name)
            return
        kind = self.type()
        self.expect("::=")
        module.values[name] = (kind.name or kind.kind, number(self.next()))

    def dummies(self):
        names = []
        self.expect("{")
        while True:
            name = self.next()
            if self.accept(":"):
                name = self.next()
            names.append(name)
            if not self.accept(","):
                break
        self.expect("}")
        return names

    # Types

    def type(self):
        line = self.line()
        kind = self.plain_type()
        kind.line = line
        while self.peek() == "(":
            kind.constraints.append(self.constraint())
        return kind

    def plain_type(self):
        word = self.next()
        if word in ("BOOLEAN", "NULL", "INTEGER", "REAL") or word in STRINGS:
            if word == "INTEGER" and self.accept("{"):
                while self.next() != "}":      # named numbers do not alter the encoding
                    pass
            return Type(word)
        if word in ("BIT", "OCTET"):
            self.expect("STRING")
            if word == "BIT" and self.accept("{"):
                while self.next() != "}":      # names of bits: the size constraint says how many there are
                    pass
            return Type(word + " STRING")
        if word == "OBJECT":
            self.expect("IDENTIFIER")
            return Type("OBJECT IDENTIFIER")
        if word == "ENUMERATED":
            return self.enumerated()
        if word == "SEQUENCE":
            return self.sequence()
        if word == "CHOICE":
            return self.components(Type("CHOICE"))
        if not word[:1].isupper():
            raise self.fault(f"no type: {word!r}")
        if self.peek() == "." and self.peek(1).startswith("&"):
            self.next()
            return Type("field", name=self.next(), args=[word])
        kind = Type("ref", name=word)
        if self.peek() == "{":
            kind.args = self.arguments()
        return kind

    def arguments(self):
        args = []
        self.expect("{")
        while True:
            if self.accept("{"):
                args.append(self.next())
                self.expect("}")
            elif self.peek()[:1].isupper():
                args.append(self.type())
            else:
                args.append(number(self.next()))
            if not self.accept(","):
                break
        self.expect("}")
        return args

    def sequence(self):
        if self.peek() == "{":
            return self.components(Type("SEQUENCE"))
        kind = Type("SEQUENCE OF")
        if self.peek() == "(":
            kind.constraints.append(self.constraint())
        elif self.accept("SIZE"):
            kind.constraints.append(self.ranges(Constraint("size")))
        self.expect("OF")
        kind.element = self.type()
        return kind

    def enumerated(self):
        kind = Type("ENUMERATED")
        self.expect("{")
        names = kind.root
        while True:
            if self.accept("..."):
                kind.extensible = True
                names = kind.additions
            else:
                names.append(self.next())
            if not self.accept(","):
                break
        self.expect("}")
        return kind

    def components(self, kind):
        self.expect("{")
        if self.accept("}"):
            return kind
        while True:
            if self.accept("..."):
                if kind.extensible and self.peek() != "}":
                    raise self.fault("root after the extensions is not read by this compiler")
                kind.extensible = True
            elif self.accept("[["):
                kind.additions.append(self.group())
            else:
                (kind.additions if kind.extensible else kind.root).append(self.component())
            if not self.accept(","):
                break
        self.expect("}")
        return kind

    def group(self):
        if self.peek(1) == ":":       # a version number
            self.next()
            self.next()
        members = [self.component()]
        while self.accept(","):
            members.append(self.component())
        self.expect("]]")
        return members

    def component(self):
        part = Component(self.next(), self.type())
        if self.accept("OPTIONAL"):
            part.optional = True
        elif self.accept("DEFAULT"):
            part.default = number(self.next())
        return part

    # Constraints

    def constraint(self):
        self.expect("(")
        if self.accept("SIZE"):
            found = self.ranges(Constraint("size"))
        elif self.accept("CONTAINING"):
            found = Constraint("containing", type=self.type())
        elif self.accept("{"):
            found = Constraint("table", table=self.next())
            self.expect("}")
            if self.accept("{"):
                while self.next() != "}":
                    pass
        else:
            found = self.range_list(Constraint("value"))
        self.expect(")")
        return found

    def ranges(self, into):
        self.expect("(")
        self.range_list(into)
        self.expect(")")
        return into

    def range_list(self, into):
        while True:
            if self.accept("..."):
                into.extensible = True
            else:
                lo = number(self.next())
                hi = number(self.next()) if self.accept("..") else lo
                if not into.extensible:
                    into.ranges.append(Range(lo, hi))
            if not self.accept("|") and not self.accept(","):
                return into

    # Information objects

    def class_def(self):
        self.expect("CLASS", "{")
        fields = {}
        while not self.accept("}"):
            name = self.next()
            fields[name] = self.type() if self.peek() not in (",", "}", "OPTIONAL") else None
            while self.peek() not in (",", "}"):
                self.next()           # UNIQUE, OPTIONAL, DEFAULT x
            self.accept(",")
        self.expect("WITH", "SYNTAX", "{")
        return ClassDef(fields, self.syntax("}"))

    def syntax(self, end):
        items = []
        while not self.accept(end):
            items.append(self.syntax("]") if self.accept("[") else self.next())
        return items

    def object(self, class_name):
        found = {}
        self.expect("{")
        self.by_syntax(self.classes[class_name], self.classes[class_name].syntax, found)
        self.expect("}")
        return found

    def by_syntax(self, definition, syntax, found):
        for item in syntax:
            if isinstance(item, list):
                if self.peek() == item[0]:
                    self.by_syntax(definition, item, found)
            elif item.startswith("&"):
                found[item] = self.type() if item[1].isupper() else number(self.next())
            else:
                self.expect(item)

    def object_set(self, class_name):
        elements = []
        self.expect("{")
        while not self.accept("}"):
            if self.peek() == "{":
                elements.append(self.object(class_name))
            elif not self.accept("..."):
                elements.append(self.next())
            if not self.accept("|"):
                self.accept(",")
        return ObjectSet(class_name, elements)


def number(text):
    return int(text) if text.lstrip("-").isdigit() else text


def parse(sources):
    """Modules of sources, a list of (file name, text)."""
    lexed = [(name, tokens(text, name)) for name, text in sources]
    classes = {}
    for name, found in lexed:
        for at in range(len(found) - 2):
            if found[at + 1][0] == "::=" and found[at + 2][0] == "CLASS":
                parser = ModuleParser(found, name, {})
                parser.at = at + 2
                classes[found[at][0]] = parser.class_def()
    return [ModuleParser(found, name, classes).module() for name, found in lexed]
