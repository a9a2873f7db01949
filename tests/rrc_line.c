#include "tests/rrc_line.h"

#include "radio/rrc/bearer.h"

enum {
	DELAY_MS = 4,
	LATE_MS = 45,
	RLC_FAILURE_MS = 150, /* maxRetxThreshold polls without an answer */
	RETRY_MS = 100,
	SELECTION_MS = 30,
	UES_MAX = 16,
	C_RNTI_FIRST = 0x4601,
	NCI = 0x123456789
};

struct line_message {
	struct line_message *next;
	uint64_t due_ns, order;
	enum line_kind kind;
	uint16_t c_rnti;
	uint8_t srb;
	bool lost;
	size_t len;
	uint8_t octets[];
};

static const struct plmn home = { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } };
static const struct ncgi cgi = { { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } }, NCI };
static const struct s_tmsi identity = { 0x155, 0x2a, 0xc0ffee01 };
static const uint8_t k_amf[KDF_KEY_LEN] = { 1, 2, 3 }, k_gnb[KDF_KEY_LEN] = { 4, 5, 6 };

struct bytes line_nas(enum line_nas which)
{
	static const uint8_t octets[NAS_COUNT][4] = { { 0x7e, 0, 0x64, 0x5f }, { 0x7e, 0, 0x64, 0x60 },
		{ 0x7e, 0, 0x64, 0x61 }, { 0x7e, 0, 0x64, 0x62 }, { 0x7e, 0, 0x64, 0x63 },
		{ 0x7e, 0, 0x64, 0x64 } };

	return BYTES(octets[which]);
}

/* In the order of time; what is lost still has its time, when its sender learns of it. */
static void put(struct line *l, enum line_kind kind, uint16_t c_rnti, uint8_t srb, struct bytes octets)
{
	struct line_message *m = calloc(1, sizeof(*m) + octets.len), **at = &l->first;
	bool of_air = kind < LINE_F1_UP ||
		      (kind <= LINE_F1_DOWN && l->fault >= LINE_LATE && l->fault != LINE_DAMAGED);
	bool hit = of_air && ++l->sent == l->fault_at;

	assert_non_null(m);
	if (l->tap)
		l->tap(l, kind, srb, octets);
	*m = (struct line_message){ .kind = kind, .c_rnti = c_rnti, .srb = srb, .len = octets.len };
	m->due_ns = l->env.now_ns + DELAY_MS * (uint64_t)NS_PER_MS;
	assert_true(bytes_copy(m->octets, octets.len, octets));
	if (hit) {
		l->fault_kind = kind;
		l->breaks = l->fault == LINE_BROKEN;
		m->lost = l->fault == LINE_LOST;
		m->due_ns += l->fault == LINE_LATE ? LATE_MS * (uint64_t)NS_PER_MS
			     : m->lost             ? RLC_FAILURE_MS * (uint64_t)NS_PER_MS
						   : 0;
		if (l->fault == LINE_DAMAGED && octets.len > 2)
			m->octets[octets.len / 2] ^= 0x55;
	}
	if (kind == LINE_SILENT)
		m->due_ns += RLC_FAILURE_MS * (uint64_t)NS_PER_MS;
	while (*at && (*at)->due_ns <= m->due_ns)
		at = &(*at)->next;
	m->next = *at;
	*at = m;
}

/* --- the UE's surroundings */

static bool ue_k_gnb(void *arg, uint8_t amf[KDF_KEY_LEN], uint8_t gnb[KDF_KEY_LEN])
{
	struct line *l = arg;

	assert_true(bytes_copy(amf, KDF_KEY_LEN, BYTES(k_amf)) && bytes_copy(gnb, KDF_KEY_LEN, BYTES(k_gnb)));
	gnb[0] ^= l->ue.keyless;
	return true;
}

static bool ue_is_unproved(void *arg)
{
	return ((struct line *)arg)->ue.unproved;
}

static void ue_connected(void *arg)
{
	((struct line *)arg)->ue.connected++;
}

static void ue_establishment(struct ue_rrc_establishment *e)
{
	*e = (struct ue_rrc_establishment){ .access_category = 3,
		.access_identities = 1,
		.cause = RRC_ESTABLISHMENT_CAUSE_MO_SIGNALLING,
		.s_tmsi = &identity,
		.nas = line_nas(NAS_REQUEST) };
}

static bool ue_fell_back(void *arg, struct ue_rrc_establishment *e)
{
	ue_establishment(e);
	return ((struct line *)arg)->ue.falls_back;
}

static void ue_nas(void *arg, struct bytes nas)
{
	struct line *l = arg;

	l->ue.nas_count++;
	l->ue.nas_len = nas.len;
	assert_true(bytes_copy(l->ue.nas, sizeof(l->ue.nas), nas) || l->foreign);
}

static void ue_bearer_set(void *arg, uint8_t psi, uint8_t drb)
{
	assert_true(((struct line *)arg)->foreign || (psi == LINE_PSI && drb == LINE_DRB));
}

static void ue_bearer_released(void *arg, uint8_t drb)
{
	assert_true(((struct line *)arg)->foreign || drb == LINE_DRB);
}

static void ue_paged(void *arg, const struct s_tmsi *s_tmsi, bool non_3gpp)
{
	struct line *l = arg;

	l->ue.paged += s_tmsi->tmsi == identity.tmsi && s_tmsi->amf_set_id == identity.amf_set_id &&
		       s_tmsi->amf_pointer == identity.amf_pointer;
}

static void ue_ended(void *arg, const struct ue_rrc_ending *e)
{
	struct line *l = arg;

	l->ue.ended++;
	l->ue.last_ending = *e;
	l->ue.c_rnti = 0;
}

static void ue_alleviated(void *arg, uint8_t category)
{
	((struct line *)arg)->ue.alleviated++;
}

/* Preamble and message 3: the DU gives a C-RNTI. */
static void ue_random_access(void *arg, struct bytes ccch_sdu)
{
	struct line *l = arg;

	assert_int_equal(ccch_sdu.len, 6);
	l->ue.c_rnti = l->du.next_c_rnti++;
	put(l, LINE_CCCH_UP, l->ue.c_rnti, 0, ccch_sdu);
}

static void ue_srb_send(void *arg, uint8_t srb, struct sdu *pdu)
{
	struct line *l = arg;

	put(l, LINE_SRB_UP, l->ue.c_rnti, srb, sdu_bytes(pdu));
	sdu_free(&l->pool, pdu);
}

static bool ue_cell_group_set(void *arg, const struct ue_cell_group *group,
	const struct ue_cell_group_change *change, const struct rrc_sp_cell_config *sp_cell)
{
	struct line *l = arg;

	l->ue.group = *group;
	return true;
}

static bool ue_drb_set(void *arg, const struct ue_rrc_drb *drb, enum ue_rrc_drb_change change,
	const struct pdcp_security *keys)
{
	struct line *l = arg;

	l->ue.drb = *drb;
	l->ue.drb_keys = *keys;
	l->ue.has_drb = true;
	return true;
}

static void ue_drb_released(void *arg, uint8_t drb)
{
	((struct line *)arg)->ue.has_drb = false;
}

static void ue_reset(void *arg)
{
	((struct line *)arg)->ue.resets++;
}

static void ue_suspended(void *arg)
{
	((struct line *)arg)->ue.drb_suspended = true;
}

static void ue_drb_resumed(void *arg, uint8_t drb)
{
	struct line *l = arg;

	l->ue.drb_suspended = false;
	l->ue.resumed++;
}

static void ue_all_released(void *arg)
{
	struct line *l = arg;

	l->ue.has_drb = l->ue.drb_suspended = false;
}

static void ue_cell_select(void *arg)
{
	struct line *l = arg;

	if (l->ue.camps) /* by the clock, as a search takes its time */
		put(l, LINE_SEARCHED, 0, 0, BYTES_NONE);
}

/* --- the DU's RLC and MAC */

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

/* A small CellGroupConfig: the logical channels of a mask, anew or established again. */
static void cell_group_write(uint32_t lcids, bool again, struct writer *w)
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
	put(arg, LINE_CCCH_DOWN, c_rnti, 0, rrc);
}

static void du_srb_send(void *arg, uint16_t c_rnti, uint8_t srb, struct bytes pdu)
{
	put(arg, LINE_SRB_DOWN, c_rnti, srb, pdu);
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
	cell_group_write(lcids, o->whole && o->drb_count == 0, cell_group);
	return true;
}

static void du_reconfigured(void *arg, uint16_t c_rnti, bool completed)
{
	((struct line *)arg)->du.reconfigured += completed;
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
	put(l, LINE_SILENT, c_rnti, 0, BYTES_NONE);
}

static void du_page(void *arg, const struct ncgi *cell, uint16_t index, uint16_t drx, struct bytes pcch)
{
	struct line *l = arg;

	assert_true(l->foreign || (cell->nci == NCI && index == (identity.tmsi & 0x3ff)));
	l->du.paged++;
	put(l, LINE_PCCH, 0, 0, pcch);
}

static void du_activated(void *arg, const struct ncgi *cell)
{
	((struct line *)arg)->du.activated += cell->nci == NCI;
}

static void du_f1_send(void *arg, struct bytes pdu)
{
	put(arg, LINE_F1_UP, 0, 0, pdu);
}

/* --- NGAP at the gNB */

static bool gnb_setup_requested(
	void *arg, const struct cucp_cell *cell, enum rrc_establishment_cause cause, uint8_t *wait_s)
{
	struct line *l = arg;

	*wait_s = l->gnb.wait_s;
	return !l->gnb.refuses_setup;
}

struct cucp_bearer line_bearer(uint8_t drb)
{
	struct cucp_bearer b = { .drb = drb,
		.psi = LINE_PSI,
		.is_default = true,
		.snssai = { 1, SNSSAI_NO_SD },
		.flows = { { 1, 9, 8 } },
		.flow_count = 1,
		.ul = { { 10, 0, 0, 1 }, 4, 0x11223344 } };

	b.pdcp = (struct pdcp_config){ .bearer = PDCP_AM_DRB,
		.rb_id = drb,
		.tx_sn_bits = 18,
		.rx_sn_bits = 18,
		.discard_ms = PDCP_INFINITY,
		.reordering_ms = 100,
		.tx_sdap = true };
	return b;
}

static bool gnb_connection(void *arg, struct cucp_ue *ue, const struct cucp_connection *c, void **user)
{
	struct line *l = arg;

	if (l->gnb.refuses_connection)
		return false;
	if (l->gnb.ue) /* the AMF would notice: the UE cannot be in two connections */
		cucp_release(l->gnb.ue, 0, true);
	l->gnb.ue = ue;
	l->gnb.connection = *c;
	l->gnb.connection.registered = NULL;
	l->gnb.connection.nas = BYTES_NONE;
	l->gnb.connections++;
	l->gnb.ncc = 0;
	assert_true(bytes_copy(l->gnb.k_gnb, KDF_KEY_LEN, BYTES(k_gnb)));
	assert_true(l->foreign || l->fault == LINE_DAMAGED ||
		    (plmn_equal(&c->plmn, &home) && bytes_equal(c->nas, line_nas(NAS_REQUEST))));
	*user = l;
	if (!l->gnb.idle)
		assert_true(cucp_security_activate(ue, l->gnb.k_gnb, l->gnb.ea, l->gnb.ia));
	return true;
}

static void gnb_nas(void *arg, void *user, struct bytes nas)
{
	struct line *l = user;

	l->gnb.nas_count++;
	l->gnb.nas_len = nas.len;
	assert_true(bytes_copy(l->gnb.nas, sizeof(l->gnb.nas), nas) || l->foreign);
}

static void gnb_secured(void *arg, void *user, bool completed)
{
	struct line *l = user;
	struct cucp_bearer b = line_bearer(LINE_DRB);

	l->gnb.secured += completed;
	l->gnb.unsecured += !completed;
	if (l->gnb.idle)
		return;
	if (!completed) {
		cucp_release(l->gnb.ue, 0, false);
		l->gnb.ue = NULL;
		return;
	}
	assert_true(cucp_capability_enquire(l->gnb.ue));
	assert_true(cucp_bearer_set(l->gnb.ue, &b, line_nas(NAS_ACCEPT)));
}

static void gnb_capability(void *arg, void *user, struct bytes containers)
{
	struct line *l = user;

	l->gnb.capabilities++;
	l->gnb.capability_len = containers.len;
	assert_true(bytes_copy(l->gnb.capability, sizeof(l->gnb.capability), containers) || l->foreign);
}

static void gnb_bearer(void *arg, void *user, uint8_t drb, const struct cucp_tunnel *dl)
{
	struct line *l = user;

	assert_true(l->foreign || !dl || dl->teid == 0x55667788);
	l->gnb.bearers += dl != NULL;
	l->gnb.bearers_refused += dl == NULL;
}

static void gnb_bearer_released(void *arg, void *user, uint8_t drb)
{
	((struct line *)user)->gnb.bearers_released++;
}

static bool gnb_reestablishment(
	void *arg, void *user, const struct cucp_cell *cell, uint8_t key[KDF_KEY_LEN], uint8_t *ncc)
{
	struct line *l = user;
	uint8_t next[KDF_KEY_LEN];

	if (l->gnb.refuses_return)
		return false;
	assert_true(kdf_k_ngran_star(l->gnb.k_gnb, cell->pci, LINE_SSB_ARFCN, next));
	assert_true(bytes_copy(l->gnb.k_gnb, KDF_KEY_LEN, BYTES(next)) &&
		    bytes_copy(key, KDF_KEY_LEN, BYTES(next)));
	*ncc = l->gnb.ncc;
	return true;
}

static void gnb_returned(void *arg, void *user)
{
	((struct line *)user)->gnb.returned++;
}

static void gnb_lost(void *arg, void *user, const struct f1ap_cause *cause)
{
	struct line *l = user;

	l->gnb.lost++;
	l->gnb.ue = NULL;
}

static void gnb_f1_send(void *arg, uint32_t du, struct bytes pdu)
{
	put(arg, LINE_F1_DOWN, 0, 0, pdu);
}

/* --- the whole */

static struct bytes encoded(const struct per_type *type, const void *value, uint8_t *octets, size_t cap)
{
	struct writer w = writer_of(octets, cap);

	assert_true(rrc_encode(type, value, &w));
	return writer_bytes(&w);
}

static uint8_t digits[] = { 0, 0, 1, 0, 1 };
static struct rrc_mcc mcc = { 3, digits };
static struct rrc_plmn_identity plmn_id = { &mcc, { 2, digits + 3 } };
static struct rrc_plmn_identity_info plmn_info = { .plmn_identity_list = { 1, &plmn_id },
	.has_tracking_area_code = true,
	.tracking_area_code = LINE_TAC,
	.cell_identity = NCI,
	.cell_reserved_for_operator_use =
		RRC_PLMN_IDENTITY_INFO_CELL_RESERVED_FOR_OPERATOR_USE_NOT_RESERVED };
static struct rrc_ue_timers_and_constants timers = { .t300 = RRC_UE_TIMERS_AND_CONSTANTS_T300_MS400,
	.t301 = RRC_UE_TIMERS_AND_CONSTANTS_T301_MS400,
	.t310 = RRC_UE_TIMERS_AND_CONSTANTS_T310_MS1000,
	.n310 = RRC_UE_TIMERS_AND_CONSTANTS_N310_N2,
	.t311 = RRC_UE_TIMERS_AND_CONSTANTS_T311_MS1000,
	.n311 = RRC_UE_TIMERS_AND_CONSTANTS_N311_N2,
	.t319 = RRC_UE_TIMERS_AND_CONSTANTS_T319_MS400 };

static struct rrc_sib1 sib1_of(const struct rrc_sib1_uac_barring_info *barring)
{
	return (struct rrc_sib1){ .cell_access_related_info.plmn_identity_info_list = { 1, &plmn_info },
		.ue_timers_and_constants = &timers,
		.uac_barring_info = (struct rrc_sib1_uac_barring_info *)barring };
}

bool line_camp(struct line *l, const struct rrc_sib1_uac_barring_info *barring)
{
	static struct rrc_uplink_config_common_sib uplink = { .time_alignment_timer_common =
								      RRC_TIME_ALIGNMENT_TIMER_MS500 };
	static struct rrc_serving_cell_config_common_sib common = { .uplink_config_common = &uplink };
	struct rrc_sib1 sib1 = sib1_of(barring);

	sib1.serving_cell_config_common = &common;
	return ue_rrc_cell_selected(
		l->ue.rrc, &(struct ue_rrc_cell){ LINE_PCI + l->ue.other_cell, LINE_SSB_ARFCN, 1, &sib1 });
}

static const struct ue_rrc_upper ue_upper = { NULL, ue_k_gnb, ue_is_unproved, ue_connected, ue_fell_back,
	ue_nas, ue_bearer_set, ue_bearer_released, ue_paged, ue_ended, ue_alleviated };
static const struct ue_rrc_lower ue_lower = { NULL, ue_random_access, ue_srb_send, ue_cell_group_set,
	ue_drb_set, ue_drb_released, ue_reset, ue_suspended, ue_drb_resumed, ue_all_released,
	ue_cell_select };
static const struct cucp_upper gnb_upper = { NULL, gnb_setup_requested, gnb_connection, gnb_nas, gnb_secured,
	gnb_capability, gnb_bearer, gnb_bearer_released, gnb_reestablishment, gnb_returned, gnb_lost };
static const struct du_f1ap_lower du_lower = { NULL, du_ccch_send, du_srb_send, du_configure, du_reconfigured,
	du_moved, du_release, du_page, du_activated };

static void ue_begin(struct line *l)
{
	struct ue_rrc_config config = { .env = &l->env.env,
		.pool = &l->pool,
		.engine = l->engine,
		.upper = ue_upper,
		.lower = ue_lower,
		.bands = { 3, 78 },
		.band_count = 2,
		.qam256 = true };

	config.upper.arg = config.lower.arg = l;
	l->ue.camps = true;
	l->ue.rrc = ue_rrc_new(&config);
	assert_non_null(l->ue.rrc);
}

static void gnb_begin(struct line *l)
{
	struct cucp_config config = { .env = &l->env.env,
		.pool = &l->pool,
		.engine = l->engine,
		.upper = gnb_upper,
		.f1_arg = l,
		.f1ap_send = gnb_f1_send,
		.name = "cu",
		.plmns = &home,
		.plmn_count = 1,
		.ues_max = UES_MAX,
		.dus_max = 2 };

	config.upper.arg = l;
	l->gnb.ea = NEA2;
	l->gnb.ia = NIA2;
	l->cucp = cucp_new(&config);
	assert_non_null(l->cucp);
}

static void du_begin(struct line *l)
{
	static uint8_t mib_octets[8], sib1_octets[128], timing_octets[16];
	static struct du_f1ap_cell cell = { .pci = LINE_PCI,
		.tac = LINE_TAC,
		.plmns = &home,
		.plmn_count = 1,
		.dl_arfcn = 368500,
		.ul_arfcn = 349500,
		.band = 3,
		.scs = F1AP_NRSCS_SCS15,
		.prb = F1AP_NRNRB_NRB52 };
	struct rrc_mib mib = { .cell_barred = RRC_MIB_CELL_BARRED_NOT_BARRED };
	struct rrc_measurement_timing_configuration timing = {
		.critical_extensions.tag = RRC_MEASUREMENT_TIMING_CONFIGURATION_CRITICAL_EXTENSIONS_TAG_C1
	};
	struct rrc_sib1 sib1 = sib1_of(NULL);
	struct du_f1ap_config config = { .env = &l->env.env,
		.id = 9,
		.name = "du",
		.cells = &cell,
		.cell_count = 1,
		.ues_max = UES_MAX,
		.lower = du_lower,
		.f1_arg = l,
		.send = du_f1_send };

	timing.critical_extensions.u.c1.tag =
		RRC_MEASUREMENT_TIMING_CONFIGURATION_CRITICAL_EXTENSIONS_C1_TAG_MEAS_TIMING_CONF;
	cell.cgi = cgi;
	cell.mib = encoded(&rrc_mib_type, &mib, mib_octets, sizeof(mib_octets));
	cell.sib1 = encoded(&rrc_sib1_type, &sib1, sib1_octets, sizeof(sib1_octets));
	cell.measurement_timing = encoded(
		&rrc_measurement_timing_configuration_type, &timing, timing_octets, sizeof(timing_octets));
	config.lower.arg = l;
	l->du.next_c_rnti = C_RNTI_FIRST;
	l->du.f1ap = du_f1ap_new(&config);
	assert_non_null(l->du.f1ap);
}

void line_f1ap(struct line *l, bool up, enum f1ap_message message, const void *body)
{
	uint8_t octets[1024];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(f1ap_encode(message, body, &w));
	put(l, up ? LINE_F1_UP : LINE_F1_DOWN, 0, 0, writer_bytes(&w));
}

void line_begin(struct line *l, uint64_t seed)
{
	*l = (struct line){ .sent = 0 };
	test_env_init(&l->env, seed, false);
	sdu_pool_init(&l->pool, 200, 50);
	l->engine = burst_new(true);
	assert_non_null(l->engine);
	ue_begin(l);
	gnb_begin(l);
	du_begin(l);
}

void line_end(struct line *l)
{
	for (struct line_message *m; (m = l->first);) {
		l->first = m->next;
		free(m);
	}
	ue_rrc_free(l->ue.rrc);
	cucp_free(l->cucp);
	du_f1ap_free(l->du.f1ap);
	assert_int_equal(l->pool.small.used + l->pool.large.used, 0);
	sdu_pool_fini(&l->pool);
	burst_free(l->engine);
	test_env_fini(&l->env);
}

bool line_connect(struct line *l)
{
	struct ue_rrc_establishment e;

	ue_establishment(&e);
	return ue_rrc_establish(l->ue.rrc, &e) == UE_RRC_BEGUN;
}

/* What RLC's failure means to its end. CCCH has no RLC that would notice, and SCTP loses nothing. */
static void lost(struct line *l, const struct line_message *m)
{
	if (m->kind == LINE_SRB_UP && m->c_rnti == l->ue.c_rnti)
		ue_rrc_radio_problem(l->ue.rrc);
	else if (m->kind == LINE_SRB_DOWN)
		du_f1ap_link_failed(l->du.f1ap, m->c_rnti, F1AP_CAUSE_RADIO_NETWORK_RL_FAILURE_RLC);
}

static void ccch_up(struct line *l, uint16_t c_rnti, struct bytes octets)
{
	uint8_t group[64];
	struct writer w = writer_of(group, sizeof(group));

	cell_group_write(1 << 1, false, &w);
	if (du_f1ap_ccch_received(
		    l->du.f1ap, &cgi, c_rnti, octets, l->du.refuses_ue ? BYTES_NONE : writer_bytes(&w)))
		line_context(l, 0)->c_rnti = c_rnti;
}

void line_ccch(struct line *l, struct bytes octets)
{
	ccch_up(l, l->du.next_c_rnti++, octets);
}

static void deliver_up(struct line *l, const struct line_message *m, struct bytes octets)
{
	if (m->kind == LINE_SRB_UP)
		du_f1ap_srb_received(l->du.f1ap, m->c_rnti, m->srb, octets);
	else
		ccch_up(l, m->c_rnti, octets);
}

/* Whatever comes first behind message 3 has the contention resolution before it. */
static void deliver_down(struct line *l, const struct line_message *m, struct bytes octets)
{
	struct sdu *sdu = m->kind == LINE_SRB_DOWN ? sdu_of(&l->pool, octets) : NULL;

	ue_rrc_contention_resolved(l->ue.rrc, m->c_rnti);
	if (m->kind == LINE_CCCH_DOWN)
		ue_rrc_ccch_received(l->ue.rrc, octets);
	else if (sdu)
		ue_rrc_srb_received(l->ue.rrc, m->srb, sdu);
}

static void deliver(struct line *l, const struct line_message *m)
{
	struct bytes octets = bytes_of(m->octets, m->len);

	switch (m->kind) {
	case LINE_CCCH_UP:
	case LINE_SRB_UP:
		deliver_up(l, m, octets);
		break;
	case LINE_CCCH_DOWN:
	case LINE_SRB_DOWN:
		if (m->c_rnti == l->ue.c_rnti)
			deliver_down(l, m, octets);
		break;
	case LINE_PCCH:
		ue_rrc_pcch_received(l->ue.rrc, octets);
		break;
	case LINE_F1_UP:
		cucp_f1ap_received(l->cucp, 0, octets);
		break;
	case LINE_F1_DOWN:
		du_f1ap_received(l->du.f1ap, octets);
		break;
	case LINE_SEARCHED:
		if (l->ue.camps)
			assert_true(line_camp(l, NULL));
		break;
	default: /* N310 and T310, in short; a release is quicker */
		if (m->c_rnti == l->ue.c_rnti)
			ue_rrc_radio_problem(l->ue.rrc);
	}
}

static uint64_t earliest(struct line *l)
{
	uint64_t due[] = { l->first ? l->first->due_ns : NEVER, ue_rrc_deadline_ns(l->ue.rrc),
		cucp_deadline_ns(l->cucp), du_f1ap_deadline_ns(l->du.f1ap) };
	uint64_t first_ns = NEVER;

	for (size_t i = 0; i < ARRAY_LEN(due); i++)
		first_ns = due[i] < first_ns ? due[i] : first_ns;
	return first_ns;
}

/* What was on its way is gone with it. */
static void f1_break(struct line *l)
{
	l->breaks = false;
	for (struct line_message **at = &l->first; *at;) {
		struct line_message *m = *at;

		if (m->kind != LINE_F1_UP && m->kind != LINE_F1_DOWN) {
			at = &m->next;
			continue;
		}
		*at = m->next;
		free(m);
	}
	cucp_f1_lost(l->cucp, 0);
	du_f1ap_begin(l->du.f1ap);
}

static void one_moment(struct line *l)
{
	struct line_message *m;

	if (l->breaks)
		f1_break(l);

	while ((m = l->first) && m->due_ns <= l->env.now_ns) {
		l->first = m->next;
		if (m->lost)
			lost(l, m);
		else
			deliver(l, m);
		free(m);
	}
	ue_rrc_run(l->ue.rrc);
	cucp_run(l->cucp);
	du_f1ap_run(l->du.f1ap);
	if (l->ue.wants && ue_rrc_state(l->ue.rrc) == UE_RRC_IDLE)
		(void)line_connect(l);
}

void line_run(struct line *l, uint32_t ms)
{
	uint64_t until_ns = l->env.now_ns + ms * (uint64_t)NS_PER_MS;

	one_moment(l);
	for (uint64_t next_ns; (next_ns = earliest(l)) <= until_ns;) {
		if (next_ns > l->env.now_ns)
			l->env.now_ns = next_ns;
		one_moment(l);
	}
	l->env.now_ns = until_ns;
}

void line_set_up(struct line *l)
{
	du_f1ap_begin(l->du.f1ap);
	line_run(l, 20);
	assert_true(du_f1ap_is_up(l->du.f1ap) && l->du.activated == 1);
	assert_non_null(cucp_cell_of(l->cucp, &cgi));
	assert_true(line_camp(l, NULL));
}

bool line_is_up(struct line *l)
{
	const struct line_context *x = line_context(l, l->ue.c_rnti);
	struct pdcp_security keys;

	return ue_rrc_state(l->ue.rrc) == UE_RRC_CONNECTED && ue_rrc_is_secured(l->ue.rrc) && l->gnb.ue &&
	       l->ue.has_drb && !l->ue.drb_suspended && cucp_ues(l->cucp) == 1 &&
	       du_f1ap_ues(l->du.f1ap) == 1 && l->ue.c_rnti && x && x->drb && x->srb2 &&
	       rrc_drb_security(l->gnb.k_gnb, l->gnb.ea, l->gnb.ia, &keys) &&
	       bytes_equal(BYTES(keys.k_enc), BYTES(l->ue.drb_keys.k_enc)) &&
	       bytes_equal(BYTES(keys.k_int), BYTES(l->ue.drb_keys.k_int));
}

bool line_is_down(const struct line *l)
{
	return ue_rrc_state(l->ue.rrc) == UE_RRC_IDLE && !l->ue.has_drb && cucp_ues(l->cucp) == 0 &&
	       du_f1ap_ues(l->du.f1ap) == 0;
}
