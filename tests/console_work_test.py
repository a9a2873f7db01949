"""What operators do by the console beside looking: console_work_test.py FREEHOLD. Without privileges.

Subscribers are imported, network.yaml is edited, the page is told what moves, figures are kept, backups are made."""
import json
import os
import sys
import time
import traceback

import console_bed
import operate_test

FREEHOLD = sys.argv[1]
LINE = operate_test.LINE
UE_FILE = """# a test UE
supi: 'imsi-001010000000077'
key: '465B5CE8B199B49FAA5F0A2EE238A6BC'
op: 'E8ED289DEBA952E4283B54E88E6183CA'
opType: 'OPC'
sessions:
  - type: 'IPv4'
    apn: 'internet'
    slice:
      sst: 1
"""


def no_keys(console):
    """No key of a subscriber is in what the console has written."""
    for folder, _, names in os.walk(os.path.join(console.core.dir.name, "console")):
        for name in names:
            with open(os.path.join(folder, name), "rb") as f:
                data = f.read()
            for key in ("465b5ce8b199b49faa5f0a2ee238a6bc", "465B5CE8B199B49FAA5F0A2EE238A6BC", "cd63cb71954a9f4e48a5994e37a02baf"):
                assert key.encode() not in data and bytes.fromhex(key) not in data, name


def imports(freehold):
    """Each form of a file, first dry: line by line what it does, and nothing is done; the command line says the same."""
    with console_bed.Console(freehold) as console:
        admin = console.first()

        def take(text, dry, first=1):
            return admin.api("POST", "subscriber-import", {"text": text, "dry_run": dry, "first_line": first})

        def what(rows):
            return [(r["line"], r["what"], r["imsi"]) for r in rows]

        for text in (operate_test.CSV, operate_test.DUMP, operate_test.AUTHENTICATION, UE_FILE):
            rows = take(text, True).json["rows"]
            assert len(rows) == 1 and rows[0]["what"] == "add" and rows[0]["imsi"].startswith("0010100000000"), rows
        assert admin.api("GET", "subscribers").json["rows"] == []
        assert what(take(operate_test.CSV, False).json["rows"]) == [(2, "add", "001010000000001")]
        assert what(take(operate_test.CSV, True, 10).json["rows"]) == [(11, "same", "001010000000001")]
        text = operate_test.CSV.replace("100 Mbps", "7 Mbps").replace("465B", "475B").replace("465b", "475b")
        row = take(text, True).json["rows"][0]
        assert row["what"] == "change" and row["why"].split() == ["keys", "ambr_uplink=7000000bps", "-ambr_uplink=100000000bps"], row
        assert admin.api("GET", "subscribers/001010000000001").json["ambr_uplink"] == "100000000bps", "a dry run changes nothing"
        good = LINE % 5
        bad = "\n".join((good, "imsi=999010000000001 k=00 opc=00", "", "# nothing", good.replace("k=", "k=zz"), LINE % 6))
        rows = take(bad, True).json["rows"]
        assert [(r["line"], r["what"]) for r in rows] == [(1, "add"), (2, "refuse"), (5, "refuse"), (6, "add")] and all(r["why"] for r in rows[1:3]), rows
        answer = take(bad, False)
        assert answer.status == 400 and "line 2: " in answer.json["error"] and len(admin.api("GET", "subscribers").json["rows"]) == 1, answer.body
        assert take(text, False).status == 200 and admin.api("GET", "subscribers/001010000000001").json["ambr_uplink"] == "7000000bps"
        assert take("\n".join(LINE % i for i in range(300)), True).status == 413
        assert take("{\"imsi\": \"1\"}]", True).json["rows"][-1]["what"] == "refuse", "what is no JSON ends it, and says so"
        assert take("\n".join(LINE % i for i in range(10, 210)), False).status == 200
        assert len(admin.api("GET", "subscribers").json["rows"]) == 201
        entry = next(e for e in admin.api("GET", "audit").json["rows"] if e["action"] == "import-subscribers")
        assert entry["outcome"] == "200 taken" and entry["who"] == "anna" and "001010000000010" in entry["after"], entry
        ask = console.core.ask("subscriber", "import", "--dry-run", "-", given=bad)
        assert ask.returncode == 1 and "stdin:1: add imsi-" in ask.stdout and "stdin:2: refuse" in ask.stdout and \
            "2 to add, 0 to change, 0 the same, 2 refused" in ask.stdout, ask
        ask = console.core.ask("subscriber", "import", "--dry-run", "-", given="\n".join(LINE % i for i in range(10, 600)))
        assert ask.returncode == 0 and "390 to add, 0 to change, 200 the same, 0 refused" in ask.stdout, ask
        assert len(admin.api("GET", "subscribers").json["rows"]) == 201
        no_keys(console)


TESTS = (imports,)


def main():
    failed = 0
    for test in TESTS if len(sys.argv) < 3 or sys.argv[2].startswith("-") else [t for t in TESTS if t.__name__ in sys.argv[2:]]:
        start = time.time()
        try:
            test(FREEHOLD)
            print("[       OK ] %s (%.1f s)" % (test.__name__, time.time() - start))
        except (AssertionError, OSError, ValueError, KeyError, StopIteration) as error:
            failed += 1
            print("[  FAILED  ] %s: %r" % (test.__name__, error))
            traceback.print_exc()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
