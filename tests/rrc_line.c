#include "tests/rrc_line_internal.h"

enum { UES_MAX = 16, C_RNTI_FIRST = 0x4601 };

static void du_f1_send(void *arg, struct bytes pdu)
{
	line_put(arg, LINE_F1_UP, 0, 0, pdu);
}

static void gnb_f1_send(void *arg, uint32_t du, struct bytes pdu)
{
	line_put(arg, LINE_F1_DOWN, 0, 0, pdu);
}

static void gnb_f1_removed(void *arg, uint32_t du)
{
	struct line *l = arg;

	l->gnb.removed++;
}

static void du_f1_removed(void *arg)
{
	struct line *l = arg;

	l->du.removed++;
}

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
	.cell_identity = LINE_NCI,
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

static void ue_begin(struct line *l)
{
	struct ue_rrc_config config = { .env = &l->env.env,
		.pool = &l->pool,
		.engine = l->engine,
		.upper = line_ue_upper,
		.lower = line_ue_lower,
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
		.upper = line_gnb_upper,
		.f1_arg = l,
		.f1ap_send = gnb_f1_send,
		.f1_removed = gnb_f1_removed,
		.name = "cu",
		.plmns = &line_plmn,
		.plmn_count = 1,
		.ues_max = UES_MAX,
		.dus_max = 2,
		.report_interval_ms = 200 };

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
		.plmns = &line_plmn,
		.plmn_count = 1,
		.dl_arfcn = 368500,
		.ul_arfcn = 349500,
		.band = 3,
		.scs = F1AP_NRSCS_SCS15,
		.prb = F1AP_NRNRB_NRB52 };
	struct rrc_mib mib = { .cell_barred = RRC_MIB_CELL_BARRED_NOT_BARRED };
	struct rrc_meas_timing_frequency_and_timing ssb = { .carrier_freq = LINE_SSB_ARFCN,
		.ssb_measurement_timing_configuration.periodicity_and_offset.tag =
			RRC_SSB_MTC_PERIODICITY_AND_OFFSET_TAG_SF20 };
	struct rrc_meas_timing when = { .frequency_and_timing = &ssb };
	struct rrc_meas_timing_list times = { 1, &when };
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
		.lower = line_du_lower,
		.f1_arg = l,
		.send = du_f1_send,
		.removed = du_f1_removed };

	timing.critical_extensions.u.c1.tag =
		RRC_MEASUREMENT_TIMING_CONFIGURATION_CRITICAL_EXTENSIONS_C1_TAG_MEAS_TIMING_CONF;
	timing.critical_extensions.u.c1.u.meas_timing_conf.meas_timing = &times;
	cell.cgi = line_cgi;
	cell.mib = encoded(&rrc_mib_type, &mib, mib_octets, sizeof(mib_octets));
	cell.sib1 = encoded(&rrc_sib1_type, &sib1, sib1_octets, sizeof(sib1_octets));
	cell.measurement_timing = encoded(
		&rrc_measurement_timing_configuration_type, &timing, timing_octets, sizeof(timing_octets));
	config.lower.arg = l;
	l->du.next_c_rnti = C_RNTI_FIRST;
	l->du.swallows = SIZE_MAX;
	l->du.f1ap = du_f1ap_new(&config);
	assert_non_null(l->du.f1ap);
}

void line_f1ap(struct line *l, bool up, enum f1ap_message message, const void *body)
{
	uint8_t octets[1024];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(f1ap_encode(message, body, &w));
	line_put(l, up ? LINE_F1_UP : LINE_F1_DOWN, 0, 0, writer_bytes(&w));
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

	line_establishment(&e);
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

	line_cell_group_write(1 << 1, false, &w);
	if (du_f1ap_ccch_received(
		    l->du.f1ap, &line_cgi, c_rnti, octets, l->du.refuses_ue ? BYTES_NONE : writer_bytes(&w)))
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
	assert_true(du_f1ap_is_active(l->du.f1ap, 0));
	assert_non_null(cucp_cell_of(l->cucp, &line_cgi));
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
