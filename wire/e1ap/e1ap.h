/*
 * E1AP (TS 37.483): octets of one PDU to and from structs. The structs of the messages and IEs, made from
 * wire/asn1/e1ap, are in wire/e1ap/e1ap_asn1.h (in the build directory) with
 * e1ap_decode(), _encode(), _print() and _message_name(); wire/per/per.h describes how ASN.1
 * becomes C. RRC messages are OCTET STRINGs here: wire/rrc decodes them.
 */
#pragma once

#include "wire/e1ap/e1ap_asn1.h"

enum {
	E1AP_PPID = 64,         /* SCTP payload protocol identifier: TS 37.482 7 */
	E1AP_SCTP_PORT = 38462, /* TS 37.482 7 */
};
