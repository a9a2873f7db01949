"""The list of what is taken of the OpenAPI files: wire/sbi/members.txt.

    file TS29512_Npcf_SMPolicyControl       the types that follow are of this file
    SessionRule: sessRuleId authSessAmbr    members taken of a type; lines that are indented go on
    NFProfile over TS29510_Nnrf_NFManagement.NFProfile: ...
                                            a table of its own over the struct of another type
    Av5gAka or eapPayload=EapPayload: ...    in its place a string may stand, which is this member; all of them are optional
    choose LinksValueSchema Link            read a type as another one of the file, where it may be several
    name Nssai subscribed_nssai             of the struct of a type of the file
    list PatchItem                          there is a list of the type, too, for bodies that are one
    prefix N2SmInfoType N2_SM               of the constants of an enumeration

A member may have marks behind its name: ! mandatory here, though not there; * a secret, never printed;
@n1msg/nas a binary, with its Content-Id and type; =Type or =FILE.Type read as this type, where there are several;
=text a string, whatever values it has there; =hex octets in hexadecimal; =json any JSON, as text.
"""

import re

from .yaml import Fault

MEMBER = re.compile(r"([A-Za-z0-9_-]+)([!*]*)(?:@(\w+)/(\w+))?(?:=([\w.]+))?")


class Member:
    def __init__(self, text):
        found = MEMBER.fullmatch(text)
        if not found:
            raise Fault(f"members: {text}")
        self.key, marks, self.content_id, self.content_type, self.as_type = found.groups()
        self.must, self.secret = "!" in marks, "*" in marks


class Taken:
    """Of one type: its members, whose struct they are in (None: its own), and the member that a string alone is."""

    def __init__(self, file, name, over, text):
        self.file, self.name, self.over, self.text = file, name, over, text and Member(text)
        self.members = []


class List:
    """What is taken, in the order of the list; of (file, type) what else is given."""

    def __init__(self):
        self.taken, self.lists = [], []
        self.prefixes, self.choices, self.names = {}, {}, {}


def read(text):
    """The list, as a List."""
    out, file, last = List(), None, None
    for number, line in enumerate(text.split("\n"), 1):
        line = line.split("#")[0].rstrip()
        head = re.fullmatch(r"(\w+)(?: over (\w+)\.(\w+))?(?: or (\w+=\w+))?:(.*)", line)
        words = line.split()
        if not words:
            continue
        if line[0] == "\t" and last:
            last.members += [Member(w) for w in words]
        elif words[0] == "file" and len(words) == 2:
            file, last = words[1], None
        elif words[0] == "prefix" and len(words) == 3:
            out.prefixes[words[1]], last = words[2], None
        elif words[0] == "choose" and len(words) == 3 and file:
            out.choices[file, words[1]], last = words[2], None
        elif words[0] == "name" and len(words) == 3 and file:
            out.names[file, words[1]], last = words[2], None
        elif words[0] == "list" and len(words) == 2 and file:
            out.lists.append((file, words[1]))
            last = None
        elif head and file:
            last = Taken(file, head.group(1), head.group(2) and head.group(2, 3), head.group(4))
            last.members = [Member(w) for w in head.group(5).split()]
            out.taken.append(last)
        else:
            raise Fault(f"members:{number}: {line}")
    return out
