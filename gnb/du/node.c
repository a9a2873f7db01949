#include "gnb/du/node.h"

#include <stdlib.h>

#include "gnb/du/cell_group.h"
#include "radio/phy/search/band.h"
#include "radio/rrc/bearer.h"

enum {
	DRB_LCID = 3, /* and the DRB's identity */
	DRBS_MAX = CELL_GROUP_BEARERS_MAX - 2,
	SDUS_SMALL = 20000,
	SDUS_LARGE = 64,
	HOLES = 4096,
	SRB_LCG = 0,
	DRB_LCG = 1,
	CELL_GROUP_OCTETS = 1024,
	RELEASE_MS = 60, /* for the last message to be acknowledged */
	TEID_SHIFT = 8,
};

/* A logical channel and its RLC. */
struct bearer {
	struct node_ue *ue;
	struct rlc *rlc; /* NULL: there is none */
	uint8_t lcid;
	struct rlc_config config; /* the UE's */
	struct du_f1ap_tunnel up;
};

struct node_ue {
	struct du_node *node;
	bool there;
	uint16_t c_rnti;
	uint64_t release_ns;                            /* 0: it stays */
	struct bearer bearers[DRB_LCID + DRBS_MAX + 1]; /* by LCID */
};

struct du_node {
	struct du_node_config config;
	struct du *du;
	struct du_f1ap *f1ap;
	struct du_f1ap_cell cell;
	uint8_t mib[PHY_PBCH_MIB_OCTETS];
	struct rlc_memory memory;
	struct node_ue ues[DU_UES_MAX];
	uint64_t now_ns;
};

static struct node_ue *ue_by_c_rnti(struct du_node *n, uint16_t c_rnti)
{
	for (uint16_t i = 0; i < DU_UES_MAX; i++)
		if (n->ues[i].there && n->ues[i].c_rnti == c_rnti)
			return &n->ues[i];
	return NULL;
}

static uint16_t place_of(const struct node_ue *u)
{
	return (uint16_t)(u - u->node->ues);
}

/* An SRB's go to the CU-CP, a DRB's to the CU-UP. */
static void deliver(void *arg, struct sdu *s)
{
	struct bearer *b = arg;
	struct du_node *n = b->ue->node;

	if (b->lcid < DRB_LCID)
		du_f1ap_srb_received(n->f1ap, b->ue->c_rnti, b->lcid, sdu_bytes(s));
	else
		n->config.f1u_send(n->config.arg, &b->up, sdu_bytes(s));
	sdu_free(&n->memory.sdus, s);
}

static void max_retx(void *arg)
{
	struct bearer *b = arg;

	du_f1ap_link_failed(b->ue->node->f1ap, b->ue->c_rnti, F1AP_CAUSE_RADIO_NETWORK_RL_FAILURE_RLC);
}

static bool bearer_begin(struct node_ue *u, uint8_t lcid, const struct rlc_config *config, uint8_t priority)
{
	struct bearer *b = &u->bearers[lcid];
	struct rlc_config mirror = rrc_rlc_mirror(config);
	struct du_ue *mac = du_ue_mac(u->node->du, place_of(u));
	struct rlc *rlc;

	if (!mac || b->rlc)
		return false;
	rlc = rlc_new(&mirror, &(struct rlc_upper){ b, deliver, NULL, max_retx }, &u->node->memory);
	if (!rlc || !du_channel_set(mac, lcid,
			    &(struct du_channel){ rlc, priority, lcid < DRB_LCID ? SRB_LCG : DRB_LCG })) {
		rlc_free(rlc);
		return false;
	}
	*b = (struct bearer){ .ue = u, .rlc = rlc, .lcid = lcid, .config = *config };
	return true;
}

static void bearer_end(struct node_ue *u, uint8_t lcid)
{
	struct du_ue *mac = du_ue_mac(u->node->du, place_of(u));

	if (!u->bearers[lcid].rlc)
		return;
	if (mac)
		may_fail(du_channel_set(mac, lcid, &(struct du_channel){ NULL, 1, SRB_LCG }));
	rlc_free(u->bearers[lcid].rlc);
	u->bearers[lcid] = (struct bearer){ .rlc = NULL };
}

static void ue_end(struct node_ue *u)
{
	for (uint8_t lcid = 0; lcid < ARRAY_LEN(u->bearers); lcid++)
		bearer_end(u, lcid);
	u->there = false;
}

static struct cell_group_bearer srb_of(uint8_t srb)
{
	return (struct cell_group_bearer){ srb, true, srb, rrc_srb_rlc(), srb == 1 ? 1 : 3, SRB_LCG, false };
}

/* --- from the MAC */

/* The UE's first word: it gets SRB1 and its resources, which the CU passes on in RRCSetup. */
static void on_ccch(void *arg, uint16_t place, uint16_t c_rnti, struct bytes sdu)
{
	struct du_node *n = arg;
	struct node_ue *u = &n->ues[place];
	struct cell_group_bearer srb1 = srb_of(1);
	uint8_t octets[CELL_GROUP_OCTETS];
	struct writer w = writer_of(octets, sizeof(octets));

	if (u->there)
		ue_end(u);
	*u = (struct node_ue){ .node = n, .there = true, .c_rnti = c_rnti };
	if (!bearer_begin(u, 1, &srb1.rlc, srb1.priority) ||
		!cell_group_write(&w, &du_cell(n->du)->cell, du_ue_own(n->du, place), &srb1, 1) ||
		!du_f1ap_ccch_received(n->f1ap, &n->cell.cgi, c_rnti, sdu, writer_bytes(&w))) {
		ue_end(u);
		du_ue_release(n->du, place);
	}
}

static void on_configured(void *arg, uint16_t place)
{
}

static void on_lost(void *arg, uint16_t place)
{
	struct du_node *n = arg;

	if (n->ues[place].there && n->ues[place].release_ns == 0)
		du_f1ap_link_failed(
			n->f1ap, n->ues[place].c_rnti, F1AP_CAUSE_RADIO_NETWORK_RL_FAILURE_OTHERS);
}

/* --- from F1AP */

static void ccch_send(void *arg, uint16_t c_rnti, struct bytes rrc)
{
	struct du_node *n = arg;
	struct node_ue *u = ue_by_c_rnti(n, c_rnti);

	if (u)
		may_fail(du_ccch_send(n->du, place_of(u), rrc)); /* the UE asks again */
}

static void rlc_put(struct du_node *n, const struct bearer *b, struct bytes pdu)
{
	struct sdu *s = b->rlc ? sdu_of(&n->memory.sdus, pdu) : NULL;

	if (s)
		may_fail(rlc_send(b->rlc, s)); /* counted there */
}

static void srb_send(void *arg, uint16_t c_rnti, uint8_t srb, struct bytes pdcp_pdu)
{
	struct du_node *n = arg;
	struct node_ue *u = ue_by_c_rnti(n, c_rnti);

	if (u && srb < DRB_LCID)
		rlc_put(n, &u->bearers[srb], pdcp_pdu);
}

static struct rlc_config drb_rlc(enum f1ap_rlc_mode mode)
{
	struct rlc_config am = rrc_srb_rlc();

	if (mode == F1AP_RLC_MODE_RLC_AM) {
		am.tx_sn_bits = am.rx_sn_bits = 18;
		am.t_poll_retransmit_ms = 40;
		am.t_reassembly_ms = 20;
		am.t_status_prohibit_ms = 5;
		am.poll_pdu = 16;
		am.max_retx_threshold = 32;
		return am;
	}
	return (struct rlc_config){
		.mode = RLC_UM, .tx_sn_bits = 12, .rx_sn_bits = 12, .t_reassembly_ms = 40
	};
}

static bool set_drb(struct node_ue *u, struct du_f1ap_drb *d, struct cell_group_bearer *out)
{
	uint8_t lcid = (uint8_t)(DRB_LCID + d->drb);
	struct rlc_config rlc = drb_rlc(d->mode);

	if (d->drb == 0 || d->drb > DRBS_MAX || !bearer_begin(u, lcid, &rlc, 8))
		return false;
	u->bearers[lcid].up = d->ul;
	d->accepted = true;
	d->lcid = lcid;
	d->dl = (struct du_f1ap_tunnel){ .address_len = 4,
		.teid = (uint32_t)(place_of(u) + 1) << TEID_SHIFT | lcid };
	(void)bytes_copy(d->dl.address, sizeof(d->dl.address), BYTES(u->node->config.f1u_address));
	*out = (struct cell_group_bearer){ lcid, false, d->drb, rlc, 8, DRB_LCG, false };
	return true;
}

/* All that it has, after a re-establishment: RLC of what is there begins again (38.331 5.3.5.6.3). */
static size_t all_again(struct node_ue *u, struct cell_group_bearer *list)
{
	size_t count = 0;

	for (uint8_t lcid = 2; lcid < ARRAY_LEN(u->bearers); lcid++)
		if (u->bearers[lcid].rlc) {
			rlc_reestablish(u->bearers[lcid].rlc);
			list[count++] = (struct cell_group_bearer){ .lcid = lcid, .again = true };
		}
	return count;
}

static bool configure(void *arg, struct du_f1ap_order *o, struct writer *cell_group)
{
	struct du_node *n = arg;
	struct node_ue *u = ue_by_c_rnti(n, o->c_rnti);
	struct cell_group_bearer list[CELL_GROUP_BEARERS_MAX];
	size_t count;

	if (!u)
		return false;
	count = o->whole ? all_again(u, list) : 0;
	if (o->srb2 && !u->bearers[2].rlc) {
		list[count] = srb_of(2);
		if (!bearer_begin(u, 2, &list[count].rlc, list[count].priority))
			return false;
		count++;
	}
	for (uint8_t i = 0; i < o->released_count; i++)
		if (o->released[i] <= DRBS_MAX)
			bearer_end(u, (uint8_t)(DRB_LCID + o->released[i]));
	for (uint8_t i = 0; i < o->drb_count && count < CELL_GROUP_BEARERS_MAX; i++)
		count += set_drb(u, &o->drbs[i], &list[count]);
	return count == 0 || cell_group_write(cell_group, &du_cell(n->du)->cell,
				     o->whole ? du_ue_own(n->du, place_of(u)) : NULL, list, count);
}

static void reconfigured(void *arg, uint16_t c_rnti, bool completed)
{
}

/* The entities go over; their MAC is the new place's. */
static void moved(void *arg, uint16_t from, uint16_t to)
{
	struct du_node *n = arg;
	struct node_ue *old = ue_by_c_rnti(n, from), *new = ue_by_c_rnti(n, to);

	if (!old || !new)
		return;
	for (uint8_t lcid = 2; lcid < ARRAY_LEN(old->bearers); lcid++) {
		struct bearer *b = &old->bearers[lcid];
		struct rlc_config config = b->config;
		struct du_f1ap_tunnel up = b->up;

		if (!b->rlc)
			continue;
		bearer_end(old, lcid);
		if (bearer_begin(new, lcid, &config, lcid < DRB_LCID ? 3 : 8))
			new->bearers[lcid].up = up;
	}
	ue_end(old);
	du_ue_release(n->du, place_of(old));
}

static void release(void *arg, uint16_t c_rnti)
{
	struct du_node *n = arg;
	struct node_ue *u = ue_by_c_rnti(n, c_rnti);

	if (u)
		u->release_ns = n->now_ns + RELEASE_MS * UINT64_C(1000000);
}

static void page(void *arg, const struct ncgi *cell, uint16_t index, uint16_t drx, struct bytes pcch)
{
}

static void activated(void *arg, const struct ncgi *cell)
{
}

/* --- as a whole */

static enum f1ap_nrnrb nrb_of(unsigned prbs)
{
	static const uint16_t values[] = { 11, 18, 24, 25, 31, 32, 38, 51, 52, 65, 66, 78, 79, 93, 106, 107,
		121, 132, 133, 135, 160, 162, 189, 216, 217, 245, 264, 270, 273 };
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(values) && values[i] < prbs)
		i++;
	return (enum f1ap_nrnrb)i;
}

static bool describe(struct du_node *n)
{
	const struct served_cell *s = du_cell(n->du);
	struct phy_pbch_payload payload;

	if (!phy_mib_encode(&s->mib, s->broadcast.l_max, &payload) ||
		!bytes_copy(n->mib, sizeof(n->mib), BYTES(payload.mib)))
		return false;
	n->cell = (struct du_f1ap_cell){ .cgi = { n->config.plmn, s->config.cell_identity },
		.pci = s->config.pci,
		.tac = s->config.tac,
		.plmns = &n->config.plmn,
		.plmn_count = 1,
		.tdd = !s->cell.paired,
		.dl_arfcn = s->config.arfcn,
		.ul_arfcn = phy_arfcn_near(s->cell.uplink.hz),
		.band = s->config.band,
		.scs = (enum f1ap_nrscs)s->config.mu,
		.prb = nrb_of(s->broadcast.prbs),
		.mib = BYTES(n->mib),
		.sib1 = s->broadcast.sib1 };
	return true;
}

struct du_node *du_node_new(const struct du_node_config *c, const char **wrong)
{
	struct du_node *n = calloc(1, sizeof(*n));
	const struct du_upper upper = { n, on_ccch, on_configured, on_lost };
	const struct du_f1ap_lower lower = { n, ccch_send, srb_send, configure, reconfigured, moved, release,
		page, activated };
	struct du_f1ap_config f1 = { .env = c->env,
		.id = c->id,
		.name = c->name,
		.cell_count = 1,
		.ues_max = DU_UES_MAX,
		.lower = lower,
		.f1_arg = c->arg,
		.send = c->f1ap_send };

	*wrong = NULL;
	if (!n)
		return NULL;
	n->config = *c;
	rlc_memory_init(&n->memory, SDUS_SMALL, SDUS_LARGE, HOLES);
	n->du = du_new(&c->du, &upper, wrong);
	f1.cells = &n->cell;
	n->f1ap = n->du && describe(n) ? du_f1ap_new(&f1) : NULL;
	if (n->f1ap)
		return n;
	du_node_free(n);
	return NULL;
}

void du_node_free(struct du_node *n)
{
	if (!n)
		return;
	for (uint16_t i = 0; i < DU_UES_MAX; i++)
		if (n->ues[i].there)
			ue_end(&n->ues[i]);
	du_f1ap_free(n->f1ap);
	du_free(n->du);
	rlc_memory_fini(&n->memory);
	free(n);
}

struct du *du_node_mac(struct du_node *n)
{
	return n->du;
}

struct du_f1ap *du_node_f1ap(struct du_node *n)
{
	return n->f1ap;
}

void du_node_f1u_received(struct du_node *n, uint32_t teid, struct bytes pdu)
{
	uint32_t place = (teid >> TEID_SHIFT) - 1, lcid = teid & ((1 << TEID_SHIFT) - 1);

	if (place < DU_UES_MAX && n->ues[place].there && lcid >= DRB_LCID &&
		lcid < ARRAY_LEN(n->ues[place].bearers))
		rlc_put(n, &n->ues[place].bearers[lcid], pdu);
}

void du_node_run(struct du_node *n, uint64_t now_ns)
{
	n->now_ns = now_ns;
	for (uint16_t i = 0; i < DU_UES_MAX; i++) {
		struct node_ue *u = &n->ues[i];

		if (!u->there)
			continue;
		for (uint8_t lcid = 1; lcid < ARRAY_LEN(u->bearers); lcid++)
			if (u->bearers[lcid].rlc)
				rlc_run(u->bearers[lcid].rlc, now_ns);
		if (u->release_ns != 0 && now_ns >= u->release_ns) {
			ue_end(u);
			du_ue_release(n->du, i);
		}
	}
	du_f1ap_run(n->f1ap);
}
