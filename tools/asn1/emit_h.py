"""Writes the C header: enums, structs and the message list; emit_c adds the names of the descriptors."""

from . import names
from .model import int_width, octets_for_bits

SCALARS = {"bool": "bool", "bits": "struct per_bits", "octets": "struct bytes", "string": "struct bytes",
           "oid": "struct bytes"}
KINDS = ("initiating", "successful", "unsuccessful")


# What every protocol of PDUs has of its own types over wire/per/pdu.h; @ is the protocol.
PDU = """struct @_pdu {
	enum per_pdu_kind kind;
	uint8_t procedure_code;           /* enum @_procedure_id */
	enum per_criticality criticality; /* as received */
	enum @_message message;           /* %_MSG_NONE: not understood */
	union @_body u;                   /* the member of the message's name; u.any is NULL for NONE */
};

/*
 * Decodes one PDU; out->u and all below are in arena or point into in. True: the message may be processed.
 * False: diag holds what to answer, and out serves only for that (clause 10 of the protocol).
 */
bool @_decode(struct bytes in, struct arena *arena, struct @_pdu *out, struct per_diag *diag);

/* Encodes the message that body (of the struct of that name) holds. False: no room, or not a valid value. */
bool @_encode(enum @_message message, const void *body, struct writer *w);

/* A decoded PDU for people (base/printer.h). */
void @_print(const struct @_pdu *pdu, struct printer *p);

/* The ASN.1 name of the message, as "InitialUEMessage"; never NULL. */
const char *@_message_name(enum @_message message);
"""


class Header:
    def __init__(self, prefix, resolver):
        self.prefix, self.resolver = prefix, resolver
        self.lines, self.emitted, self.enumerators = [], set(), {}
        self.described = [ir for ir in resolver.roots() if ir.is_composite and ir.name and not ir.is_void]
        self.descriptors = {f"{ir.name}_type" for ir in self.described}

    def line(self, text=""):
        self.lines.append(text)

    def constant(self, name, owner):
        """An enumerator of this header; names are unique in C."""
        wanted, n = name, 1
        while self.enumerators.setdefault(name, owner) != owner:
            n += 1
            name = f"{wanted}_{n}"
        return name

    def c_name(self, ir):
        """The tag of the struct or enum; X_type alone is the descriptor of X, which is a macro."""
        return f"{self.prefix}_{ir.name}" + ("_" if ir.name in self.descriptors else "")

    def c_type(self, ir):
        if ir.kind == "int":
            signed, octets = int_width(ir.lb, ir.ub, ir.extensible)
            return f"{'' if signed else 'u'}int{8 * octets}_t"
        if ir.kind == "uint_bits":
            return f"uint{8 * octets_for_bits(ir.ub)}_t"
        if ir.kind == "enum":
            return f"enum {self.c_name(ir)}"
        if ir.is_composite:
            return f"struct {self.c_name(ir)}" if ir.name else "struct per_ie"
        return SCALARS[ir.kind]

    # Enums

    def enum(self, ir):
        if ir in self.emitted:
            return
        self.emitted.add(ir)
        stem = f"{self.prefix.upper()}_{names.upper(ir.name)}"
        self.line(f"enum {self.c_name(ir)} {{")
        for index, value in enumerate(ir.values):
            if index == ir.root:
                self.line("\t/* extensions */")
            self.line(f"\t{self.constant(f'{stem}_{names.upper(value)}', (ir, value))},")
        self.line(f"\t{self.constant(f'{stem}_N', (ir, 0))}")
        self.line("};")
        self.line()

    def tags(self, ir):
        stem = f"{self.prefix.upper()}_{names.upper(ir.name)}_TAG"
        self.line(f"enum {self.c_name(ir)}_tag {{")
        self.line(f"\t{self.constant(f'{stem}_NONE', (ir, 0))},")
        for member in ir.members:
            self.line(f"\t{self.tag(ir, member)},")
        self.line(f"\t{self.constant(f'{stem}_N', (ir, 0))}")
        self.line("};")
        self.line()

    def tag(self, ir, member):
        stem = f"{self.prefix.upper()}_{names.upper(ir.name)}_TAG"
        return self.constant(f"{stem}_{member.name.rstrip('_').upper()}", (ir, member))

    # Structs

    def struct(self, ir):
        """The struct of ir after all that it holds by value."""
        if ir in self.emitted or not ir.name:
            return
        below = [ir.element] if ir.kind == "list" else [m.type for m in ir.members]
        for part in below:
            if part.kind == "enum":
                self.enum(part)
        for member in ir.members:
            by_value = member.form in ("plain", "lost")
            if ir.kind in ("choice", "single"):
                by_value = not member.indirect
            if by_value and member.type.is_composite:
                self.struct(member.type)
        self.emitted.add(ir)
        if ir.is_void:
            return
        if ir.kind == "list":
            self.list_struct(ir)
        elif ir.kind in ("choice", "single"):
            self.choice_struct(ir)
        elif not ir.wraps:
            self.plain_struct(ir)
        for part in below:
            if part.is_composite:
                self.struct(part)

    def list_struct(self, ir):
        self.line(f"struct {self.c_name(ir)} {{")
        self.line(f"\tsize_t count; /* {bounds_text(ir)} */")
        kind = "bool" if ir.element.is_void else self.c_type(ir.element)
        self.line(f"\t{kind} *items;")
        self.line("};")
        self.line()

    def choice_struct(self, ir):
        self.tags(ir)
        self.line(f"struct {self.c_name(ir)} {{")
        self.line(f"\tenum {self.c_name(ir)}_tag tag;")
        unknown = ["\t\tstruct per_ie unknown;"] if ir.kind == "single" else []
        if ir.kind == "choice" and ir.extensible:
            unknown = ["\t\tstruct bytes unknown;"]
        held = [m for m in ir.members if not m.type.is_void]
        if held or unknown:
            self.line("\tunion {")
            for member in held:
                star = "*" if member.indirect else ""
                self.line(f"\t\t{self.c_type(member.type)} {star}{member.name};{self.note(member)}")
            self.lines += unknown
            self.line("\t} u;")
        self.line("};")
        self.line()

    def plain_struct(self, ir):
        self.line(f"struct {self.c_name(ir)} {{")
        for member in ir.members:
            form, kind = member.form, None if member.type.is_void else self.c_type(member.type)
            if form in ("flag", "has"):
                self.line(f"\tbool has_{member.name};")
            elif form == "lost":
                self.line(f"\tbool no_{member.name};")
            if form not in ("none", "has"):
                self.line(f"\t{kind} {'*' if form == 'pointer' else ''}{member.name};{self.note(member)}")
        self.line("};")
        self.line()

    def note(self, member):
        """A comment where the C type holds less than the ASN.1."""
        ir, parts = member.type, []
        if ir.kind == "octets" and ir.contains is not None:
            parts.append("holds " + (ir.contains.asn or ir.contains.name))
        elif ir.kind in ("octets", "string", "bits") and (ir.lb or ir.ub is not None):
            parts.append(bounds_text(ir) + (" bits" if ir.kind == "bits" else " octets"))
        elif ir.kind == "uint_bits":
            parts.append(f"{ir.ub} bits")
        elif ir.kind == "int" and ir.lb is not None:
            parts.append(bounds_text(ir))
        if member.default is not None and not member.optional:
            parts.append(f"default {member.default}")
        if member.presence == "conditional":
            parts.append("conditional")
        return f" /* {', '.join(parts)} */" if parts else ""

    # The file

    def constants(self):
        values = self.resolver.values
        for kind, tag, note in (("ProcedureCode", "procedure", "PROC"), ("ProtocolIE-ID", "ie", "IE")):
            found = [(n.removeprefix("id-"), self.resolver.value(n, {}))
                     for n, v in values.items() if v[0] == kind]
            if found:
                self.line(f"enum {self.prefix}_{tag}_id {{")
                for name, value in found:
                    c_name = self.constant(f"{self.prefix.upper()}_{note}_{names.upper(name)}", name)
                    self.line(f"\t{c_name} = {value},")
                self.line("};")
                self.line()
        found = [(n, self.resolver.value(n, {})) for n, v in values.items() if v[0] == "INTEGER"]
        if found:
            self.line("enum {")
            for name, value in found:
                self.line(f"\t{self.constant(f'{self.prefix.upper()}_{names.upper(name)}', name)} = {value},")
            self.line("};")
            self.line()

    def messages(self):
        found = message_names(self.resolver.procedures())
        if not found:
            return
        self.line(f"enum {self.prefix}_message {{")
        for name in ["none"] + found:
            self.line(f"\t{self.prefix.upper()}_MSG_{name.upper()},")
        self.line(f"\t{self.prefix.upper()}_MSG_N")
        self.line("};")
        self.line()
        self.line(f"/* The struct of a message, by enum {self.prefix}_message. */")
        self.line(f"union {self.prefix}_body {{")
        self.line("\tvoid *any;")
        for name in found:
            self.line(f"\tstruct {self.prefix}_{name} *{name};")
        self.line("};")
        self.line()
        self.line(f"extern const struct per_pdu_table {self.prefix}_pdu_table;")
        self.line()
        self.line(PDU.replace("@", self.prefix).replace("%", self.prefix.upper()))

    def text(self, source):
        self.line(f"/* Generated by tools/asn1c.py from {source}. */")
        self.line("#pragma once")
        self.line()
        self.line('#include "wire/per/type.h"')
        self.line()
        self.constants()
        for found in self.resolver.roots():
            if found.kind == "enum":
                self.enum(found)
            elif found.is_composite:
                self.struct(found)
        self.messages()
        return "\n".join(self.lines) + "\n"


def message_names(procedures):
    return sorted({names.snake(m) for p in procedures for m in p[3] if m})


def bounds_text(ir):
    if ir.lb == ir.ub:
        return f"{ir.lb}" + (" or more" if ir.extensible else "")
    text = f"{ir.lb} or more" if ir.ub is None else f"{ir.lb}..{ir.ub}"
    return text + (", ..." if ir.extensible and ir.ub is not None else "")
