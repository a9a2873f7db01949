/*
 * A worker: all that one data thread owns. It reads what the control plane publishes, judges packets of its
 * own sessions, hands those of others' over to their owners, and leaves notes for the control plane. It never
 * calls the control plane, and but for the rings and the notes no two threads write the same word.
 */
#pragma once

#include "core/upf/data.h"
#include "core/upf/ring.h"
#include "core/upf/session.h"
#include "core/upf/shaper.h"
#include "core/upf/table.h"

enum { UPF_QFIS = 64 };

/* Of a row: a data network in a slice. */
enum upf_row_stat {
	UPF_ROW_SESSIONS, /* the control plane's */
	UPF_ROW_FLOWS,    /* likewise */
	UPF_ROW_UL_PACKETS,
	UPF_ROW_DL_PACKETS,
	UPF_ROW_UL_OCTETS,
	UPF_ROW_DL_OCTETS,
	UPF_ROW_STAT_COUNT
};

/* A packet on its way to the owner of its session. */
struct upf_handover {
	struct ip peer;
	uint32_t len;
	uint16_t peer_port;
	uint8_t source; /* enum upf_source */
	uint8_t lan;
	uint8_t tos;    /* as in struct upf_packet */
	uint32_t to;    /* likewise */
	uint8_t data[]; /* of config->packet_max */
};

/* What the control plane gives the data path. */
struct upf_plane {
	struct upf_epoch epoch;
	/* Keys: local TEID; UE address; gNB's address and TEID. */
	struct upf_table by_teid, by_ue_ip, by_tunnel;
	struct upf_table n3_peers; /* addresses at which tunnels end now */
	uint64_t route_lengths[3]; /* route.h: bit n: there are some of n bits of 128 */
	struct upf_table by_mac;   /* lan.h: struct upf_mac */
	struct upf_lan *lans[UPF_LANS_MAX];
	const struct upf_config *config;
	uint64_t start_ns;
	uint8_t worker_count;
	struct upf_worker *workers[UPF_WORKERS_MAX];
};

/* A downlink packet that waits. */
struct upf_kept {
	uint32_t len, since_s;
	uint32_t discards; /* of the rules when it came */
	uint32_t to;       /* of a frame, as in the packet */
	uint8_t lan;
	uint16_t queue;         /* of its session */
	uint16_t next, prev;    /* slots, of all sessions, the oldest first */
	uint16_t after, before; /* likewise, of its queue */
	uint8_t data[];
};

/* What waits for a session; first is the next free one where it is of none. */
struct upf_queue {
	uint64_t seid; /* 0: of none */
	uint16_t first, last, count;
	bool to_judge;
	uint16_t next; /* to judge */
};

/* From the control plane: the rules of the session, which had that queue, have changed. */
struct upf_look {
	uint64_t seid;
	uint16_t queue;
};

/* Those of a worker, by slot: in order, free, and leaving with the burst that upf_worker_release gave out. */
struct upf_buffer {
	uint8_t *slots;
	struct upf_queue *queues;
	uint32_t slot_size;
	uint16_t max, session_max, keep_s; /* of the configuration */
	uint16_t count, leaving_count;
	uint16_t oldest, newest;
	uint16_t judge_first, judge_last; /* queues whose rules have changed */
	uint16_t judging;                 /* the next slot of the one taken up */
	uint16_t free, fresh, free_queue, fresh_queue;
	uint16_t leaving[UPF_BURST_MAX];
};

struct upf_worker {
	struct upf_plane *plane;
	struct upf_reader *reader;
	uint8_t index;
	/* Of the burst under way. */
	uint64_t now_q8; /* 2^-8 ns */
	uint32_t now_s;  /* + 1 */
	/* Answers to whoever asks are counted by the second. */
	uint64_t answer_second;
	uint32_t errors_sent, echoes_sent;
	struct ip good_peer;           /* the last one found configured */
	uint32_t handed;               /* bit n: worker n has got packets since upf_worker_handed */
	bool noted;                    /* the control plane has got notes since upf_worker_noted */
	uint32_t take_from;            /* whose ring upf_worker_take reads next */
	uint32_t take_pop;             /* and how many records of the ring read last it still holds */
	uint64_t stat[UPF_STAT_COUNT]; /* those of the data path */
	/* What is forwarded, by data network and slice, and by QFI. */
	uint64_t by_row[UPF_ROWS_MAX][UPF_ROW_STAT_COUNT];
	uint64_t by_qfi[UPF_QFIS][UPF_DIRECTIONS];
	struct upf_shaper shaper;
	struct upf_ring notes;     /* uint64_t, SEIDs */
	struct upf_ring mac_notes; /* struct upf_mac_note */
	struct upf_key mac_noted;  /* the last one, and when */
	uint32_t mac_noted_s;
	struct upf_buffer buffer;
	struct upf_ring looks;                 /* struct upf_look */
	bool looks_lost;                       /* one found no room: all that waits is to be judged */
	bool notes_lost;                       /* one found no room: all sessions are to be looked at */
	struct upf_ring from[UPF_WORKERS_MAX]; /* struct upf_handover */
};

/* NULL when memory is refused. index: of plane->workers. */
struct upf_worker *upf_worker_new(struct upf_plane *plane, uint8_t index);
void upf_worker_free(struct upf_worker *w);

/* The session has something to report; what goes with the event is written. */
void upf_worker_note(struct upf_worker *w, struct upf_session *s, enum upf_event event);
/* Puts a copy of the packet into the owner's ring; dropped and counted when that is full. */
void upf_worker_hand_over(struct upf_worker *w, struct upf_packet *p, uint8_t owner, enum upf_source source);

/* The packet, wherever its parts are, in one piece; max is enough for it. */
static inline void upf_packet_copy(const struct upf_packet *p, uint8_t *to, uint32_t max)
{
	uint32_t here = p->linear < p->len ? p->linear : p->len;

	bytes_copy(to, max, bytes_of(p->data, here));
	if (here < p->len)
		bytes_copy(to + here, max - here, bytes_of(p->rest, p->len - here));
}

static inline void upf_worker_stat(struct upf_worker *w, enum upf_stat stat, uint64_t more)
{
	UPF_WRITE(w->stat[stat], w->stat[stat] + more);
}

/* A packet of a session of that row is forwarded; qfi above 63: it has none. */
static inline void upf_worker_forwarded(
	struct upf_worker *w, uint8_t row, uint8_t qfi, enum upf_direction dir, uint32_t len)
{
	uint64_t *of_row = w->by_row[row], *of_qfi = &w->by_qfi[qfi < UPF_QFIS ? qfi : 0][dir];

	UPF_WRITE(of_row[UPF_ROW_UL_PACKETS + dir], of_row[UPF_ROW_UL_PACKETS + dir] + 1);
	UPF_WRITE(of_row[UPF_ROW_UL_OCTETS + dir], of_row[UPF_ROW_UL_OCTETS + dir] + len);
	UPF_WRITE(*of_qfi, *of_qfi + len);
}

static inline void upf_worker_drop(struct upf_worker *w, struct upf_packet *p, enum upf_stat why)
{
	p->verdict = UPF_DROP;
	upf_worker_stat(w, why, 1);
}

static inline struct upf_kept *upf_kept_at(const struct upf_buffer *b, uint16_t slot)
{
	return (struct upf_kept *)(void *)(b->slots + (size_t)slot * b->slot_size);
}

/* What waits for a session; NULL: nothing. */
static inline struct upf_queue *upf_buffer_queue(const struct upf_buffer *b, const struct upf_session *s)
{
	struct upf_queue *q = s->queue ? &b->queues[s->queue - 1] : NULL;

	return q && q->seid == s->seid ? q : NULL;
}

/* buffer.c */
bool upf_buffer_init(struct upf_buffer *b, const struct upf_config *c);
void upf_buffer_fini(struct upf_buffer *b);
/* Puts a copy of the packet into a worker's ring; false: no room. */
bool upf_worker_copy(struct upf_worker *w, const struct upf_packet *p, uint8_t owner, enum upf_source source);
/* The packet waits for its session s, whose rules are r, by the BAR (NULL: none); dropped and counted where
 * it may not. */
void upf_buffer_put(struct upf_worker *w, struct upf_packet *p, struct upf_session *s,
	const struct upf_rules *r, const struct upf_bar *bar);
/* Takes a packet out; its slot is the caller's. */
void upf_buffer_take(struct upf_buffer *b, uint16_t slot);
/* Slots given out are free again. */
void upf_buffer_reclaim(struct upf_buffer *b);
/* The session's packets are to be judged again; and the next slot of all such, false: none. */
void upf_buffer_judge(struct upf_buffer *b, const struct upf_session *s);
bool upf_buffer_next(struct upf_worker *w, uint16_t *slot);
/* The control plane, when it has changed the session's rules: what waits is judged again. False: nothing
 * does. */
bool upf_worker_look(struct upf_worker *w, const struct upf_session *s);
/* data.c: judges a packet from N6 again. */
void upf_worker_again(struct upf_worker *w, struct upf_packet *p);

/* hold.c: a packet whose FAR does not forward. */
void upf_hold(struct upf_worker *w, struct upf_packet *p, struct upf_session *s, const struct upf_rules *r,
	const struct upf_pdr *pdr, const struct upf_flow *flow, enum upf_direction dir);

/* congestion.c: an uplink packet whose tunnel header says that it has met some. */
bool upf_take_congestion(struct upf_packet *p, struct upf_flow *flow);

/* n6_tunnel.c: what an unstructured session carries, on its way to the far end. */
void upf_n6_tunnel_uplink(struct upf_worker *w, struct upf_packet *p, const struct upf_rules *r,
	uint32_t teid, const struct gtpu_header *h);
/* A packet of N6 is narrowed to what it carries; false: it is no sound datagram to the session. */
bool upf_n6_tunnel_open(struct upf_packet *p, const struct upf_rules *r, const struct upf_flow *flow);
/* As it came: it is to wait. */
static inline void upf_packet_whole(struct upf_packet *p)
{
	p->data -= p->outer;
	p->len += p->outer;
	p->linear += p->outer;
	p->outer = 0;
}

/* forward.c: whether the packet, of at least 8 octets, came in a tunnel that leads to another gNB. */
bool upf_is_forwarding_tunnel(const struct upf_packet *p);
/* What comes in such a tunnel goes there; false: it is no such. */
bool upf_forward(
	struct upf_worker *w, struct upf_packet *p, const struct upf_rules *r, const struct gtpu_header *h);

/* gtpu.c: a message that is no G-PDU; the packet becomes the answer, if any. */
void upf_gtpu_signalling(struct upf_worker *w, struct upf_packet *p, const struct gtpu_header *h);
void upf_gtpu_not_comprehended(struct upf_worker *w, struct upf_packet *p, const struct gtpu_header *h);
void upf_gtpu_error_indication(struct upf_worker *w, struct upf_packet *p, uint32_t teid);
