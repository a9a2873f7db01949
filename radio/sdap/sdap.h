/*
 * Service data adaptation (TS 37.324): the flows of one PDU session and the DRBs that carry them, at either
 * end of the air.
 */
#pragma once

#include "radio/sdu.h"

enum { SDAP_QFIS = 64, SDAP_DRBS = 33 /* 1 to 32 */, SDAP_NO_DRB = 0 };

struct sdap_neighbours {
	void *arg;
	void (*submit)(void *arg, uint8_t drb, struct sdu *pdu); /* down; its own from there on */
	void (*deliver)(void *arg, uint8_t qfi,
		struct sdu *sdu); /* up; qfi 0: the DRB has no header, and several flows */
	void (*reflective_qos)(
		void *arg, uint8_t qfi, struct bytes packet); /* the UE's NAS: RQI was 1 (5.4); may be NULL */
	void (*flow_ended)(
		void *arg, uint8_t qfi, uint8_t drb); /* the gNB: an end marker came (5.3); may be NULL */
};

struct sdap_stats {
	uint64_t tx, rx, end_markers;
	uint64_t rx_invalid; /* a DRB that is not there, an empty PDU, a control PDU that the gNB would not
				send */
	uint64_t unmapped;   /* to be sent, and neither a rule nor a default DRB */
};

struct sdap_drb {
	bool there, tx_header, rx_header;
};

struct sdap {
	bool is_ue;
	uint8_t default_drb;       /* or SDAP_NO_DRB */
	uint8_t drb_of[SDAP_QFIS]; /* rules, of what is sent; SDAP_NO_DRB: none */
	struct sdap_drb drbs[SDAP_DRBS];
	struct sdap_neighbours n;
	struct sdu_pool *pool;
	struct sdap_stats stats;
};

void sdap_init(struct sdap *s, bool is_ue, const struct sdap_neighbours *n, struct sdu_pool *pool);

/* RRC adds or changes a DRB. False: no DRB identity. */
MUST_USE bool sdap_drb_set(struct sdap *s, uint8_t drb, bool tx_header, bool rx_header, bool is_default);

/* 5.3.3: and all rules for it. */
void sdap_drb_release(struct sdap *s, uint8_t drb);

/* 5.3.1: RRC gives a flow a DRB, or with SDAP_NO_DRB takes its rule away. The UE says on the old DRB that
 * nothing follows there. */
MUST_USE bool sdap_map(struct sdap *s, uint8_t qfi, uint8_t drb);

/* A packet of a flow; the entity's from here on. The gNB's indications stand in the header, if there is one.
 */
void sdap_send(struct sdap *s, uint8_t qfi, struct sdu *sdu, bool reflective_mapping, bool reflective_qos);

/* A PDU of a DRB; the entity's from here on. */
void sdap_receive(struct sdap *s, uint8_t drb, struct sdu *pdu);
