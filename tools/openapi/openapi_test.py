"""What the compiler makes of small files, and what it refuses."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from openapi.emit import Emitter
from openapi.members import read
from openapi.model import Model
from openapi.names import constant, snake
from openapi.yaml import Fault, load

SCHEMAS = """
components:
  schemas:
    Colour:
      anyOf:
        - type: string
          enum: [RED, 5G_BLUE]
        - type: string
    Leaf:
      type: object
      nullable: true
      required: [name]
      properties:
        name:
          type: string
          maxLength: 20
    Tree:
      type: object
      required:
        - id
        - leaf
      properties:
        id:
          type: integer
          minimum: 1
          maximum: 255
        weight:
          type: integer
        colour:
          $ref: '#/components/schemas/Colour'
        leaf:
          $ref: '#/components/schemas/Leaf'
        other:
          $ref: '#/components/schemas/Leaf'
        leaves:
          type: array
          items:
            $ref: '#/components/schemas/Leaf'
        byName:
          type: object
          additionalProperties:
            $ref: '#/components/schemas/Leaf'
        key:
          type: string
          pattern: '^[A-Fa-f0-9]{32}$'
        parent:
          $ref: '#/components/schemas/Tree'
        odd:
          type: number
"""


def compile_text(members, schemas=SCHEMAS):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "F.yaml"), "w", encoding="utf-8") as out:
            out.write(schemas)
        return Emitter(Model(folder, read("file F\n" + members))).run("types.h")


class Yaml(unittest.TestCase):
    def test_forms(self):
        text = ("a: 1\nb:\n- x\n- y: 'it''s'\n  z: \"q\"\nc: |\n  one\n  # two\nd: long\n  plain # no\n"
                "e: [1, 'b', {k: v}]\n'f:g': true\nh:\n")
        self.assertEqual(load("t", text), {"a": 1, "b": ["x", {"y": "it's", "z": "q"}], "c": "one\n# two\n",
                                           "d": "long plain", "e": [1, "b", {"k": "v"}],
                                           "f:g": True, "h": None})

    def test_refused(self):
        for text in ("a: &b 1\n", "a: *b\n", "a: !t 1\n", "a: 1\na: 2\n", "a: 1\n   b: 2\n", "a: [1\n", "a: 'x\n",
                     "\ta: 1\n", "a: \"\\x41\"\n", "a: [1 2} ]\n", "- a\nb: 1\n"):
            with self.assertRaises(Fault, msg=text):
                load("t", text)


class Names(unittest.TestCase):
    def test_names(self):
        for name, expected in (("sNssai", "s_nssai"), ("5qi", "five_qi"), ("5gAuthData", "five_g_auth_data"),
                               ("NFProfile", "nf_profile"), ("n1SmMsg", "n1_sm_msg")):
            self.assertEqual(snake(name), expected)
        self.assertEqual(constant("RAT", "LTE-M"), "RAT_LTE_M")
        self.assertEqual(constant("AUTH", "5G_AKA"), "AUTH_FIVE_G_AKA")


class Compiler(unittest.TestCase):
    def test_members(self):
        head, code = compile_text("Leaf: name\nTree: id weight colour leaf other leaves byName key*\n")
        for line in ("\tuint8_t id;", "\tbool has_weight;\n\tuint32_t weight;", "\tenum colour colour;",
                     "\tstruct leaf leaf;", "\tconst struct leaf *other;", "\tstruct leaf_list leaves;",
                     "\tuint8_t key[16];", "\tCOLOUR_FIVE_G_BLUE,", "\tconst struct leaf *value; /* NULL: null"):
            self.assertIn(line, head)
        self.assertIn(".secret = true", code)
        self.assertIn(".most = 20", code)
        self.assertNotIn("parent", head)

    def test_or_text(self):
        head, code = compile_text("Leaf or word=Word: name\nTree: id leaf\n", SCHEMAS + "    Word:\n      type: string\n")
        self.assertIn("struct leaf {\n\tconst char *word;\n\tconst char *name;", head)
        self.assertIn("ARRAY_LEN(leaf_json_fields), true }", code)
        self.assertNotIn(".mandatory = true", code.split("leaf_json_fields[] = {")[1].split("};")[0])

    def test_refused(self):
        for members in ("Tree: none\n", "Tree: leaf\n", "Leaf: name\nTree: id leaf odd\n", "None: a\n", "Leaf name\n",
                        "Leaf: na me@x\n"):
            with self.assertRaises(Fault, msg=members):
                compile_text(members)

    def test_unknown_keyword(self):
        with self.assertRaises(Fault):
            compile_text("Leaf: name\n", SCHEMAS.replace("maxLength: 20", "novelty: 20"))

    def test_itself_in_place(self):
        with self.assertRaises(Fault):
            compile_text("Leaf: name\nTree: id leaf parent!\n")


if __name__ == "__main__":
    result = unittest.TextTestRunner(stream=sys.stdout).run(unittest.defaultTestLoader.loadTestsFromModule(
        sys.modules["__main__"]))
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(failed > 0)
