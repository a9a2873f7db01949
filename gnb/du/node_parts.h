/* Inside the DU as a whole. */
#pragma once

#include "gnb/du/capability.h"
#include "gnb/du/cell_group.h"
#include "gnb/du/node.h"
#include "radio/rrc/bearer.h"

enum {
	DRB_LCID = 4, /* the first; each has the lowest that is free */
	DRBS_MAX = CELL_GROUP_BEARERS_MAX - 2,
	DRB_PRIORITY = 8,
	SRB_LCG = 0,
	DRB_LCG = 1,
};

/* A logical channel and its RLC. */
struct node_bearer {
	struct node_ue *ue;
	struct rlc *rlc;                /* NULL: there is none */
	uint8_t lcid, drb;              /* drb: its identity; 0: an SRB's */
	uint8_t ul_sn_bits, dl_sn_bits; /* PDCP; 0: not told */
	struct rlc_config config;       /* the UE's */
	struct du_f1u_bearer *f1u;      /* a DRB's */
};

struct node_ue {
	struct du_node *node;
	bool there;
	uint16_t c_rnti;
	struct du_capability capability;
	uint8_t measurement_object; /* of its MeasConfig, for this cell; 0: none */
	uint64_t release_ns;        /* 0: it stays */
	/* Its resources are to be configured again (38.331 5.3.12): wanted, the CU is asked, and not before
	 * then once more. */
	bool returned, required;
	uint64_t require_ns;
	struct node_bearer bearers[DRB_LCID + DRBS_MAX]; /* by LCID */
};

struct du_node {
	struct du_node_config config;
	struct du *du;
	struct du_f1ap *f1ap;
	struct du_f1u *f1u;
	struct du_f1ap_cell cell;
	uint8_t information[PHY_SIB1_OCTETS_MAX + 16]; /* MIB, SIB1 and more, for F1AP */
	du_pdcp_tap_fn *pdcp_tap;                      /* NULL: nobody */
	void *pdcp_tap_arg;
	struct rlc_memory memory;
	struct node_ue ues[DU_UES_MAX];
	uint16_t ues_end; /* behind the last that ever was */
	uint64_t now_ns;
};

static inline uint16_t node_place(const struct node_ue *u)
{
	return (uint16_t)(u - u->node->ues);
}

/* node_bearers.c. NULL: there is none of that C-RNTI. */
struct node_ue *node_ue_of(struct du_node *n, uint16_t c_rnti);
void node_ue_end(struct node_ue *u);
/* config: the UE's end. False: it is there already, or there is no memory. */
MUST_USE bool node_bearer_begin(
	struct node_ue *u, uint8_t lcid, const struct rlc_config *config, uint8_t priority);
void node_bearer_end(struct node_ue *u, uint8_t lcid);
/* False: RLC does not take it, which is counted there. */
bool node_bearer_send(struct du_node *n, const struct node_bearer *b, uint64_t tag, struct bytes pdu);
struct cell_group_bearer node_srb(uint8_t srb);

/* node_f1u.c: what F1-U has it do. */
struct du_f1u_lower node_f1u(struct du_node *n);
/* node_lower.c: what F1AP has it do. */
/* node_warning.c */
MUST_USE bool node_warn(struct du_node *n, const struct du_f1ap_warning *w);

/* node_return.c: a UE that has come back by random access. */
void node_returned(void *arg, uint16_t place);
void node_required(void *arg, uint16_t c_rnti, bool confirmed);
void node_return_run(struct node_ue *u);
/* UINT64_MAX: nothing is due. */
uint64_t node_return_deadline_ns(const struct node_ue *u);

struct du_f1ap_lower node_lower(struct du_node *n);
