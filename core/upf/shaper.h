/*
 * Packets above a maximum bit rate wait: a policer alone cannot keep a second within the rate and let TCP
 * have it, as the bucket it may have is shorter than a round trip. What waits stands in a backlog of its
 * meter and direction, by flows that take turns (deficit round robin), bounded in time at the rate; what
 * finds no room costs the longest flow its oldest packet. Rules are applied when a packet leaves, not when it
 * comes. All of it is the owner worker's; nothing in it points at what the control plane may take away.
 */
#pragma once

#include "base/list.h"
#include "base/pool.h"
#include "base/timers.h"
#include "core/upf/data.h"
#include "core/upf/rules.h"
#include "core/upf/table.h"

enum {
	UPF_BACKLOG_FLOWS = 32,
	UPF_BACKLOG_QUANTUM = 1514,
	UPF_WAIT = UPF_TO_N3 + 1, /* a verdict of the data path's own: it stays where it is */
};

struct upf_waiting {
	struct upf_waiting *next;
	uint32_t len;
	uint8_t qfi;    /* as in struct upf_packet */
	bool from_ue;   /* likewise */
	uint8_t data[]; /* of config->packet_max */
};

struct upf_backlog_flow {
	struct upf_waiting *first, *last;
	uint32_t octets, credit;
};

struct upf_backlog {
	struct timer timer;
	struct link due; /* of the shaper, while its time has come */
	/* Whose: looked up each time. */
	struct upf_key key;
	uint64_t seid;
	enum upf_direction dir;
	uint8_t lan; /* downlink of Ethernet, found by TEID */
	uint32_t octets, count;
	uint32_t turn; /* the flow that is next */
	struct upf_backlog_flow flows[UPF_BACKLOG_FLOWS];
};

struct upf_shaper {
	struct timers timers;
	struct link due;
	struct pool backlogs, packets;
	struct upf_waiting *spent; /* given out by the last upf_worker_due */
	uint64_t ready_ns;         /* when the packet that got UPF_WAIT last may pass */
};

struct upf_worker;

void upf_shaper_init(struct upf_shaper *s, const struct upf_config *config, uint8_t workers);
void upf_shaper_fini(struct upf_shaper *s);

/* A packet that a QER of the PDR does not let pass now: it waits, or does not, and is dropped and counted. */
void upf_shape(struct upf_worker *w, struct upf_packet *p, const struct upf_rules *r,
	const struct upf_pdr *pdr, enum upf_direction dir, const struct upf_flow *flow);

/* What waits is in turn: the first, which is given out (reclaimed later), waits on, or is dropped for room.
 */
struct upf_waiting *upf_backlog_first(struct upf_backlog *b);
void upf_backlog_give(struct upf_shaper *s, struct upf_backlog *b);
void upf_backlog_wait(struct upf_shaper *s, struct upf_backlog *b);
/* The longest flow loses its oldest packet. */
void upf_backlog_drop(struct upf_worker *w, struct upf_backlog *b);
/* Nothing waits in it any more; r: of its session, NULL when that has gone. */
void upf_backlog_end(struct upf_worker *w, const struct upf_rules *r, struct upf_backlog *b);

/* A backlog whose time has come, NULL: none. */
struct upf_backlog *upf_shaper_due(struct upf_shaper *s, uint64_t now_ns);
/* Takes back the packets given out. */
void upf_shaper_reclaim(struct upf_shaper *s);

/* data.c: judges a packet that has waited. */
void upf_judge_waiting(struct upf_worker *w, struct upf_packet *p, enum upf_direction dir, uint32_t teid);
