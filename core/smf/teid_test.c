/* F-TEIDs that the SMF chooses, for a UPF of Release 15 without FTUP (29.244 8.2.25, 8.2.82 and 5.5.2 of that
 * release). */
#include "core/smf/smf_bed.h"

#include "core/smf/teid.h"

enum { UPF_N3 = 0x0a030001, RANGE = 0xa };

static int setup(void **state)
{
	struct bed *b = bed_new();

	*state = b;
	b->upf_no_ftup = b->upf_teids = true;
	bed_upf_restart(b);
	bed_pass(b, PFCP_HEARTBEAT_MS + 1000);
	return smf_numbers(b->smf).upfs_associated == 1 ? 0 : -1;
}

static struct smf_session *session(struct bed *b)
{
	return smf_session_by_ref(b->smf, b->ref);
}

static void is_of_range(const struct smf_tunnel *t)
{
	assert_int_equal(t->teid >> 28, RANGE);
	assert_int_equal(ip_v4(t->ip), UPF_N3);
}

/* The session's own tunnel is what the gNB gets, and is nobody's when the session has ended. */
static void chosen_and_given_back(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	is_of_range(&session(b)->uplink);
	assert_int_equal(b->sessions[0].teid, session(b)->uplink.teid);
	assert_int_equal(session(b)->control.teid, 0);
	assert_int_equal(b->smf->teids.used, 1);
	bed_release(b);
	bed_pass(b, 100);
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	assert_int_equal(b->smf->teids.used, 0);
}

/* IPv6: what the SMF sends the UE has a tunnel of its own. */
static void control_tunnel(void **state)
{
	struct bed *b = *state;

	b->config.dnns[0].pool_count = 2;
	assert_true(prefix_parse("2001:db8:45::/60", &b->config.dnns[0].pools[1]));
	b->session_type = PDU_SESSION_IPV4V6;
	bed_restart(b);
	bed_create(b, "internet", 1, "2e 01 05 c1 ff ff 92");
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
	assert_non_null(session(b));
	is_of_range(&session(b)->control);
	assert_int_equal(b->sessions[0].control_teid, session(b)->control.teid);
	assert_int_not_equal(session(b)->control.teid, session(b)->uplink.teid);
	assert_int_equal(b->smf->teids.used, 2);
}

/* However the dice fall, no two sessions have the same. */
static void never_twice(void **state)
{
	struct bed *b = *state;
	uint64_t dice = b->t.random;
	struct smf_session *first;
	struct smf_session *second;

	bed_create(b, "internet", 1, BED_REQUEST);
	first = session(b);
	second = smf_session_new(b->smf, &first->supi, 2);
	assert_non_null(second);
	second->upf = first->upf;
	second->dnn = first->dnn;
	b->smf->upfs[0].sessions++;
	for (int i = 0; i < 1000; i++) { /* somewhere among these are those of the first */
		b->t.random = dice + (uint64_t)i * UINT64_C(0x9e3779b97f4a7c15);
		assert_true(smf_teids_take(b->smf, second));
		assert_int_not_equal(second->uplink.teid, first->uplink.teid);
		assert_int_equal(b->smf->teids.used, 2);
		smf_teid_give(b->smf, second, &second->uplink);
	}
	/* nor does one give away what is another's */
	second->uplink = first->uplink;
	smf_teid_give(b->smf, second, &second->uplink);
	assert_int_equal(b->smf->teids.used, 1);
	smf_session_free(b->smf, second);
	bed_run(b);
	assert_int_equal(b->smf->teids.used, 1);
}

/* A new process knows whose they are; a UPF without memory gets them back. */
static void restored(void **state)
{
	struct bed *b = *state;
	uint32_t teid;

	bed_establish(b);
	teid = session(b)->uplink.teid;
	bed_restart(b);
	assert_int_equal(b->smf->teids.used, 1);
	assert_int_equal(session(b)->uplink.teid, teid);
	b->session_count = 0;
	bed_upf_restart(b);
	bed_pass(b, PFCP_HEARTBEAT_MS + 1000);
	assert_true(b->sessions[0].restored);
	assert_int_equal(b->sessions[0].teid, teid);
	assert_int_equal(b->smf->teids.used, 1);
	bed_release(b);
	bed_pass(b, 100);
	assert_int_equal(b->smf->teids.used, 0);
}

/* It was replaced by one that chooses, and by one that does not: sessions keep what their gNBs know. */
static void another_kind_of_upf(void **state)
{
	struct bed *b = *state;
	uint32_t teid;

	bed_establish(b);
	teid = session(b)->uplink.teid;
	b->upf_no_ftup = b->upf_teids = false;
	b->session_count = 0;
	bed_upf_restart(b);
	bed_pass(b, PFCP_HEARTBEAT_MS + 1000);
	assert_int_equal(b->sessions[0].teid, teid);
	bed_create(b, "internet", 2, "2e 02 05 c1 ff ff 91");
	teid = session(b)->uplink.teid;
	assert_int_not_equal(teid >> 28, RANGE);
	assert_int_equal(b->smf->teids.used, 1);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x78));
	b->upf_no_ftup = b->upf_teids = true;
	b->session_count = 0;
	bed_upf_restart(b);
	bed_pass(b, PFCP_HEARTBEAT_MS + 1000);
	assert_int_equal(session(b)->uplink.teid, teid);
	assert_int_equal(b->session_count, 2);
	assert_int_equal(b->smf->teids.used, 2); /* now the SMF's as well */
}

/* No room for its owner: the session is refused, and nothing is left of it. */
static void no_room(void **state)
{
	struct bed *b = *state;

	b->smf->teids.max = b->smf->teids.used;
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->answer.cause, SBI_INSUFFICIENT_RESOURCES);
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	assert_int_equal(bed_stat(b, SMF_STAT_EXHAUSTED), 1);
}

/* What is of use: the first with an IPv4 address, of the access or of all interfaces. */
static void which_resource(void **state)
{
	static const struct pfcp_user_plane_resource list[] = {
		{ .has_ipv6 = true },
		{ .has_ipv4 = true,
			.ipv4 = { 1, 1, 1, 1 },
			.has_source_interface = true,
			.source_interface = PFCP_INTERFACE_CORE },
		{ .has_ipv4 = true, .ipv4 = { 2, 2, 2, 2 }, .teid_range_bits = 2, .teid_range = 3 },
		{ .has_ipv4 = true, .ipv4 = { 3, 3, 3, 3 } },
	};
	struct smf_upf u = { 0 };

	assert_false(smf_teid_range_take(&u, list, 2));
	assert_true(smf_teid_range_take(&u, list, ARRAY_LEN(list)));
	assert_int_equal(ip_v4(u.teids.ip), 0x02020202);
	assert_int_equal(u.teids.bits, 2);
	assert_int_equal(u.teids.value, 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(chosen_and_given_back),
		TEST(control_tunnel),
		TEST(never_twice),
		TEST(restored),
		TEST(another_kind_of_upf),
		TEST(no_room),
		cmocka_unit_test(which_resource),
	};

	return cmocka_run_group_tests_name("core/smf TEIDs", tests, NULL, NULL);
}
