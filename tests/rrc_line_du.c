/* The DU's RLC and MAC, as its F1AP sees them. */
#include "radio/rrc/bearer.h"
#include "tests/rrc_line_internal.h"

struct line_context *line_context(struct line *l, uint16_t c_rnti)
{
	for (size_t i = 0; i < LINE_CONTEXTS; i++)
		if (l->du.contexts[i].c_rnti == c_rnti)
			return &l->du.contexts[i];
	return NULL;
}

static size_t cell_group_bearer(struct rrc_rlc_bearer_config *b,
	struct rrc_rlc_bearer_config_served_radio_bearer *served, uint8_t lcid)
{
	bool srb = lcid < 3;

	served->tag = srb ? RRC_RLC_BEARER_CONFIG_SERVED_RADIO_BEARER_TAG_SRB_IDENTITY
			  : RRC_RLC_BEARER_CONFIG_SERVED_RADIO_BEARER_TAG_DRB_IDENTITY;
	if (srb)
		served->u.srb_identity = lcid;
	else
		served->u.drb_identity = lcid - 3;
	*b = (struct rrc_rlc_bearer_config){ .logical_channel_identity = lcid,
		.served_radio_bearer = served };
	return 1;
}

void line_cell_group_write(uint32_t lcids, bool again, struct writer *w)
{
	struct rlc_config am = rrc_srb_rlc();
	struct rrc_rlc_config rlc;
	struct rrc_logical_channel_config_ul_specific_parameters ul = { .priority = 8 };
	struct rrc_logical_channel_config channel = { &ul };
	struct rrc_rlc_bearer_config b[8];
	struct rrc_rlc_bearer_config_served_radio_bearer served[8];
	struct rrc_cell_group_config_rlc_bearer_to_add_mod_list list = { 0, b };
	struct rrc_cell_group_config group = { .rlc_bearer_to_add_mod_list = &list };

	am.tx_sn_bits = am.rx_sn_bits = 18;
	assert_true(rrc_rlc_make(&am, &rlc));
	for (uint8_t lcid = 1; lcid < 8; lcid++) {
		if (!(lcids >> lcid & 1))
			continue;
		list.count += cell_group_bearer(&b[list.count], &served[list.count], lcid);
		if (lcid >= 3) {
			b[list.count - 1].rlc_config = &rlc;
			b[list.count - 1].mac_logical_channel_config = &channel;
		}
		if (!again)
			continue;
		b[list.count - 1].has_reestablish_rlc = true;
		b[list.count - 1].served_radio_bearer = NULL;
	}
	if (list.count == 0)
		group.rlc_bearer_to_add_mod_list = NULL;
	assert_true(rrc_encode(&rrc_cell_group_config_type, &group, w));
}

static void du_ccch_send(void *arg, uint16_t c_rnti, struct bytes rrc)
{
	line_put(arg, LINE_CCCH_DOWN, c_rnti, 0, rrc);
}

static void du_srb_send(void *arg, uint16_t c_rnti, uint8_t srb, struct bytes pdu)
{
	line_put(arg, LINE_SRB_DOWN, c_rnti, srb, pdu);
}

static bool du_configure(void *arg, struct du_f1ap_order *o, struct writer *cell_group)
{
	struct line *l = arg;
	struct line_context *x = line_context(l, o->c_rnti);
	uint32_t lcids = 0;

	assert_non_null(x);
	if (l->du.refuses_all)
		return false;
	if (o->srb2)
		lcids |= 1 << 2;
	x->srb2 = x->srb2 || o->srb2;
	for (uint8_t i = 0; i < o->drb_count; i++) {
		struct du_f1ap_drb *d = &o->drbs[i];

		assert_true(l->foreign ||
			    (d->drb == LINE_DRB && d->mode == F1AP_RLC_MODE_RLC_AM && d->five_qi == 9 &&
				    d->dl_sn_bits == 18 && d->ul_sn_bits == 18 && d->ul.teid == 0x11223344));
		d->accepted = !l->du.refuses_drb;
		d->lcid = (uint8_t)(4 + (d->drb - 1) % 4); /* what it writes has room for so many */
		d->dl = (struct du_f1ap_tunnel){ { 10, 0, 0, 2 }, 4, 0x55667788 };
		if (d->accepted)
			lcids |= 1u << d->lcid;
		x->drb = x->drb || d->accepted;
	}
	if (o->released_count > 0)
		x->drb = false;
	if (o->whole)
		lcids |= 1 << 2 | (x->drb ? 1u << (3 + LINE_DRB) : 0);
	line_cell_group_write(lcids, o->whole && o->drb_count == 0, cell_group);
	return true;
}

static void du_reconfigured(void *arg, uint16_t c_rnti, bool completed)
{
	((struct line *)arg)->du.reconfigured += completed;
}

static void du_required(void *arg, uint16_t c_rnti, bool confirmed)
{
	struct line *l = arg;

	l->du.required += confirmed;
	l->du.required_refused += !confirmed;
}

static void du_moved(void *arg, uint16_t from, uint16_t to)
{
	struct line *l = arg;
	struct line_context *old = line_context(l, from), *new = line_context(l, to);

	assert_true(old && new);
	*new = *old;
	new->c_rnti = to;
	*old = (struct line_context){ 0 };
}

static void du_release(void *arg, uint16_t c_rnti)
{
	struct line *l = arg;

	struct line_context *x = line_context(l, c_rnti);

	assert_non_null(x);
	*x = (struct line_context){ 0 };
	l->du.released++;
	line_put(l, LINE_SILENT, c_rnti, 0, BYTES_NONE);
}

static void du_page(void *arg, const struct ncgi *cell, uint16_t index, uint16_t drx, struct bytes pcch)
{
	struct line *l = arg;

	assert_true(l->foreign || (cell->nci == LINE_NCI && index == (line_identity.tmsi & 0x3ff)));
	l->du.paged++;
	line_put(l, LINE_PCCH, 0, 0, pcch);
}

/* The UE hears the SIB in an SI message, as the DU's MAC would send it. */
static void broadcast(struct line *l, uint8_t sib, struct bytes octets)
{
	static const struct per_type *const types[] = { &rrc_sib6_type, &rrc_sib7_type, &rrc_sib8_type };
	struct rrc_system_information_ies_sib_type_and_info_item item = {
		.tag = RRC_SYSTEM_INFORMATION_IES_SIB_TYPE_AND_INFO_ITEM_TAG_SIB6 + (sib - 6u)
	};
	struct rrc_system_information si = {
		.critical_extensions.tag = RRC_SYSTEM_INFORMATION_CRITICAL_EXTENSIONS_TAG_SYSTEM_INFORMATION,
		.critical_extensions.u.system_information.sib_type_and_info = { 1, &item }
	};
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, NULL, 0, 1 << 16);
	assert_true(rrc_decode(types[sib - 6], octets, &arena, &item.u, &diag));
	ue_rrc_system_information(l->ue.rrc, &si);
	arena_fini(&arena);
}

/* The last segment first. */
static bool du_warn(void *arg, const struct ncgi *cell, const struct du_f1ap_warning *w)
{
	struct line *l = arg;

	if (l->du.refuses_all)
		return false;
	l->du.warned++;
	l->du.warning = *w;
	l->du.warning.sibs = NULL;
	for (size_t i = w->n; i-- > 0;)
		if (i != l->du.swallows)
			broadcast(l, w->sib, w->sibs[i]);
	return true;
}

static bool du_warn_end(
	void *arg, const struct ncgi *cell, bool all, uint16_t id, uint16_t serial, uint16_t *sent)
{
	struct line *l = arg;

	*sent = 3;
	if (!all && (id != l->du.warning.id || serial != l->du.warning.serial))
		return false;
	l->du.warnings_ended++;
	return true;
}

const struct du_f1ap_lower line_du_lower = { NULL, du_ccch_send, du_srb_send, du_configure, du_reconfigured,
	du_required, du_moved, du_release, du_page, du_warn, du_warn_end };
