#!/usr/bin/env python3
"""RRC and F1AP as they pass in tests_rrc_line_test, read by another: tshark must find none malformed, nothing to warn of, and each
message of the procedures among them.

usage: rrc_line_dissected_test.py tests_rrc_line_test
"""
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile

import dissected

FIELDS = ["frame.protocols", "_ws.malformed", "_ws.expert.severity", "_ws.expert.message", "_ws.col.Info", "f1ap.procedureCode",
          "f1ap.initiatingMessage_element", "f1ap.successfulOutcome_element", "f1ap.unsuccessfulOutcome_element"]
RRC = ["RRC Setup Request", "RRC Setup", "RRC Setup Complete", "RRC Reject", "Security Mode Command", "Security Mode Complete",
       "Security Mode Failure", "UE Capability Enquiry", "UE Capability Information", "RRC Reconfiguration", "RRC Reconfiguration Complete",
       "DL Information Transfer", "UL Information Transfer", "RRC Release", "RRC Reestablishment Request", "RRC Reestablishment",
       "RRC Reestablishment Complete", "Paging"]
# Kind of PDU (initiating, successful, unsuccessful) and procedure code.
F1AP = {("0", "1"): "F1 SETUP REQUEST", ("1", "1"): "F1 SETUP RESPONSE", ("0", "11"): "INITIAL UL RRC MESSAGE TRANSFER",
        ("0", "12"): "DL RRC MESSAGE TRANSFER", ("0", "13"): "UL RRC MESSAGE TRANSFER", ("0", "5"): "UE CONTEXT SETUP REQUEST",
        ("1", "5"): "UE CONTEXT SETUP RESPONSE", ("2", "5"): "UE CONTEXT SETUP FAILURE", ("0", "7"): "UE CONTEXT MODIFICATION REQUEST",
        ("1", "7"): "UE CONTEXT MODIFICATION RESPONSE", ("0", "10"): "UE CONTEXT RELEASE REQUEST", ("0", "6"): "UE CONTEXT RELEASE COMMAND",
        ("1", "6"): "UE CONTEXT RELEASE COMPLETE", ("0", "18"): "PAGING", ("0", "2"): "ERROR INDICATION", ("0", "0"): "RESET",
        ("1", "0"): "RESET ACKNOWLEDGE", ("2", "1"): "F1 SETUP FAILURE", ("0", "20"): "WRITE-REPLACE WARNING REQUEST",
        ("1", "20"): "WRITE-REPLACE WARNING RESPONSE", ("0", "21"): "PWS CANCEL REQUEST", ("1", "21"): "PWS CANCEL RESPONSE", ("0", "8"): "UE CONTEXT MODIFICATION REQUIRED",
        ("1", "8"): "UE CONTEXT MODIFICATION CONFIRM", ("2", "8"): "UE CONTEXT MODIFICATION REFUSE"}
# Without the keys it takes no MAC-I for right, but that of null integrity.
NO_KEY = "MAC-I Digest wrong"


def dissect(capture):
    out = subprocess.run(["tshark", "-n", "-r", capture, "-T", "fields", "-E", "separator=|", *[x for f in FIELDS for x in ("-e", f)]],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    return [dict(zip(FIELDS, line.split("|"))) for line in out.splitlines()]


def main():
    if not shutil.which("tshark"):
        return 77
    with tempfile.TemporaryDirectory(prefix="freehold-rrc-") as folder:
        capture = os.path.join(folder, "rrc.pcap")
        subprocess.run([sys.argv[1], capture], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        frames = dissect(capture)
    rrc, f1ap, wrong = collections.Counter(), collections.Counter(), []
    for n, f in enumerate(frames, 1):
        rrc.update(x.strip() for x in re.split(r"[,\[\]]|MAC=", f["_ws.col.Info"]))
        f1ap.update((str(k), f["f1ap.procedureCode"]) for k, field in enumerate(FIELDS[-3:]) if f[field])
        # Severities of tshark: 0x600000 is a warning, 0x800000 an error.
        severe = [s for s, m in zip(f["_ws.expert.severity"].split(","), f["_ws.expert.message"].split(","))
                  if s and int(s) >= 0x600000 and not m.startswith(NO_KEY)]
        if not {"nr-rrc", "f1ap"} & set(f["frame.protocols"].split(":")) or f["_ws.malformed"] or severe:
            wrong.append((n, f))
    checks = [("no message is malformed, or worth a warning", not wrong), ("there are plenty", len(frames) > 300)]
    checks += [("RRC: " + m, rrc[m] > 0) for m in RRC]
    checks += [("F1AP: " + m, f1ap[k] > 0) for k, m in F1AP.items()]
    return dissected.report(checks, wrong)


if __name__ == "__main__":
    sys.exit(main())
