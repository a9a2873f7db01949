/*
 * A scenario: a script over all rooms in virtual time. script.c reads it, network.c makes the rooms it names,
 * life.c runs, kills and starts them, links.c watches and loses messages, command.c and expect.c are the
 * words of the language (README.md), play.c plays it.
 */
#pragma once

#include <stdio.h>

#include "core/core.h"
#include "core/upf/upf.h"
#include "gnb/gnb.h"
#include "sim/crowd.h"
#include "sim/sim.h"
#include "ue/ue.h"

#define SCN_UPF_NAME "upf-1"

enum scn_limit {
	SCN_GNBS_MAX = 8,
	SCN_UES_MAX = 64,
	SCN_LINES_MAX = 400,
	SCN_LINE_MAX = 256,
	SCN_WORDS_MAX = 32,
	SCN_DROPS_MAX = 16,
	SCN_LOG_LINES = 300, /* kept for a failure */
	SCN_LOG_WIDTH = 220,
	SCN_EVENTS = UE_EVENT_COUNT,
	SCN_PACKET_MAX = 2048,
	SCN_MEDIUM_KEYS = 160,
	SCN_FLOW_WORDS_MAX = 1024,
};

struct scn_script {
	const char *path;
	size_t count;
	struct scn_line {
		unsigned number;
		char text[SCN_LINE_MAX];
	} lines[SCN_LINES_MAX];
};

/* How one run differs from the script as written. */
struct scn_variant {
	uint64_t seed; /* 0: the script's */
	uint32_t lose_nth,
		lose_too;  /* of the messages after `sweep loss`, or blocks after `sweep blocks`; 0: none */
	uint32_t kill_nth; /* of the node's turns after `sweep kill`; 0: none */
	bool kill_after;
	uint32_t meanwhile_nth; /* of the messages after `meanwhile`: its command begins there; 0: not at all
				 */
	bool sbi_wire;          /* the core's functions meet as HTTP messages */
	uint32_t crowd_size;    /* of the crowd, in place of the script's; 0: as it has it */
	bool mac;               /* `radio mac`, whatever the script says of the radio */
};

/* The ways of the network. */
enum scn_way {
	WAY_AIR_UP,
	WAY_AIR_DOWN,
	WAY_NGAP_UP,
	WAY_NGAP_DOWN,
	WAY_PFCP_UP,
	WAY_PFCP_DOWN,
	WAY_GTP_UP,
	WAY_GTP_DOWN,
	WAY_XNAP,
	WAY_GTP_SMF, /* of the SMF to UEs */
	WAY_COUNT
};

/* The next `count` messages of a way and a name are lost. */
struct scn_drop {
	uint32_t ways, count; /* ways: bits by enum scn_way */
	char name[48];        /* empty: any */
};

struct scn_gnb {
	struct gnb_config config;
	struct addr n2, air, xn;
	char name[16];
	struct sim_node *node;
	struct gnb *gnb;                      /* NULL while dead */
	uint64_t assoc;                       /* its present N2 association */
	struct sim_node *du_node, *cuup_node; /* of the radio by samples */
	struct du_room *du;
	struct cuup_room *cuup; /* NULL while dead */
	uint16_t cell_ues;      /* that its DU's cell takes; 0: as many as it does by itself */
	struct scn *scn;
	struct l1_air *l1; /* of `radio mac` */
	struct sim_node *l1_node;
	bool indirect; /* its neighbours cannot reach its user plane */
	bool no_xn;
};

struct scn_ue {
	struct ue *ue;
	struct sim_node *node; /* where it lives */
	struct l1_air *l1;     /* that it is in */
	struct ue_host *host;  /* its own, of the radio by samples; NULL: s->host, as all others */
	char name[16];
	struct ue_profile profile;
	uint8_t cause; /* of the last failure or end */
	uint32_t events[SCN_EVENTS];
	uint32_t packets; /* received */
	uint8_t last[SCN_PACKET_MAX];
	size_t last_len;
	uint32_t frame; /* number of the last Ethernet frame that came */
};

struct scn {
	const struct scn_script *script;
	struct scn_variant variant;
	const struct scn_line *line;                                /* being run */
	bool (*command)(struct scn *s, char **words, size_t count); /* for a word that runs others */
	struct sim *sim;
	struct sim_node *core_node, *upf_node, *ue_node, *crowd_node;
	struct core_config core_config;
	struct addr n2[CORE_AMFS_MAX]; /* of the AMFs */
	struct upf_config upf_config;
	struct core *core; /* NULL while dead, likewise below */
	struct upf *upf;
	char application[APP_SESSION_ID_SIZE]; /* that an application got last; empty: none */
	struct ue_host *host;
	uint8_t samples_mhz; /* the radio goes by samples, over a carrier so wide; 0: by messages */
	char medium_keys[SCN_MEDIUM_KEYS]; /* of each UE's channel; empty: a wire */
	struct medium *medium;
	struct sim_node *medium_node;
	bool tdd; /* that carrier is of an unpaired band */
	bool mac; /* a model of the physical layer in place of samples */
	struct crowd *crowd;
	struct scn_gnb gnbs[SCN_GNBS_MAX + 1]; /* by the script's number */
	struct scn_ue ues[SCN_UES_MAX + 1];
	struct ue_cell cells[SCN_GNBS_MAX]; /* on the air */
	size_t cell_count;
	struct scn_drop drops[SCN_DROPS_MAX];
	/* sweeps */
	bool sweep_loss, sweep_losses, sweep_blocks;
	uint64_t blocks_before;           /* of the air, when their sweep began */
	struct sim_node *sweep_kill;      /* who is to be killed; NULL: nobody */
	const struct scn_line *meanwhile; /* NULL: none */
	bool meanwhile_begun;
	bool sweep_over; /* `sweep ends` */
	uint32_t messages, commits_before, commits;
	char lost[160];
	/* towards the data network */
	bool n6_waiting, n6_silent;
	uint8_t n6[SCN_PACKET_MAX];
	size_t n6_len;
	uint32_t n6_packets;
	uint32_t host_frame, frames;     /* of the LAN: as scn_ue.frame; sent so far */
	size_t memory;                   /* that was noted */
	struct scn_datagrams *datagrams; /* of the crowd; NULL: none yet */
	/* kills of the core between two turns */
	bool kept;
	uint32_t kept_registered;
	struct supi withdrawn; /* whom the operator removed: the core need not have it any more */
	char defect[200];      /* what no script may forgive; empty: none */
	char error[600];       /* empty: all is well */
	char seen[300];        /* what an expectation found instead */
	bool verbose;
	size_t log_next;
	char log[SCN_LOG_LINES][SCN_LOG_WIDTH];
};

/* What a pattern took from a line: # numbers, $ words, @ milliseconds, * the rest. */
struct scn_args {
	uint64_t n[6];
	const char *s[6];
	size_t n_count, s_count, rest_count;
	char *rest[SCN_WORDS_MAX];
};

/* script.c. Always false: `return scn_fail(...)`. */
bool scn_fail(struct scn *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* script.c */
bool scn_script_read(const char *path, struct scn_script *out, char error[200]);
/* Words of a line in place; a # begins a comment. */
size_t scn_words(char *line, char *words[SCN_WORDS_MAX]);
bool scn_match(const char *pattern, char **words, size_t count, struct scn_args *out);
bool scn_duration(const char *text, uint64_t *ms);
bool scn_number(const char *text, uint64_t *out);
/* The value of name=value among the rest; NULL: not there. "" for a name alone. */
const char *scn_option(const struct scn_args *a, const char *name);
/* Fails on an option that is not in the blank-separated list. */
bool scn_options_known(struct scn *s, const struct scn_args *a, const char *names);

/* network.c: what the script's nouns make */
bool scn_network(struct scn *s, const struct scn_args *a);
bool scn_subscriber(struct scn *s, const struct scn_args *a);
bool scn_gnb(struct scn *s, const struct scn_args *a);
/* To which AMFs the gNB connects: amf=1,2 of the arguments. */
bool scn_gnb_amfs(struct scn *s, const struct scn_args *a, struct gnb_config *c);
bool scn_ue(struct scn *s, const struct scn_args *a);
bool scn_crowd(struct scn *s, const struct scn_args *a);

/* mac.c: the model of the physical layer in place of samples */
struct du_room_config;
struct ue_air_config;
/* Before the gNB's DU is made, and once it is. */
bool scn_mac_begin(struct scn *s, struct scn_gnb *g, struct du_room_config *du);
bool scn_mac_gnb(struct scn *s, struct scn_gnb *g);
/* Before the UE's host has its air, and once it has. */
bool scn_mac_ue(
	struct scn *s, struct scn_ue *u, unsigned number, const struct scn_gnb *g, struct ue_air_config *c);
void scn_mac_join(struct scn *s, struct scn_ue *u, unsigned number);
void scn_mac_silent(struct scn *s, const struct scn_ue *u, bool silent);
void scn_mac_fini(struct scn *s);
/* Transport blocks from here on are lost one after the other; how many there were, by the end. */
bool scn_sweep_blocks(struct scn *s, const struct scn_args *a);
void scn_mac_sweep_end(struct scn *s);
/* Of a crowd. */
bool scn_crowd_radio(struct scn *s, const struct scn_args *a, struct crowd_config *c);

/* samples.c: a gNB's DU, a UE's own host, and the samples between them */
/* radio through KEY=VALUE...: as air.ues of network.yaml */
bool scn_medium(struct scn *s, const struct scn_args *a);
bool scn_leaves_coverage(struct scn *s, const struct scn_args *a);
bool scn_enters_coverage(struct scn *s, const struct scn_args *a);
bool scn_break_f1(struct scn *s, const struct scn_args *a);
enum { SCN_CUUP_PORT = 128 /* of the CU-UP, apart from those of gNBs */ };
/* carrier.c: what the script has said, of a paired band at 15 kHz, or unpaired at 30. */
void scn_carrier(const struct scn *s, struct served_cell_config *c);
bool scn_cuup_starts(struct scn *s, const struct scn_args *a);
bool scn_cuup_dies(struct scn *s, const struct scn_args *a);
bool scn_du(struct scn *s, struct scn_gnb *g, uint32_t host);
bool scn_ue_air(struct scn *s, struct scn_ue *u, unsigned number, const struct scn_gnb *g);
void scn_samples_fini(struct scn *s);

/* memory.c: what the process has of its allocator: noted, and how much it may have grown since */
bool scn_memory_note(struct scn *s, const struct scn_args *a);
bool scn_memory_grown(struct scn *s, const struct scn_args *a);

/* crowd.c */
bool scn_crowd_starts(struct scn *s, const struct scn_args *a);
bool scn_crowd_lives(struct scn *s, const struct scn_args *a);
bool scn_crowd_leaves(struct scn *s, const struct scn_args *a);
void scn_datagram_down(struct scn *s, const struct msg *m);
void scn_datagrams_deliver(struct scn *s);
/* "v4", "v6", "ethernet", "unstructured", else both; NULL: v4. */
uint8_t scn_session_type(const char *name);
struct supi scn_supi(const struct scn *s, uint64_t subscriber);

/* life.c */
void scn_on_ue_event(void *arg, struct ue *ue, const struct ue_event_info *e);
/* s is all zeros. */
void scn_init(struct scn *s, const struct scn_script *script, const struct scn_variant *v, bool verbose);
void scn_fini(struct scn *s);
bool scn_network_begin(struct scn *s); /* makes the simulator's nodes once */
bool scn_core_start(struct scn *s, bool counts_lost);
bool scn_upf_start(struct scn *s);
bool scn_gnb_start(struct scn *s, struct scn_gnb *g);
void scn_core_kill(struct scn *s, bool keep);
void scn_upf_kill(struct scn *s);
void scn_gnb_kill(struct scn *s, struct scn_gnb *g);
/* Lets ms pass, or less when done returns true; the sweep's kill is seen to. False: it never did. */
bool scn_run(struct scn *s, bool (*done)(void *arg), void *arg, uint64_t ms);

/* meanwhile.c: the command is kept, begins when it is time, or has not */
bool scn_meanwhile(struct scn *s, const struct scn_args *a);
void scn_meanwhile_begin(struct scn *s);
bool scn_meanwhile_has_begun(struct scn *s);

/* life.c: what comes from here on is not swept */
void scn_sweep_end(struct scn *s);

/* handover.c */
void scn_neighbours(struct scn *s); /* all gNBs are neighbours of one another, and all UEs see their cells */
bool scn_handover(struct scn *s, uint64_t ue, uint64_t gnb, const char *way, bool possible);
bool scn_ue_is_at(struct scn *s, uint64_t ue, uint64_t gnb);
/* The UE and its gNB have one key, which was made the same number of times. */
bool scn_keys_agree(struct scn *s, uint64_t ue);

/* links.c */
bool scn_filter(void *arg, struct sim_node *from, const struct msg *m);
void scn_sink(void *arg, struct sim_node *from, const struct msg *m);
bool scn_drop_add(struct scn *s, uint64_t count, const char *ways, const char *name);
void scn_data_network(struct scn *s); /* answers what came out at N6 */
/* ping.c: every half second until ms have passed */
/* OTHER: from another address of the /64; BEHIND: of the network 192.168.7.0/24 */
enum scn_ping_kind { PING_V4, PING_V6, PING_V6_OTHER, PING_BEHIND, PING_V6_BEHIND };
bool scn_flood(struct scn *s, const struct scn_args *a);
bool scn_ping(
	struct scn *s, uint64_t ue, uint64_t session, enum scn_ping_kind kind, uint64_t ms, bool *answered);
/* A packet of the data network to the address of the UE's first session; again: each half second another one.
 */
bool scn_reach(struct scn *s, uint64_t ue, enum scn_ping_kind kind, uint64_t ms, bool again, bool *arrived);

/* ran.c: what operators have gNBs do */
bool scn_locate(struct scn *s, const struct scn_args *a);
bool scn_ran_trace(struct scn *s, const struct scn_args *a);
bool scn_ran_trace_ends(struct scn *s, const struct scn_args *a);
bool scn_cell_trace(struct scn *s, const struct scn_args *a);
bool scn_xn_reset(struct scn *s, const struct scn_args *a);
bool scn_xn_remove(struct scn *s, const struct scn_args *a);
bool scn_gnb_config(struct scn *s, const struct scn_args *a);
bool scn_warn(struct scn *s, const struct scn_args *a);
bool scn_warning_cancel(struct scn *s, const struct scn_args *a);
bool scn_capacity(struct scn *s, const struct scn_args *a);
bool scn_core_close(struct scn *s, const struct scn_args *a);
/* ethernet.c: frames between UEs and the host on N6, and who gets them */
bool scn_frame(struct scn *s, const struct scn_args *a);
bool scn_frame_again(struct scn *s, const struct scn_args *a);
bool scn_frame_vlan(struct scn *s, const struct scn_args *a);
enum { SCN_ETHERTYPE = 0x88b5 }; /* of its frames: for experiments */
/* payload.c: of an unstructured session, to the far end and back; from there again; from another sender */
bool scn_payload(struct scn *s, const struct scn_args *a);
bool scn_payload_down(struct scn *s, const struct scn_args *a);
bool scn_payload_foreign(struct scn *s, const struct scn_args *a);

/* chaos.c, consistent.c */
bool scn_chaos(struct scn *s, const struct scn_args *a);
bool scn_is_consistent(struct scn *s);

/* qos.c: commands, and expectations */
bool scn_ue_asks_flow(struct scn *s, const struct scn_args *a);
bool scn_ue_drops_flow(struct scn *s, const struct scn_args *a);
bool scn_flow_add(struct scn *s, const struct scn_args *a);
/* qos.c: the rest of the line, each word a line, its underscores blanks */
struct bytes scn_flow_words(const struct scn_args *a, uint8_t out[SCN_FLOW_WORDS_MAX]);
/* application.c */
bool scn_application_add(struct scn *s, const struct scn_args *a);
bool scn_application_add_again(struct scn *s, const struct scn_args *a);
bool scn_application_change(struct scn *s, const struct scn_args *a);
bool scn_application_change_again(struct scn *s, const struct scn_args *a);
bool scn_application_end(struct scn *s, const struct scn_args *a);
bool scn_application_end_again(struct scn *s, const struct scn_args *a);
bool scn_flow_add_again(struct scn *s, const struct scn_args *a);
bool scn_flow_delete(struct scn *s, const struct scn_args *a);
bool scn_flow_delete_again(struct scn *s, const struct scn_args *a);
bool scn_has_flows(struct scn *s, const struct scn_args *a);
bool scn_flows_counted(struct scn *s, const struct scn_args *a);
bool scn_has_ambr(struct scn *s, const struct scn_args *a);
bool scn_flows_agree(struct scn *s, const struct scn_args *a);
bool scn_ping_flow(struct scn *s, const struct scn_args *a);
/* ping.c: the QoS flow of a ping. */
uint8_t scn_ping_qfi(const struct ue *ue, uint8_t session);

/* options.c: how a UE may be reached, and where it may be served */
#define SCN_MOBILITY                                                                                         \
	"t3512_s active_time_s mico no_access allowed_areas non_allowed_areas forbidden_areas areas_max"
bool scn_mobility_of(struct scn *s, const struct scn_args *a, struct subscriber_mobility *out);
void scn_ue_power(const struct scn_args *a, struct ue_profile *p);
uint32_t scn_seconds(const struct scn_args *a, const char *name); /* of name=DURATION; 0: there is none */

/* reach.c: commands and expectations of the same */
bool scn_ue_registers_emergency(struct scn *s, const struct scn_args *a);
bool scn_ue_calls_emergency(struct scn *s, const struct scn_args *a);
bool scn_ue_calls_until(struct scn *s, const struct scn_args *a);
bool scn_ue_moves(struct scn *s, const struct scn_args *a);
bool scn_ue_reestablishes(struct scn *s, const struct scn_args *a);
bool scn_subscription_changes(struct scn *s, const struct scn_args *a);
bool scn_ue_has_mobility(struct scn *s, const struct scn_args *a);

/* update.c: a command, and an expectation */
bool scn_update(struct scn *s, const struct scn_args *a);
bool scn_tunnels_move(struct scn *s, const struct scn_args *a);
bool scn_steer(struct scn *s, const struct scn_args *a);
bool scn_ue_has_steering(struct scn *s, const struct scn_args *a);
bool scn_ue_has_parameters(struct scn *s, const struct scn_args *a);

/* command.c, expect.c */
bool scn_command(struct scn *s, char **words, size_t count);
bool scn_expect(struct scn *s, char **words, size_t count);

/* play.c */
bool scn_play(struct scn *s);
