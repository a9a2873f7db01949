#!/usr/bin/env python3
"""Tests of the ASN.1 compiler itself; what it makes is tested by wire/per and the protocols over it."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from asn1 import names                                      # noqa: E402
from asn1.emit_h import Header                              # noqa: E402
from asn1.lexer import SyntaxFault, tokens                  # noqa: E402
from asn1.model import int_width                            # noqa: E402
from asn1.parser import parse                               # noqa: E402
from asn1.resolve import Resolver                           # noqa: E402


def resolver(body):
    found = Resolver(parse([("T.asn", f"T DEFINITIONS AUTOMATIC TAGS ::= BEGIN {body} END")]))
    found.whole()
    found.finish()
    return found


class Names(unittest.TestCase):
    def test_snake(self):
        for asn, c in (("InitialUEMessage", "initial_ue_message"), ("RAN-UE-NGAP-ID", "ran_ue_ngap_id"),
                       ("pDUSessionID", "pdu_session_id"), ("eUTRA-CGI", "eutra_cgi"), ("tAI", "tai"),
                       ("UE-NGAP-IDs", "ue_ngap_ids"), ("IPv4-Address", "ipv4_address"), ("dB-6", "db_6"),
                       ("NRencryptionAlgorithms", "nr_encryption_algorithms"), ("fiveQI", "five_qi"),
                       ("GlobalGNB-ID", "global_gnb_id")):
            self.assertEqual(names.snake(asn), c)

    def test_keyword(self):
        self.assertEqual(names.field("default"), "default_")

    def test_collision(self):
        found = resolver("Foo-Bar ::= SEQUENCE { a NULL, b BOOLEAN } FooBar ::= SEQUENCE { c BOOLEAN }")
        self.assertEqual(len({ir.name for ir in found.done.values()}), 2)


class Syntax(unittest.TestCase):
    def test_comments(self):
        self.assertEqual([t for t, _ in tokens("a -- b -- c -- d\n/* e\nf */ g", "T")], ["a", "c", "g"])

    def test_lines(self):
        self.assertEqual(tokens("a\n\nb", "T"), [("a", 1), ("b", 3)])

    def test_constraints(self):
        found = resolver("max INTEGER ::= 7 A ::= INTEGER (0..max, ...) B ::= OCTET STRING (SIZE (1..max)) "
                         "C ::= INTEGER (1..3|5|9) D ::= A (0..3)")
        self.assertEqual((found.done["A"].ub, found.done["A"].extensible), (7, True))
        self.assertEqual((found.done["B"].lb, found.done["B"].ub), (1, 7))
        self.assertEqual((found.done["C"].lb, found.done["C"].ub), (1, 9))
        self.assertEqual(found.done["D"].ub, 3)

    def test_named_bits(self):
        found = resolver("A ::= BIT STRING {a (0), b-c (1)} (SIZE (8, ...))")
        self.assertEqual((found.done["A"].lb, found.done["A"].ub, found.done["A"].extensible), (8, 8, True))

    def test_parameter(self):
        found = resolver("S { T } ::= CHOICE { release NULL, setup T } A ::= SEQUENCE { b S { C } } "
                         "C ::= SEQUENCE { d BOOLEAN }")
        self.assertEqual(found.done["A"].members[0].type.members[1].type, found.done["C"])

    def test_refused(self):
        for body in ("A ::= SET { a NULL }", "A ::= REAL", "A ::= B", "A ::= INTEGER (0..max)", "A ::= #",
                     "A ::= SEQUENCE { a NULL, ..., ..., b NULL }", "A ::= SEQUENCE { a A }"):
            with self.assertRaises(SyntaxFault, msg=body):
                Header("t", resolver(body)).text("T")


class Widths(unittest.TestCase):
    def test_int_width(self):
        for bounds, want in (((0, 255, False), (False, 1)), ((0, 256, False), (False, 2)),
                             ((-1, 127, False), (True, 1)), ((0, 2**64 - 1, False), (False, 8)),
                             ((0, 7, True), (True, 8)), ((None, None, False), (True, 8)),
                             ((0, None, False), (False, 8))):
            self.assertEqual(int_width(*bounds), want)


if __name__ == "__main__":
    result = unittest.TextTestRunner(stream=sys.stdout).run(unittest.defaultTestLoader.loadTestsFromModule(
        sys.modules["__main__"]))
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(failed > 0)
