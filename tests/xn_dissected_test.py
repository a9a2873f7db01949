#!/usr/bin/env python3
"""XnAP as two gNBs exchange it in gnb_xn_test, read by another: tshark must find none malformed, nothing to warn of, and each message of
handover and of the retrieval of a context among them, with the user plane security policy.

usage: xn_dissected_test.py gnb_xn_test
"""
import collections
import os
import shutil
import subprocess
import sys
import tempfile

import dissected

FIELDS = ["frame.protocols", "_ws.malformed", "_ws.expert.severity", "_ws.expert.message", "xnap.procedureCode", "xnap.initiatingMessage_element",
          "xnap.successfulOutcome_element", "xnap.unsuccessfulOutcome_element", "xnap.integrityProtectionIndication",
          "xnap.confidentialityProtectionIndication"]
# Kind of PDU (initiating, successful, unsuccessful) and procedure code.
XNAP = {("0", "0"): "HANDOVER REQUEST", ("1", "0"): "HANDOVER REQUEST ACKNOWLEDGE", ("2", "0"): "HANDOVER PREPARATION FAILURE",
        ("0", "1"): "SN STATUS TRANSFER", ("0", "2"): "HANDOVER CANCEL", ("0", "3"): "RETRIEVE UE CONTEXT REQUEST",
        ("1", "3"): "RETRIEVE UE CONTEXT RESPONSE", ("2", "3"): "RETRIEVE UE CONTEXT FAILURE", ("0", "5"): "XN-U ADDRESS INDICATION",
        ("0", "6"): "UE CONTEXT RELEASE", ("0", "17"): "XN SETUP REQUEST", ("1", "17"): "XN SETUP RESPONSE", ("2", "17"): "XN SETUP FAILURE"}


def dissect(capture):
    out = subprocess.run(["tshark", "-n", "-r", capture, "-T", "fields", "-E", "separator=|", *[x for f in FIELDS for x in ("-e", f)]],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    return [dict(zip(FIELDS, line.split("|"))) for line in out.splitlines()]


def main():
    if not shutil.which("tshark") or not shutil.which("text2pcap"):
        return 77
    with tempfile.TemporaryDirectory(prefix="freehold-xn-") as folder:
        octets, capture = os.path.join(folder, "xn.txt"), os.path.join(folder, "xn.pcap")
        subprocess.run([sys.argv[1], octets], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        subprocess.run(["text2pcap", "-q", "-S", "38422,38422,61", octets, capture], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=True)
        frames = dissect(capture)
    seen, wrong = collections.Counter(), []
    for n, f in enumerate(frames, 1):
        seen.update((str(k), f["xnap.procedureCode"]) for k, field in enumerate(FIELDS[5:8]) if f[field])
        # Severities of tshark: 0x600000 is a warning, 0x800000 an error.
        severe = [s for s in f["_ws.expert.severity"].split(",") if s and int(s) >= 0x600000]
        if "xnap" not in f["frame.protocols"].split(":") or f["_ws.malformed"] or severe:
            wrong.append((n, f))
    policy = [f for f in frames if f["xnap.integrityProtectionIndication"] == "1" and f["xnap.confidentialityProtectionIndication"] == "1"]
    checks = [("no message is malformed, or worth a warning", not wrong), ("there are plenty", len(frames) > 100)]
    checks += [(m, seen[k] > 0) for k, m in XNAP.items()]
    checks += [("a session's policy, preferred and preferred", len(policy) > 0)]
    return dissected.report(checks, wrong)


if __name__ == "__main__":
    sys.exit(main())
