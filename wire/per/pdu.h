/*
 * The outermost layer of NGAP, F1AP and E1AP, which is the same: a PDU is one of three kinds with a
 * procedure code, a criticality and a message (TS 38.413 9.4.3). The protocols' own headers
 * (wire/ngap/ngap.h and its like) give it their types.
 */
#pragma once

#include "wire/per/per.h"

enum per_pdu_kind {
	PER_INITIATING,
	PER_SUCCESSFUL,
	PER_UNSUCCESSFUL,
};

/* One elementary procedure; messages by enum per_pdu_kind, 0 where the procedure has none. */
struct per_procedure {
	uint8_t code;
	uint8_t criticality; /* enum per_criticality */
	uint16_t messages[3];
};

struct per_message {
	const struct per_type *type;
	const char *name;
	uint16_t procedure; /* index into procedures */
	uint8_t kind;       /* enum per_pdu_kind */
};

/* What tools/asn1c.py writes for a protocol; procedures in order of code, messages[0] is none. */
struct per_pdu_table {
	const struct per_procedure *procedures;
	size_t procedure_count;
	const struct per_message *messages;
	size_t message_count;
	bool extensible; /* the CHOICE of kinds has an extension marker; F1AP's has a fourth alternative
			    instead */
};

struct per_pdu {
	enum per_pdu_kind kind;
	uint8_t procedure_code;
	uint8_t criticality; /* enum per_criticality, as received */
	uint16_t message;    /* 0: not understood */
	void *body;          /* the message's struct, in the arena; NULL if not understood */
};

/* As per_decode; diag also has the procedure, if that much was understood. */
MUST_USE bool per_pdu_decode(const struct per_pdu_table *table, struct bytes in, struct arena *arena,
	struct per_pdu *out, struct per_diag *diag);

/* Kind, procedure code and criticality follow from the message. */
MUST_USE bool per_pdu_encode(
	const struct per_pdu_table *table, uint16_t message, const void *body, struct writer *w);

/* "InitialUEMessage"; never NULL. */
const char *per_pdu_name(const struct per_pdu_table *table, uint16_t message);

void per_pdu_print(const struct per_pdu_table *table, const struct per_pdu *pdu, struct printer *p);
