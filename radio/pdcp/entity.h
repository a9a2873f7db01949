/* Inside radio/pdcp: an entity. */
#pragma once

#include "base/cursor.h"
#include "radio/pdcp/pdcp.h"

#define PDCP_NEVER UINT64_MAX

enum { PDCP_MAC_I = NIA_MAC_LEN, PDCP_HEADER_MAX = 3 };

/* Keys and algorithms of one direction. */
struct pdcp_protection {
	bool integrity, ciphering;
	struct burst_keys keys;
};

struct pdcp_transmission {
	uint32_t next; /* TX_NEXT */
	struct pdcp_protection protection;
	struct sdu_queue kept; /* AM DRBs: what the peer has not acknowledged, in plain; tags are COUNTs */
};

struct pdcp_receiving {
	uint32_t next, deliv, reord;
	struct pdcp_protection protection;
	struct sdu_queue waiting; /* for those before them, in the order of COUNTs, which are their tags */
	uint64_t t_reordering_ns;
};

struct pdcp {
	struct pdcp_config config;
	struct pdcp_neighbours n;
	struct sdu_pool *pool;
	struct burst *engine;
	struct pdcp_transmission tx;
	struct pdcp_receiving rx;
	struct pdcp_stats stats;
};

static inline bool pdcp_has_mac(const struct pdcp *p)
{
	return p->config.bearer == PDCP_SRB || p->config.integrity;
}

static inline size_t pdcp_header_size(uint8_t sn_bits)
{
	return sn_bits == 12 ? 2 : 3;
}

/* A PDU of a burst. */
struct pdcp_pdu {
	struct pdcp *p;
	struct sdu *s;
	uint32_t count;
	bool good; /* of those that come: long enough, and verified where that is due */
};

/* protection.c: header and MAC-I around SDUs, ciphered. There is room for both in an SDU of sdu_new(). */
void pdcp_protect(struct pdcp_pdu *pdus, size_t n);
/* Takes header and MAC-I off PDUs, deciphered; says which were good, and counts the others. */
void pdcp_check(struct pdcp_pdu *pdus, size_t n);

/* status.c */
void pdcp_status_send(struct pdcp *p);
void pdcp_control_receive(struct pdcp *p, struct bytes pdu);

/* transmit.c: an SDU that was kept is gone. */
void pdcp_kept_drop(struct pdcp *p, struct sdu *s);
void pdcp_kept_resend(struct pdcp *p);
void pdcp_discard_due(struct pdcp *p, uint64_t now_ns);

/* receive.c */
void pdcp_deliver_all(struct pdcp *p);
void pdcp_reordering_expired(struct pdcp *p, uint64_t now_ns);
