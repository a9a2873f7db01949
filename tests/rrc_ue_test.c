/*
 * The UE's RRC by itself: access control, what another vendor's gNB sent, what cannot be complied with, and
 * what is no message. The line of rrc_line.h brings it where it is to be; the messages are the test's, by the
 * PDCP entity of the CU-CP.
 */
#include "gnb/cucp/internal.h"
#include "radio/rrc/bearer.h"
#include "tests/rrc_line.h"
#include "ue/rrc/internal.h"
#include "wire/per/test_vectors.h"

static struct line l;

static void begin(bool connected)
{
	line_begin(&l, 7);
	line_set_up(&l);
	if (!connected)
		return;
	assert_true(line_connect(&l));
	line_run(&l, 300);
	assert_true(line_is_up(&l));
}

static void inject(struct bytes rrc)
{
	assert_true(pdcp_send(l.gnb.ue->srb[1].pdcp, sdu_of(&l.pool, rrc), l.env.now_ns));
	line_run(&l, 30);
}

static void inject_message(const struct rrc_dl_dcch_message_type_c1 *c1)
{
	struct rrc_dl_dcch_message m = { .message = { .tag = RRC_DL_DCCH_MESSAGE_TYPE_TAG_C1, .u.c1 = *c1 } };
	uint8_t octets[2048];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(rrc_encode(&rrc_dl_dcch_message_type, &m, &w));
	inject(writer_bytes(&w));
}

/* Messages of a connection of another vendor's gNB, by their type: the four bits behind the first. */
enum { RECONFIGURATION = 0, RELEASE = 2, INFORMATION = 5, ENQUIRY = 6 };

/* One sets up a bearer, as tshark reads it; one brings cell group and NAS alone. */
static void foreign_reconfiguration(const struct ue_rrc_stats *s)
{
	const struct ue_cell_group_bearer *b = &l.ue.group.bearers[4];

	assert_true(s->not_complied == 0 && ue_rrc_state(l.ue.rrc) == UE_RRC_CONNECTED);
	assert_true(l.ue.nas_count == 1);
	if (!l.ue.has_drb)
		return;
	assert_true(l.ue.drb.psi == 1 && l.ue.drb.drb == 1 && l.ue.drb.flows == 1 << 1);
	assert_true(l.ue.drb.pdcp.tx_sn_bits == 12 && l.ue.drb.pdcp.rx_sn_bits == 12 &&
		    l.ue.drb.pdcp.reordering_ms == 120 && !l.ue.drb.pdcp.tx_sdap && !l.ue.drb.pdcp.rx_sdap &&
		    l.ue.drb.pdcp.bearer == PDCP_AM_DRB && !l.ue.drb.pdcp.integrity);
	assert_true(b->there && b->rb_id == 1 && b->rlc.mode == RLC_AM && b->rlc.t_poll_retransmit_ms == 50 &&
		    b->rlc.t_status_prohibit_ms == 45 && b->mac.priority == 2 && b->mac.lcg == 1);
}

static void foreign(const struct vector *v, const void *arg)
{
	uint32_t *counts = (uint32_t *)arg;
	uint8_t type = v->octets.data[0] >> 3 & 0xf;
	struct ue_rrc_stats s;

	if (strncmp(v->source, "DL-DCCH", 7) != 0)
		return;
	begin(false);
	l.foreign = l.du.refuses_drb = true; /* DRBs are the other gNB's to set up */
	assert_true(line_connect(&l));
	line_run(&l, 300);
	assert_true(ue_rrc_is_secured(l.ue.rrc) && !l.ue.has_drb);
	inject(v->octets);
	s = ue_rrc_stats(l.ue.rrc);
	assert_int_equal(s.not_comprehended + s.out_of_state + s.integrity_failures, 0);
	counts[type]++;
	switch (type) {
	case INFORMATION:
		assert_true(l.ue.nas_count == 1 && ue_rrc_state(l.ue.rrc) == UE_RRC_CONNECTED);
		break;
	case ENQUIRY: /* answered, which the CU-CP did not ask for */
		assert_int_equal(cucp_stats(l.cucp).not_comprehended, 1);
		break;
	case RELEASE:
		line_run(&l, 100);
		assert_true(l.ue.ended == 1 && l.ue.last_ending.cause == UE_RRC_RELEASED);
		break;
	default:
		assert_int_equal(type, RECONFIGURATION);
		foreign_reconfiguration(&s);
	}
	line_end(&l);
}

static void test_foreign(void **state)
{
	uint32_t counts[16] = { 0 };

	assert_true(vectors_each("nr_rrc.txt", foreign, counts) > 30);
	assert_true(counts[INFORMATION] == 6 && counts[ENQUIRY] == 2 && counts[RELEASE] == 2 &&
		    counts[RECONFIGURATION] == 2);
}

static struct rrc_dl_dcch_message_type_c1 reconfiguration(
	struct rrc_rrc_reconfiguration_v1530_ies *more, struct rrc_radio_bearer_config *bearers)
{
	struct rrc_dl_dcch_message_type_c1 m = { .tag = RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_RECONFIGURATION };

	m.u.rrc_reconfiguration.critical_extensions.tag =
		RRC_RRC_RECONFIGURATION_CRITICAL_EXTENSIONS_TAG_RRC_RECONFIGURATION;
	m.u.rrc_reconfiguration.critical_extensions.u.rrc_reconfiguration.non_critical_extension = more;
	m.u.rrc_reconfiguration.critical_extensions.u.rrc_reconfiguration.radio_bearer_config = bearers;
	return m;
}

/* 5.3.5.8.2: nothing of the message is obeyed, and the UE comes back by re-establishment. */
static void assert_not_complied(const struct rrc_dl_dcch_message_type_c1 *m)
{
	begin(true);
	inject_message(m);
	assert_int_equal(ue_rrc_stats(l.ue.rrc).not_complied, 1);
	line_run(&l, 400);
	assert_true(line_is_up(&l) && l.gnb.returned == 1 && l.ue.ended == 0);
	line_end(&l);
}

static void test_not_complied(void **state)
{
	static const uint8_t broken[] = { 0xff, 0xff, 0xff };
	struct rrc_master_key_update key = { .next_hop_chaining_count = 1 };
	struct rrc_rrc_reconfiguration_v1530_ies group = { .has_master_cell_group = true,
		.master_cell_group = BYTES(broken) };
	struct rrc_rrc_reconfiguration_v1530_ies refresh = { .master_key_update = &key };
	struct rrc_drb_to_add_mod drb = { .drb_identity = 2 }; /* new, without PDCP and SDAP */
	struct rrc_drb_to_add_mod_list drbs = { 1, &drb };
	struct rrc_srb_to_add_mod srb = { .srb_identity = 3 };
	struct rrc_srb_to_add_mod_list srbs = { 1, &srb };
	struct rrc_security_algorithm_config other = { RRC_CIPHERING_ALGORITHM_NEA3, true,
		RRC_INTEGRITY_PROT_ALGORITHM_NIA3 };
	struct rrc_security_config security = { .security_algorithm_config = &other };
	struct rrc_radio_bearer_config bearers[] = { { .drb_to_add_mod_list = &drbs },
		{ .srb_to_add_mod_list = &srbs }, { .security_config = &security } };
	struct rrc_dl_dcch_message_type_c1 m = reconfiguration(&group, NULL);

	assert_not_complied(&m);
	m = reconfiguration(&refresh, NULL);
	assert_not_complied(&m);
	m = reconfiguration(NULL, NULL);
	m.u.rrc_reconfiguration.critical_extensions.u.rrc_reconfiguration.has_secondary_cell_group = true;
	m.u.rrc_reconfiguration.critical_extensions.u.rrc_reconfiguration.secondary_cell_group =
		BYTES(broken);
	assert_not_complied(&m);
	for (size_t i = 0; i < ARRAY_LEN(bearers); i++) {
		m = reconfiguration(NULL, &bearers[i]);
		assert_not_complied(&m);
	}
}

/* Before AS security no bearer is set up, however well it is described; nor is there anything to come back to
 * (5.3.5.8.2). */
static void test_bearer_before_security(void **state)
{
	struct cucp_bearer b = line_bearer(LINE_DRB);
	struct rrc_pdcp_config_drb pdcp_drb;
	struct rrc_pdcp_config pdcp;
	struct rrc_drb_to_add_mod_cn_association association = {
		.tag = RRC_DRB_TO_ADD_MOD_CN_ASSOCIATION_TAG_SDAP_CONFIG,
		.u.sdap_config = { .pdu_session = LINE_PSI, .default_drb = true }
	};
	struct rrc_drb_to_add_mod drb = {
		.cn_association = &association, .drb_identity = LINE_DRB, .pdcp_config = &pdcp
	};
	struct rrc_drb_to_add_mod_list drbs = { 1, &drb };
	struct rrc_radio_bearer_config bearers = { .drb_to_add_mod_list = &drbs };
	struct rrc_dl_dcch_message_type_c1 m = reconfiguration(NULL, &bearers);

	assert_true(rrc_pdcp_make(&b.pdcp, &pdcp_drb, &pdcp));
	for (int secured = 0; secured < 2; secured++) {
		begin(false);
		l.gnb.idle = !secured;
		l.du.refuses_drb = true;
		assert_true(line_connect(&l));
		line_run(&l, 300);
		inject_message(&m);
		assert_int_equal(l.ue.has_drb, secured);
		assert_int_equal(ue_rrc_state(l.ue.rrc), secured ? UE_RRC_CONNECTED : UE_RRC_IDLE);
		if (!secured)
			assert_int_equal(l.ue.last_ending.cause, UE_RRC_OTHER);
		line_end(&l);
	}
}

static void until_asked_for_return(void)
{
	begin(true);
	ue_rrc_radio_problem(l.ue.rrc);
	assert_int_equal(ue_rrc_state(l.ue.rrc), UE_RRC_REESTABLISHING);
	while (l.ue.rrc->srb[1].suspended) /* until a cell is found, and T301 runs */
		line_run(&l, 1);
}

/* While the UE comes back SRB1 has no protection: only the answer, which proves itself, is heard. */
static void test_deaf_while_reestablishing(void **state)
{
	static const uint8_t answer[] = { 0, 0, 0x18, 0, 0, 0, 0, 0 },
			     release[] = { 0, 0, 0x10, 0, 0, 0, 0, 0 },
			     nas[] = { 0, 1, 0x28, 0x80, 0x10, 0, 0, 0, 0 };

	until_asked_for_return();
	ue_rrc_srb_received(l.ue.rrc, 1, sdu_of(&l.pool, BYTES(release)));
	ue_rrc_srb_received(l.ue.rrc, 1, sdu_of(&l.pool, BYTES(nas)));
	line_run(&l, 30);
	assert_true(l.ue.ended == 0 && l.ue.nas_count == 1);
	assert_int_equal(ue_rrc_stats(l.ue.rrc).out_of_state, 2);
	line_end(&l);
	until_asked_for_return(); /* by somebody without the key (5.3.7.5) */
	ue_rrc_srb_received(l.ue.rrc, 1, sdu_of(&l.pool, BYTES(answer)));
	assert_true(ue_rrc_state(l.ue.rrc) == UE_RRC_IDLE && l.ue.last_ending.cause == UE_RRC_FAILURE);
	assert_int_equal(ue_rrc_stats(l.ue.rrc).integrity_failures, 1);
	line_end(&l);
}

/* 5.3.5.11: what the message does not set up again is gone. */
static void test_full_configuration(void **state)
{
	struct rrc_cell_group_config empty = { .cell_group_id = 0 };
	uint8_t octets[16];
	struct writer w = writer_of(octets, sizeof(octets));
	struct rrc_rrc_reconfiguration_v1530_ies more = { .has_full_config = true,
		.has_master_cell_group = true };
	struct rrc_srb_to_add_mod srb = { .srb_identity = 2 };
	struct rrc_srb_to_add_mod_list srbs = { 1, &srb };
	struct rrc_radio_bearer_config bearers = { .srb_to_add_mod_list = &srbs };
	struct rrc_dl_dcch_message_type_c1 m;

	begin(true);
	assert_true(rrc_encode(&rrc_cell_group_config_type, &empty, &w));
	more.master_cell_group = writer_bytes(&w);
	m = reconfiguration(&more, &bearers);
	inject_message(&m);
	assert_true(ue_rrc_stats(l.ue.rrc).not_complied == 0 && !l.ue.has_drb);
	assert_true(
		l.ue.group.bearers[1].there && l.ue.group.bearers[2].there && !l.ue.group.bearers[4].there);
	assert_true(ue_rrc_state(l.ue.rrc) == UE_RRC_CONNECTED && ue_rrc_is_secured(l.ue.rrc));
	line_end(&l);
}

/* 38.321 5.19, 38.331 5.3.8.5: from the last data on, if there was any, and as RRCReconfiguration says. */
static void test_data_inactivity(void **state)
{
	struct rrc_setup_release_data_inactivity_timer timer = {
		.tag = RRC_SETUP_RELEASE_DATA_INACTIVITY_TIMER_TAG_SETUP,
		.u.setup = RRC_DATA_INACTIVITY_TIMER_S2
	};
	struct rrc_mac_cell_group_config mac = { .data_inactivity_timer = &timer };
	struct rrc_cell_group_config group = { .mac_cell_group_config = &mac };
	uint8_t octets[16];
	struct writer w = writer_of(octets, sizeof(octets));
	struct rrc_rrc_reconfiguration_v1530_ies more = { .has_master_cell_group = true };
	struct rrc_dl_dcch_message_type_c1 m;

	begin(true);
	ue_rrc_data_seen(l.ue.rrc);
	assert_true(rrc_encode(&rrc_cell_group_config_type, &group, &w));
	more.master_cell_group = writer_bytes(&w);
	m = reconfiguration(&more, NULL);
	inject_message(&m);
	line_run(&l, 5000); /* nothing came since */
	assert_int_equal(ue_rrc_state(l.ue.rrc), UE_RRC_CONNECTED);
	ue_rrc_data_seen(l.ue.rrc);
	line_run(&l, 1900);
	ue_rrc_data_seen(l.ue.rrc);
	line_run(&l, 1900);
	assert_int_equal(ue_rrc_state(l.ue.rrc), UE_RRC_CONNECTED);
	line_run(&l, 110);
	assert_int_equal(ue_rrc_state(l.ue.rrc), UE_RRC_IDLE);
	assert_true(l.ue.ended == 1 && l.ue.last_ending.cause == UE_RRC_FAILURE);
	line_end(&l);
}

static void test_no_message(void **state)
{
	static const uint8_t spare[] = { 0x7c, 0, 0, 0 }, cut[] = { 0x2a }, ccch[] = { 0xff, 0xff };
	struct ue_rrc_stats s;

	begin(true);
	inject(BYTES(spare)); /* a type of no version */
	inject(BYTES(cut));
	ue_rrc_ccch_received(l.ue.rrc, BYTES(ccch));
	s = ue_rrc_stats(l.ue.rrc);
	assert_int_equal(s.not_comprehended, 3);
	assert_true(line_is_up(&l)); /* 10.2 */
	/* A PDU that was changed on its way: no word of it is heard, and the connection is not trusted. */
	l.fault_at = l.sent + 1;
	l.fault = LINE_DAMAGED;
	assert_true(pdcp_send(l.gnb.ue->srb[1].pdcp, sdu_of(&l.pool, BYTES(cut)), l.env.now_ns));
	line_run(&l, 400);
	assert_true(ue_rrc_stats(l.ue.rrc).integrity_failures == 1 && l.gnb.returned == 1 && line_is_up(&l));
	line_end(&l);
}

static void test_redirection(void **state)
{
	struct rrc_redirected_carrier_info to = { .tag = RRC_REDIRECTED_CARRIER_INFO_TAG_NR,
		.u.nr = { .carrier_freq = 632628, .ssb_subcarrier_spacing = RRC_SUBCARRIER_SPACING_KHZ30 } };
	struct rrc_rrc_release_v1540_ies more = { .has_wait_time = true, .wait_time = 2 };
	struct rrc_dl_dcch_message_type_c1 m = { .tag = RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_RELEASE };

	m.u.rrc_release.critical_extensions.tag = RRC_RRC_RELEASE_CRITICAL_EXTENSIONS_TAG_RRC_RELEASE;
	m.u.rrc_release.critical_extensions.u.rrc_release.redirected_carrier_info = &to;
	m.u.rrc_release.critical_extensions.u.rrc_release.non_critical_extension = &more;
	for (int secured = 0; secured < 2; secured++) {
		begin(secured);
		if (!secured) {
			l.gnb.idle = true;
			assert_true(line_connect(&l));
			line_run(&l, 100);
		}
		inject_message(&m);
		assert_int_equal(ue_rrc_state(l.ue.rrc), UE_RRC_CONNECTED); /* RLC has 60 ms */
		assert_false(ue_rrc_nas_send(l.ue.rrc, line_nas(NAS_UP)));
		line_run(&l, 60);
		/* Where nobody has proved himself nobody is followed (5.3.8.3). */
		assert_true(l.ue.ended == 1 && l.ue.last_ending.redirected == secured &&
			    l.ue.last_ending.wait_s == 2);
		assert_int_equal(l.ue.last_ending.carrier_arfcn, secured ? 632628 : 0);
		assert_false(line_connect(&l));
		line_run(&l, 2000);
		assert_true(line_connect(&l));
		line_end(&l);
	}
}

/* 5.6.1.4: combinations of the bands asked for alone, and the filter with them. */
static void test_capability_filter(void **state)
{
	static uint8_t memory[65536], octets[64];
	struct writer w = writer_of(octets, sizeof(octets));
	struct rrc_freq_band_information band = { .tag = RRC_FREQ_BAND_INFORMATION_TAG_BAND_INFORMATION_NR,
		.u.band_information_nr = { .band_nr = 78 } };
	struct rrc_freq_band_list bands = { 1, &band };
	struct rrc_ue_capability_request_filter_nr filter = { .frequency_band_list_filter = &bands };
	struct rrc_ue_capability_rat_request rats[] = { { .rat_type = RRC_RAT_TYPE_EUTRA },
		{ .rat_type = RRC_RAT_TYPE_NR, .has_capability_request_filter = true } };
	struct rrc_dl_dcch_message_type_c1 m = {
		.tag = RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_UE_CAPABILITY_ENQUIRY
	};
	struct rrc_ue_capability_enquiry *e = &m.u.ue_capability_enquiry;
	struct rrc_ue_capability_rat_container_list list;
	struct rrc_ue_nr_capability k;
	struct per_diag diag;
	struct arena arena;

	begin(true);
	assert_true(rrc_encode(&rrc_ue_capability_request_filter_nr_type, &filter, &w));
	rats[1].capability_request_filter = writer_bytes(&w);
	e->critical_extensions.tag = RRC_UE_CAPABILITY_ENQUIRY_CRITICAL_EXTENSIONS_TAG_UE_CAPABILITY_ENQUIRY;
	e->critical_extensions.u.ue_capability_enquiry.ue_capability_rat_request_list =
		(struct rrc_ue_capability_rat_request_list){ 2, rats };
	e->rrc_transaction_identifier = l.gnb.ue->transaction;
	l.gnb.ue->procedure = CUCP_CAPABILITY; /* as if it had asked that */
	inject_message(&m);
	assert_int_equal(l.gnb.capabilities, 2);
	arena_init(&arena, memory, sizeof(memory), sizeof(memory));
	assert_true(rrc_decode(&rrc_ue_capability_rat_container_list_type,
		bytes_of(l.gnb.capability, l.gnb.capability_len), &arena, &list, &diag));
	assert_true(list.count == 1 && list.items[0].rat_type == RRC_RAT_TYPE_NR);
	assert_true(rrc_decode(
		&rrc_ue_nr_capability_type, list.items[0].ue_capability_rat_container, &arena, &k, &diag));
	assert_true(k.rf_parameters.supported_band_list_nr.count == 2 &&
		    k.rf_parameters.supported_band_combination_list->count == 1);
	assert_true(
		k.rf_parameters.supported_band_combination_list->items[0].band_list.items[0].u.nr.band_nr ==
		78);
	assert_true(k.rf_parameters.applied_freq_band_list_filter->count == 1);
	arena_fini(&arena);
	line_end(&l);
}

static enum ue_rrc_answer attempt(uint8_t category, uint16_t identities)
{
	struct ue_rrc_establishment e = {
		.access_category = category, .access_identities = identities, .nas = line_nas(NAS_REQUEST)
	};
	enum ue_rrc_answer answer = ue_rrc_establish(l.ue.rrc, &e);

	ue_rrc_abort(l.ue.rrc);
	return answer;
}

/* 5.3.14: half of category 7's attempts, all of category 3's but by access identity 12. */
static void test_access_control(void **state)
{
	struct rrc_uac_barring_info_set sets[] = { { RRC_UAC_BARRING_INFO_SET_UAC_BARRING_FACTOR_P00,
							   RRC_UAC_BARRING_INFO_SET_UAC_BARRING_TIME_S4,
							   0x77 },
		{ RRC_UAC_BARRING_INFO_SET_UAC_BARRING_FACTOR_P50,
			RRC_UAC_BARRING_INFO_SET_UAC_BARRING_TIME_S8, 0x7f } };
	struct rrc_uac_barring_per_cat common[] = { { 3, 1 }, { 7, 2 }, { 9, 8 } };
	struct rrc_uac_barring_per_cat_list list = { 3, common };
	struct rrc_sib1_uac_barring_info info = { .uac_barring_for_common = &list,
		.uac_barring_info_set_list = { 2, sets } };
	struct rrc_uac_barring_per_plmn plmn = { .plmn_identity_index = 1 };
	struct rrc_uac_barring_per_plmn_list plmns = { 1, &plmn };
	uint32_t allowed = 0;

	begin(false);
	assert_true(line_camp(&l, &info));
	assert_int_equal(attempt(3, 1 << 0), UE_RRC_BARRED);
	assert_int_equal(attempt(3, 1 << 12), UE_RRC_BARRED); /* T390 runs, for whoever it is */
	assert_int_equal(attempt(0, 1 << 0), UE_RRC_BEGUN);
	assert_int_equal(attempt(4, 1 << 0), UE_RRC_BEGUN); /* not in the list */
	assert_int_equal(attempt(9, 1 << 0), UE_RRC_BEGUN); /* of no set */
	assert_int_equal(attempt(64, 1), UE_RRC_REFUSED);
	line_run(&l, 2799); /* 0.7 of 4 s at least, 1.3 at most */
	assert_int_equal(l.ue.alleviated, 0);
	line_run(&l, 2402);
	assert_int_equal(l.ue.alleviated, 1);
	assert_int_equal(attempt(3, 1 << 12), UE_RRC_BEGUN);
	for (int i = 0; i < 400; i++) {
		allowed += attempt(7, 1 << 0) == UE_RRC_BEGUN;
		line_run(&l, 10401);
	}
	assert_in_range(allowed, 160, 240);
	/* The PLMN's own entry stands for all (5.3.14.2): here it bars nobody. */
	info.uac_barring_per_plmn_list = &plmns;
	assert_true(line_camp(&l, &info));
	assert_int_equal(attempt(3, 1 << 0), UE_RRC_BEGUN);
	line_run(&l, 1000);
	assert_int_equal(l.ue.ended, 0); /* what the NAS gave up has no end of its own */
	line_end(&l);
}

/* What RRC must have of SIB1 (5.2.2.4.2): without it there is no camping. */
static void test_cell(void **state)
{
	struct rrc_sib1 empty = { .cell_selection_info = NULL };

	line_begin(&l, 1);
	assert_false(line_connect(&l));
	assert_false(ue_rrc_cell_selected(l.ue.rrc, &(struct ue_rrc_cell){ 1, 2, 1, &empty }));
	assert_false(line_connect(&l));
	assert_true(line_camp(&l, NULL));
	assert_true(line_connect(&l)); /* nobody answers, and the UE finds another cell (5.3.3.6) */
	assert_int_equal(ue_rrc_state(l.ue.rrc), UE_RRC_CONNECTING);
	l.ue.other_cell = true;
	assert_true(line_camp(&l, NULL));
	assert_true(ue_rrc_state(l.ue.rrc) == UE_RRC_IDLE && l.ue.ended == 1);
	line_end(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_not_complied), cmocka_unit_test(test_bearer_before_security),
		cmocka_unit_test(test_deaf_while_reestablishing), cmocka_unit_test(test_full_configuration),
		cmocka_unit_test(test_no_message), cmocka_unit_test(test_redirection),
		cmocka_unit_test(test_capability_filter), cmocka_unit_test(test_access_control),
		cmocka_unit_test(test_cell), cmocka_unit_test(test_data_inactivity) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
