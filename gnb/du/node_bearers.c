/* The RLC entities of a DU's UEs, by logical channel. */
#include "gnb/du/node_parts.h"

struct node_ue *node_ue_of(struct du_node *n, uint16_t c_rnti)
{
	for (uint16_t i = 0; i < DU_UES_MAX; i++)
		if (n->ues[i].there && n->ues[i].c_rnti == c_rnti)
			return &n->ues[i];
	return NULL;
}

enum { SRB_SN_BITS = 12 /* 38.323 6.2.2.1 */ };

static void tap(const struct node_bearer *b, bool uplink, struct bytes pdu)
{
	const struct du_node *n = b->ue->node;
	bool srb = b->lcid < DRB_LCID;

	if (n->pdcp_tap)
		n->pdcp_tap(n->pdcp_tap_arg, &(struct du_pdcp_pdu){ .uplink = uplink,
						     .c_rnti = b->ue->c_rnti,
						     .srb = srb ? b->lcid : 0,
						     .drb = b->drb,
						     .sn_bits = srb      ? SRB_SN_BITS
								: uplink ? b->ul_sn_bits
									 : b->dl_sn_bits,
						     .pdu = pdu });
}

void du_node_set_pdcp_tap(struct du_node *n, du_pdcp_tap_fn *fn, void *arg)
{
	n->pdcp_tap = fn;
	n->pdcp_tap_arg = arg;
}

/* An SRB's go to the CU-CP, a DRB's to the CU-UP. */
static void deliver(void *arg, struct sdu *s)
{
	struct node_bearer *b = arg;
	struct du_node *n = b->ue->node;

	tap(b, true, sdu_bytes(s));
	if (b->lcid < DRB_LCID)
		du_f1ap_srb_received(n->f1ap, b->ue->c_rnti, b->lcid, sdu_bytes(s));
	else if (b->f1u)
		du_f1u_uplink(b->f1u, sdu_bytes(s));
	sdu_free(&n->memory.sdus, s);
}

static void delivered(void *arg, uint64_t tag)
{
	struct node_bearer *b = arg;

	if (b->f1u)
		du_f1u_delivered(b->f1u, tag);
}

static void max_retx(void *arg)
{
	struct node_bearer *b = arg;

	du_f1ap_link_failed(b->ue->node->f1ap, b->ue->c_rnti, F1AP_CAUSE_RADIO_NETWORK_RL_FAILURE_RLC);
}

bool node_bearer_begin(struct node_ue *u, uint8_t lcid, const struct rlc_config *config, uint8_t priority)
{
	struct node_bearer *b = &u->bearers[lcid];
	struct rlc_config mirror = rrc_rlc_mirror(config);
	struct du_ue *mac = du_ue_mac(u->node->du, node_place(u));
	struct rlc *rlc;

	if (!mac || b->rlc)
		return false;
	rlc = rlc_new(&mirror, &(struct rlc_upper){ b, deliver, delivered, max_retx }, &u->node->memory);
	if (!rlc || !du_channel_set(mac, lcid,
			    &(struct du_channel){ rlc, priority, lcid < DRB_LCID ? SRB_LCG : DRB_LCG })) {
		rlc_free(rlc);
		return false;
	}
	*b = (struct node_bearer){ .ue = u, .rlc = rlc, .lcid = lcid, .config = *config };
	return true;
}

const struct rlc_config *du_node_bearer(struct du_node *n, uint16_t c_rnti, uint8_t lcid, uint8_t *drb)
{
	const struct node_ue *u = node_ue_of(n, c_rnti);

	if (!u || lcid >= ARRAY_LEN(u->bearers) || !u->bearers[lcid].rlc)
		return NULL;
	*drb = u->bearers[lcid].drb;
	return &u->bearers[lcid].config;
}

void node_bearer_end(struct node_ue *u, uint8_t lcid)
{
	struct du_ue *mac = du_ue_mac(u->node->du, node_place(u));

	if (!u->bearers[lcid].rlc)
		return;
	if (u->bearers[lcid].f1u)
		du_f1u_end(u->bearers[lcid].f1u);
	if (mac)
		may_fail(du_channel_set(mac, lcid, &(struct du_channel){ NULL, 1, SRB_LCG }));
	rlc_free(u->bearers[lcid].rlc);
	u->bearers[lcid] = (struct node_bearer){ .rlc = NULL };
}

void node_ue_end(struct node_ue *u)
{
	for (uint8_t lcid = 0; lcid < ARRAY_LEN(u->bearers); lcid++)
		node_bearer_end(u, lcid);
	u->there = false;
}

struct cell_group_bearer node_srb(uint8_t srb)
{
	return (struct cell_group_bearer){ srb, true, srb, rrc_srb_rlc(), srb == 1 ? 1 : 3, SRB_LCG, false };
}

bool node_bearer_send(struct du_node *n, const struct node_bearer *b, uint64_t tag, struct bytes pdu)
{
	struct sdu *s = b->rlc ? sdu_of(&n->memory.sdus, pdu) : NULL;

	if (!s)
		return false;
	tap(b, false, pdu);
	s->tag = tag;
	return rlc_send(b->rlc, s);
}
