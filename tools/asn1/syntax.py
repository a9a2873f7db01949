"""The syntax tree of ASN.1 modules: what the parser makes and the resolver reads."""

from dataclasses import dataclass, field


@dataclass
class Range:
    """Values lo..hi of a constraint; each is a number, the name of a value, or MIN or MAX."""
    lo: object
    hi: object


@dataclass
class Constraint:
    kind: str                    # value, size, containing, table
    ranges: list = field(default_factory=list)
    extensible: bool = False
    type: object = None          # of containing
    table: str = ""              # the object set of table


@dataclass
class Type:
    kind: str                    # BOOLEAN INTEGER ENUMERATED ... SEQUENCE, SEQUENCE OF, CHOICE, ref, field
    name: str = ""               # ref: the type's name; field: the class field; else ""
    args: list = field(default_factory=list)
    constraints: list = field(default_factory=list)
    root: list = field(default_factory=list)        # components, alternatives or enumeration names
    additions: list = field(default_factory=list)   # the same after the extension marker; a list is a group
    extensible: bool = False
    element: object = None       # of SEQUENCE OF
    line: int = 0


@dataclass
class Component:
    name: str
    type: Type
    optional: bool = False
    default: object = None


@dataclass
class ClassDef:
    """An information object class (X.681 clause 9): field types and the defined syntax."""
    fields: dict
    syntax: list                 # words, &fields and lists (optional groups)


@dataclass
class ObjectSet:
    class_name: str
    elements: list               # dicts of &field -> Type or value, or names of objects and sets


@dataclass
class Parameterised:
    params: list                 # dummy names
    type: Type


@dataclass
class Module:
    name: str
    types: dict = field(default_factory=dict)       # name -> Type or Parameterised
    values: dict = field(default_factory=dict)      # name -> (type name, number or name)
    classes: dict = field(default_factory=dict)
    objects: dict = field(default_factory=dict)     # name -> dict of fields
    sets: dict = field(default_factory=dict)        # name -> ObjectSet
