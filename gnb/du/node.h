/*
 * A gNB-DU as a whole (TS 38.401): the cell's MAC (du.h) and the RLC entities of its UEs beneath F1AP
 * (f1ap.h) and F1-U. What it says to its CU leaves as F1AP PDUs and as PDCP PDUs of tunnels; samples are
 * du's.
 */
#pragma once

#include "gnb/du/du.h"
#include "gnb/du/f1ap.h"

struct du_node_config {
	struct env *env;
	struct du_config du;
	struct plmn plmn;
	uint64_t id; /* gNB-DU ID */
	const char *name;
	uint8_t f1u_address[4]; /* IPv4, told to the CU-UP */
	void *arg;
	void (*f1ap_send)(void *arg, struct bytes pdu);
	/* A PDCP PDU of uplink, to the tunnel that the CU named. */
	void (*f1u_send)(void *arg, const struct du_f1ap_tunnel *to, struct bytes pdu);
};

struct du_node;

/* NULL, with *wrong unless memory is out. What c names must outlive it. */
MUST_USE struct du_node *du_node_new(const struct du_node_config *c, const char **wrong);
void du_node_free(struct du_node *n);

struct du *du_node_mac(struct du_node *n);
struct du_f1ap *du_node_f1ap(struct du_node *n);

/* A PDCP PDU of downlink, of a tunnel that this DU gave out. */
void du_node_f1u_received(struct du_node *n, uint32_t teid, struct bytes pdu);

/* Once a slot: timers of RLC and F1AP. */
void du_node_run(struct du_node *n, uint64_t now_ns);
