/*
 * Radio link control (TS 38.322), both ends and both directions of one logical channel. An entity takes SDUs
 * from the layer above, gives PDUs of any size when the MAC has room for them, and takes the peer's PDUs. It
 * has no clock: whoever owns it says what time it is and comes back at rlc_deadline_ns(). Nothing is
 * allocated but out of struct rlc_memory, which has limits; what finds no room there is dropped and counted,
 * and in acknowledged mode sent again by the peer.
 */
#pragma once

#include "radio/sdu.h"

enum rlc_mode { RLC_TM, RLC_UM, RLC_AM };

enum { RLC_NEVER_RETX = 0, RLC_POLL_INFINITE = 0 };

/* RLC-Config of 38.331 6.3.2. A UM entity of one direction only leaves the other's bits at 0. */
struct rlc_config {
	enum rlc_mode mode;
	uint8_t tx_sn_bits, rx_sn_bits; /* UM: 6 or 12; AM: 12 or 18, the same both ways */
	uint32_t t_poll_retransmit_ms;
	uint32_t t_reassembly_ms;
	uint32_t t_status_prohibit_ms;
	uint32_t poll_pdu, poll_byte; /* RLC_POLL_INFINITE: no such poll */
	uint8_t max_retx_threshold;
	uint32_t queue_octets_max; /* of SDUs not sent yet; 0: 16 MiB */
};

/* Shared by the entities of a cell, or of a UE. */
struct rlc_memory {
	struct sdu_pool sdus;
	struct pool holes; /* of what has not come: rlc/reassembly.h */
};

/* The layer above. None of them may end the entity. */
struct rlc_upper {
	void *arg;
	void (*deliver)(void *arg, struct sdu *s);  /* which is its own from here on */
	void (*delivered)(void *arg, uint64_t tag); /* the peer has acknowledged it; AM only, may be NULL */
	void (*max_retx_reached)(void *arg);        /* 5.3.2: radio link failure; AM only, may be NULL */
};

struct rlc_stats {
	uint64_t tx_pdus, tx_octets, retx_pdus, tx_status, tx_expired,
		tx_refused; /* refused: SDUs, for want of room in the queue */
	uint64_t rx_pdus, rx_octets, rx_status, rx_duplicates;
	uint64_t rx_invalid; /* reserved or impossible values (5.6.1) */
	uint64_t rx_refused; /* for want of memory */
	uint64_t rx_lost;    /* UM: SDUs that t-Reassembly or the window gave up */
};

struct rlc;

/* NULL: the configuration is none of 38.331's, or there is no memory. m and what upper names must outlive it.
 */
MUST_USE struct rlc *rlc_new(
	const struct rlc_config *config, const struct rlc_upper *upper, struct rlc_memory *m);
void rlc_free(struct rlc *r);

void rlc_memory_init(struct rlc_memory *m, uint32_t small_max, uint32_t large_max, uint32_t holes_max);
void rlc_memory_fini(struct rlc_memory *m);

/* An SDU to be sent, the entity's from here on. s->tag names it in rlc_discard() and delivered(). False
 * (freed, counted): too much waits already, or it is empty. */
bool rlc_send(struct rlc *r, struct sdu *s);

/* 5.4: an SDU of which nothing was sent. False: there is none with that tag. */
bool rlc_discard(struct rlc *r, uint64_t tag);

/* One PDU of at most room octets, written to out; how long it is, 0 when there is none or none fits. */
MUST_USE size_t rlc_pull(struct rlc *r, uint8_t *out, size_t room, uint64_t now_ns);

/* Octets that the MAC would need to send all that waits, headers and a STATUS PDU included (5.5). */
MUST_USE size_t rlc_data_volume(const struct rlc *r, uint64_t now_ns);

/* A PDU of the peer. */
void rlc_receive(struct rlc *r, struct bytes pdu, uint64_t now_ns);

/* When rlc_run() is due; UINT64_MAX: no timer runs. */
MUST_USE uint64_t rlc_deadline_ns(const struct rlc *r);
void rlc_run(struct rlc *r, uint64_t now_ns);

/* 5.1.2: all is dropped, timers and variables are as in the beginning. */
void rlc_reestablish(struct rlc *r);

MUST_USE struct rlc_stats rlc_stats(const struct rlc *r);
