#!/usr/bin/env python3
"""F1AP of a cell on the air (tests_air_test), with the system information and the CellGroupConfig that its DU made, read by another:
tshark must find none malformed, nothing to warn of, and read the parts that UEs need.

usage: air_dissected_test.py tests_air_test
"""
import os
import shutil
import subprocess
import sys
import tempfile

# What must be read at least once, by tshark's names.
PARTS = ["nr-rrc.servingCellConfigCommon_element", "nr-rrc.rach_ConfigCommon", "nr-rrc.pcch_Config_element",
         "nr-rrc.MIB_element", "nr-rrc.CellGroupConfig_element", "nr-rrc.spCellConfigDedicated_element", "nr-rrc.pdcch_Config",
         "nr-rrc.resourceSetToAddModList", "nr-rrc.schedulingRequestResourceToAddModList", "nr-rrc.dl_DataToUL_ACK",
         "nr-rrc.uci_OnPUSCH", "nr-rrc.mac_LogicalChannelConfig_element", "nr-rrc.bsr_Config_element", "nr-rrc.rrcSetup_element",
         "nr-rrc.dci_Formats", "nr-rrc.bundleSize", "nr-rrc.c_SRS"]
FIELDS = ["frame.protocols", "_ws.malformed", "_ws.expert.severity", "_ws.expert.message"]


def main():
    if not shutil.which("tshark"):
        return 77
    with tempfile.TemporaryDirectory(prefix="freehold-air-") as folder:
        capture = os.path.join(folder, "air.pcap")
        subprocess.run([sys.argv[1], capture], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        out = subprocess.run(["tshark", "-n", "-r", capture, "-T", "fields", "-E", "separator=|",
                              *[x for f in FIELDS + PARTS for x in ("-e", f)]],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if out.returncode:
        print("FAILED tshark: " + out.stderr[-400:])
        return 1
    frames = [line.split("|") for line in out.stdout.splitlines()]
    # Severities of tshark: 0x600000 is a warning, 0x800000 an error. Without the keys it takes no MAC-I for right; the
    # NAS is a stand-in.
    wrong = [f for f in frames if f[1] or any(
        s and int(s) >= 0x600000 and not m.startswith(("MAC-I", "Unknown Message Type")) for s, m in zip(f[2].split(","), f[3].split(",")))]
    checks = [("no message is malformed, or worth a warning", not wrong), ("there are plenty", len(frames) > 15)]
    checks += [(part, any(f[len(FIELDS) + i] for f in frames)) for i, part in enumerate(PARTS)]
    for text, ok in checks:
        print("%s %s" % ("ok    " if ok else "FAILED", text))
    for f in wrong[:5]:
        print("  %s" % f[:4])
    failed = sum(not ok for _, ok in checks)
    print("%d passed, %d failed" % (len(checks) - failed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
