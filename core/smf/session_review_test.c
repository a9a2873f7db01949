/* What the configuration has no more: data networks, pools and UPFs, and the sessions that had them. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

static void take(struct bed *b)
{
	smf_take_config(b->smf, &b->config);
	bed_pass(b, 550);
}

/* The UE is told so, and agrees; its gNB too. */
static void expect_release(struct bed *b, uint8_t cause)
{
	struct nas_msg m = bed_nas(b, &bed_last_transfer(b)->n1);

	assert_int_equal(m.type, NAS_PDU_SESSION_RELEASE_COMMAND);
	assert_int_equal(m.pdu_session_release_command.cause, cause);
	bed_update_both(b, "2e 01 00 d4", N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	bed_run(b);
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	assert_int_equal(b->notifications, 1);
}

static void data_network(void **state)
{
	struct bed *b = *state;
	uint32_t transfers;

	bed_establish(b);
	transfers = b->transfer_count;
	take(b); /* nothing has changed */
	assert_int_equal(b->transfer_count, transfers);
	assert_int_equal(smf_sessions_of(b->smf, SMF_OF_DNN, bytes_of_str("internet")), 1);
	b->config.dnns[0] = b->config.dnns[1];
	b->config.dnn_count = 1;
	take(b);
	assert_int_equal(b->transfer_count, transfers + 1);
	expect_release(b, NAS_5GSM_REGULAR_DEACTIVATION);
	assert_int_equal(smf_numbers(b->smf).addresses, 0);
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91");
	assert_int_not_equal(b->answer.cause, SBI_OK);
}

/* It goes and comes with what it has counted, and one in place of it gets its row. */
static void places(void **state)
{
	struct bed *b = *state;
	struct smf_dnn internet = b->config.dnns[0], ims = b->config.dnns[1], other = internet;
	uint64_t(*rows)[SMF_DNN_STAT_COUNT] = b->smf->figures.by_dnn;

	rows[0][SMF_DNN_CREATION_REQ] = 7;
	b->config.dnns[0] = ims;
	b->config.dnn_count = 1;
	take(b);
	b->config.dnns[1] = internet;
	b->config.dnn_count = 2;
	take(b);
	assert_int_equal(b->smf->config.dnn_count, 2);
	assert_int_equal(rows[0][SMF_DNN_CREATION_REQ], 7);
	b->config.dnn_count = 1;
	take(b);
	str_copy(other.dnn, sizeof(other.dnn), "other");
	assert_true(prefix_parse("10.47.0.0/24", &other.pools[0]));
	b->config.dnns[1] = other;
	b->config.dnn_count = 2;
	take(b);
	assert_int_equal(b->smf->config.dnn_count, 2);
	assert_string_equal(b->smf->config.dnns[0].dnn, "other");
	assert_int_equal(rows[0][SMF_DNN_CREATION_REQ], 0);
	assert_int_equal(rows[2][SMF_DNN_CREATION_REQ], 7);
	assert_int_equal(b->smf->pool_count, 2);
	bed_create(b, "other", 1, BED_REQUEST);
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_run(b);
	assert_int_equal(b->sessions[0].ue_ip >> 8, 0x0a2f00);
}

/* Another pool in place of the one: what is out of the old one is taken back, and given again when it
 * returns. */
static void pool(void **state)
{
	struct bed *b = *state;
	struct prefix old = b->config.dnns[0].pools[0];

	bed_establish(b);
	assert_int_equal(smf_sessions_of_pool(b->smf, &old, NULL, 0), 1);
	assert_true(prefix_parse("10.49.0.0/24", &b->config.dnns[0].pools[0]));
	take(b);
	assert_int_equal(smf_numbers(b->smf).addresses, 1);
	expect_release(b, NAS_5GSM_REACTIVATION_REQUESTED);
	assert_int_equal(smf_numbers(b->smf).addresses, 0);
	b->config.dnns[0].pools[0] = old;
	take(b);
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(smf_numbers(b->smf).addresses, 1);
}

/* The half that is left has the session's address, then it has not: out until it is given back. */
static void pool_shrinks(void **state)
{
	struct bed *b = *state;
	struct prefix old = b->config.dnns[0].pools[0], half, rest;
	uint32_t transfers;

	assert_true(prefix_parse("10.45.0.0/30", &half) && prefix_parse("10.45.0.4/30", &rest));
	bed_establish(b); /* 10.45.0.2 */
	transfers = b->transfer_count;
	assert_int_equal(smf_sessions_of_pool(b->smf, &old, &half, 1), 0);
	assert_int_equal(smf_sessions_of_pool(b->smf, &old, &rest, 1), 1);
	b->config.dnns[0].pools[0] = half;
	take(b);
	assert_int_equal(b->transfer_count, transfers);
	assert_int_equal(smf_numbers(b->smf).addresses, 1);
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91");
	assert_int_not_equal(b->answer.cause, SBI_OK); /* there is no other */
	b->config.dnns[0].pools[0] = rest;
	take(b);
	expect_release(b, NAS_5GSM_REACTIVATION_REQUESTED);
	assert_int_equal(smf_numbers(b->smf).addresses, 0);
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_run(b);
	assert_int_equal(b->sessions[0].ue_ip, 0x0a2d0006);
}

/* What one data network had another one has now, but for what is out. */
static void pool_moves(void **state)
{
	struct bed *b = *state;
	struct smf_dnn *internet = &b->config.dnns[0], *ims = &b->config.dnns[1];
	struct prefix old = internet->pools[0];

	ims->snssai = internet->snssai;
	take(b);
	bed_establish(b);
	assert_true(prefix_parse("10.49.0.0/24", &internet->pools[0]));
	assert_true(prefix_parse("10.45.0.0/30", &ims->pools[0])); /* .2 alone, which is out */
	take(b);
	bed_create(b, ims->dnn, 2, "2e 02 05 c1 ff ff 91");
	assert_int_not_equal(b->answer.cause, SBI_OK);
	expect_release(b, NAS_5GSM_REACTIVATION_REQUESTED);
	assert_int_equal(smf_numbers(b->smf).addresses, 0);
	bed_create(b, ims->dnn, 1, BED_REQUEST);
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_run(b);
	assert_int_equal(b->sessions[0].ue_ip, 0x0a2d0002);
	ims->pools[0] = old; /* grown, with another's name */
	take(b);
	assert_int_equal(smf_numbers(b->smf).addresses, 1);
}

/* #39, then the association is released, and the UPF is refused for as long as it is not in the
 * configuration. */
static void upf(void **state)
{
	struct bed *b = *state;
	struct smf_upf_config gone = b->config.upfs[0];

	bed_establish(b);
	b->config.upf_count = 0;
	take(b);
	expect_release(b, NAS_5GSM_REACTIVATION_REQUESTED);
	bed_pass(b, 2 * SMF_UPF_LEAVING_LOOK_MS);
	assert_int_equal(b->upf_requests[PFCP_ASSOCIATION_RELEASE_REQUEST], 1);
	assert_int_equal(smf_numbers(b->smf).upfs, 0);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 0);
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91");
	assert_int_not_equal(b->answer.cause, SBI_OK);
	bed_pass(b, 60000);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 0);
	b->config.upfs[b->config.upf_count++] = gone;
	take(b);
	bed_pass(b, 1000);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 1);
	bed_create(b, "internet", 3, "2e 03 05 c1 ff ff 91");
	assert_int_equal(b->answer.cause, SBI_OK);
}

/* One more is asked for its association, and serves. */
static void upf_comes(void **state)
{
	struct bed *b = *state;

	b->config.upfs[1] = b->config.upfs[0];
	b->config.upfs[1].address.ip[3]++;
	b->config.upf_count = 2;
	take(b);
	bed_pass(b, 1000);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 2);
	b->config.upfs[0] = b->config.upfs[1];
	b->config.upf_count = 1;
	take(b);
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_run(b);
	assert_int_equal(b->sessions[0].upf, addr_v4(&b->config.upfs[0].address));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = { TEST(data_network), TEST(places), TEST(pool), TEST(pool_shrinks),
		TEST(pool_moves), TEST(upf), TEST(upf_comes) };

	return cmocka_run_group_tests_name("core/smf/session_review", tests, NULL, NULL);
}
