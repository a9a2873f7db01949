/*
 * Packet data convergence (TS 38.323): one radio bearer, both directions, at either end of the air. An entity
 * numbers, protects and ciphers SDUs on their way down, and checks, deciphers and puts in order what comes
 * up. It has no clock: whoever owns it says what time it is and comes back at pdcp_deadline_ns(). Header
 * compression is not offered.
 */
#pragma once

#include "crypto/burst.h"
#include "radio/sdu.h"

#define PDCP_INFINITY UINT32_MAX /* of a timer: it never expires */

enum pdcp_bearer { PDCP_SRB, PDCP_UM_DRB, PDCP_AM_DRB };

/* PDCP-Config of 38.331 6.3.2. */
struct pdcp_config {
	enum pdcp_bearer bearer;
	uint8_t rb_id;                  /* srb-Identity or drb-Identity, 1 to 32 */
	uint8_t tx_direction;           /* 33.501 D.2.1.1: 0 at the UE (uplink), 1 at the gNB */
	uint8_t tx_sn_bits, rx_sn_bits; /* 12, or 18 for DRBs */
	bool integrity;                 /* DRBs: MAC-I is there. SRBs always have it */
	bool ciphering_disabled;        /* DRBs: whatever the algorithm is (cipheringDisabled) */
	bool tx_sdap, rx_sdap;          /* an SDAP header, which is not ciphered, stands before the data */
	bool out_of_order_delivery, status_report_required;
	uint32_t discard_ms;    /* discardTimer, PDCP_INFINITY */
	uint32_t reordering_ms; /* t-Reordering, PDCP_INFINITY */
	uint32_t waiting_max;   /* SDUs that may wait for those before them; 0: 4,096 */
	uint32_t kept_max;      /* AM DRBs: SDUs kept until the peer has them; 0: 4,096 */
};

struct pdcp_security {
	enum nea_alg ea;
	enum nia_alg ia;
	uint8_t k_enc[16], k_int[16]; /* K_RRCenc and K_RRCint, or K_UPenc and K_UPint */
};

/* What of it is in use (38.331 5.3.4.3 turns them on one after the other). */
enum {
	PDCP_TX_INTEGRITY = 1,
	PDCP_TX_CIPHERING = 2,
	PDCP_RX_INTEGRITY = 4,
	PDCP_RX_CIPHERING = 8,
	PDCP_ALL_SECURITY = 15
};

/* The layers above and below. None of them may end the entity. */
struct pdcp_neighbours {
	void *arg;
	void (*submit)(void *arg, struct sdu *pdu); /* down; its tag is the COUNT, or PDCP_CONTROL_TAG */
	void (*discard)(void *arg, uint64_t tag);   /* down: what has not been sent of it need not be (5.3) */
	void (*deliver)(void *arg, struct sdu *sdu); /* up */
	void (*integrity_failure)(void *arg);        /* up (5.2.2.1); may be NULL */
};

#define PDCP_CONTROL_TAG UINT64_MAX

struct pdcp_stats {
	uint64_t tx_sdus, tx_octets, tx_discarded, tx_refused; /* refused: no number or memory is left */
	uint64_t rx_pdus, rx_octets, rx_duplicates, rx_invalid, rx_integrity_failures;
	uint64_t rx_refused; /* no memory */
	uint64_t rx_lost;    /* given up by t-Reordering */
	uint64_t reordered;  /* t-Reordering expired so often */
};

struct pdcp;

/* NULL: the configuration is none of 38.331's, or there is no memory. The pool, the engine and what n names
 * must outlive it. */
MUST_USE struct pdcp *pdcp_new(const struct pdcp_config *config, const struct pdcp_neighbours *n,
	struct sdu_pool *pool, struct burst *engine);

/* 5.1.3: what waits of a DRB is delivered. */
void pdcp_free(struct pdcp *p);

/* From the next PDU on, in the directions that are named; the others stay as they are. False: no such
 * algorithm. */
MUST_USE bool pdcp_secure(struct pdcp *p, const struct pdcp_security *s, unsigned what);

/*
 * 5.9, note 1: whether an SDU, as it was delivered on an SRB without integrity protection, would have been
 * verified with s. For the message that turns it on, whatever else was delivered along with it.
 */
MUST_USE bool pdcp_verify(const struct pdcp *p, const struct pdcp_security *s, const struct sdu *sdu);

/* A bearer and a packet for it. All bearers of a burst have one engine. */
struct pdcp_unit {
	struct pdcp *p;
	struct sdu *s; /* the entity's from here on */
};

/* SDUs of the layer above, with their SDAP headers where there are such; at most BURST_MAX. How many were
 * taken: the others are freed, and counted. */
size_t pdcp_send_burst(struct pdcp_unit *units, size_t n, uint64_t now_ns);

static inline bool pdcp_send(struct pdcp *p, struct sdu *s, uint64_t now_ns)
{
	return pdcp_send_burst(&(struct pdcp_unit){ p, s }, 1, now_ns) == 1;
}

/* The peer's RLC has the PDU of that tag. */
void pdcp_delivered(struct pdcp *p, uint64_t tag);

/* PDUs of the layer below, at most BURST_MAX. */
void pdcp_receive_burst(struct pdcp_unit *units, size_t n, uint64_t now_ns);

static inline void pdcp_receive(struct pdcp *p, struct sdu *pdu, uint64_t now_ns)
{
	pdcp_receive_burst(&(struct pdcp_unit){ p, pdu }, 1, now_ns);
}

/* When pdcp_run() is due; UINT64_MAX: no timer runs. */
MUST_USE uint64_t pdcp_deadline_ns(const struct pdcp *p);
void pdcp_run(struct pdcp *p, uint64_t now_ns);

/*
 * 5.1.2: the keys are new, in all directions that s is for. Of an AM DRB what the peer has not got is sent
 * again with the numbers it had, behind a status report if that is asked for; COUNTs of SRBs and UM DRBs
 * begin again.
 */
MUST_USE bool pdcp_reestablish(struct pdcp *p, const struct pdcp_security *s, unsigned what, uint64_t now_ns);

/* 5.5: of an AM DRB what the peer has not got is sent once more, with the same keys. */
void pdcp_recover(struct pdcp *p);

/* COUNTs of the next SDU each way (TX_NEXT, RX_DELIV): for status transfers (38.413 8.4.6) and for a key
 * change in time. RX_NEXT: behind all that came, missing ones or not (7.1). */
MUST_USE uint32_t pdcp_tx_next(const struct pdcp *p);
MUST_USE uint32_t pdcp_rx_next(const struct pdcp *p);
MUST_USE uint32_t pdcp_rx_deliv(const struct pdcp *p);
/* Takes up the numbers of another entity, before anything was sent or came. */
void pdcp_continue(struct pdcp *p, uint32_t tx_next, uint32_t rx_next, uint32_t rx_deliv);

MUST_USE struct pdcp_stats pdcp_stats(const struct pdcp *p);
