"""Resolves a syntax tree into the model: names, parameters, constraints, object sets."""

from . import names
from .lexer import SyntaxFault
from .model import Ir, Member, estimate
from .syntax import Parameterised, Type

CONTAINERS = {"ProtocolIE-Container", "ProtocolExtensionContainer", "PrivateIE-Container"}
SINGLES = {"ProtocolIE-SingleContainer", "ProtocolIE-Field"}
STRINGS = {"PrintableString", "VisibleString", "UTF8String", "IA5String", "NumericString"}
SIMPLE = {"NULL": "null", "BOOLEAN": "bool", "OBJECT IDENTIFIER": "oid"}
NAMED = {"SEQUENCE", "SEQUENCE OF", "CHOICE", "ENUMERATED"}      # get a C name
INLINE_MAX = 256                 # a choice alternative of more octets becomes a pointer
MAX_UINT_BITS = 64


class Resolver:
    def __init__(self, modules):
        self.types, self.values, self.classes, self.objects, self.sets = {}, {}, {}, {}, {}
        for module in modules:
            for mine, theirs in ((self.types, module.types), (self.values, module.values),
                                 (self.classes, module.classes), (self.objects, module.objects),
                                 (self.sets, module.sets)):
                mine.update(theirs)
        self.done = {}           # (type name, arguments) -> Ir
        self.taken = {}          # C name -> owner
        for name, kind in self.types.items():
            if isinstance(kind, Type) and kind.kind in NAMED:
                self.taken.setdefault(names.snake(name), name)

    def within(self, kind, env, wanted):
        """The model of a type written inside another one; wanted is its C name if it has none itself."""
        if kind.kind in NAMED or (kind.kind == "ref" and kind.args and kind.name not in CONTAINERS | SINGLES):
            return self.resolve(kind, env, self.claim(wanted, object()))
        return self.resolve(kind, env, wanted)

    # Names and values

    def claim(self, wanted, owner):
        """A C name for owner: wanted, or wanted with a number if another owner has it."""
        name, n = wanted, 1
        while self.taken.setdefault(name, owner) != owner:
            n += 1
            name = f"{wanted}_{n}"
        return name

    def value(self, text, env):
        """The number that text stands for; None for MIN and MAX."""
        while not isinstance(text, int):
            if text in ("MIN", "MAX"):
                return None
            if text in env:
                text = env[text]
            elif text in self.values:
                text = self.values[text][1]
            else:
                raise SyntaxFault(f"no value {text}")
        return text

    def bounds(self, constraints, kind, env):
        """(lb, ub, extensible) of the outermost constraint of a kind; all None or False without one."""
        for found in constraints:
            if found.kind == kind:
                lows = [self.value(r.lo, env) for r in found.ranges]
                highs = [self.value(r.hi, env) for r in found.ranges]
                lb = None if None in lows else min(lows)
                ub = None if None in highs else max(highs)
                return lb, ub, found.extensible
        return None, None, False

    # Types

    def named(self, name):
        return self.resolve(Type("ref", name=name), {}, "")

    def resolve(self, kind, env, path, outer=()):
        """The model of kind; path names it if it has no name; outer are constraints put upon it."""
        constraints = list(outer) + kind.constraints
        if kind.kind == "ref":
            return self.reference(kind, env, path, constraints)
        if kind.kind in SIMPLE:
            return Ir(SIMPLE[kind.kind], asn=kind.kind)
        if kind.kind == "INTEGER":
            lb, ub, extensible = self.bounds(constraints, "value", env)
            return Ir("int", asn=kind.kind, lb=lb, ub=ub, extensible=extensible)
        if kind.kind == "ENUMERATED":
            return Ir("enum", name=path, asn=kind.kind, values=kind.root + kind.additions,
                      root=len(kind.root), extensible=kind.extensible)
        if kind.kind in ("BIT STRING", "OCTET STRING") or kind.kind in STRINGS:
            return self.string(kind, env, path, constraints)
        if kind.kind == "SEQUENCE OF":
            lb, ub, extensible = self.bounds(constraints, "size", env)
            element = self.within(kind.element, env, f"{path}_item")
            return Ir("list", name=path, asn=kind.kind, lb=lb or 0, ub=ub, extensible=extensible,
                      element=element)
        if kind.kind == "SEQUENCE":
            return self.sequence(kind, env, path)
        if kind.kind == "CHOICE":
            return self.choice(kind, env, path)
        raise SyntaxFault(f"line {kind.line}: {kind.kind} is not supported")

    def string(self, kind, env, path, constraints):
        lb, ub, extensible = self.bounds(constraints, "size", env)
        size = {"lb": lb or 0, "ub": ub, "extensible": extensible, "asn": kind.kind}
        if kind.kind == "BIT STRING":
            fixed = ub is not None and lb == ub and not extensible and 0 < ub <= MAX_UINT_BITS
            return Ir("uint_bits" if fixed else "bits", **size)
        if kind.kind == "OCTET STRING":
            inner = next((c.type for c in constraints if c.kind == "containing"), None)
            contains = self.within(inner, env, f"{path}_contents") if inner else None
            return Ir("octets", contains=contains, **size)
        return Ir("string", string=kind.kind, **size)

    def reference(self, kind, env, path, constraints):
        if kind.name in env:
            bound, bound_env = env[kind.name]
            return self.resolve(bound, bound_env, path, constraints)
        if kind.name in CONTAINERS or kind.name in SINGLES:
            return self.ie_container(kind, env)
        definition = self.types.get(kind.name)
        if definition is None:
            raise SyntaxFault(f"line {kind.line}: no type {kind.name}")
        if isinstance(definition, Parameterised):
            return self.instance(kind, definition, env, path)
        if constraints:
            return self.resolve(definition, {}, names.snake(kind.name), constraints)
        if kind.name not in self.done:
            # a string within the type may contain the type itself: that one gets the Ir that is pending
            pending = self.done[kind.name] = Ir("pending")
            found = self.resolve(definition, {}, self.claim(names.snake(kind.name), kind.name))
            pending.__dict__.update(found.__dict__)
            if definition.kind == "ref":
                self.done[kind.name] = found
            else:
                pending.asn = kind.name
        return self.done[kind.name]

    def instance(self, kind, definition, env, path):
        bound = dict(zip(definition.params, [self.argument(a, env) for a in kind.args]))
        arg = kind.args[0]
        if len(kind.args) == 1 and isinstance(arg, Type) and arg.kind == "ref" and arg.name not in env:
            key = (kind.name, arg.name)
            if key not in self.done:
                name = self.claim(f"{names.snake(kind.name)}_{names.snake(arg.name)}", key)
                self.done[key] = self.resolve(definition.type, bound, name)
            return self.done[key]
        return self.resolve(definition.type, bound, path)

    @staticmethod
    def argument(arg, env):
        """A type with the environment it is to be resolved in, a number, or the name of a set."""
        if isinstance(arg, Type):
            return env.get(arg.name, (arg, env)) if arg.kind == "ref" else (arg, env)
        return env.get(arg, arg)

    # Composites

    def sequence(self, kind, env, path):
        found = Ir("sequence", name=path, extensible=kind.extensible)
        alone = len(kind.root) == 1 and not kind.additions and kind.root[0].type
        if alone and not kind.root[0].optional and alone.kind == "ref" and alone.name in CONTAINERS:
            inner = self.ie_container(alone, env, name=found.name)
            found.members = [Member(inner.name, kind.root[0].name, inner)]
            found.wraps = True
            return found
        found.members = [self.component(c, env, found.name) for c in kind.root]
        for index, addition in enumerate(kind.additions):
            group = isinstance(addition, list)
            for part in addition if group else [addition]:
                member = self.component(part, env, found.name)
                member.addition, member.group = index, group
                member.optional = True
                found.members.append(member)
        return found

    def component(self, part, env, path):
        name = names.field(part.name)
        return Member(name, part.name, self.within(part.type, env, f"{path}_{names.snake(part.name)}"),
                      optional=part.optional, default=part.default,
                      in_bitmap=part.optional or part.default is not None)

    def choice(self, kind, env, path):
        found = Ir("choice", name=path, extensible=kind.extensible, root=len(kind.root))
        found.members = [self.component(c, env, found.name) for c in kind.root]
        added = [part for a in kind.additions for part in (a if isinstance(a, list) else [a])]
        for index, part in enumerate(added):
            member = self.component(part, env, found.name)
            member.addition = index
            found.members.append(member)
        return found

    def finish(self):
        """After all types are resolved: makes pointers of large alternatives of choices."""
        self.refuse_recursion()
        for found in self.composites():
            if found.kind in ("choice", "single"):
                for member in found.members:
                    member.indirect = member.type.is_composite and estimate(member.type) > INLINE_MAX

    def refuse_recursion(self):
        """A type that holds itself, other than encoded in a string, has no C struct."""
        open_types, closed = [], set()

        def visit(ir):
            if ir in open_types:
                raise SyntaxFault(f"{ir.asn or ir.name} holds itself: recursion is not supported")
            if ir is None or ir in closed:
                return
            open_types.append(ir)
            for below in [m.type for m in ir.members] + [ir.element]:
                visit(below)
            closed.add(open_types.pop())

        for ir in self.done.values():
            visit(ir)

    def composites(self):
        """Every composite reached so far, inner ones first, each once."""
        seen, order = set(), []

        def visit(ir):
            if ir is None or ir in seen:
                return
            seen.add(ir)
            for below in [m.type for m in ir.members] + [ir.element, ir.contains]:
                visit(below)
            if ir.is_composite:
                order.append(ir)

        for ir in self.done.values():
            visit(ir)
        return order

    # Protocol IEs: TS 38.413 9.4.7 and its like

    def ie_container(self, kind, env, name=""):
        """The model of a container or single container; name is that of the message it is, if it is one."""
        set_name = env.get(kind.args[0], kind.args[0])
        definition = self.types[kind.name].type
        family = "single" if kind.name in SINGLES else "container"
        key = (family, set_name, name)
        if key in self.done:
            return self.done[key]
        found = Ir(family, asn=set_name, private=kind.name.startswith("Private"))
        self.done[key] = found
        if family == "container":
            found.lb, found.ub, _ = self.bounds(definition.constraints, "size", env)
        members = [self.ie(o) for o in self.set_objects(set_name)]
        found.members = members
        found.name = name or (self.claim(names.snake(set_name), ("set", set_name)) if members else "")
        return found

    def set_objects(self, set_name):
        for element in self.sets[set_name].elements:
            if isinstance(element, dict):
                yield element
            elif element in self.sets:
                yield from self.set_objects(element)
            else:
                yield self.objects[element]

    def ie(self, fields):
        id_name = fields["&id"]
        asn = id_name.removeprefix("id-")
        kind = fields.get("&Value") or fields["&Extension"]
        return Member(names.field(asn), asn, self.within(kind, {}, names.snake(asn)),
                      optional=fields["&presence"] != "mandatory", id=self.value(id_name, {}),
                      criticality=fields["&criticality"], presence=fields["&presence"])

    # Roots

    def whole(self):
        """Resolves every type that is not parameterised and is not the PDU itself (TS 38.413 9.4.3)."""
        plain, fields, pdu = self.pdu_types()
        for name in plain:
            if name not in fields | pdu:
                self.named(name)

    def pdu_types(self):
        """Types without parameters; the names of those with an open type of a procedure, and of the CHOICE of them."""
        plain = {name: kind for name, kind in self.types.items() if isinstance(kind, Type)}
        fields = {name for name, kind in plain.items()
                  if kind.kind == "SEQUENCE" and any(c.type.kind == "field" for c in kind.root)}
        pdu = {name for name, kind in plain.items()
               if kind.kind == "CHOICE" and any(c.type.name in fields for c in kind.root)}
        return plain, fields, pdu

    def pdu_is_extensible(self):
        """Whether the PDU has an extension marker: F1AP's has a fourth alternative instead (38.473 9.4.3)."""
        plain, _, pdu = self.pdu_types()
        return all(plain[name].extensible for name in pdu)

    def procedures(self):
        """Objects of the elementary procedure class, by procedure code."""
        found = []
        for name, object_set in self.sets.items():
            if object_set.class_name.endswith("ELEMENTARY-PROCEDURE") and name.endswith("PROCEDURES"):
                for fields in self.set_objects(name):
                    code = self.value(fields["&procedureCode"], {})
                    found.append((code, fields["&procedureCode"], fields.get("&criticality", "ignore"),
                                  [fields.get(f) and fields[f].name for f in
                                   ("&InitiatingMessage", "&SuccessfulOutcome", "&UnsuccessfulOutcome")]))
        return sorted(found, key=lambda p: p[0])

    def roots(self):
        """The types of the modules' own names that were resolved, in order of name, each once."""
        found = {}
        for key, ir in self.done.items():
            if isinstance(key, str) and ir.name:
                found.setdefault(ir.name, ir)
        return [found[name] for name in sorted(found)]
