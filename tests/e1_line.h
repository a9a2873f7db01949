/*
 * A line of E1AP, F1-U and N3 for tests: the CU-CP's E1AP, gNB-CU-UPs and the DU's F1-U on a virtual clock,
 * with stand-ins for a UPF, for RLC and the air, and for whoever has the UE at the CU-CP. All that passes
 * between them is octets on their way for a while.
 */
#pragma once

#include "base/test_env.h"
#include "gnb/cucp/e1ap.h"
#include "gnb/cuup/node.h"
#include "gnb/du/f1u.h"
#include "proto/gtpu_path.h"
#include "radio/sdap/sdap.h"

enum e1_kind { E1_UP, E1_DOWN, E1_N3_UP, E1_N3_DOWN, E1_F1U_UP, E1_F1U_DOWN, E1_KINDS };

/* The last two: the association breaks, and comes again; the CU-UP is another process. */
enum e1_fault { E1_FINE, E1_LOST, E1_TWICE, E1_DAMAGED, E1_BROKEN, E1_RESTARTED };

enum {
	E1_UPS = 2,
	E1_DRBS = 2,
	E1_PSI = 5,    /* with DRB 1, AM, flow 1 */
	E1_PSI_UM = 6, /* with DRB 2, UM, flow 2 */
	E1_UPF_TEID = 0x1000,
	E1_PACKET = 120,
	E1_BUFFER = 20000,
	E1_RLC_MAX = 1024,
};

struct e1_message;

/* A PDU in the DU's RLC. */
struct e1_rlc_pdu {
	uint64_t tag, due_ns;
	struct sdu *sdu;
};

/* A DRB, from its DU to its UE. */
struct e1_drb {
	struct e1_line *l;
	uint8_t drb, psi;
	bool there, am;
	struct du_f1u_bearer *f1u;
	struct pdcp *pdcp; /* the UE's */
	struct sdap sdap;
	struct e1_rlc_pdu rlc[E1_RLC_MAX];
	uint32_t rlc_first, rlc_next;
	uint64_t rlc_octets, rlc_most;
	uint64_t up_tag, up_acked; /* of uplink, which the DU has at once */
	uint32_t got, expected;    /* packets, in order */
	uint32_t sent_up, got_up, sent_down;
	bool gone;
};

/* Whoever has the UE at the CU-CP. */
struct e1_cp {
	struct cucp_e1_context *context;
	struct pdcp_security keys;
	enum e1ap_integrity_protection_indication integrity;
	bool attached[E1_DRBS + 1]; /* the CU-UP knows the DU's end */
	uint32_t answered, refused, failed, lost, silent, active, downlink, removed, usages;
	uint64_t ul, dl;
	struct e1ap_cause cause;
	struct cucp_e1_session_answer last;
	struct cucp_tunnel first_ul; /* of the first DRB: the CU-UP's end */
	uint32_t n3_dl[8];           /* by PSI: the CU-UP's TEID */
};

struct e1_line {
	struct test_env env;
	struct sdu_pool pool;
	struct burst *engine;
	struct cucp_e1ap *e1ap;
	struct cuup_node *nodes[E1_UPS];
	struct du_f1u *f1u;
	struct gtpu_path upf;
	struct e1_cp cp;
	struct e1_drb drbs[E1_DRBS + 1];
	struct e1_message *first;
	uint32_t sent, fault_at; /* E1AP messages so far; the one that meets with the fault, 0: none */
	uint32_t datagrams, datagram_lost_every, lost[E1_KINDS];
	bool mute_du; /* nothing of what it says arrives */
	enum e1_fault fault;
	bool breaks, restarts, air_stopped, foreign;
	uint32_t discard_ms;  /* of the first DRB */
	struct snssai slice;  /* of the second session */
	bool elsewhere;       /* the CU-UP is of another PLMN */
	bool second_is_first; /* it has its gNB-CU-UP ID */
	uint32_t up_released, cp_released;
	struct cucp_e1_numbers numbers; /* of the first DRB, which another node had before; drb 0: none had */
	uint32_t usage_every_s;
	uint32_t upf_got[8]; /* by PSI */
	/* Hears each message that is sent; NULL: nobody does. */
	void (*tap)(struct e1_line *l, enum e1_kind kind, struct bytes octets);
};

void e1_line_begin(struct e1_line *l, uint64_t seed);
/* Whatever is under way, nothing is left. */
void e1_line_end(struct e1_line *l);
void e1_line_run(struct e1_line *l, uint32_t ms);
/* E1 of the first CU-UP is set up. */
void e1_line_set_up(struct e1_line *l);
void e1_line_node_begin(struct e1_line *l, unsigned i);

/* A context with the first session; false: there is no CU-UP for it. */
MUST_USE bool e1_line_connect(struct e1_line *l);
/* The second session comes, or goes. */
void e1_line_add(struct e1_line *l);
void e1_line_remove(struct e1_line *l);
/* New keys at both ends of the DRBs there are. */
void e1_line_rekey(struct e1_line *l);
/* What the CU-UP's PDCP has come to. */
void e1_line_ask_numbers(struct e1_line *l);
void e1_line_status(struct e1_line *l, enum cucp_e1_status status);
void e1_line_release(struct e1_line *l);
/* Packets of a session, from the UPF, and from the UE. */
void e1_line_down(struct e1_line *l, uint8_t psi, uint32_t packets);
void e1_line_up(struct e1_line *l, uint8_t drb, uint32_t packets);
/* No context anywhere, no DRB, no buffer in use. */
MUST_USE bool e1_line_is_down(const struct e1_line *l);
/* An E1AP message that nobody at the other end has sent. */
void e1_line_e1ap(struct e1_line *l, bool up, enum e1ap_message message, const void *body);
/* A datagram for the CU-UP. */
void e1_line_datagram(struct e1_line *l, enum e1_kind kind, struct bytes octets);
struct cucp_bearer e1_line_bearer(const struct e1_line *l, uint8_t drb);
