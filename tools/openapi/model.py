"""Schemas of OpenAPI as C types."""

import os
import re

from .names import snake
from .yaml import Fault, load

# Simple types that the product has: C type, codec, whether zero is a value.
SCALARS = {
    "Supi": ("struct supi", "json_supi", False),
    "Tac": ("uint32_t", "json_tac", True),
    "BitRate": ("uint64_t", "json_bit_rate", True),
    "BitRateRm": ("uint64_t", "json_bit_rate", True),
    "DateTime": ("uint64_t", "json_date_time", False),
    "DateTimeRm": ("uint64_t", "json_date_time", False),
    "Ipv4Addr": ("uint32_t", "json_ipv4", False),
    "Bytes": ("struct bytes", "json_base64", False),
    "EapPayload": ("struct bytes", "json_base64", False),
}
# 5QI 0 is reserved, 23.501 Table 5.7.4-1; RFSP begins at 1.
ZERO_IS_NONE = {"5Qi", "PduSessionId"}
# Objects that have a struct and a table by hand, wire/sbi/common.h.
OBJECTS = {
    "PlmnId": "plmn", "PlmnIdNid": "plmn", "Snssai": "snssai", "ExtSnssai": "snssai", "Guami": "guami", "Tai": "tai",
    "Ncgi": "ncgi", "Ambr": "ambr", "Arp": "arp", "SubscribedDefaultQos": "default_qos",
}
# Enumerations that have a C type by hand; the names are in wire/sbi/common_json.c.
ENUMS = {
    "PduSessionType": ("enum pdu_session_type", "sbi_pdu_session_types", "PDU_SESSION_ETHERNET + 1", None),
    "NFType": ("enum nf_type", "sbi_nf_types", "NF_TYPE_COUNT", None),
}
KNOWN = {"type", "description", "required", "properties", "nullable", "anyOf", "oneOf", "allOf", "not", "enum", "items",
         "minItems", "maxItems", "minimum", "maximum", "minLength", "maxLength", "pattern", "format", "default",
         "additionalProperties", "minProperties", "deprecated", "readOnly", "writeOnly", "title", "discriminator",
         "example", "uniqueItems"}


class Scalar:
    def __init__(self, c, codec, zero, name=None, low=0, high=0, longest=0):
        self.c, self.codec, self.zero = c, codec, zero
        self.name = name or re.sub(r"_t$", "", c.split()[-1])
        self.low, self.high, self.longest, self.array = low, high, longest, 0
        self.nullable = False


class Enum:
    def __init__(self, name, values, extensible):
        self.name, self.values, self.extensible = name, values, extensible
        self.nullable = False
        self.by_hand = None


class Object:
    """members: [(Member, Type, mandatory)], None while it is being read; by hand: only a tag."""

    def __init__(self, tag, by_hand=False):
        self.tag, self.table, self.by_hand = tag, ("sbi_" if by_hand else "") + tag + ("" if by_hand else "_json"), by_hand
        self.members, self.nullable, self.over, self.or_text = None, False, None, False


class List:
    def __init__(self, item, least):
        self.item, self.least = item, least
        self.nullable = False


class Map:
    def __init__(self, item):
        self.item = item
        self.nullable = False


class Model:
    def __init__(self, folder, members):
        self.folder, self.prefixes, self.choices = folder, members.prefixes, members.choices
        self.names, self.lists = members.names, members.lists
        self.files, self.types, self.enums = {}, {}, {}
        self.objects = []  # each after those that it has in place
        self.tags = {}
        self.taken = {(t.file, t.name): t for t in members.taken}
        for t in members.taken:
            self.named(t.file, t.name)

    def schema(self, file, name):
        if file not in self.files:
            with open(os.path.join(self.folder, file + ".yaml"), encoding="utf-8") as source:
                self.files[file] = load(file, source.read())["components"]["schemas"]
        if name not in self.files[file]:
            raise Fault(f"{file}: no {name}")
        return self.files[file][name]

    @staticmethod
    def ref(file, text):
        where, name = re.fullmatch(r"([A-Za-z0-9_-]+)?(?:\.yaml)?#/components/schemas/(.+)", text).groups()
        return where or file, name

    def named(self, file, name):
        if (file, name) not in self.types:
            self.types[file, name] = self.make(file, name)
        found = self.types[file, name]
        if isinstance(found, Object) and found.members is None and not found.by_hand:
            raise Fault(f"{file}: {name} has itself in place")
        return found

    def make(self, file, name):
        schema = self.schema(file, name)
        if (file, name) in self.choices:
            return self.named(file, self.choices[file, name])
        if name in SCALARS:
            return Scalar(*SCALARS[name])
        if name in OBJECTS:
            return Object(OBJECTS[name], True)
        if name in ENUMS:
            found = Enum(ENUMS[name][0].split()[1], [], False)
            found.by_hand = ENUMS[name]
            return found
        if (file, name) in self.taken:
            return self.object(file, name, schema)
        return self.type_of(file, schema, name)

    def flat(self, file, schema):
        """Properties {key: (file, schema)} and required keys of an object with what allOf, anyOf, oneOf add."""
        if "$ref" in schema:
            file, name = self.ref(file, schema["$ref"])
            return self.flat(file, self.schema(file, name))
        self.check(file, schema)
        properties = {k: (file, v) for k, v in schema.get("properties", {}).items()}
        required = set(schema.get("required", []))
        for part in schema.get("allOf", []):
            more, needed = self.flat(file, part)
            properties.update(more)
            required |= needed
        for kind in ("anyOf", "oneOf"):
            parts = [self.flat(file, part) for part in schema.get(kind, [])]
            for more, needed in parts:
                for key, value in more.items():
                    properties.setdefault(key, value)
            if parts:
                required |= set.intersection(*[needed for more, needed in parts])
        return properties, required

    def object(self, file, name, schema):
        taken = self.taken[file, name]
        tag = self.names.get((file, name)) or snake(name)
        if taken.over:
            over = self.named(*taken.over)
            out = Object(over.tag)
            out.over, out.table = over, "over_" + over.table
        else:
            out = Object(tag)
        if self.tags.setdefault(out.table, (file, name)) != (file, name):
            raise Fault(f"{file}: {name} is also in {self.tags[out.table][0]}")
        self.types[file, name] = out
        properties, required = self.flat(file, schema)
        members = [(taken.text, self.named(file, taken.text.as_type), False)] if taken.text else []
        for m in taken.members:
            if m.key not in properties:
                raise Fault(f"{file}: {name} has no {m.key}")
            must = not taken.text and (m.must or m.key in required)
            members.append((m, self.member(*properties[m.key], m, name), must))
        out.or_text = taken.text is not None
        out.nullable = schema.get("nullable", False)
        out.members = members
        if out.over:
            self.check_over(out, name)
        self.objects.append(out)
        return out

    @staticmethod
    def check_over(out, name):
        there = {m.key: must for m, t, must in out.over.members}
        for m, t, must in out.members:
            if m.key not in there or there[m.key] != must:
                raise Fault(f"{name}: {m.key} is another one in the struct it lies over")

    def member(self, file, schema, m, owner):
        if m.content_id:
            return Scalar("struct bytes", None, False)
        if m.as_type == "hex":
            return Scalar("struct bytes", "json_hex_octets", False)
        if m.as_type == "text":
            return Scalar("const char *", "json_text", False, "text")
        if m.as_type == "json":
            return Scalar("struct bytes", "json_any", False)
        if m.as_type:
            return self.named(*m.as_type.split(".") if "." in m.as_type else (file, m.as_type))
        return self.type_of(file, schema, owner + "." + m.key)

    def check(self, file, schema):
        unknown = set(schema) - KNOWN
        if unknown:
            raise Fault(f"{file}: unknown to this compiler: {', '.join(sorted(unknown))}")

    def type_of(self, file, schema, name):
        if "$ref" in schema:
            return self.named(*self.ref(file, schema["$ref"]))
        self.check(file, schema)
        kind = schema.get("type")
        if "allOf" in schema and len(schema["allOf"]) == 1:
            return self.type_of(file, schema["allOf"][0], name)
        parts = schema.get("anyOf", []) + schema.get("oneOf", [])
        if parts and kind in (None, "string"):
            return self.choice(file, parts, name)
        if kind == "array":
            return List(self.type_of(file, schema["items"], name), schema.get("minItems", 0))
        if kind == "object" and "additionalProperties" in schema and "properties" not in schema:
            return Map(self.type_of(file, schema["additionalProperties"], name))
        if kind == "object":
            raise Fault(f"{file}: {name}: an object of which no members are taken")
        return self.simple(file, schema, name)

    def is_null(self, file, part):
        if "$ref" not in part:
            return False
        return self.schema(*self.ref(file, part["$ref"])) .get("enum") == [None]

    def choice(self, file, parts, name):
        parts = [p for p in parts if not self.is_null(file, p)]
        values = [v for p in parts for v in p.get("enum", [])]
        if len(parts) == 1:
            return self.type_of(file, parts[0], name)
        if values and all(p.get("type") == "string" for p in parts):
            return self.enum(name, values, any("enum" not in p for p in parts))
        types = [self.type_of(file, p, name) for p in parts]
        if all(isinstance(t, Scalar) and t.codec == "json_text" for t in types):
            return types[0]
        if len(types) == 2 and isinstance(types[0], Enum) and types[0].extensible:
            return types[0]
        raise Fault(f"{file}: {name}: a choice of which none is taken")

    def enum(self, name, values, extensible):
        name = snake(name.split(".")[-1])
        found = self.enums.setdefault(name, Enum(name, values, extensible))
        if found.values != values:
            raise Fault(f"{name}: two enumerations of this name")
        return found

    def simple(self, file, schema, name):
        kind = schema.get("type")
        if kind == "string" and "enum" in schema:
            return self.enum(name, schema["enum"], False)
        if kind == "boolean":
            return Scalar("bool", "json_bool", False)
        if kind == "integer":
            return self.integer(file, schema, name)
        if kind != "string":
            raise Fault(f"{file}: {name}: type {kind}")
        octets = re.fullmatch(r"\^?\[(?:A-Fa-f0-9|0-9A-Fa-f)\]\{(\d+)\}\$?", schema.get("pattern", ""))
        if octets and int(octets.group(1)) % 2 == 0:
            out = Scalar("uint8_t", "json_hex", True)
            out.array = int(octets.group(1)) // 2
            return out
        return Scalar("const char *", "json_text", False, "text", longest=schema.get("maxLength", 0))

    @staticmethod
    def integer(file, schema, name):
        low, high = schema.get("minimum", 0), schema.get("maximum", 0)
        wide = schema.get("format") in ("int64", "uint64")
        if low < 0 or high < 0:
            raise Fault(f"{file}: {name}: a signed number")
        size = next(s for s in (8, 16, 32, 64) if high < 1 << s) if high else 64 if wide else 32
        zero = low == 0 and name not in ZERO_IS_NONE
        return Scalar(f"uint{size}_t", "json_uint", zero, low=low, high=high)
