/*
 * E1AP (TS 37.483): octets of one PDU to and from structs. The structs of the messages and IEs, made from
 * wire/asn1/e1ap, are in wire/e1ap/e1ap_asn1.h (in the build directory); wire/per/per.h tells how ASN.1
 * becomes C. RRC messages are OCTET STRINGs here: wire/rrc decodes them.
 */
#pragma once

#include "wire/e1ap/e1ap_asn1.h"

enum {
	E1AP_PPID = 64,         /* SCTP payload protocol identifier: TS 37.482 7 */
	E1AP_SCTP_PORT = 38462, /* TS 37.482 7 */
};

struct e1ap_pdu {
	enum per_pdu_kind kind;
	uint8_t procedure_code;           /* enum e1ap_procedure_id */
	enum per_criticality criticality; /* as received */
	enum e1ap_message message;        /* E1AP_MSG_NONE: not understood */
	union e1ap_body u;                /* the member of the message's name; u.any is NULL for NONE */
};

/*
 * Decodes one PDU; out->u and all below are in arena or point into in. True: the message may be
 * processed. False: diag tells what to answer, and out serves only for that (TS 37.483 10).
 */
bool e1ap_decode(struct bytes in, struct arena *arena, struct e1ap_pdu *out, struct per_diag *diag);

/* Encodes the message that body (of the struct of that name) holds. False: no room, or not a valid value. */
bool e1ap_encode(enum e1ap_message message, const void *body, struct writer *w);

/* Readable text of a decoded PDU. */
bool e1ap_print(const struct e1ap_pdu *pdu, struct writer *w);

/* The ASN.1 name of the message; never NULL. */
const char *e1ap_message_name(enum e1ap_message message);
