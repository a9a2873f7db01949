/*
 * A gNB-DU as a whole (TS 38.401): the cell's MAC (du.h) and the RLC entities of its UEs beneath F1AP
 * (f1ap.h) and F1-U (f1u.h). What it says to its CU leaves as F1AP PDUs and as GTP-U datagrams; samples are
 * du's.
 */
#pragma once

#include "gnb/du/du.h"
#include "gnb/du/f1ap.h"
#include "gnb/du/f1u.h"

struct du_node_config {
	struct env *env;
	struct du_config du;
	struct plmn plmn;
	uint64_t id; /* gNB-DU ID */
	const char *name;
	struct addr f1u; /* told to the CU-UP */
	void *arg;
	void (*f1ap_send)(void *arg, struct bytes pdu);
	void (*f1_removed)(void *arg); /* f1ap.h */
	void (*f1u_send)(void *arg, const struct addr *to, struct bytes datagram);
};

struct du_node;

/* NULL, with *wrong unless memory is out. What c names must outlive it. */
MUST_USE struct du_node *du_node_new(const struct du_node_config *c, const char **wrong);
void du_node_free(struct du_node *n);

struct du *du_node_mac(struct du_node *n);
/* The RLC of a UE's logical channel, and its DRB (0: an SRB's). NULL: there is none. */
const struct rlc_config *du_node_bearer(struct du_node *n, uint16_t c_rnti, uint8_t lcid, uint8_t *drb);
/* For traces: a PDCP PDU, as RLC has it to send or has brought it. */
struct du_pdcp_pdu {
	bool uplink;
	uint16_t c_rnti;
	uint8_t srb, drb; /* which it is, the other 0 */
	uint8_t sn_bits;  /* 0: the CU has not said */
	struct bytes pdu;
};
typedef void du_pdcp_tap_fn(void *arg, const struct du_pdcp_pdu *p);
void du_node_set_pdcp_tap(struct du_node *n, du_pdcp_tap_fn *fn, void *arg);

struct du_f1ap *du_node_f1ap(struct du_node *n);
struct du_f1u *du_node_f1u(struct du_node *n);

void du_node_f1u_received(struct du_node *n, const struct addr *from, struct bytes datagram);

/* Once a slot: timers of RLC and F1AP, reports of F1-U. */
void du_node_run(struct du_node *n, uint64_t now_ns);
/* When one of these is due. */
MUST_USE uint64_t du_node_deadline_ns(const struct du_node *n);
