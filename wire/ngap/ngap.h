/*
 * NGAP (TS 38.413): octets of one PDU to and from structs. The structs of the messages and IEs, made
 * from wire/asn1/ngap, are in wire/ngap/ngap_asn1.h (in the build directory) with
 * ngap_decode(), _encode(), _print() and _message_name(); wire/per/per.h describes how
 * ASN.1 becomes C. A transfer container, which the 5GC and the NG-RAN node exchange through the AMF as
 * an OCTET STRING, is decoded and encoded on its own: ngap_value_decode() and ngap_value_encode() with
 * its descriptor, as ngap_pdu_session_resource_setup_request_transfer_type.
 */
#pragma once

#include "wire/ngap/ngap_asn1.h"

enum {
	NGAP_PPID = 60,         /* SCTP payload protocol identifier: TS 38.412 7 */
	NGAP_SCTP_PORT = 38412, /* TS 38.412 7 */
	/* Octets of a PDU: what SCTP takes and gives here (IO_SCTP_MSG_MAX). So the answer to whatever came,
	 * which repeats at most the lists of its request, can be encoded. */
	NGAP_PDU_MAX = 262144,
};

/* One value of a type, as within transfer containers. */
MUST_USE static inline bool ngap_value_decode(
	const struct per_type *type, struct bytes in, struct arena *arena, void *out, struct per_diag *diag)
{
	return per_decode(type, PER_ALIGNED, in, arena, out, diag);
}

MUST_USE static inline bool ngap_value_encode(
	const struct per_type *type, const void *value, struct writer *w)
{
	return per_encode(type, PER_ALIGNED, value, w);
}

/* A value encoded into the arena, to be put into an OCTET STRING; data is NULL when it is not valid or too
 * large. */
struct bytes ngap_value_bytes(const struct per_type *type, const void *value, struct arena *arena);

/* "misc: unknown-PLMN-or-SNPN", as 38.413 9.3.1.2 has the words; of NULL, or of none of ours, "none". */
enum { NGAP_CAUSE_TEXT_SIZE = 96 };
const char *ngap_cause_text(const struct ngap_cause *cause, char text[NGAP_CAUSE_TEXT_SIZE]);

/* The protocol cause that diag calls for (9.3.1.2); false when diag has no fault to report. */
MUST_USE bool ngap_diag_cause(const struct per_diag *diag, struct ngap_cause *cause);

/* Fills Criticality Diagnostics (9.3.1.3) from diag; false when the arena is full. */
MUST_USE bool ngap_diag_fill(
	const struct per_diag *diag, struct arena *arena, struct ngap_criticality_diagnostics *out);

/*
 * ngap_refusal.c: what answers a message in error. diag is the decoder's, or, of a message that is right but
 * cannot be served now (10.4), of ngap_diag_of_pdu().
 */
struct per_diag ngap_diag_of_pdu(const struct ngap_pdu *pdu);
/*
 * False: nobody is informed of the error. Of an ERROR INDICATION there is never a report (10.5), and a faulty
 * response just ends its procedure (10.3.4.2, 10.3.5, 10.3.6).
 */
bool ngap_is_answered(const struct per_diag *diag);
/*
 * What answers it, and in *body its struct, in the arena: the unsuccessful outcome of the request's
 * procedure, or, where it has none or the request does not have all that belongs in it, ERROR INDICATION.
 * NGAP_MSG_NONE: the arena is full.
 */
enum ngap_message ngap_error_answer(const struct ngap_pdu *pdu, const struct per_diag *diag,
	struct ngap_cause cause, struct arena *arena, const void **body);
/*
 * 10.3.4.2, 10.3.5: what was ignored in a request and is to be reported is, in the message that answers it.
 * That message with the report, in the arena; NULL: it does not answer the request, has no room for a report,
 * or the arena is full. Then ERROR INDICATION reports it.
 */
const void *ngap_report(
	enum ngap_message answer, const void *body, const struct per_diag *diag, struct arena *arena);
/* The AP IDs of the message, as far as it was understood; NULL: it has none. */
const uint64_t *ngap_amf_ue_ngap_id(const struct ngap_pdu *pdu, const struct per_diag *diag);
const uint32_t *ngap_ran_ue_ngap_id(const struct ngap_pdu *pdu, const struct per_diag *diag);
