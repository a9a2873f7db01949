/*
 * XnAP (TS 38.423): octets of one PDU to and from structs. The structs of the messages and IEs, made from
 * wire/asn1/xnap, are in wire/xnap/xnap_asn1.h (in the build directory) with
 * xnap_decode(), _encode(), _print() and _message_name(); wire/per/per.h describes how ASN.1
 * becomes C. RRC messages are OCTET STRINGs here: wire/rrc decodes them.
 */
#pragma once

#include "wire/xnap/xnap_asn1.h"

enum {
	XNAP_PPID = 61,         /* SCTP payload protocol identifier: TS 38.422 7 */
	XNAP_SCTP_PORT = 38422, /* TS 38.422 7 */
};
