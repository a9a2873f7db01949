/* What F1AP has RLC and MAC do (f1ap.h). */
#include "gnb/du/measurement.h"
#include "gnb/du/node_parts.h"

enum { RELEASE_MS = 60 /* for the last message to be acknowledged */ };

static void ccch_send(void *arg, uint16_t c_rnti, struct bytes rrc)
{
	struct du_node *n = arg;
	struct node_ue *u = node_ue_of(n, c_rnti);

	if (u)
		may_fail(du_ccch_send(n->du, node_place(u), rrc)); /* the UE asks again */
}

static void srb_send(void *arg, uint16_t c_rnti, uint8_t srb, struct bytes pdcp_pdu)
{
	struct du_node *n = arg;
	struct node_ue *u = node_ue_of(n, c_rnti);

	if (u && srb < DRB_LCID)
		may_fail(node_bearer_send(n, &u->bearers[srb], DU_F1U_NO_TAG, pdcp_pdu)); /* RRC's timers */
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

/* 0: it has none. */
static uint8_t lcid_of(const struct node_ue *u, uint8_t drb)
{
	for (uint8_t lcid = DRB_LCID; lcid < ARRAY_LEN(u->bearers); lcid++)
		if (u->bearers[lcid].rlc && u->bearers[lcid].drb == drb)
			return lcid;
	return 0;
}

/* 0: none. */
static uint8_t lcid_free(const struct node_ue *u)
{
	for (uint8_t lcid = DRB_LCID; lcid < ARRAY_LEN(u->bearers); lcid++)
		if (!u->bearers[lcid].rlc)
			return lcid;
	return 0;
}

static bool set_drb(struct node_ue *u, struct du_f1ap_drb *d, struct cell_group_bearer *out)
{
	uint8_t lcid = lcid_of(u, d->drb) ? 0 : lcid_free(u);
	struct rlc_config rlc = drb_rlc(d->mode);
	const struct addr *own = &u->node->config.f1u;

	if (lcid == 0 || !node_bearer_begin(u, lcid, &rlc, DRB_PRIORITY))
		return false;
	u->bearers[lcid].drb = d->drb;
	u->bearers[lcid].ul_sn_bits = d->ul_sn_bits;
	u->bearers[lcid].dl_sn_bits = d->dl_sn_bits;
	u->bearers[lcid].f1u = du_f1u_begin(u->node->f1u, &u->bearers[lcid], d);
	if (!u->bearers[lcid].f1u) {
		node_bearer_end(u, lcid);
		return false;
	}
	d->accepted = true;
	d->lcid = lcid;
	d->dl = (struct du_f1ap_tunnel){ .address_len = own->len, .teid = du_f1u_teid(u->bearers[lcid].f1u) };
	(void)bytes_copy(d->dl.address, sizeof(d->dl.address), bytes_of(own->ip, own->len));
	*out = (struct cell_group_bearer){ lcid, false, d->drb, rlc, DRB_PRIORITY, DRB_LCG, false };
	return true;
}

/* All that it has, after a re-establishment: RLC of what is there begins again (38.331 5.3.5.6.3); SRB1 has
 * begun already, with a channel of 9.2.1, which asks for uplink by random access alone. */
static size_t all_again(struct node_ue *u, struct cell_group_bearer *list)
{
	size_t count = 1;

	list[0] = node_srb(1);
	list[0].channel_only = true;
	for (uint8_t lcid = 2; lcid < ARRAY_LEN(u->bearers); lcid++)
		if (u->bearers[lcid].rlc) {
			rlc_reestablish(u->bearers[lcid].rlc);
			if (u->bearers[lcid].f1u)
				du_f1u_again(u->bearers[lcid].f1u, &u->bearers[lcid]);
			list[count++] = (struct cell_group_bearer){ .lcid = lcid, .again = true };
		}
	return count;
}

/* Whether servingCellMO is another now. */
static bool measures(struct node_ue *u, struct bytes meas_config)
{
	uint8_t object = u->measurement_object;

	if (meas_config.len > 0)
		object = du_measurement_object(meas_config, served_cell_ssb_arfcn(du_cell(u->node->du)));
	if (object == 0 || object == u->measurement_object)
		return false;
	u->measurement_object = object;
	return true;
}

static bool configure(void *arg, struct du_f1ap_order *o, struct writer *cell_group)
{
	struct du_node *n = arg;
	struct node_ue *u = node_ue_of(n, o->c_rnti);
	struct cell_group_bearer list[CELL_GROUP_BEARERS_MAX];
	uint8_t gone[CELL_GROUP_BEARERS_MAX];
	size_t count, gone_n = 0;
	bool whole = o->whole;
	struct mac_drx_config drx;

	if (!u)
		return false;
	drx = served_cell_drx(du_cell(n->du), node_place(u));
	if (o->capability.len > 0)
		u->capability = du_capability_read(o->capability, n->cell.band);
	if (du_ue_adapt(n->du, node_place(u), &u->capability))
		whole = true;
	if (measures(u, o->measurement))
		whole = true;
	count = o->whole ? all_again(u, list) : 0;
	if (o->srb2 && !u->bearers[2].rlc) {
		list[count] = node_srb(2);
		if (!node_bearer_begin(u, 2, &list[count].rlc, list[count].priority))
			return false;
		count++;
	}
	for (uint8_t i = 0; i < o->released_count && gone_n < CELL_GROUP_BEARERS_MAX; i++) {
		uint8_t lcid = lcid_of(u, o->released[i]);

		if (lcid == 0)
			continue;
		node_bearer_end(u, lcid);
		gone[gone_n++] = lcid; /* the UE does not let go of it with the DRB (38.331 5.3.5.6.4) */
	}
	for (uint8_t i = 0; i < o->drb_count && count < CELL_GROUP_BEARERS_MAX; i++)
		count += set_drb(u, &o->drbs[i], &list[count]);
	return (count + gone_n == 0 && !whole) ||
	       cell_group_write(cell_group, &du_cell(n->du)->cell,
		       whole ? du_ue_own(n->du, node_place(u)) : NULL,
		       &(struct cell_group_change){ gone, gone_n, list, count, &drx, u->measurement_object,
			       du_cell(n->du)->config.alignment_ms });
}

static void reconfigured(void *arg, uint16_t c_rnti, bool completed)
{
	struct du_node *n = arg;
	struct node_ue *u = node_ue_of(n, c_rnti);

	if (u && completed)
		du_ue_reconfigured(n->du, node_place(u));
}

/* The entities go over, and the tunnels to them; their MAC is the new place's. */
static void moved(void *arg, uint16_t from, uint16_t to)
{
	struct du_node *n = arg;
	struct node_ue *old = node_ue_of(n, from), *new = node_ue_of(n, to);

	if (!old || !new)
		return;
	for (uint8_t lcid = 2; lcid < ARRAY_LEN(old->bearers); lcid++) {
		struct node_bearer *b = &old->bearers[lcid];
		struct rlc_config config = b->config;
		struct du_f1u_bearer *f1u = b->f1u;
		uint8_t priority = lcid < DRB_LCID ? node_srb(lcid).priority : DRB_PRIORITY, drb = b->drb;
		uint8_t ul_sn_bits = b->ul_sn_bits, dl_sn_bits = b->dl_sn_bits;

		if (!b->rlc)
			continue;
		b->f1u = NULL;
		node_bearer_end(old, lcid);
		if (node_bearer_begin(new, lcid, &config, priority)) {
			new->bearers[lcid].f1u = f1u;
			new->bearers[lcid].drb = drb;
			new->bearers[lcid].ul_sn_bits = ul_sn_bits;
			new->bearers[lcid].dl_sn_bits = dl_sn_bits;
		}
		if (f1u && new->bearers[lcid].f1u == f1u)
			du_f1u_again(f1u, &new->bearers[lcid]);
		else if (f1u)
			du_f1u_end(f1u);
	}
	new->capability = old->capability;
	new->measurement_object = old->measurement_object;
	node_ue_end(old);
	du_ue_release(n->du, node_place(old));
}

static void release(void *arg, uint16_t c_rnti)
{
	struct du_node *n = arg;
	struct node_ue *u = node_ue_of(n, c_rnti);

	if (u)
		u->release_ns = n->now_ns + RELEASE_MS * UINT64_C(1000000);
}

static void page(void *arg, const struct ncgi *cell, uint16_t index, uint16_t drx, struct bytes pcch)
{
	struct du_node *n = arg;

	if (cell->nci == n->cell.cgi.nci)
		may_fail(du_page(n->du, index, pcch)); /* counted there */
}

static bool warn(void *arg, const struct ncgi *cell, const struct du_f1ap_warning *w)
{
	struct du_node *n = arg;

	return cell->nci == n->cell.cgi.nci && node_warn(n, w);
}

static bool warn_end(
	void *arg, const struct ncgi *cell, bool all, uint16_t id, uint16_t serial, uint16_t *sent)
{
	struct du_node *n = arg;

	if (cell->nci != n->cell.cgi.nci || (all && !du_has_warnings(n->du)))
		return false;
	*sent = 0;
	if (!all)
		return du_warn_end(n->du, id, serial, sent);
	du_warn_end_all(n->du);
	return true;
}

struct du_f1ap_lower node_lower(struct du_node *n)
{
	return (struct du_f1ap_lower){ n, ccch_send, srb_send, configure, reconfigured, node_required, moved,
		release, page, warn, warn_end };
}
