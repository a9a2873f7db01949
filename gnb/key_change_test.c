/* Key change on the fly, 33.501 6.9.4.4 and 38.413 8.3.4.2: the AMF gives another K_gNB, and the UE takes it
 * by a handover within its cell. */
#include "gnb/gnb_bed.h"

#include "crypto/hmac.h"
#include "gnb/handover.h"
#include "radio/uu_security.h"
#include "wire/rrc/rrc.h"

enum { PCI = 100, OLD = 0x42, NEW = 0x99 };

static int setup(void **state)
{
	return bed_setup_two_cells(state, PCI, PCI + 1);
}

static void served(struct bed *b)
{
	static const uint8_t psi = 1;

	bed_connected(b);
	bed_ask_context(b, OLD, 0xe000, 0xe000);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
	bed_ask_sessions(b, &psi, 1);
	bed_bearer_answer(b, 1, true);
	bed_ue(b)->has_nh = true;
	bed_forget(b);
}

static void amf_rekeys(struct bed *b, uint8_t key[32])
{
	struct ngap_ue_context_modification_request m = { .amf_ue_ngap_id = AMF_UE_ID,
		.ran_ue_ngap_id = b->ran_ue_ngap_id,
		.has_security_key = true,
		.security_key = { key, 256 } };

	memset(key, NEW, 32);
	bed_amf_sends(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &m);
}

static void fails(struct bed *b, enum ngap_cause_radio_network cause)
{
	struct ngap_pdu pdu = bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_FAILURE);

	assert_int_equal(pdu.u.ue_context_modification_failure->cause.u.radio_network, cause);
}

/* The UE is told that the key is of another K_AMF, and where to find the cell: where it is. Its C-RNTI. */
static uint16_t told(struct bed *b)
{
	struct uu_rrc_msg m = bed_ue_gets(b, UU_RRC_RECONFIGURATION);
	const struct rrc_rrc_reconfiguration_v1530_ies *more;
	struct rrc_cell_group_config group;
	struct rrc_rrc_reconfiguration r;
	struct per_diag diag;

	assert_true(rrc_decode(&rrc_rrc_reconfiguration_type, m.rrc, &b->arena, &r, &diag));
	more = r.critical_extensions.u.rrc_reconfiguration.non_critical_extension;
	assert_int_equal(more->master_key_update->next_hop_chaining_count, 0);
	assert_true(more->master_key_update->key_set_change_indicator);
	assert_true(
		rrc_decode(&rrc_cell_group_config_type, more->master_cell_group, &b->arena, &group, &diag));
	assert_int_equal(
		group.sp_cell_config->reconfiguration_with_sync->sp_cell_config_common->phys_cell_id, PCI);
	return (uint16_t)group.sp_cell_config->reconfiguration_with_sync->new_ue_identity;
}

static void arrives(struct bed *b, uint16_t c_rnti, const uint8_t key[32])
{
	struct uu_rrc_msg m = { .type = UU_RRC_RECONFIGURATION_COMPLETE, .c_rnti = c_rnti };
	uint8_t octets[64], air[96];
	struct writer w = writer_of(octets, sizeof(octets)), out = writer_of(air, sizeof(air));
	struct msg at = { .kind = MSG_DATA, .port = GNB_PORT_AIR, .peer = b->ue };

	assert_true(uu_mac_i(key, 2, (uint8_t)m.type, m.c_rnti, &m.mac));
	assert_true(uu_rrc_encode(&m, &w));
	assert_true(uu_encode(
		&(struct uu_pdu){ 1 << UU_UE_BITS | BED_UE_INDEX, uu_rrc_srb(m.type), writer_bytes(&w) },
		&out));
	at.data = writer_bytes(&out);
	bed_deliver(b, &at);
}

/* The key is made of the AMF's and the cell; the AMF hears of it once the UE has it. */
static void test_changed(void **state)
{
	struct bed *b = *state;
	uint8_t key[32], star[32], old[32];
	uint16_t c_rnti;

	served(b);
	bytes_copy(old, 32, BYTES(bed_ue(b)->k_gnb));
	amf_rekeys(b, key);
	c_rnti = told(b);
	assert_null(bed_next(b, GNB_PORT_N2));
	assert_true(kdf_k_ngran_star(key, PCI, UU_SSB_ARFCN, star));
	arrives(b, c_rnti, old);
	arrives(b, c_rnti, key);
	assert_null(bed_next(b, GNB_PORT_N2));
	arrives(b, c_rnti, star);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE);
	assert_memory_equal(bed_ue(b)->k_gnb, star, 32);
	assert_int_equal(bed_ue(b)->ncc, 0);
	assert_false(bed_ue(b)->has_nh);
	assert_null(bed_ue(b)->handover);
	assert_non_null(bed_ue(b)->sessions[1]);
	assert_int_equal(bed_stat(b, GNB_STAT_CELL_CHANGES), 0);
}

/* The UE did not get that far: it is back with the key before, and the AMF hears that too. */
static void test_return(void **state)
{
	struct bed *b = *state;
	struct uu_rrc_msg m = { .type = UU_RRC_REESTABLISHMENT_REQUEST, .pci = PCI };
	uint8_t key[32], old[32], star[32];

	served(b);
	bytes_copy(old, 32, BYTES(bed_ue(b)->k_gnb));
	m.c_rnti = bed_ue(b)->c_rnti;
	amf_rekeys(b, key);
	bed_forget(b);
	assert_true(
		uu_short_mac_i(old, bed_ue(b)->ia, PCI, m.c_rnti, b->gnb->places[0].ncgi.nci, &m.short_mac));
	bed_ue_sends(b, m);
	fails(b, NGAP_CAUSE_RADIO_NETWORK_FAILURE_IN_RADIO_INTERFACE_PROCEDURE);
	bed_ue_gets(b, UU_RRC_REESTABLISHMENT);
	assert_null(bed_ue(b)->handover);
	assert_true(bed_ue(b)->has_nh);
	assert_true(kdf_k_ngran_star(old, PCI, UU_SSB_ARFCN, star));
	assert_memory_equal(bed_ue(b)->k_gnb, star, 32);
}

/* Back at a DU: the key of 33.501 A.11, written down octet by octet, of the cell and the ARFCN of its SS/PBCH
 * block. */
static void test_return_to_du(void **state)
{
	static const uint8_t octets[] = { 0x70, PCI >> 8, PCI & 0xff, 0, 2, 0x05, 0x9f, 0x1a, 0, 3 };
	const struct bytes a_11 = BYTES(octets);
	struct bed *b = *state;
	uint8_t star[32];

	served(b);
	assert_true(hmac_sha256(BYTES(bed_ue(b)->k_gnb), &a_11, 1, star));
	assert_true(gnb_ue_is_back(b->gnb, bed_ue(b), 0, 0x059f1a));
	assert_memory_equal(bed_ue(b)->k_gnb, star, 32);
}

/* It is lost: the AMF is asked to release it. */
static void test_lost(void **state)
{
	struct bed *b = *state;
	uint8_t key[32];

	served(b);
	amf_rekeys(b, key);
	bed_forget(b);
	bed_pass(b, GNB_RELOCATION_MS);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
}

/* One at a time, and none of a UE that has no keys yet; the key there stays. */
static void test_refused(void **state)
{
	struct bed *b = *state;
	uint8_t key[32], old[32];

	bed_connected(b);
	bed_ask_context(b, OLD, 0xe000, 0xe000);
	bed_forget(b);
	amf_rekeys(b, key);
	fails(b, NGAP_CAUSE_RADIO_NETWORK_INTERACTION_WITH_OTHER_PROCEDURE);
	memset(old, OLD, sizeof(old));
	assert_memory_equal(bed_ue(b)->k_gnb, old, 32);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
	bed_forget(b);
	amf_rekeys(b, key);
	told(b);
	amf_rekeys(b, key);
	fails(b, NGAP_CAUSE_RADIO_NETWORK_INTERACTION_WITH_OTHER_PROCEDURE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_changed), TEST(test_return), TEST(test_return_to_du),
		TEST(test_lost), TEST(test_refused) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
