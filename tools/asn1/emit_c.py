"""Writes the C source: the tables of const descriptors of wire/per/type.h, which refer to each other by distance."""

from . import names
from .emit_h import KINDS, message_names
from .lexer import SyntaxFault
from .model import int_width, octets_for_bits

MEMBERS_MAX = 256                # PER_MEMBERS_MAX of wire/per/type.h
OPTIONALS_MAX = 256              # of wire/per/decode.c
CRITICALITY = {"reject": "PER_REJECT", "ignore": "PER_IGNORE", "notify": "PER_NOTIFY", "": "0"}
UTF8 = "UTF8String"
ALPHABETS = {"PrintableString": "PER_ALPHABET_PRINTABLE", "VisibleString": "PER_ALPHABET_VISIBLE",
             "NumericString": "PER_ALPHABET_NUMERIC"}


# The functions of a protocol of PDUs: its types around those of wire/per/pdu.h; @ is the protocol.
PDU = """bool @_decode(struct bytes in, struct arena *arena, struct @_pdu *out, struct per_diag *diag)
{
	struct per_pdu pdu;
	bool ok = per_pdu_decode(&@_pdu_table, in, arena, &pdu, diag);

	*out = (struct @_pdu){
		.kind = pdu.kind,
		.procedure_code = pdu.procedure_code,
		.criticality = pdu.criticality,
		.message = pdu.message,
		.u.any = pdu.body,
	};
	return ok;
}

bool @_encode(enum @_message message, const void *body, struct writer *w)
{
	return per_pdu_encode(&@_pdu_table, (uint16_t)message, body, w);
}

void @_print(const struct @_pdu *pdu, struct printer *p)
{
	struct per_pdu generic = { pdu->kind, pdu->procedure_code, pdu->criticality, pdu->message, pdu->u.any };

	per_pdu_print(&@_pdu_table, &generic, p);
}

const char *@_message_name(enum @_message message)
{
	return per_pdu_name(&@_pdu_table, (uint16_t)message);
}
"""


def bits_of(span):
    return span.bit_length()


class Source:
    def __init__(self, prefix, resolver, header):
        self.prefix, self.resolver, self.header = prefix, resolver, header
        self.lines = []
        self.types, self.members, self.additions, self.values = [], [], [], []  # rows of the tables
        self.names, self.name_octets = {}, 0                                    # name -> its place
        self.leaves = {}         # a scalar's descriptor -> its place in types
        self.enums = {}          # names of an enum's values -> their place in values
        self.places = {}         # composite Ir -> its place in types
        self.least = {}          # Ir -> fewest bits of an encoding

    # Sizes on the wire

    def min_bits(self, ir):
        """No encoding of ir is shorter, in either variant."""
        if ir not in self.least:
            self.least[ir] = min(self.count_bits(ir), 65535)
        return self.least[ir]

    def count_bits(self, ir):
        marker = 1 if ir.extensible else 0
        if ir.kind == "bool":
            return 1
        if ir.kind == "int":
            if ir.lb is None or ir.ub is None:
                return marker + 16
            return marker + min(bits_of(ir.ub - ir.lb), 8)
        if ir.kind == "enum":
            return marker + min(bits_of(ir.root - 1), 7)
        if ir.kind in ("uint_bits", "bits"):
            return marker + ir.lb
        if ir.kind in ("octets", "string", "oid"):
            return marker + (8 if ir.ub is None or ir.string == UTF8 else 7 * ir.lb)
        if ir.kind == "list":
            return marker + ir.lb * self.min_bits(ir.element)
        if ir.kind == "choice":
            least = min(self.min_bits(m.type) for m in ir.members[:ir.root])
            return marker + min(bits_of(ir.root - 1) + least, 15)
        if ir.kind == "sequence":
            root = [m for m in ir.members if m.addition < 0]
            return marker + sum(1 if m.in_bitmap else self.min_bits(m.type) for m in root)
        return {"container": bits_of(ir.ub - ir.lb) if ir.ub else 0, "single": 26, "null": 0}[ir.kind]

    # Descriptors

    def size_fields(self, ir):
        if ir.string == UTF8:
            return [".unbounded = true"]
        fields = [f".lb = {ir.lb}"] if ir.lb else []
        if ir.ub is None:
            return fields + [".unbounded = true"]
        return fields + [f".span = {ir.ub - ir.lb}u"]

    def int_fields(self, ir):
        signed, octets = int_width(ir.lb, ir.ub, ir.extensible)
        fields = [f".width = {octets}", f".size = {octets}"] + ([".is_signed = true"] if signed else [])
        if ir.lb is None:
            return fields + [".no_lower = true", ".unbounded = true"]
        fields += [f".lb = {ir.lb}"] if ir.lb else []
        return fields + ([".unbounded = true"] if ir.ub is None else [f".span = {ir.ub - ir.lb}u"])

    def leaf(self, ir):
        """The place of the descriptor of a scalar; equal ones are one."""
        kind = "UTF8" if ir.string == UTF8 else ir.kind.upper()
        fields = [f".kind = PER_KIND_{kind}", f".min_bits = {self.min_bits(ir)}"]
        if ir.extensible and ir.string != UTF8:
            fields.append(".extensible = true")
        if ir.kind == "int":
            fields += self.int_fields(ir)
        elif ir.kind == "uint_bits":
            octets = octets_for_bits(ir.ub)
            fields += [f".lb = {ir.lb}", f".width = {octets}", f".size = {octets}"]
        elif ir.kind == "bool":
            fields.append(".size = sizeof(bool)")
        elif ir.kind == "enum":
            fields += [".width = sizeof(unsigned)", ".size = sizeof(unsigned)", f".root = {ir.root}",
                       f".count = {len(ir.values)}"]
        elif ir.kind != "null":
            struct = "per_bits" if ir.kind == "bits" else "bytes"
            fields += self.size_fields(ir) + [f".size = sizeof(struct {struct})"]
        if ir.kind == "string":
            fields.append(".width = 7")
            if ir.string in ALPHABETS:
                fields.append(f".alphabet = {ALPHABETS[ir.string]}")
        refs = {"name": self.name(ir.asn)}
        if ir.kind == "enum":
            refs["values"] = self.enum_values(ir)
        if ir.kind == "octets" and ir.contains is not None:
            refs["inner"] = self.describe(ir.contains)
        leaf = (tuple(refs.items()), tuple(fields))
        if leaf not in self.leaves:
            self.leaves[leaf] = self.row(self.types)
            self.fill(self.leaves[leaf], refs, fields)
        return self.leaves[leaf]

    @staticmethod
    def row(table, text=None):
        table.append(text)
        return len(table) - 1

    def fill(self, place, refs, fields):
        """The descriptor at its place in types; refs: what it refers to."""
        refs = [f".{field} = REF(types[{place}].{field}, {to})" for field, to in
                ((field, to if isinstance(to, str) else f"types[{to}]") for field, to in refs.items())]
        self.types[place] = "\t\t{ " + ", ".join(refs + fields) + " },"

    def name(self, text):
        if text not in self.names:
            self.names[text] = self.name_octets
            self.name_octets += len(text) + 1
        return f"names[{self.names[text]}]"

    def enum_values(self, ir):
        key = tuple(ir.values)
        if key not in self.enums:
            self.enums[key] = len(self.values)
            for value in ir.values:
                self.values.append(f"\t\tREF(values[{len(self.values)}], {self.name(value)}),")
        return f"values[{self.enums[key]}]"

    def describe(self, ir):
        """The place of the descriptor of ir, which is written with all it refers to if not yet there."""
        if not ir.is_composite:
            return self.leaf(ir)
        if ir not in self.places:
            self.places[ir] = self.row(self.types)
            self.composite(ir, self.places[ir])
        return self.places[ir]

    def composite(self, ir, place):
        struct = None if ir.is_void else self.header.c_type(ir)
        refs = {"name": self.name(ir.asn or ir.name)}
        fields = [f".kind = PER_KIND_{ir.kind.upper()}", f".min_bits = {self.min_bits(ir)}"]
        fields += [f".size = sizeof({struct})"] if struct else []
        fields += [".extensible = true"] if ir.extensible else []
        if ir.kind == "list":
            fields += self.size_fields(ir)
            refs["inner"] = self.describe(ir.element)
        else:
            fields += self.components(ir, refs, struct)
        if ir.kind == "container":
            fields += self.size_fields(ir) + ([".has_private_ids = true"] if ir.private else [])
        if ir.kind == "single" and not ir.members:
            fields.append(".bare = true")
        elif ir.kind == "single" or (ir.kind == "choice" and ir.extensible):
            fields.append(f".unknown = offsetof({struct}, u.unknown)")
        self.fill(place, refs, fields)

    def components(self, ir, refs, struct):
        if not ir.members:
            return []
        if len(ir.members) > MEMBERS_MAX:
            raise SyntaxFault(f"{ir.name} has more than {MEMBERS_MAX} members")
        first = len(self.members)
        self.members += [None] * len(ir.members)
        for index, member in enumerate(ir.members):
            self.members[first + index] = self.member(ir, member, struct, first + index)
        refs["members"] = f"members[{first}]"
        root = [m for m in ir.members if m.addition < 0]
        optionals = sum(m.in_bitmap for m in root) if ir.kind == "sequence" else 0
        if optionals > OPTIONALS_MAX:
            raise SyntaxFault(f"{ir.name} has more than {OPTIONALS_MAX} optional components")
        fields = [f".count = {len(ir.members)}", f".root = {len(root)}"]
        fields += [f".optionals = {optionals}"] if optionals else []
        if ir.kind == "sequence" and len(root) < len(ir.members):
            refs["additions"] = f"additions[{len(self.additions)}]"
            fields.append(f".addition_count = {self.extend(ir)}")
        return fields

    def member(self, ir, member, struct, place):
        form, field = member.form, member.name
        if ir.kind in ("choice", "single"):
            form = "none" if member.type.is_void else "pointer" if member.indirect else "plain"
            field = f"u.{member.name}"
        fields = [f".type = REF(members[{place}].type, types[{self.describe(member.type)}])",
                  f".name = REF(members[{place}].name, {self.name(member.asn)})", f".form = PER_FORM_{form.upper()}"]
        if form not in ("none", "has") and not ir.wraps:
            fields.append(f".offset = offsetof({struct}, {field})")
        if form in ("flag", "has", "lost"):
            fields.append(f".flag = offsetof({struct}, {'no' if form == 'lost' else 'has'}_{member.name})")
        if member.in_bitmap or (member.presence and member.optional):
            fields.append(".optional = true")
        if member.default is not None:
            fields += [".has_default = true", f".fallback = {self.fallback(member)}"]
        if member.criticality:
            fields += [f".id = {member.id}", f".criticality = {CRITICALITY[member.criticality]}"]
        return "\t\t{ " + ", ".join(fields) + " },"

    @staticmethod
    def fallback(member):
        if member.type.kind == "enum":
            return member.type.values.index(member.default)
        if member.type.kind == "bool":
            return {"TRUE": 1, "FALSE": 0}[member.default]
        if member.type.kind != "int":
            raise SyntaxFault(f"DEFAULT of {member.asn} is not supported")
        return member.default

    def extend(self, ir):
        """Adds the extension additions of a SEQUENCE and returns how many they are."""
        found = []
        for index, member in enumerate(ir.members):
            if member.addition < 0:
                continue
            if found and found[-1][0] == member.addition:
                found[-1][2] += 1
            else:
                found.append([member.addition, index, 1, member.group])
        self.additions += [f"\t\t{{ {first}, {count}, {str(group).lower()} }}," for _, first, count, group in found]
        return len(found)

    # Procedures

    def procedures(self):
        procedures = self.resolver.procedures()
        if not procedures:
            return
        found, place, types = message_names(procedures), {}, {}
        stem = self.prefix.upper()
        for message in sorted({m for p in procedures for m in p[3] if m}):
            types[names.snake(message)] = self.describe(self.resolver.named(message))
        self.lines.append("static const struct per_procedure procedures[] = {")
        for index, (code, id_name, criticality, messages) in enumerate(procedures):
            cells = []
            for kind, message in enumerate(messages):
                cells.append(f"{stem}_MSG_{names.upper(message)}" if message else "0")
                if message:
                    place[names.snake(message)] = (index, kind, message)
            self.lines.append(f"\t{{ {code}, {CRITICALITY[criticality]}, {{ {', '.join(cells)} }} }}, "
                              f"/* {id_name.removeprefix('id-')} */")
        self.lines += ["};", "", "static const struct per_message messages[] = {",
                       '\t{ NULL, "none", 0, 0 },']
        for name in found:
            index, kind, message = place[name]
            self.lines.append(f'\t{{ &{self.prefix}_tables.types[{types[name]}], "{message}", {index}, '
                              f"PER_{KINDS[kind].upper()} }},")
        self.lines += ["};", "", f"const struct per_pdu_table {self.prefix}_pdu_table = {{",
                       "\t.procedures = procedures,", f"\t.procedure_count = {len(procedures)},",
                       "\t.messages = messages,", f"\t.message_count = {len(found) + 1},",
                       f"\t.extensible = {str(self.resolver.pdu_is_extensible()).lower()},", "};", "",
                       PDU.replace("@", self.prefix)]

    # The tables: all that refers to another lies in one object, so that C knows the distance between them

    def tables(self):
        """The members of struct X_tables: C type, name, rows."""
        found = (("struct per_type", "types", self.types), ("struct per_member", "members", self.members),
                 ("struct per_addition", "additions", self.additions), ("int32_t", "values", self.values))
        return [table for table in found if table[2]]

    def declaration(self):
        """What the header has of the tables, once text() has been asked for."""
        lines = ["/* Every descriptor; a type of the ASN.1 has its name below. */", f"struct {self.prefix}_tables {{"]
        lines += [f"\t{kind} {name}[{len(rows)}];" for kind, name, rows in self.tables()]
        lines += [f"\tchar names[{self.name_octets}];", "};", "",
                  f"extern const struct {self.prefix}_tables {self.prefix}_tables;", ""]
        for ir in self.header.described:
            lines.append(f"#define {self.prefix}_{ir.name}_type {self.prefix}_tables.types[{self.places[ir]}]")
        return "\n".join(lines) + "\n"

    def definition(self):
        struct = f"struct {self.prefix}_tables"
        lines = ["/* How far `to` lies from `from`, both members of the tables. */",
                 "#define REF(from, to) \\",
                 f"\t(int32_t)((ptrdiff_t)offsetof({struct}, to) - (ptrdiff_t)offsetof({struct}, from))", "",
                 f"const {struct} {self.prefix}_tables = {{"]
        for _, name, rows in self.tables():
            lines += [f"\t.{name} = {{", *rows, "\t},"]
        names_of = [f'\t\t"{name}\\0"' for name in self.names]
        names_of[-1] = names_of[-1].replace("\\0", "")
        return lines + ["\t.names =", *names_of, "};", ""]

    def text(self, source, room):
        for ir in self.header.described:
            self.describe(ir)
        self.procedures()
        head = [f"/* Generated by tools/asn1c.py from {source}. */", "", "#include <stddef.h>", "",
                f'#include "{room}/{self.prefix}_asn1.h"', ""]
        return "\n".join(head + self.definition() + self.lines) + "\n"
