"""The model between ASN.1 and C: types with effective constraints, members with their C form."""

from dataclasses import dataclass, field

# Composites are structs (a list is one of count and items); the rest are scalars or views.
COMPOSITE = {"sequence", "container", "single", "choice", "list"}


@dataclass(eq=False)
class Ir:
    """One type. kind: null bool int enum uint_bits bits octets string oid, or one of COMPOSITE."""
    kind: str
    name: str = ""               # C name without the protocol's prefix: of composites and enums
    asn: str = ""                # ASN.1 name, for printing
    lb: object = None            # value or size bounds; None is unbounded
    ub: object = None
    extensible: bool = False
    members: list = field(default_factory=list)
    element: object = None       # of list
    contains: object = None      # of octets: the type encoded within
    values: list = field(default_factory=list)     # names of enum
    root: int = 0                # of values or choice alternatives: how many are in the root
    string: str = ""             # which string
    private: bool = False        # a container of private IEs
    wraps: bool = False          # a sequence whose only component is a container: same struct

    @property
    def is_void(self):
        """Nothing of it is left in C."""
        if self.kind == "null":
            return True
        return self.kind in ("sequence", "container") and all(m.form == "none" for m in self.members)

    @property
    def is_composite(self):
        return self.kind in COMPOSITE


@dataclass(eq=False)
class Member:
    """A component, alternative or IE."""
    name: str                    # C member
    asn: str
    type: Ir
    optional: bool = False
    default: object = None
    addition: int = -1           # index among the extension additions; -1: in the root
    group: bool = False          # its addition is a group [[ ]]
    in_bitmap: bool = False      # has a bit of presence on the wire
    id: int = 0                  # of an IE, with the two that follow
    criticality: str = ""
    presence: str = ""
    indirect: bool = False       # a pointer because it is a large alternative

    @property
    def form(self):
        """none; plain; flag (has_x and x); has (has_x alone); lost (no_x and x); pointer."""
        if self.presence == "mandatory":
            if self.type.is_void:
                return "none"
            return "plain" if self.criticality == "reject" else "lost"
        if self.optional:
            if self.type.is_void:
                return "none" if self.type.kind == "container" else "has"
            return "pointer" if self.type.is_composite else "flag"
        if self.type.is_void:
            return "none"
        return "pointer" if self.indirect else "plain"


def int_width(lb, ub, extensible):
    """(signed, octets) of the C integer of INTEGER (lb..ub)."""
    if extensible or lb is None or (ub is None and lb < 0):
        return True, 8
    if ub is None:
        return False, 8
    for octets in (1, 2, 4, 8):
        if lb >= 0 and ub < 1 << 8 * octets:
            return False, octets
        if lb < 0 and -(1 << 8 * octets - 1) <= lb and ub < 1 << 8 * octets - 1:
            return True, octets
    raise ValueError(f"INTEGER ({lb}..{ub}) has no C type")


def octets_for_bits(bits):
    return next(n for n in (1, 2, 4, 8) if bits <= 8 * n)


def estimate(ir):
    """About sizeof the C value."""
    if ir.kind == "int":
        return int_width(ir.lb, ir.ub, ir.extensible)[1]
    if ir.kind in ("bool", "enum", "uint_bits"):
        return {"bool": 1, "enum": 4, "uint_bits": 8}[ir.kind]
    if ir.kind in ("bits", "octets", "string", "oid", "list"):
        return 16
    sizes = [estimate_member(m) for m in ir.members]
    if ir.kind in ("choice", "single"):
        return 8 + max(sizes, default=24)
    return sum(sizes)


def estimate_member(member):
    form = member.form
    if form in ("none", "has"):
        return 1 if form == "has" else 0
    if form == "pointer":
        return 8
    return estimate(member.type) + (0 if form == "plain" else 4)
