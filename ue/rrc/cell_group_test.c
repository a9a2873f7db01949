/* Cell groups: of another vendor's gNB as tshark reads it, and each rule of 5.3.5.5. */
#include "base/test.h"

#include "base/text.h"
#include "ue/rrc/cell_group.h"

/* The beginning of CellGroupConfig in an RRCReconfiguration (tests/vectors/nr_rrc.txt, the first line). */
static const char foreign[] =
	"5c40b1c07d483a04c03e0104541eb50002e85398df46934b8004d26934000008c98d6d8ca201ff00000000011b8221000004"
	"0400d1140e70000008c9c6b6c644a0001eb89563e02494220db844700c0210b01d8048f11806ea00080e0125c0c880370842"
	"0000881650020c82000020698101450a000e48180001335564841c001040c2050c1c9c409142c60d1c3c8e00003221403020"
	"01914a0182000c8c500c1800644280e100032294070a001918a0386000c88502c38006452816206400416c4804628218a008"
	"c504b160118a0a6300231416c6804628318e008c506b1e0118a0e64000323140b223100a08409086051043cc3b2a6e4d01a4"
	"921e2ee00c10e00000018ffd29498c637281600002197000000000000052f00fa0848ad5450047001800082000e210024080"
	"70101084000e21001cb00e0402208001c420039601c0c0421000388400730038200882000710800e60004000000410c04080"
	"c100e0d0000e4810000002004000806000809002200a40000238901131c8";

static void test_foreign(void **state)
{
	static uint8_t octets[512], memory[65536];
	struct ue_cell_group g;
	struct ue_cell_group_change change;
	struct rrc_cell_group_config config;
	struct per_diag diag;
	struct arena arena;
	const struct ue_cell_group_bearer *b = &g.bearers[4];
	size_t len;

	assert_true(text_unhex(bytes_of_str(foreign), octets, sizeof(octets), &len));
	arena_init(&arena, memory, sizeof(memory), sizeof(memory));
	assert_true(rrc_decode(&rrc_cell_group_config_type, bytes_of(octets, len), &arena, &config, &diag));
	ue_cell_group_init(&g, 500);
	assert_true(ue_cell_group_apply(&g, &config, &change));
	assert_true(change.added == 1 << 4 && !change.modified && !change.released);
	assert_true(b->there && !b->srb && b->rb_id == 1);
	assert_true(b->rlc.mode == RLC_UM && b->rlc.tx_sn_bits == 12 && b->rlc.rx_sn_bits == 12 &&
		    b->rlc.t_reassembly_ms == 50);
	assert_true(b->mac.lcid == 4 && b->mac.priority == 11 && b->mac.prioritised_octets_s == 0 &&
		    b->mac.bucket_ms == 100 && b->mac.lcg == 6 && b->mac.sr == 0 && !b->mac.sr_delay);
	assert_true(g.mac.sr[0].there && g.mac.sr[0].trans_max == 64 && g.mac.sr[0].prohibit_ms == 0);
	assert_true(g.mac.periodic_bsr_ms == 20 && g.mac.retx_bsr_ms == 320 && g.mac.sr_delay_ms == 0);
	assert_true(g.tag_id == 0 && g.alignment_ms == UE_MAC_INFINITY);
	assert_true(g.mac.phr && g.mac.phr_periodic_ms == 500 && g.mac.phr_change_db == 3);
	assert_false(g.mac.skip_uplink_tx_dynamic);
	arena_fini(&arena);
}

/* A delta with one bearer, whose parts a test fills in. */
struct delta {
	struct rrc_cell_group_config config;
	struct rrc_cell_group_config_rlc_bearer_to_add_mod_list add;
	struct rrc_cell_group_config_rlc_bearer_to_release_list release;
	struct rrc_rlc_bearer_config bearer;
	struct rrc_rlc_bearer_config_served_radio_bearer served;
	struct rrc_rlc_config rlc;
	struct rrc_logical_channel_config channel;
	struct rrc_logical_channel_config_ul_specific_parameters ul;
	struct rrc_mac_cell_group_config mac;
	uint8_t released;
};

static void delta_init(struct delta *d, uint8_t lcid)
{
	*d = (struct delta){ .add = { 1, &d->bearer }, .bearer = { .logical_channel_identity = lcid } };
	d->config.rlc_bearer_to_add_mod_list = &d->add;
	d->channel.ul_specific_parameters = &d->ul;
	d->ul.priority = 7;
}

static void delta_srb(struct delta *d, uint8_t lcid, uint8_t srb)
{
	delta_init(d, lcid);
	d->served.tag = RRC_RLC_BEARER_CONFIG_SERVED_RADIO_BEARER_TAG_SRB_IDENTITY;
	d->served.u.srb_identity = srb;
	d->bearer.served_radio_bearer = &d->served;
}

static void delta_drb(struct delta *d, uint8_t lcid, uint8_t drb)
{
	struct rlc_config am = rrc_srb_rlc();

	delta_init(d, lcid);
	d->served.tag = RRC_RLC_BEARER_CONFIG_SERVED_RADIO_BEARER_TAG_DRB_IDENTITY;
	d->served.u.drb_identity = drb;
	d->bearer.served_radio_bearer = &d->served;
	am.tx_sn_bits = am.rx_sn_bits = 18;
	assert_true(rrc_rlc_make(&am, &d->rlc));
	d->bearer.rlc_config = &d->rlc;
	d->bearer.mac_logical_channel_config = &d->channel;
}

static void assert_refused(const struct ue_cell_group *g, const struct delta *d)
{
	struct ue_cell_group before = *g, after = *g;
	struct ue_cell_group_change change;

	assert_false(ue_cell_group_apply(&after, &d->config, &change));
	assert_memory_equal(&before, &after, sizeof(after));
	assert_true(!change.added && !change.modified && !change.released && !change.reestablished);
}

static void test_bearers(void **state)
{
	struct ue_cell_group g;
	struct ue_cell_group_change change;
	struct delta d;

	ue_cell_group_init(&g, 500);
	delta_srb(&d, 1, 1); /* without a word: 9.2.1 */
	assert_true(ue_cell_group_apply(&g, &d.config, &change) && change.added == 1 << 1);
	assert_true(g.bearers[1].mac.priority == 1 && g.bearers[1].mac.lcg == 0 &&
		    g.bearers[1].mac.prioritised_octets_s == UE_MAC_INFINITY);
	assert_true(g.bearers[1].rlc.t_poll_retransmit_ms == 45 && g.bearers[1].rlc.mode == RLC_AM);
	delta_srb(&d, 2, 2);
	assert_true(ue_cell_group_apply(&g, &d.config, &change) && g.bearers[2].mac.priority == 3);

	delta_drb(&d, 4, 1);
	d.bearer.mac_logical_channel_config = NULL;
	assert_refused(&g, &d);
	delta_drb(&d, 4, 1);
	d.bearer.rlc_config = NULL;
	assert_refused(&g, &d);
	delta_drb(&d, 4, 1);
	d.bearer.served_radio_bearer = NULL;
	assert_refused(&g, &d);
	delta_drb(&d, 4, 1);
	d.ul.has_logical_channel_group = true;
	d.ul.logical_channel_group = 5;
	assert_true(ue_cell_group_apply(&g, &d.config, &change) && g.bearers[4].rlc.tx_sn_bits == 18);
	assert_true(g.bearers[4].mac.lcg == 5 && g.bearers[4].mac.sr == UE_MAC_NO_SR);
	delta_drb(&d, 5, 1); /* a second one of a DRB: duplication */
	assert_refused(&g, &d);
}

static void test_changes(void **state)
{
	struct ue_cell_group g;
	struct ue_cell_group_change change;
	struct delta d;

	ue_cell_group_init(&g, 500);
	delta_drb(&d, 4, 1);
	assert_true(ue_cell_group_apply(&g, &d.config, &change));
	delta_init(&d, 4); /* modified, established again; what is left out stays, but for the group */
	d.bearer.has_reestablish_rlc = true;
	d.bearer.mac_logical_channel_config = &d.channel;
	d.ul.priority = 9;
	assert_true(ue_cell_group_apply(&g, &d.config, &change));
	assert_true(!change.added && change.modified == 1 << 4 && change.reestablished == 1 << 4);
	assert_true(g.bearers[4].mac.priority == 9 && g.bearers[4].mac.lcg == UE_MAC_NO_LCG &&
		    g.bearers[4].rb_id == 1 && g.bearers[4].rlc.tx_sn_bits == 18);

	delta_drb(&d, 6, 1); /* released and added at once, on another channel */
	d.released = 4;
	d.release = (struct rrc_cell_group_config_rlc_bearer_to_release_list){ 1, &d.released };
	d.config.rlc_bearer_to_release_list = &d.release;
	assert_true(ue_cell_group_apply(&g, &d.config, &change));
	assert_true(change.released == 1 << 4 && change.added == 1 << 6 && !g.bearers[4].there);
	d.config.rlc_bearer_to_add_mod_list = NULL; /* what is not there is not released */
	assert_true(ue_cell_group_apply(&g, &d.config, &change) && !change.released);
}

static void test_mac(void **state)
{
	struct rrc_setup_release_phr_config phr = { .tag = RRC_SETUP_RELEASE_PHR_CONFIG_TAG_RELEASE };
	struct rrc_scheduling_request_to_add_mod sr = { .scheduling_request_id = 3,
		.has_sr_prohibit_timer = true,
		.sr_prohibit_timer = RRC_SCHEDULING_REQUEST_TO_ADD_MOD_SR_PROHIBIT_TIMER_MS64,
		.sr_trans_max = RRC_SCHEDULING_REQUEST_TO_ADD_MOD_SR_TRANS_MAX_N8 };
	struct rrc_scheduling_request_config_scheduling_request_to_add_mod_list add = { 1, &sr };
	struct rrc_scheduling_request_config requests = { .scheduling_request_to_add_mod_list = &add };
	struct rrc_setup_release_data_inactivity_timer inactivity = {
		.tag = RRC_SETUP_RELEASE_DATA_INACTIVITY_TIMER_TAG_SETUP,
		.u.setup = RRC_DATA_INACTIVITY_TIMER_S7
	};
	struct ue_cell_group g;
	struct ue_cell_group_change change;
	struct delta d = { .mac = { .phr_config = &phr, .scheduling_request_config = &requests } };

	ue_cell_group_init(&g, 500);
	assert_true(g.mac.phr && g.mac.periodic_bsr_ms == 10 && g.mac.retx_bsr_ms == 80); /* 9.2.2 */
	d.config.mac_cell_group_config = &d.mac;
	assert_true(ue_cell_group_apply(&g, &d.config, &change));
	assert_true(!g.mac.phr && g.mac.sr[3].there && g.mac.sr[3].prohibit_ms == 64 &&
		    g.mac.sr[3].trans_max == 8 && g.alignment_ms == 500 && g.mac.periodic_bsr_ms == 10);
	phr.tag = RRC_SETUP_RELEASE_PHR_CONFIG_TAG_SETUP;
	phr.u.setup.phr_tx_power_factor_change = RRC_PHR_CONFIG_PHR_TX_POWER_FACTOR_CHANGE_INFINITY;
	assert_true(ue_cell_group_apply(&g, &d.config, &change) && g.mac.phr_change_db == UINT8_MAX);
	assert_true(g.data_inactivity_ms == UE_MAC_INFINITY);
	d.mac.data_inactivity_timer = &inactivity;
	assert_true(ue_cell_group_apply(&g, &d.config, &change) && g.data_inactivity_ms == 7000);
	d.mac.data_inactivity_timer = NULL; /* Need M */
	assert_true(ue_cell_group_apply(&g, &d.config, &change) && g.data_inactivity_ms == 7000);
	inactivity.tag = RRC_SETUP_RELEASE_DATA_INACTIVITY_TIMER_TAG_RELEASE;
	d.mac.data_inactivity_timer = &inactivity;
	assert_true(ue_cell_group_apply(&g, &d.config, &change) && g.data_inactivity_ms == UE_MAC_INFINITY);
	sr.sr_trans_max = RRC_SCHEDULING_REQUEST_TO_ADD_MOD_SR_TRANS_MAX_SPARE1;
	assert_refused(&g, &d);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_foreign), cmocka_unit_test(test_bearers),
		cmocka_unit_test(test_changes), cmocka_unit_test(test_mac) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
