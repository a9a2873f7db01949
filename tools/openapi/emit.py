"""The C header and tables of a model."""

from .model import Enum, List, Map, Object, Scalar
from .names import constant, snake
from .yaml import Fault

TYPES = {"nas": "TYPE_NAS", "ngap": "TYPE_NGAP"}


def is_pointer(t, must):
    return isinstance(t, Object) and not must


class Emitter:
    def __init__(self, model):
        self.model = model
        self.head, self.code, self.lists = [], [], set()

    def element(self, t):
        """C type of a list's item, its name in the list's tag, and the list's item as a row."""
        if isinstance(t, Object):
            return f"struct {t.tag}", t.tag
        if isinstance(t, Enum):
            return f"enum {t.name}", t.name
        if isinstance(t, Scalar) and not t.array and t.c != "struct bytes":
            return t.c, t.name
        raise Fault("a list of what this compiler does not know")

    def prefix(self, e):
        return self.model.prefixes.get(next((n for n in self.model.prefixes if snake(n) == e.name), ""), e.name.upper())

    def enum(self, e):
        prefix = self.prefix(e)
        rows = [f"\t{prefix}_ABSENT,"] + [f"\t{constant(prefix, v)}," for v in e.values]
        other = e.extensible and "OTHER" not in e.values  # else it is the value of that name
        if other:
            rows.append(f"\t{prefix}_OTHER, /* a name that is not known here */")
        self.head += [f"enum {e.name} {{", *rows, f"\t{prefix}_COUNT", "};", ""]
        names = [f"\t[{constant(prefix, v)}] = \"{v}\"," for v in e.values]
        names += [f"\t[{prefix}_OTHER] = \"OTHER\","] if other else []
        self.code += [f"static const char *const {e.name}_names[{prefix}_COUNT] = {{", *names, "};", ""]

    def list_tag(self, item):
        c, name = self.element(item)
        tag = name + "_list"
        if tag not in self.lists:
            self.lists.add(tag)
            items = "const char *const *items" if c == "const char *" else f"const {c} *items"
            self.head += [f"struct {tag} {{", "\tuint32_t count;", f"\t{items};", "};", ""]
        return tag

    def entry(self, owner, member, t):
        tag = f"{owner.tag}_{snake(member.key)}_entry"
        if isinstance(t.item, Object) and t.item.nullable:
            value = f"const struct {t.item.tag} *value; /* NULL: null, which removes it */"
        elif isinstance(t.item, List):
            value = f"struct {self.list_tag(t.item.item)} value;"
        else:
            value = self.element(t.item)[0].replace("char *", "char *") + " value;"
        self.head += [f"struct {tag} {{", "\tconst char *key;", f"\t{value}", "};", ""]
        return tag

    def declaration(self, owner, m, t, must):
        name = snake(m.key)
        if isinstance(t, List):
            return [f"\tstruct {self.list_tag(t.item)} {name};"]
        if isinstance(t, Map):
            tag = self.entry(owner, m, t)
            return ["\tstruct {", "\t\tuint32_t count;", f"\t\tconst struct {tag} *entries;", f"\t}} {name};"]
        if isinstance(t, Object):
            return [f"\tstruct {t.tag} {name};" if must else f"\tconst struct {t.tag} *{name};"]
        if isinstance(t, Enum):
            return [f"\tenum {t.name} {name};"]
        out = [f"\tbool has_{name};"] if t.zero and not must else []
        space = "" if t.c.endswith("*") else " "
        return out + [f"\t{t.c}{space}{name}{f'[{t.array}]' if t.array else ''};"]

    def value(self, t):
        """What a row has of a scalar or an enumeration, wherever it lies."""
        if isinstance(t, Enum):
            names, count, other = f"{t.name}_names", f"{self.prefix(t)}_COUNT", f"{self.prefix(t)}_OTHER"
            if t.by_hand:
                names, count, other = t.by_hand[1:]
            elif not t.extensible:
                other = None
            return f".codec = &json_enum, .names = {names}, .name_count = {count}" + (f", .other = {other}" if other
                                                                                       else "")
        out = f".codec = &{t.codec}"
        if t.low or t.high:
            out += f", .min = {t.low}, .max = {t.high}" if t.high else f", .min = {t.low}"
        return out + (f", .most = {t.longest}" if t.longest else "")

    def item(self, name, t, offset=None):
        """A row for the elements of a list or the values of a map."""
        at = f"{{ .mandatory = true, .offset = {offset or 0}, "
        if isinstance(t, Object):
            pointer = ".pointer = true, " if offset and t.nullable else ""
            at += f".kind = JSON_OBJECT, {pointer}.sub = &{t.table}, .size = sizeof(struct {t.tag}) }}"
        elif isinstance(t, List):
            self.item(name + "_item", t.item)
            at += f".kind = JSON_LIST, .item = &{name}_item, .size = sizeof({self.element(t.item)[0]}) }}"
        else:
            at += f".size = sizeof({self.element(t)[0]}), {self.value(t)} }}"
        self.code += [f"static const struct json_field {name} = {at};"]

    def row(self, o, m, t, must):
        name, owner = snake(m.key), f"struct {o.tag}"
        at = f"{{ .key = \"{m.key}\", .offset = offsetof({owner}, {name})"
        at += ", .mandatory = true" if must else ""
        at += ", .secret = true" if m.secret else ""
        if m.content_id:
            return f"{at}, .kind = JSON_BINARY, .text = \"{m.content_id}\", .text2 = {TYPES[m.content_type]} }}"
        if isinstance(t, Object):
            pointer = ", .pointer = true" if not must else ""
            return f"{at}, .kind = JSON_OBJECT{pointer}, .sub = &{t.table}, .size = sizeof(struct {t.tag}) }}"
        if isinstance(t, (List, Map)):
            item = f"{o.table}_{name}_item"
            if isinstance(t, List):
                self.item(item, t.item)
                size, kind = f"sizeof({self.element(t.item)[0]})", "JSON_LIST"
            else:
                tag = f"struct {o.tag}_{name}_entry"
                self.item(item, t.item, f"offsetof({tag}, value)")
                size, kind = f"sizeof({tag})", "JSON_MAP"
            return f"{at}, .kind = {kind}, .item = &{item}, .size = {size} }}"
        if isinstance(t, Scalar) and t.zero and not must:
            at += f", .has = offsetof({owner}, has_{name}) + 1"
        return f"{at}, .size = sizeof((({owner} *)0)->{name}), {self.value(t)} }}"

    def object(self, o):
        if not o.over:
            members = [line for m, t, must in o.members for line in self.declaration(o, m, t, must)]
            self.head += [f"struct {o.tag} {{", *members, "};", ""]
        self.head += [f"extern const struct json_object {o.table};", ""]
        rows = [f"\t{self.row(o, m, t, must)}," for m, t, must in o.members]
        text = ", true" if o.or_text else ""
        self.code += [f"static const struct json_field {o.table}_fields[] = {{", *rows, "};",
                      f"const struct json_object {o.table} = {{ {o.table}_fields, ARRAY_LEN({o.table}_fields){text} }};", ""]

    def run(self, header):
        warning = "/* Made by tools/openapi.py from wire/sbi/openapi and wire/sbi/members.txt. */"
        self.head += [warning, "#pragma once", "", "#include \"wire/json/json.h\"", "#include \"wire/sbi/common.h\"", ""]
        self.code += [warning, f"#include \"{header}\"", "", "#include \"wire/sbi/tables.h\"", ""]
        for e in self.model.enums.values():
            self.enum(e)
        for o in self.model.objects:
            self.object(o)
        for file, name in self.model.lists:
            self.list_tag(self.model.named(file, name))
        return "\n".join(self.head), "\n".join(self.code)
