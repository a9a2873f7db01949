/*
 * F1AP (TS 38.473): octets of one PDU to and from structs. The structs of the messages and IEs, made from
 * wire/asn1/f1ap, are in wire/f1ap/f1ap_asn1.h (in the build directory) with
 * f1ap_decode(), _encode(), _print() and _message_name(); wire/per/per.h describes how ASN.1
 * becomes C. RRC messages are OCTET STRINGs here: wire/rrc decodes them.
 */
#pragma once

#include "wire/f1ap/f1ap_asn1.h"

enum {
	F1AP_PPID = 62,         /* SCTP payload protocol identifier: TS 38.472 7 */
	F1AP_SCTP_PORT = 38472, /* TS 38.472 7 */
};

/* The SCTP stream of a PDU that we send (TS 38.472 7): what concerns a UE has one that nothing else has. */
uint16_t f1ap_stream(struct bytes pdu, uint16_t out_streams);
