"""Freehold in gdb: messages as text and values as an operator writes them. Load it with `source tools/gdb.py`.

  freehold-ngap ADDRESS LENGTH    the octets there as text; also -nas, -pfcp, -gtpu, -f1ap, -e1ap, -xnap, -rrc-ul-dcch, ...
  freehold-nas BYTES              the same of a `struct bytes`, as freehold-nas m->data; /full after the name for all

Printers: struct bytes, addr, plmn, supi, snssai, link (base/list.h), pool. The octets are read from the process or core
file and shown by `freehold text`, so a core file does too; which binary: $FREEHOLD, else the program under gdb, else
build/plain/apps/freehold.
"""
import os
import subprocess

import gdb  # pylint: disable=import-error

PROTOCOLS = ("ngap nas pfcp gtpu f1ap e1ap xnap rrc-dl-dcch rrc-ul-dcch rrc-dl-ccch rrc-ul-ccch rrc-pcch rrc-bcch").split()
HERE = os.path.dirname(os.path.abspath(__file__))
SHOWN = 32  # octets of a struct bytes
LIST_MAX = 10000  # links of a list that are counted


def octets_at(address, length):
    return bytes(gdb.selected_inferior().read_memory(int(address), int(length))) if length else b""


def binary():
    here = os.path.join(HERE, "..", "build", "plain", "apps", "freehold")
    program = gdb.current_progspace().filename or ""
    if os.environ.get("FREEHOLD"):
        return os.environ["FREEHOLD"]
    return program if os.path.basename(program) == "freehold" else here


class MessageCommand(gdb.Command):
    """Octets as a message in text: freehold-PROTOCOL [/full] ADDRESS LENGTH, or [/full] BYTES."""

    def __init__(self, protocol):
        super().__init__("freehold-" + protocol, gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)
        self.protocol = protocol

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        full = words[:1] == ["/full"]
        words = words[1:] if full else words
        if len(words) == 1:
            value = gdb.parse_and_eval(words[0])
            octets = octets_at(value["data"], value["len"])
        elif len(words) == 2:
            octets = octets_at(gdb.parse_and_eval(words[0]), gdb.parse_and_eval(words[1]))
        else:
            raise gdb.GdbError("freehold-%s [/full] ADDRESS LENGTH, or [/full] BYTES" % self.protocol)
        command = [binary(), "text", self.protocol] + (["--full"] if full else [])
        p = subprocess.run(command, input=octets.hex() + "\n", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                           check=False)
        gdb.write(p.stdout)


class Printer:
    """One that makes a text of a value."""

    def __init__(self, value, text):
        self.value, self.text = value, text

    def to_string(self):
        return self.text(self.value)


def show_bytes(v):
    length = int(v["len"])
    octets = octets_at(v["data"], min(length, SHOWN)).hex()
    return "%d octets%s%s" % (length, " " + octets if octets else "", "..." if length > SHOWN else "")


def show_addr(v):
    length, port = int(v["len"]), int(v["port"])
    ip = [int(v["ip"][i]) for i in range(length)]
    if length == 0:
        return "none"
    text = ".".join(map(str, ip)) if length == 4 else ":".join("%x" % (a << 8 | b) for a, b in zip(ip[::2], ip[1::2]))
    if not port:
        return text
    return "%s:%d" % (text if length == 4 else "[%s]" % text, port)


def show_plmn(v):
    digits = [int(v[part][i]) for part in ("mcc", "mnc") for i in range(3)]
    return "".join("%x" % d for d in (digits[:5] if digits[5] == 15 else digits))


def show_supi(v):
    text = v["imsi"].string()
    return "imsi-" + text if text else "none"


def show_snssai(v):
    sd = int(v["sd"])
    return "%d" % int(v["sst"]) + ("" if sd == 0xffffff else "-%06x" % sd)


def show_link(v):
    """A list's head or a member: how many others are in its ring, and where they are."""
    at, others = int(v["next"]), []
    here = int(v.address) if v.address is not None else 0
    while at and at != here and len(others) < LIST_MAX:
        others.append(at)
        at = int(gdb.Value(at).cast(v.type.strip_typedefs().unqualified().pointer()).dereference()["next"])
    return "%d others%s" % (len(others), "".join(" 0x%x" % o for o in others[:8]) + (" ..." if len(others) > 8 else ""))


def show_pool(v):
    return "%d used of %d, %d octets each" % (int(v["used"]), int(v["max"]), int(v["record_size"]))


SHOWS = {"bytes": show_bytes, "addr": show_addr, "plmn": show_plmn, "supi": show_supi, "snssai": show_snssai,
         "link": show_link, "pool": show_pool}


def printer_of(value):
    t = value.type.strip_typedefs().unqualified()
    show = SHOWS.get(t.tag) if t.code == gdb.TYPE_CODE_STRUCT else None
    return Printer(value, show) if show else None


gdb.pretty_printers.append(printer_of)
for name in PROTOCOLS:
    MessageCommand(name)
