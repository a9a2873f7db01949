/* Inside radio/rlc: an entity. */
#pragma once

#include "radio/rlc/pdu.h"
#include "radio/rlc/reassembly.h"
#include "radio/rlc/rlc.h"

#define RLC_NEVER UINT64_MAX

enum { RLC_QUEUE_OCTETS = 16 << 20 };

/* The transmitting side; SNs are counted on. Of an SDU on its way some octets were sent, or all. */
struct rlc_transmission {
	struct sdu_queue waiting; /* nothing or a part of the first was sent */
	struct sdu_queue sent;    /* AM: all was sent, no acknowledgement came; ascending SNs */
	struct sdu *pending_first, *pending_last; /* AM: of both queues, to be sent again */
	uint32_t pending_octets, pending_pieces;
	uint32_t next;     /* TX_Next: AM and UM */
	uint32_t next_ack; /* TX_Next_Ack */
	uint32_t poll_sn;
	uint32_t pdu_without_poll, byte_without_poll;
	uint32_t statuses; /* STATUS PDUs received */
	bool poll_due;     /* t-PollRetransmit has expired */
	uint64_t t_poll_retransmit_ns;
};

struct rlc_receiving {
	struct rlc_reception set;
	uint32_t next;                  /* AM: RX_Next, UM: RX_Next_Reassembly */
	uint32_t trigger;               /* RX_Next_Status_Trigger, RX_Timer_Trigger */
	uint32_t highest_status;        /* RX_Highest_Status */
	uint32_t poll_first, poll_last; /* SNs of polls that wait for re-ordering (5.3.4) */
	bool poll_waits, status_due;
	uint64_t t_reassembly_ns, t_status_prohibit_ns;
};

struct rlc {
	struct rlc_config config;
	struct rlc_upper upper;
	struct rlc_memory *memory;
	struct rlc_transmission tx;
	struct rlc_receiving rx;
	struct rlc_stats stats;
};

static inline uint64_t rlc_ms(uint64_t now_ns, uint32_t ms)
{
	return now_ns + (uint64_t)ms * 1000000;
}

static inline uint32_t rlc_window(uint8_t sn_bits)
{
	return 1u << (sn_bits - 1); /* 7.2: half the numbers, of AM and UM */
}

/* am_transmit.c */
MUST_USE size_t rlc_am_pull(struct rlc *r, uint8_t *out, size_t room, uint64_t now_ns);
void rlc_am_poll_expired(struct rlc *r);

/* am_status.c */
MUST_USE size_t rlc_am_status_size(const struct rlc *r, uint64_t now_ns);
MUST_USE size_t rlc_am_status_pull(struct rlc *r, uint8_t *out, size_t room, uint64_t now_ns);

/* am_retransmit.c */
void rlc_am_status_received(struct rlc *r, struct bytes pdu);
/* Octets [from, to) of the SDU are to be sent again; status: number of the STATUS PDU that says so, 0 is
 * none. */
void rlc_am_consider(struct rlc *r, struct sdu *s, uint32_t from, uint32_t to, uint32_t status);
void rlc_am_pending_remove(struct rlc *r, struct sdu *s);
/* The first range to be sent again, of which n octets were sent now. */
void rlc_am_pending_sent(struct rlc *r, struct sdu *s, uint32_t n);

/* am_receive.c */
void rlc_am_receive(struct rlc *r, struct bytes pdu, uint64_t now_ns);
void rlc_am_reassembly_expired(struct rlc *r, uint64_t now_ns);

/* um.c */
MUST_USE size_t rlc_um_pull(struct rlc *r, uint8_t *out, size_t room);
void rlc_um_receive(struct rlc *r, struct bytes pdu, uint64_t now_ns);
void rlc_um_reassembly_expired(struct rlc *r, uint64_t now_ns);

/* SI of octets [from, to) of an SDU of len octets. */
static inline enum rlc_si rlc_si_of(uint32_t from, uint32_t to, uint32_t len)
{
	if (to == len)
		return from == 0 ? RLC_SI_COMPLETE : RLC_SI_LAST;
	return from == 0 ? RLC_SI_FIRST : RLC_SI_MIDDLE;
}
