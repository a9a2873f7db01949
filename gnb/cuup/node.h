/*
 * A gNB-CU-UP as a whole (TS 38.401): the bearer contexts of UEs, ordered by a gNB-CU-CP over E1AP (37.483),
 * between N3 towards UPFs and F1-U towards gNB-DUs (29.281, 38.425); PDCP and SDAP are cuup.h's. E1AP PDUs
 * and GTP-U datagrams come in and go out as octets; it has no socket and no clock of its own.
 */
#pragma once

#include "base/addr.h"
#include "base/env.h"
#include "wire/id.h"

struct cuup_node_config {
	struct env *env;
	uint64_t id; /* gNB-CU-UP ID, 36 bits */
	const char *name;
	const struct plmn *plmns; /* supported, each with all slices */
	size_t plmn_count;
	const struct snssai *slices; /* none: any */
	size_t slice_count;
	uint8_t capacity;       /* beside other CU-UPs: gNB-CU-UP Capacity */
	uint32_t contexts_max;  /* UEs */
	struct addr n3, f1u;    /* where peers send to */
	uint32_t usage_every_s; /* DATA USAGE REPORT; 0: none */
	void *arg;
	/* None of them may call back at once. */
	void (*e1ap_send)(void *arg, struct bytes pdu);
	void (*n3_send)(void *arg, const struct addr *to, struct bytes datagram);
	void (*f1u_send)(void *arg, const struct addr *to, struct bytes datagram);
	/* The CU-CP has agreed to cuup_node_release(): the association may end. NULL: nobody wants to know.
	 */
	void (*e1_released)(void *arg);
};

struct cuup_node_stats {
	uint64_t e1ap_faults;      /* clause 10 of 37.483 */
	uint64_t not_comprehended; /* of no message expected */
	uint64_t unknown_ue, refused, setup_failures;
	uint64_t ul_packets, ul_octets, ul_dropped, dl_packets, dl_octets;
	uint64_t dl_dropped; /* no DRB, or the buffer is full or too old */
	uint64_t foreign;    /* of a tunnel of ours, and not from its other end */
	uint64_t held;       /* waited for the DU's window */
	uint64_t f1u_lost;   /* NR-U sequence numbers that the DU misses */
	uint64_t f1u_malformed;
	uint64_t n3_errors, f1u_errors; /* Error Indications of tunnels in use */
};

struct cuup_node;

/* NULL: no memory. What the configuration names must outlive it. */
MUST_USE struct cuup_node *cuup_node_new(const struct cuup_node_config *config);
void cuup_node_free(struct cuup_node *n);

/* The association is up: GNB-CU-UP E1 SETUP, repeated until it is accepted. Gone: no context is left. */
void cuup_node_begin(struct cuup_node *n);
void cuup_node_lost(struct cuup_node *n);
void cuup_node_e1ap_received(struct cuup_node *n, struct bytes pdu);
void cuup_node_n3_received(struct cuup_node *n, const struct addr *from, struct bytes datagram);
void cuup_node_f1u_received(struct cuup_node *n, const struct addr *from, struct bytes datagram);

/* 8.2.5: the CU-CP learns of it, which changes nothing for contexts there are. */
void cuup_node_set_capacity(struct cuup_node *n, uint8_t capacity);
/* 8.2.1: all contexts are gone, at both ends. 8.2.7: the interface ends. */
void cuup_node_reset(struct cuup_node *n);
void cuup_node_release(struct cuup_node *n);

MUST_USE bool cuup_node_is_up(const struct cuup_node *n);
MUST_USE uint32_t cuup_node_contexts(const struct cuup_node *n);
/* The CU-CP was told (8.2.8) to bring no further UEs. */
MUST_USE bool cuup_node_is_overloaded(const struct cuup_node *n);
MUST_USE struct cuup_node_stats cuup_node_stats(const struct cuup_node *n);

/* When it is due at the latest; every few milliseconds while user data passes, since PDCP has timers. */
MUST_USE uint64_t cuup_node_deadline_ns(const struct cuup_node *n);
void cuup_node_run(struct cuup_node *n);
