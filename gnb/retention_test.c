/* UEs whose AMF's association is missing (38.413 8.7.1.2). */
#include "gnb/gnb_bed.h"
#include "gnb/internal.h"

static const uint8_t psi = 4;

/* A UE with its context and a session. */
static void served(struct bed *b)
{
	bed_connected(b);
	bed_ask_context(b, 7, 0xe000, 0xe000);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
	bed_amf_gets(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE);
	bed_ask_sessions(b, &psi, 1);
	bed_bearer_answer(b, 1, true);
	bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE);
	bed_forget(b);
}

static void association_lost(struct bed *b)
{
	bed_deliver(b, &(struct msg){ .kind = MSG_DOWN, .port = GNB_PORT_N2, .assoc = ASSOC });
}

/* The next association, up to its NG SETUP REQUEST; true when it proposes to retain UEs. */
static bool proposes(struct bed *b)
{
	bed_pass(b, GNB_RECONNECT_MS);
	return bed_associate(b).has_ue_retention_information;
}

static void uplink_nas(struct bed *b)
{
	static const uint8_t nas[] = { 0x7e, 0, 0x41 };

	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_UPLINK_NAS, .nas = BYTES(nas) });
}

static void uplink_packet(struct bed *b)
{
	uint8_t datagram[64] = { 0 };
	uint64_t before = bed_stat(b, GNB_STAT_UPLINK_PACKETS);

	uu_data_header_write(datagram, BED_UE_INDEX, 1, 1);
	bed_deliver(b, &(struct msg){ .kind = MSG_DATA,
			       .port = GNB_PORT_AIR,
			       .peer = b->ue,
			       .data = bytes_of(datagram, UU_DATA_HEADER_LEN + 20) });
	assert_int_equal(bed_stat(b, GNB_STAT_UPLINK_PACKETS), before + 1);
}

/* User packets go on; NAS does not leave before the AMF is back. */
static void test_kept(void **state)
{
	struct bed *b = *state;

	served(b);
	association_lost(b);
	assert_null(bed_next(b, GNB_PORT_AIR));
	assert_int_equal(gnb_numbers(b->gnb).contexts, 1);
	uplink_packet(b);
	bed_forget(b);
	uplink_nas(b);
	assert_null(bed_next(b, GNB_PORT_N2));
	assert_true(proposes(b));
	uplink_nas(b);
	assert_null(bed_next(b, GNB_PORT_N2)); /* 8.7.1.1: NG Setup is the first */
	bed_setup_response(b, true);
	assert_null(bed_next(b, GNB_PORT_AIR));
	uplink_packet(b);
	uplink_nas(b);
	bed_amf_gets(b, NGAP_MSG_UPLINK_NAS_TRANSPORT);
	bed_pass(b, GNB_RETENTION_MS);
	assert_int_equal(gnb_numbers(b->gnb).contexts, 1);
}

static void test_not_agreed(void **state)
{
	struct bed *b = *state;

	served(b);
	association_lost(b);
	assert_true(proposes(b));
	assert_int_equal(gnb_numbers(b->gnb).ues, 1);
	bed_setup_response(b, false);
	bed_ue_loses(b);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 0);
}

static void test_expires(void **state)
{
	struct bed *b = *state;

	served(b);
	association_lost(b);
	bed_pass(b, GNB_RETENTION_MS - 1);
	assert_int_equal(gnb_numbers(b->gnb).ues, 1);
	bed_pass(b, 1);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	bed_ue_loses(b);
	bed_deliver(b, &(struct msg){ .kind = MSG_DOWN, .port = GNB_PORT_N2, .token = b->gnb->tokens });
	bed_forget(b);
	bed_pass(b, GNB_RECONNECT_MAX_MS);
	assert_false(bed_associate(b).has_ue_retention_information);
}

/* A request of the AMF that the UE has not answered: nobody knows how it ended. */
static void test_under_way(void **state)
{
	static const uint8_t another = 5;
	struct bed *b = *state;

	served(b);
	bed_ask_sessions(b, &another, 1);
	bed_forget(b);
	association_lost(b);
	bed_ue_loses(b);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	assert_false(proposes(b));
}

/* Nor one without a context. */
static void test_without_context(void **state)
{
	struct bed *b = *state;

	bed_connected(b);
	association_lost(b);
	bed_ue_loses(b);
	assert_false(proposes(b));
}

/* What the AMF should have heard meanwhile, it hears then. */
static void test_leaves_meanwhile(void **state)
{
	struct bed *b = *state;

	served(b);
	association_lost(b);
	bed_ue_leaves(b);
	assert_null(bed_next(b, GNB_PORT_N2));
	assert_true(proposes(b));
	bed_setup_response(b, true);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
	bed_pass(b, GNB_RELEASE_GUARD_MS);
	bed_amf_gets(b, NGAP_MSG_NG_RESET);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
}

/* A request that may have been lost with the association is sent once more; its guard waits. */
static void test_was_leaving(void **state)
{
	struct bed *b = *state;

	served(b);
	bed_ue_leaves(b);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
	bed_forget(b);
	association_lost(b);
	bed_pass(b, GNB_RELEASE_GUARD_MS);
	assert_int_equal(gnb_numbers(b->gnb).ues, 1);
	assert_true(bed_associate(b).has_ue_retention_information);
	bed_setup_response(b, true);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
}

/* A tunnel that ended cannot be notified: the UE is released, and returns for its session. */
static void test_tunnel_lost(void **state)
{
	struct bed *b = *state;
	struct gtpu_msg e = { .header = { .type = GTPU_ERROR_INDICATION, .has_sequence = true } };
	uint8_t octets[64];
	struct writer w = writer_of(octets, sizeof(octets));
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_N3, .peer = b->upf };

	served(b);
	association_lost(b);
	e.error_indication.teid = UL_TEID;
	e.error_indication.peer.len = 4;
	bytes_copy(e.error_indication.peer.octets, 4, bytes_of(b->upf.ip, 4));
	assert_true(gtpu_encode(&e, &w));
	m.data = writer_bytes(&w);
	bed_deliver(b, &m);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 0);
	assert_true(proposes(b));
	bed_setup_response(b, true);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_kept),
		TEST(test_not_agreed),
		TEST(test_expires),
		TEST(test_under_way),
		TEST(test_without_context),
		TEST(test_leaves_meanwhile),
		TEST(test_was_leaving),
		TEST(test_tunnel_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
