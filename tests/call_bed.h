/* A whole network in one process: core, gNB and UEs, their real rooms, over queues and a virtual clock. */
#pragma once

#include "base/test_env.h"

#include "base/commit.h"
#include "base/store_mem.h"
#include "base/list.h"
#include "core/core.h"
#include "gnb/gnb.h"
#include "ue/ue.h"

enum { BED_NODES = 4, BED_GNB_PORT = 38412, BED_AIR_PORT = 4997, BED_N3_PORT = 2152 };

enum bed_node_id { NODE_CORE, NODE_GNB, NODE_UES, NODE_UPF };

struct call_bed;
struct queue;

struct bed_node {
	struct test_env t;
	struct turn turn;
	struct call_bed *bed;
	struct room room;
	struct addr addr;
	const char *name;
};

struct call_bed {
	uint64_t now_ns;
	struct bed_node node[BED_NODES];
	struct core *core;
	struct gnb *gnb;
	struct ue_host *ues;
	struct core_config core_config;
	struct gnb_config gnb_config;
	struct ue_profile profile;
	struct recording *recording; /* of the core, when set before call_start */
	unsigned inside;             /* while a node's room runs: 1 more than enum bed_node_id */
	bool measured;               /* cpu_ns counts what each node's handlers take */
	uint64_t cpu_ns[BED_NODES];
	uint64_t assoc; /* of N2; 0: down */
	uint64_t next_assoc;
	struct queue *leaving;
	uint32_t turns_lost; /* of all nodes */
	void (*before_commit)(
		struct call_bed *b); /* at the end of each turn, before all commit; NULL: none */
	char control[65536];         /* the core's last answer to its operator */
	size_t control_len;
	uint32_t control_uid; /* who the operator is */
	bool n2_refused;      /* associations do not come up */
	uint32_t air_ue;      /* index of the last message of a UE */
	uint32_t air_lost;    /* the n-th air message from now is lost; 0: none */
	uint32_t delivered, n3_packets, n4_packets, tun_packets;
	/* The last user packet on N3 and TUN. */
	uint8_t n3[2048], tun[2048];
	size_t n3_len, tun_len;
	struct addr n3_to;
	/* events of UEs */
	uint32_t event_count;
	uint32_t events[16]; /* by enum ue_event */
	uint8_t last_cause;
	char last_text[160];
	/* a scripted UPF; see call_upf.c */
	bool upf_on, upf_forwards;
	uint32_t upf_sessions, upf_next;
	uint32_t upf_ul_teid, upf_dl_teid, upf_dl_ip;
	uint64_t upf_cp_seid;
	/* its last answer about a session, for a request that is repeated */
	uint32_t upf_answered;
	uint8_t upf_answer[1024];
	size_t upf_answer_len;
	/* damage: every n-th message has one bit flipped; 0: none */
	uint32_t damage_every, damage_next;
};

/*
 * Made and torn down by cmocka; nothing is started yet: a test may change the configurations, then
 * call_start().
 */
int call_setup(void **state);
int call_teardown(void **state);

/* What call_setup begins with. */
void call_configure_core(struct call_bed *b);
void call_configure_ran(struct call_bed *b);

void call_start(struct call_bed *b);

/* Subscriber n (1 to 999), and its UE. */
/* As a request at the control port. */
void call_subscriber_line(unsigned n, struct writer *w);
void call_subscribe(struct call_bed *b, unsigned n);
struct ue *call_ue(struct call_bed *b, unsigned n);

/* Everything that can happen without time passing; then ms go by. */
/* One turn of each room. */
bool call_exchange(struct call_bed *b);
void call_run(struct call_bed *b);
/* An operator's request in the present turn of the core. */
void call_control(struct call_bed *b, const char *request);
/* The core dies, and a new one starts over what was committed. */
void call_core_restart(struct call_bed *b);
void call_pass(struct call_bed *b, uint32_t ms);

/* A datagram of the SMF for the UPF. */
void call_upf_receive(struct call_bed *b, const struct msg *m);
/* A message for a node, as if of the network. */
void call_deliver(struct call_bed *b, enum bed_node_id to, const struct msg *m);

uint64_t call_gnb_stat(struct call_bed *b, enum gnb_stat s);
uint64_t call_amf_stat(struct call_bed *b, enum amf_stat s);
struct ue_state call_state(const struct ue *ue);

static const uint8_t call_k[16] = { 0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f, 0xaa, 0x5f, 0x0a, 0x2e,
	0xe2, 0x38, 0xa6, 0xbc };
static const uint8_t call_op[16] = { 0xcd, 0xc2, 0x02, 0xd5, 0x12, 0x3e, 0x20, 0xf6, 0x2b, 0x6d, 0x67, 0x6a,
	0xc7, 0x2c, 0xb3, 0x18 };
