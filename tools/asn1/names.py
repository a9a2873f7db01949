"""ASN.1 names as C names: lower snake case with acronyms kept together."""

import re

KEYWORDS = {"auto", "bool", "break", "case", "char", "const", "continue", "default", "do", "double", "else",
            "enum", "extern", "float", "for", "goto", "if", "int", "long", "register", "return", "short",
            "signed", "sizeof", "static", "struct", "switch", "true", "false", "union", "unsigned", "void",
            "volatile", "while", "inline", "restrict", "asm", "typeof"}

# Spellings that the rules below would split wrongly.
WHOLE = [("IPv4", "Ipv4"), ("IPv6", "Ipv6"), ("IPV4", "Ipv4"), ("IPV6", "Ipv6"), ("IPsec", "Ipsec"),
         ("QoS", "Qos"), ("QoE", "Qoe"), ("AoA", "Aoa"), ("ZoA", "Zoa"), ("CIoT", "Ciot"), ("LoS", "Los"),
         ("NGRAN", "Ngran"), ("UERLF", "UeRlf"), ("GProSe", "GProse"), ("ProSe", "Prose"), ("NRPPa", "Nrppa"),
         ("BHRLC", "BhRlc"), ("SDTRLC", "SdtRlc"), ("kHz", "Khz"), ("KHz", "Khz"), ("dBm", "Dbm"),
         ("ULRRC", "UlRrc"), ("DLRRC", "DlRrc"), ("CURRC", "CuRrc"), ("DURRC", "DuRrc"), ("PDCPSN", "PdcpSn"),
         ("DLUPTNL", "DlUpTnl"), ("ULUPTNL", "UlUpTnl"), ("NRCGI", "NrCgi"), ("RANCP", "RanCp"),
         ("AMFCP", "AmfCp"), ("GNBDU", "GnbDu"), ("GNBCU", "GnbCu"), ("MBSQoS", "MbsQos"),
         ("gNB", "Gnb"), ("GNB", "Gnb"), ("eNB", "Enb"), ("ENB", "Enb"), ("eDRX", "Edrx"), ("eUTRA", "Eutra"),
         ("MHz", "Mhz"), ("PUCCHgroup", "PucchGroup"), ("N3IWF", "N3iwf"), ("n3IWF", "N3iwf"),
         ("F1AP", "F1ap"), ("E1AP", "E1ap"),
         ("ULNGU", "UlNgu"), ("NGAPIES", "NgapIeS"), ("CNpacket", "CnPacket"), ("CNsubgroup", "CnSubgroup"),
         ("IoT", "Iot"), ("qoE", "Qoe"), ("qoS", "Qos"), ("ULend", "UlEnd"), ("UEPC5", "UePc5"),
         ("LTEV2X", "LteV2x"), ("NRV2X", "NrV2x"), ("V2X", "V2x"), ("X2AP", "X2ap"), ("XnAP", "Xnap")]

# Words that follow an acronym in lower case: "TAIListforPaging", "UEassociated".
AFTER = ("to|for|at|of|or|and|in|type|node|mode|group|integrity|encryption|associated|pos|indicator|capab"
         "|usage|assistance|marker|sets|resource|duplication|supported|address|layer|datarate|retransmission|based")


def snake(name):
    """RAN-UE-NGAP-ID -> ran_ue_ngap_id, pDUSessionID -> pdu_session_id, UEContext -> ue_context."""
    if re.match(r"[a-z][A-Z]", name):
        name = name[0].upper() + name[1:]
    for old, new in WHOLE:
        name = name.replace(old, new)
    name = re.sub(r"([A-Z]{2,})s(?=[A-Z]|[-0-9]|$)", lambda m: m[1].capitalize() + "s", name)
    name = re.sub(rf"([A-Z]{{2,}})({AFTER})(?![a-z])", r"\1-\2", name)
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1-\2", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name)
    name = re.sub(r"-+", "_", name).lower()
    return name


def field(name):
    """The C member of an ASN.1 component."""
    name = snake(name)
    if name[0].isdigit():
        name = "n" + name
    return name + "_" if name in KEYWORDS else name


def upper(name):
    return snake(name).upper()
