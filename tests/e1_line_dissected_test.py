#!/usr/bin/env python3
"""E1AP, F1-U and N3 as they pass in tests_e1_line_test, read by another: tshark must find none malformed, nothing to warn of, and each
message of the procedures among them.

usage: e1_line_dissected_test.py tests_e1_line_test
"""
import collections
import os
import shutil
import subprocess
import sys
import tempfile

import dissected

FIELDS = ["frame.protocols", "_ws.malformed", "_ws.expert.severity", "_ws.expert.message", "e1ap.procedureCode",
          "e1ap.initiatingMessage_element", "e1ap.successfulOutcome_element", "e1ap.unsuccessfulOutcome_element", "gtp.message",
          "nrup.pdu_type", "nrup.report_polling", "nrup.seq_num", "nrup.desrd_buff_sz_data_radio_bearer",
          "nrup.high_success_delivered_nr_pdcp_sn", "nrup.high_tx_nr_pdcp_sn", "nrup.final_frame_ind", "nrup.cause_val", "nrup.dl_disc_num_blks", "nrup.dl_disc_nr_pdcp_pdu_sn_start", "nrup.disc_blk_sz",
          "gtp.ext_hdr.pdu_ses_con.qos_flow_id"]
# Kind of PDU (initiating, successful, unsuccessful) and procedure code.
E1AP = {("0", "0"): "RESET", ("1", "0"): "RESET ACKNOWLEDGE", ("0", "1"): "ERROR INDICATION",
        ("0", "3"): "GNB-CU-UP E1 SETUP REQUEST", ("1", "3"): "GNB-CU-UP E1 SETUP RESPONSE", ("2", "3"): "GNB-CU-UP E1 SETUP FAILURE",
        ("0", "4"): "GNB-CU-CP E1 SETUP REQUEST", ("1", "4"): "GNB-CU-CP E1 SETUP RESPONSE",
        ("0", "5"): "GNB-CU-UP CONFIGURATION UPDATE", ("1", "5"): "GNB-CU-UP CONFIGURATION UPDATE ACKNOWLEDGE",
        ("0", "6"): "GNB-CU-CP CONFIGURATION UPDATE", ("1", "6"): "GNB-CU-CP CONFIGURATION UPDATE ACKNOWLEDGE",
        ("0", "7"): "E1 RELEASE REQUEST", ("1", "7"): "E1 RELEASE RESPONSE",
        ("0", "8"): "BEARER CONTEXT SETUP REQUEST", ("1", "8"): "BEARER CONTEXT SETUP RESPONSE", ("2", "8"): "BEARER CONTEXT SETUP FAILURE",
        ("0", "9"): "BEARER CONTEXT MODIFICATION REQUEST", ("1", "9"): "BEARER CONTEXT MODIFICATION RESPONSE",
        ("2", "9"): "BEARER CONTEXT MODIFICATION FAILURE", ("0", "10"): "BEARER CONTEXT MODIFICATION REQUIRED",
        ("1", "10"): "BEARER CONTEXT MODIFICATION CONFIRM", ("0", "11"): "BEARER CONTEXT RELEASE COMMAND",
        ("1", "11"): "BEARER CONTEXT RELEASE COMPLETE", ("0", "12"): "BEARER CONTEXT RELEASE REQUEST",
        ("0", "13"): "BEARER CONTEXT INACTIVITY NOTIFICATION", ("0", "14"): "DL DATA NOTIFICATION", ("0", "15"): "DATA USAGE REPORT",
        ("0", "17"): "GNB-CU-UP STATUS INDICATION"}
GTP = {"26": "Error Indication", "255": "G-PDU"}


def dissect(capture):
    out = subprocess.run(["tshark", "-n", "-r", capture, "-T", "fields", "-E", "separator=|", *[x for f in FIELDS for x in ("-e", f)]],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    return [dict(zip(FIELDS, line.split("|"))) for line in out.splitlines()]


def main():
    if not shutil.which("tshark"):
        return 77
    with tempfile.TemporaryDirectory(prefix="freehold-e1-") as folder:
        capture = os.path.join(folder, "e1.pcap")
        subprocess.run([sys.argv[1], capture], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        frames = dissect(capture)
    e1ap, gtp, nrup, wrong = collections.Counter(), collections.Counter(), collections.Counter(), []
    for n, f in enumerate(frames, 1):
        e1ap.update((str(k), f["e1ap.procedureCode"]) for k, field in enumerate(FIELDS[5:8]) if f[field])
        gtp.update(str(int(x, 0)) for x in f["gtp.message"].split(",") if x)
        for field in FIELDS:
            if field.startswith("nrup") and f[field]:
                nrup.update([field, field + "=" + f[field]])
        # Severities of tshark: 0x600000 is a warning, 0x800000 an error.
        severe = [s for s in f["_ws.expert.severity"].split(",") if s and int(s) >= 0x600000]
        if not {"e1ap", "gtp"} & set(f["frame.protocols"].split(":")) or f["_ws.malformed"] or severe:
            wrong.append((n, f))
    checks = [("no message is malformed, or worth a warning", not wrong), ("there are plenty", len(frames) > 1000)]
    checks += [("E1AP: " + m, e1ap[k] > 0) for k, m in E1AP.items()]
    checks += [("GTP-U: " + m, gtp[k] > 0) for k, m in GTP.items()]
    checks += [("DL USER DATA, with a poll", nrup["nrup.pdu_type=0"] > 100 and nrup["nrup.report_polling"] > 0),
               ("DL DATA DELIVERY STATUS", nrup["nrup.pdu_type=1"] > 50)]
    checks += [(f, nrup[f] > 0) for f in FIELDS if f.startswith("nrup")]
    return dissected.report(checks, wrong)


if __name__ == "__main__":
    sys.exit(main())
