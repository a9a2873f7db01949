/* Handover and re-establishment at the UE: both gNBs are octets of the test, keys are computed a second time.
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "radio/uu_security.h"
#include "ue/internal.h"
#include "ue/ue_bed.h"
#include "wire/rrc/rrc.h"

enum { KEY_SET = 0x80, SOURCE_PCI = 3, TARGET_PCI = 9, C_RNTI = 0x4321, NCI = 0x123456789 };

struct mobility {
	struct bed *b;
	struct addr source, target;
	struct ue_cell cells[2];
	uint8_t k_gnb[32];
};

/* KDF of 33.220 by libcrypto itself. */
static void derive(const uint8_t key[32], const uint8_t *s, size_t len, uint8_t out[32])
{
	unsigned size = 32;

	assert_non_null(HMAC(EVP_sha256(), key, 32, s, len, out, &size));
}

static void key_star(const uint8_t key[32], uint16_t pci, uint8_t out[32])
{
	const uint8_t s[] = { 0x70, (uint8_t)(pci >> 8), (uint8_t)pci, 0, 2, 0x09, 0xa7, 0x34, 0, 3 };

	derive(key, s, sizeof(s), out);
}

static void next_hop(const uint8_t k_amf[32], const uint8_t sync[32], uint8_t out[32])
{
	uint8_t s[35] = { 0x6f };

	memcpy(s + 1, sync, 32);
	s[34] = 32;
	derive(k_amf, s, sizeof(s), out);
}

/* RRCReconfiguration with sync of a full configuration; ncc 0xff: no masterKeyUpdate; KEY_SET: of another
 * K_AMF. */
static struct bytes command(struct bed *b, uint16_t pci, uint8_t ncc, uint8_t psi, uint8_t drb)
{
	uint8_t octets[512], qfi = 1;
	struct rrc_sdap_config_mapped_qos_flows_to_add mapped = { 1, &qfi };
	struct rrc_drb_to_add_mod_cn_association cn = {
		.tag = RRC_DRB_TO_ADD_MOD_CN_ASSOCIATION_TAG_SDAP_CONFIG,
		.u.sdap_config = { .pdu_session = psi, .mapped_qos_flows_to_add = &mapped }
	};
	struct rrc_drb_to_add_mod bearer = { .cn_association = &cn, .drb_identity = drb };
	struct rrc_drb_to_add_mod_list list = { 1, &bearer };
	struct rrc_security_algorithm_config algorithms = { RRC_CIPHERING_ALGORITHM_NEA2, true,
		RRC_INTEGRITY_PROT_ALGORITHM_NIA2 };
	struct rrc_security_config security = { .security_algorithm_config = &algorithms };
	struct rrc_radio_bearer_config bearers = { .drb_to_add_mod_list = &list,
		.security_config = &security };
	struct rrc_serving_cell_config_common common = { .has_phys_cell_id = true, .phys_cell_id = pci };
	struct rrc_reconfiguration_with_sync sync = { .sp_cell_config_common = &common,
		.new_ue_identity = C_RNTI,
		.t304 = RRC_RECONFIGURATION_WITH_SYNC_T304_MS500 };
	struct rrc_sp_cell_config sp_cell = { .reconfiguration_with_sync = &sync };
	struct rrc_cell_group_config group = { .sp_cell_config = &sp_cell };
	struct rrc_master_key_update key = { .key_set_change_indicator = ncc & KEY_SET,
		.next_hop_chaining_count = ncc & 7 };
	struct rrc_rrc_reconfiguration_v1530_ies more = { .has_master_cell_group = true,
		.has_full_config = true,
		.master_key_update = ncc == 0xff ? NULL : &key };
	struct rrc_rrc_reconfiguration m = {
		.critical_extensions.tag = RRC_RRC_RECONFIGURATION_CRITICAL_EXTENSIONS_TAG_RRC_RECONFIGURATION
	};
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(rrc_encode(&rrc_cell_group_config_type, &group, &w));
	more.master_cell_group = arena_bytes(&b->arena, writer_bytes(&w));
	m.critical_extensions.u.rrc_reconfiguration.radio_bearer_config = &bearers;
	m.critical_extensions.u.rrc_reconfiguration.non_critical_extension = &more;
	w = writer_of(octets, sizeof(octets));
	assert_true(rrc_encode(&rrc_rrc_reconfiguration_type, &m, &w));
	return arena_bytes(&b->arena, writer_bytes(&w));
}

/* The same command without one of what it needs, or with more than this UE can: it is none for it. */
enum lack {
	LACKS_NOTHING,
	LACKS_SECURITY,
	LACKS_ALGORITHMS,
	LACKS_INTEGRITY,
	LACKS_FULL_CONFIG,
	LACKS_BEARERS,
	LACKS_CELL_GROUP,
	LACKS_CELL,
	LACKS_SYNC,
	LACKS_COMMON,
	LACKS_PCI,
	LACKS_MORE,
	LACKS_SESSION,
	LACKS_SDAP,
	LACKS_END
};

static bool is_taken(struct bed *b, enum lack lack)
{
	struct bytes octets = command(b, TARGET_PCI, 0, 1, 5);
	struct rrc_rrc_reconfiguration m;
	struct rrc_rrc_reconfiguration_ies *r = &m.critical_extensions.u.rrc_reconfiguration;
	struct rrc_cell_group_config group;
	struct ue_reconfiguration out;
	uint8_t changed[512], inner[512];
	struct writer w = writer_of(changed, sizeof(changed)), g = writer_of(inner, sizeof(inner));
	struct per_diag diag;

	assert_true(rrc_decode(&rrc_rrc_reconfiguration_type, octets, &b->arena, &m, &diag));
	assert_true(rrc_decode(&rrc_cell_group_config_type, r->non_critical_extension->master_cell_group,
		&b->arena, &group, &diag));
	if (lack == LACKS_SECURITY)
		r->radio_bearer_config->security_config = NULL;
	if (lack == LACKS_ALGORITHMS)
		r->radio_bearer_config->security_config->security_algorithm_config = NULL;
	if (lack == LACKS_INTEGRITY)
		r->radio_bearer_config->security_config->security_algorithm_config
			->has_integrity_prot_algorithm = false;
	if (lack == LACKS_SESSION)
		r->radio_bearer_config->drb_to_add_mod_list->items[0].cn_association = NULL;
	if (lack == LACKS_SDAP)
		r->radio_bearer_config->drb_to_add_mod_list->items[0].cn_association->tag =
			RRC_DRB_TO_ADD_MOD_CN_ASSOCIATION_TAG_EPS_BEARER_IDENTITY;
	if (lack == LACKS_BEARERS)
		r->radio_bearer_config = NULL;
	if (lack == LACKS_COMMON)
		group.sp_cell_config->reconfiguration_with_sync->sp_cell_config_common = NULL;
	if (lack == LACKS_PCI)
		group.sp_cell_config->reconfiguration_with_sync->sp_cell_config_common->has_phys_cell_id =
			false;
	if (lack == LACKS_SYNC)
		group.sp_cell_config->reconfiguration_with_sync = NULL;
	if (lack == LACKS_CELL)
		group.sp_cell_config = NULL;
	assert_true(rrc_encode(&rrc_cell_group_config_type, &group, &g));
	r->non_critical_extension->master_cell_group = writer_bytes(&g);
	r->non_critical_extension->has_master_cell_group = lack != LACKS_CELL_GROUP;
	r->non_critical_extension->has_full_config = lack != LACKS_FULL_CONFIG;
	if (lack == LACKS_MORE)
		r->non_critical_extension = NULL;
	assert_true(rrc_encode(&rrc_rrc_reconfiguration_type, &m, &w));
	return ue_reconfiguration_read(writer_bytes(&w), &b->arena, &out);
}

static int setup(void **state)
{
	struct mobility *m = calloc(1, sizeof(*m));
	struct ue_state before;
	void *bed;

	assert_non_null(m);
	bed_setup(&bed);
	m->b = bed;
	m->source = m->target = m->b->gnb;
	m->target.ip[3] = 77;
	m->cells[0] = (struct ue_cell){ m->source, SOURCE_PCI, NCI, { m->b->profile.home, 1 } };
	m->cells[1] = (struct ue_cell){ m->target, TARGET_PCI, NCI + 1, { m->b->profile.home, 2 } };
	ue_host_set_cells(m->b->host, m->cells, 2);
	bed_register(m->b);
	bed_send_rrc(m->b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMMAND, .ea = 2, .ia = 2 });
	bed_rrc(m->b, UU_RRC_SECURITY_MODE_COMPLETE);
	bed_session(m->b, 1);
	bed_forget(m->b);
	ue_state(m->b->ue, &before);
	memcpy(m->k_gnb, before.k_gnb, 32);
	*state = m;
	return 0;
}

static int teardown(void **state)
{
	struct mobility *m = *state;
	void *bed = m->b;

	bed_teardown(&bed);
	free(m);
	return 0;
}

static void command_given(struct mobility *m, uint16_t pci, uint8_t ncc, uint8_t psi, uint8_t drb)
{
	bed_send_rrc(m->b, (struct uu_rrc_msg){ .type = UU_RRC_RECONFIGURATION,
				   .rrc = command(m->b, pci, ncc, psi, drb) });
}

/* The UE is heard by the target, with the key that it must have. */
static void arrives(struct mobility *m, const uint8_t key[32])
{
	struct uu_rrc_msg rrc;
	uint32_t mac;

	m->b->gnb = m->target;
	rrc = bed_rrc(m->b, UU_RRC_RECONFIGURATION_COMPLETE);
	assert_int_equal(rrc.c_rnti, C_RNTI);
	assert_true(uu_mac_i(key, 2, UU_RRC_RECONFIGURATION_COMPLETE, C_RNTI, &mac));
	assert_int_equal(rrc.mac, mac);
}

/* 33.501 A.9: of K_AMF and the NAS COUNT of SECURITY MODE COMPLETE. */
static void test_k_gnb(void **state)
{
	struct mobility *m = *state;
	const uint8_t s[] = { 0x6e, 0, 0, 0, 0, 0, 4, 1, 0, 1 };
	uint8_t key[32];

	derive(m->b->nas.security.k_amf, s, sizeof(s), key);
	assert_memory_equal(m->k_gnb, key, 32);
}

/* 33.501 6.9.2.3.4: horizontally, with the count in use; vertically, with an NH of two steps. */
static void test_keys(void **state)
{
	struct mobility *m = *state;
	uint8_t key[32], nh[32];
	struct ue_state s;

	key_star(m->k_gnb, TARGET_PCI, key);
	command_given(m, TARGET_PCI, 0, 1, 1);
	arrives(m, key);
	bed_send_link(m->b, UU_LINK_KEEPALIVE);
	ue_state(m->b->ue, &s);
	assert_memory_equal(s.k_gnb, key, 32);
	assert_int_equal(s.ncc, 0);
	bed_forget(m->b);
	/* Back, with NCC 2. */
	next_hop(m->b->nas.security.k_amf, m->k_gnb, nh);
	next_hop(m->b->nas.security.k_amf, nh, nh);
	key_star(nh, SOURCE_PCI, key);
	command_given(m, SOURCE_PCI, 2, 1, 1);
	m->target = m->source;
	arrives(m, key);
	bed_send_link(m->b, UU_LINK_KEEPALIVE);
	ue_state(m->b->ue, &s);
	assert_int_equal(s.ncc, 2);
	assert_int_equal(m->b->events[UE_EVENT_HANDED_OVER], 2);
}

/* 33.501 6.9.4.4, 6.9.2.3.4: after another authentication the chain is the old K_AMF's, until the network
 * says. */
static void test_key_change(void **state)
{
	struct mobility *m = *state;
	const uint8_t s[] = { 0x6e, 0, 0, 0, 0, 0, 4, 1, 0, 1 };
	uint8_t old[KDF_KEY_LEN], key[32], nh[32];

	memcpy(old, m->b->nas.security.k_amf, sizeof(old));
	bed_secure_again(m->b);
	bed_nas(m->b, NAS_SECURITY_MODE_COMPLETE);
	assert_memory_not_equal(m->b->nas.security.k_amf, old, sizeof(old));
	next_hop(old, m->k_gnb, nh);
	next_hop(old, nh, nh);
	key_star(nh, TARGET_PCI, key);
	command_given(m, TARGET_PCI, 2, 1, 1);
	arrives(m, key);
	bed_send_link(m->b, UU_LINK_KEEPALIVE);
	bed_forget(m->b);
	derive(m->b->nas.security.k_amf, s, sizeof(s), m->k_gnb);
	key_star(m->k_gnb, TARGET_PCI, key);
	command_given(m, TARGET_PCI, KEY_SET, 1, 1);
	arrives(m, key);
	bed_send_link(m->b, UU_LINK_KEEPALIVE);
	assert_int_equal(m->b->events[UE_EVENT_HANDED_OVER], 1); /* the second was of its own cell */
	bed_forget(m->b);
	/* and from then on the new one's, from K_gNB as the AMF made it */
	next_hop(m->b->nas.security.k_amf, m->k_gnb, nh);
	next_hop(m->b->nas.security.k_amf, nh, nh);
	key_star(nh, SOURCE_PCI, key);
	command_given(m, SOURCE_PCI, 2, 1, 1);
	m->target = m->source;
	arrives(m, key);
}

/* It does not come about: the UE is back with the keys before. */
static void test_key_change_fails(void **state)
{
	struct mobility *m = *state;
	uint8_t old[KDF_KEY_LEN], nh[32], key[32];
	struct uu_rrc_msg rrc;
	uint32_t mac;

	memcpy(old, m->b->nas.security.k_amf, sizeof(old));
	bed_secure_again(m->b);
	bed_nas(m->b, NAS_SECURITY_MODE_COMPLETE);
	command_given(m, SOURCE_PCI, KEY_SET, 1, 1);
	bed_pass(m->b, 499);
	bed_forget(m->b);
	bed_pass(m->b, 1); /* T304 */
	bed_rrc(m->b, UU_RRC_REESTABLISHMENT_REQUEST);
	bed_send_rrc(m->b, (struct uu_rrc_msg){ .type = UU_RRC_REESTABLISHMENT, .ncc = 2 });
	rrc = bed_rrc(m->b, UU_RRC_REESTABLISHMENT_COMPLETE);
	next_hop(old, m->k_gnb, nh);
	next_hop(old, nh, nh);
	key_star(nh, SOURCE_PCI, key);
	assert_true(uu_mac_i(key, 2, UU_RRC_REESTABLISHMENT_COMPLETE, m->b->ue->radio.as.c_rnti, &mac));
	assert_int_equal(rrc.mac, mac);
}

/* It repeats itself until the target is heard; the session has the bearer of the target, data go there. */
static void test_arrival(void **state)
{
	struct mobility *m = *state;
	uint8_t key[32];
	struct uu_pdu p;

	key_star(m->k_gnb, TARGET_PCI, key);
	command_given(m, TARGET_PCI, 0, 1, 5);
	arrives(m, key);
	bed_pass(m->b, 40);
	arrives(m, key);
	assert_int_equal(m->b->events[UE_EVENT_HANDED_OVER], 0);
	bed_send_link(m->b, UU_LINK_KEEPALIVE);
	assert_int_equal(m->b->events[UE_EVENT_HANDED_OVER], 1);
	assert_int_equal(m->b->ue->sessions->drb, 5);
	bed_forget(m->b);
	bed_pass(m->b, 10000);
	while (bed_next(m->b, &p))
		assert_true(p.bearer == UU_LINK);
	assert_int_equal(m->b->host->moves.used, 0);
	assert_true(m->b->ue->radio.connected);
}

/* 24.501 5.5.1.3.2 a: a registration where the tracking area is not of the list, and only there. */
static void test_registration(void **state)
{
	struct mobility *m = *state;
	struct nas_msg r;

	m->b->ue->area_count = 1;
	m->b->ue->area[0] = m->cells[1].tai;
	command_given(m, TARGET_PCI, 0, 1, 1);
	m->b->gnb = m->target;
	bed_rrc(m->b, UU_RRC_RECONFIGURATION_COMPLETE);
	bed_send_link(m->b, UU_LINK_KEEPALIVE);
	assert_true(bed_is(m->b, "5GMM-REGISTERED"));
	m->target = m->source;
	command_given(m, SOURCE_PCI, 0, 1, 1);
	m->b->gnb = m->source;
	bed_rrc(m->b, UU_RRC_RECONFIGURATION_COMPLETE);
	bed_send_link(m->b, UU_LINK_KEEPALIVE);
	r = bed_nas(m->b, NAS_REGISTRATION_REQUEST);
	assert_int_equal(r.registration_request.registration_type & 7, NAS_REGISTRATION_MOBILITY);
}

/* T304: back to the source by its key, which changes there. */
static void comes_back(struct mobility *m)
{
	struct uu_rrc_msg rrc;
	uint8_t key[32];
	uint16_t mac;
	uint32_t mac_i;

	m->b->gnb = m->source;
	rrc = bed_rrc(m->b, UU_RRC_REESTABLISHMENT_REQUEST);
	assert_int_equal(rrc.pci, SOURCE_PCI);
	assert_true(uu_short_mac_i(m->k_gnb, 2, SOURCE_PCI, rrc.c_rnti, NCI, &mac));
	assert_int_equal(rrc.short_mac, mac);
	bed_send_rrc(m->b, (struct uu_rrc_msg){ .type = UU_RRC_REESTABLISHMENT, .ncc = 0 });
	rrc = bed_rrc(m->b, UU_RRC_REESTABLISHMENT_COMPLETE);
	key_star(m->k_gnb, SOURCE_PCI, key);
	assert_true(uu_mac_i(key, 2, UU_RRC_REESTABLISHMENT_COMPLETE, m->b->ue->radio.as.c_rnti, &mac_i));
	assert_int_equal(rrc.mac, mac_i);
	assert_int_equal(m->b->events[UE_EVENT_REESTABLISHED], 1);
	assert_int_equal(m->b->host->moves.used, 0);
	assert_int_equal(m->b->ue->sessions->drb, 1);
}

static void test_t304(void **state)
{
	struct mobility *m = *state;

	command_given(m, TARGET_PCI, 0, 1, 5);
	bed_forget(m->b);
	bed_pass(m->b, 499);
	bed_forget(m->b);
	bed_pass(m->b, 1);
	comes_back(m);
}

/* The target does not know it; there is no such cell; the command is none: 5.3.5.8.2. */
static void test_refused(void **state)
{
	struct mobility *m = *state;

	command_given(m, TARGET_PCI, 0, 1, 5);
	m->b->gnb = m->target;
	bed_rrc(m->b, UU_RRC_RECONFIGURATION_COMPLETE);
	bed_send_link(m->b, UU_LINK_LOST);
	comes_back(m);
}

static void test_no_such_cell(void **state)
{
	struct mobility *m = *state;

	command_given(m, 500, 0, 1, 5);
	comes_back(m);
}

static void test_no_command(void **state)
{
	static const uint8_t rubbish[] = { 0xff, 0xff, 1 };
	struct mobility *m = *state;

	bed_send_rrc(m->b, (struct uu_rrc_msg){ .type = UU_RRC_RECONFIGURATION, .rrc = BYTES(rubbish) });
	comes_back(m);
}

/* Nobody takes it back: the connection has failed, and the NAS is idle. */
static void test_lost(void **state)
{
	struct mobility *m = *state;

	command_given(m, 500, 0, 1, 5);
	bed_forget(m->b);
	bed_pass(m->b, 1000);
	assert_int_equal(m->b->events[UE_EVENT_IDLE], 1);
	assert_int_equal(m->b->host->moves.used, 0);
	assert_int_equal(m->b->ue->sessions->drb, 0);
}

/* Without AS security there is no handover (38.331 5.3.5.2). */
static void test_without_security(void **state)
{
	struct mobility *m = *state;
	struct uu_pdu p;

	m->b->ue->radio.as.active = false;
	command_given(m, TARGET_PCI, 0, 1, 5);
	assert_false(bed_next(m->b, &p));
	assert_true(m->b->ue->radio.connected);
	assert_true(addr_equal(&m->b->ue->radio.gnb, &m->source));
}

static void test_lacks(void **state)
{
	struct mobility *m = *state;

	for (enum lack lack = LACKS_NOTHING; lack < LACKS_END; lack++)
		if (is_taken(m->b, lack) != (lack == LACKS_NOTHING))
			fail_msg("what lacks %u", (unsigned)lack);
}

/* Every octet of the command changed: never more than a refusal. */
static void test_damaged(void **state)
{
	struct mobility *m = *state;
	struct bytes octets = command(m->b, TARGET_PCI, 0, 1, 5);
	struct ue_reconfiguration r;
	uint8_t copy[512];

	for (size_t i = 0; i < octets.len * 8; i++) {
		assert_true(bytes_copy(copy, sizeof(copy), octets));
		copy[i / 8] ^= (uint8_t)(1u << i % 8);
		if (ue_reconfiguration_read(bytes_of(copy, octets.len), &m->b->arena, &r))
			assert_true(r.count <= PDU_SESSIONS_MAX && r.pci <= 1007 && r.ia <= 3 && r.ncc <= 7);
		arena_reset(&m->b->arena);
		octets = command(m->b, TARGET_PCI, 0, 1, 5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_k_gnb, setup, teardown),
		cmocka_unit_test_setup_teardown(test_key_change, setup, teardown),
		cmocka_unit_test_setup_teardown(test_key_change_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(test_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_arrival, setup, teardown),
		cmocka_unit_test_setup_teardown(test_registration, setup, teardown),
		cmocka_unit_test_setup_teardown(test_t304, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_such_cell, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_command, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lost, setup, teardown),
		cmocka_unit_test_setup_teardown(test_without_security, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lacks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
