/*
 * A line of RRC and F1AP for tests: the RRC of one UE, the DU's F1AP and the CU-CP, on a virtual clock, with
 * stand-ins for the NAS, for NGAP and for what lies between UE and DU. RLC is a link that brings each PDU
 * once, loses it for good (then its sender says so, as after maxRetxThreshold), or brings it late.
 */
#pragma once

#include "base/test_env.h"
#include "gnb/cucp/cucp.h"
#include "gnb/du/f1ap.h"
#include "ue/rrc/connection.h"

enum line_kind {
	LINE_CCCH_UP,
	LINE_CCCH_DOWN,
	LINE_SRB_UP,
	LINE_SRB_DOWN,
	LINE_PCCH,
	LINE_F1_UP,
	LINE_F1_DOWN,
	LINE_KINDS,
	LINE_SEARCHED = LINE_KINDS, /* the UE has found its cell */
	LINE_SILENT                 /* nobody sends to the UE any more */
};

/* The last: the F1 interface breaks, and comes again. */
enum line_fault { LINE_FINE, LINE_LOST, LINE_LATE, LINE_DAMAGED, LINE_BROKEN };

enum { LINE_DRB = 1, LINE_PSI = 5, LINE_PCI = 11, LINE_TAC = 7, LINE_SSB_ARFCN = 368410, LINE_NAS_MAX = 400 };

/* What the NAS stand-ins say: 5GMM STATUS (24.501 8.2.29) of different causes, so that others can read it. */
enum line_nas { NAS_REQUEST, NAS_ACCEPT, NAS_SESSION, NAS_SESSION_RELEASE, NAS_UP, NAS_DOWN, NAS_COUNT };
struct bytes line_nas(enum line_nas which);

struct line_message;

/* What the stand-ins do, and what they saw. */
struct line_ue {
	struct ue_rrc_connection *rrc;
	struct ue_cell_group group;
	bool camps;    /* a cell is found when one is looked for */
	bool wants;    /* tries again when the connection ends */
	bool unproved; /* the NAS has null integrity */
	bool keyless;  /* its K_gNB is not the gNB's */
	bool falls_back;
	bool other_cell; /* the cell it finds has another PCI */
	uint16_t c_rnti;
	struct ue_rrc_drb drb;
	bool has_drb, drb_suspended;
	struct pdcp_security drb_keys;
	uint32_t connected, ended, paged, resets, alleviated, resumed;
	uint32_t warned;
	struct ue_rrc_public_warning warning; /* the last, its contents in text */
	uint8_t warning_text[24000];
	uint32_t drb_uplink, drb_downlink; /* COUNTs that it tells */
	struct ue_rrc_ending last_ending;
	uint32_t nas_count;
	uint8_t nas[LINE_NAS_MAX];
	size_t nas_len;
};

struct line_gnb {
	struct cucp_ue *ue; /* the one there is; NULL: none */
	bool refuses_cells, refuses_setup, refuses_connection, refuses_return,
		idle /* does nothing by itself */;
	uint8_t wait_s;
	enum nea_alg ea;
	enum nia_alg ia;
	uint8_t k_gnb[KDF_KEY_LEN], ncc;
	struct cucp_connection connection; /* without views */
	uint32_t connections, removed, lost, secured, unsecured, bearers, bearers_refused, bearers_released,
		returned, restored;
	uint32_t capabilities, measured;
	struct cucp_serving_cell serving; /* as the UE has reported it last */
	uint8_t capability[2048];
	size_t capability_len;
	uint32_t nas_count;
	uint8_t nas[LINE_NAS_MAX];
	size_t nas_len;
};

enum { LINE_CONTEXTS = 16 };

/* What the DU's RLC and MAC have of a UE. */
struct line_context {
	uint16_t c_rnti; /* 0: none */
	bool drb, srb2;
};

struct line_du {
	struct du_f1ap *f1ap;
	bool refuses_ue, refuses_drb, refuses_all;
	uint16_t next_c_rnti;
	struct line_context contexts[LINE_CONTEXTS];
	uint32_t paged, released, reconfigured, required, required_refused, removed, warned, warnings_ended;
	struct du_f1ap_warning warning; /* the last, without its SIBs */
	size_t swallows;                /* the UE does not hear this one of them */
};

struct line {
	struct test_env env;
	struct sdu_pool pool;
	struct burst *engine;
	struct line_ue ue;
	struct line_gnb gnb;
	struct line_du du;
	struct cucp *cucp;
	struct line_message *first;
	uint32_t on_srb[3]; /* messages by SRB, both ways */
	uint32_t sent;      /* messages so far; only those of the air where a fault is of the air */
	uint32_t fault_at;  /* number of the message that fault happens to; 0: none */
	enum line_fault fault;
	bool foreign;              /* what comes need not be what the line itself says */
	enum line_kind fault_kind; /* of the message that it happened to */
	bool breaks;               /* F1, before anything else happens */
	/* Hears each message that is sent; NULL: nobody does. */
	void (*tap)(struct line *l, enum line_kind kind, uint8_t srb, struct bytes octets);
};

void line_begin(struct line *l, uint64_t seed);
/* Whatever is under way, nothing is left. */
void line_end(struct line *l);

/* Time passes, with all that is due. */
void line_run(struct line *l, uint32_t ms);
/* The UE asks for a connection; false: it may not. */
bool line_connect(struct line *l);
/* F1 is set up, and the UE has a cell. */
void line_set_up(struct line *l);
/* Both ends have one and the same connection, with the same keys, and a DRB. */
/* A message on F1, to the CU-CP or to the DU, that nobody there has sent. */
void line_f1ap(struct line *l, bool up, enum f1ap_message message, const void *body);
/* Message 3 of somebody else. */
void line_ccch(struct line *l, struct bytes octets);
/* The DU's context of a C-RNTI; NULL: there is none. 0 finds a free one. */
struct line_context *line_context(struct line *l, uint16_t c_rnti);
bool line_is_up(struct line *l);
/* Neither end has anything of one. */
bool line_is_down(const struct line *l);
/* Another cell, or the same again: the UE has found it. */
bool line_camp(struct line *l, const struct rrc_sib1_uac_barring_info *barring);
struct cucp_bearer line_bearer(uint8_t drb);
