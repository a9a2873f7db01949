/* Inside ue/stack. */
#pragma once

#include "ue/stack/stack.h"

#define LOG_ROOM "ue"

enum {
	STACK_SDUS_SMALL = 8192,
	STACK_SDUS_LARGE = 64,
	STACK_HOLES = 2048,
	STACK_SESSIONS = 16,
	STACK_BCCH = 254, /* tags beside those of SRBs */
	STACK_PCCH = 255
};

struct stack_bearer {
	struct ue_stack *stack;
	struct rlc *rlc; /* NULL: there is none */
	bool srb;
	uint8_t rb_id;
	struct ue_mac_channel_config channel;
	bool suspended; /* it has no MAC (38.331 5.3.7.2) */
};

struct stack_drb {
	struct ue_stack *stack;
	struct pdcp *pdcp; /* NULL: there is none */
	uint8_t drb, psi;
	bool suspended;
};

struct stack_session {
	struct ue_stack *stack;
	bool there;
	struct sdap sdap;
};

struct ue_stack {
	struct ue_stack_config config;
	struct rlc_memory memory;
	struct burst *engine;
	struct ue_stream *stream; /* NULL: another radio */
	struct ue_phy_radio radio;
	struct ue_rrc_connection *rrc;
	struct ue_phy *phy; /* of the cell that was found */
	struct ue_found found;
	struct cell_parts parts; /* as far as RRC has said */
	uint64_t now_ns;         /* of the slot at hand */
	bool in_sync;
	uint64_t heard_ns; /* the cell, the last time */
	uint16_t c_rnti;   /* as RRC knows it; 0: none */
	uint64_t sdus;     /* either way, as RRC has heard of them */
	/* What RRC is to hear of once the slot is taken: it may end what would be in use else. */
	bool wants_cell, problem;
	struct sdu_queue heard; /* the tag is the SRB; 0: CCCH, STACK_PCCH, STACK_BCCH */
	uint8_t short_messages; /* that were heard */
	uint16_t ue_id;         /* of paging */
	struct stack_bearer bearers[UE_MAC_LCID_MAX + 1]; /* by LCID */
	struct stack_drb drbs[UE_RRC_DRBS_MAX + 1];
	struct stack_session sessions[STACK_SESSIONS];
};

/* cell_selection.c */
ue_cell_suitable_fn stack_cell_is_suitable;
/* RRC hears of the cell by its SIB1; and, at first, whoever is above. */
MUST_USE bool stack_tell_rrc(struct ue_stack *s);
MUST_USE bool stack_tell_cell(struct ue_stack *s);
void stack_leave(struct ue_stack *s);
/* The cell is left, and another looked for. Bearers stay. */
void stack_search(struct ue_stack *s);
MUST_USE bool stack_is_out_of_service(const struct ue_stack *s);

/* system_information.c */
void stack_short_messages(struct ue_stack *s);
void stack_bcch_received(struct ue_stack *s, struct bytes message);
/* Those that SIB1 schedules. */
void stack_warnings_wanted(struct ue_stack *s);

/* lower.c: what RRC has done. */
struct ue_rrc_lower stack_lower(struct ue_stack *s);
void stack_release_all(struct ue_stack *s);

/* bearers.c */
struct stack_bearer *stack_bearer_of(struct ue_stack *s, bool srb, uint8_t rb_id);
/* To the MAC of a cell that was just found. */
/* All but those that are suspended to the MAC of the cell. */
void stack_bearers_attach(struct ue_stack *s);
void stack_bearers_suspend(struct ue_stack *s);
void stack_bearers_resume(struct ue_stack *s);
MUST_USE bool stack_bearers_set(
	struct ue_stack *s, const struct ue_cell_group *group, const struct ue_cell_group_change *change);
void stack_bearer_end(struct ue_stack *s, uint8_t lcid);
MUST_USE bool stack_drb_set(struct ue_stack *s, const struct ue_rrc_drb *drb, enum ue_rrc_drb_change change,
	const struct pdcp_security *keys);
void stack_drb_end(struct ue_stack *s, uint8_t drb);
