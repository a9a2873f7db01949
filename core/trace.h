/*
 * One subscriber's signalling: what passes N1, N2, N4 and the bus of service operations is kept in a ring in
 * memory, each message under whom it concerns, and read by its place. Keys are not in it.
 */
#pragma once

#include "base/room.h"
#include "proto/sbi.h"

enum core_trace_limit {
	CORE_TRACE_MIB_MAX = 4096,
	CORE_TRACE_OCTETS_MAX = 32768, /* of a message; longer ones are not kept */
	CORE_TRACE_USERS_MAX = 16,
	CORE_TRACE_LAST_S_MAX = 7 * 86400,
};

enum core_trace_kind { TRACE_N1, TRACE_N2, TRACE_N4, TRACE_SBI };

/* A message as it is given to whoever asks (trace_message.c). Views of the ring, or of the answer. */
struct trace_message {
	uint64_t number, utc_ns;
	uint8_t kind;               /* enum core_trace_kind */
	bool in;                    /* from the UE, gNB or UPF; a request */
	bool lost;                  /* its turn was lost: it did not leave */
	uint8_t consumer, producer; /* enum nf_type, of service operations */
	struct addr peer;           /* gNB or UPF */
	struct bytes title;         /* of service operations: "Nudm_SDM_Get", and in an answer its cause */
	struct bytes octets;        /* N1 as it was on N2; service operations as HTTP/1.1 */
	struct bytes plain;         /* N1 */
};

void trace_message_write(const struct trace_message *m, struct writer *w);
MUST_USE bool trace_message_read(struct cursor *c, struct trace_message *m);
