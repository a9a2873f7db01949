/*
 * F1AP (TS 38.473): octets of one PDU to and from structs. The structs of the messages and IEs, made from
 * wire/asn1/f1ap, are in wire/f1ap/f1ap_asn1.h (in the build directory); wire/per/per.h tells how ASN.1
 * becomes C. RRC messages are OCTET STRINGs here: wire/rrc decodes them.
 */
#pragma once

#include "wire/f1ap/f1ap_asn1.h"

enum {
	F1AP_PPID = 62,         /* SCTP payload protocol identifier: TS 38.472 7 */
	F1AP_SCTP_PORT = 38472, /* TS 38.472 7 */
};

struct f1ap_pdu {
	enum per_pdu_kind kind;
	uint8_t procedure_code;           /* enum f1ap_procedure_id */
	enum per_criticality criticality; /* as received */
	enum f1ap_message message;        /* F1AP_MSG_NONE: not understood */
	union f1ap_body u;                /* the member of the message's name; u.any is NULL for NONE */
};

/*
 * Decodes one PDU; out->u and all below are in arena or point into in. True: the message may be
 * processed. False: diag tells what to answer, and out serves only for that (TS 38.473 10).
 */
bool f1ap_decode(struct bytes in, struct arena *arena, struct f1ap_pdu *out, struct per_diag *diag);

/* Encodes the message that body (of the struct of that name) holds. False: no room, or not a valid value. */
bool f1ap_encode(enum f1ap_message message, const void *body, struct writer *w);

/* Readable text of a decoded PDU. */
bool f1ap_print(const struct f1ap_pdu *pdu, struct writer *w);

/* The ASN.1 name of the message; never NULL. */
const char *f1ap_message_name(enum f1ap_message message);
