/* Sets of sessions that their SMF gives up together: by FQ-CSID, octet by octet. */
#include "base/test.h"

#include "core/upf/upf_bed.h"

/* One of 10.0.0.1, a second of it, both, and one of another node. */
#define FIRST  "010a000001 0007"
#define SECOND "010a000001 0008"
#define BOTH   "020a000001 0008 0007"
#define OTHER  "010a000009 0007"

static struct bed bed;

static int setup(void **state)
{
	struct upf_config c;

	bed_config(&c);
	bed_init(&bed, &c);
	assert_true(bed_associate(&bed));
	return 0;
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

/* The cause. */
static uint8_t establish(uint32_t n, const char *csid)
{
	static uint8_t octets[32];
	struct bytes list = csid ? test_hex(csid, octets, sizeof(octets)) : BYTES_NONE;
	struct bed_session rules;
	struct bed_session_ids ids;

	bed_session_fill(&rules, BED_UE + n, BED_GNB_TEID + n, 0x70 + n);
	rules.m.session_establishment_request.fq_csid = &list;
	rules.m.session_establishment_request.fq_csid_count = csid != NULL;
	return bed_establish(&bed, &rules, &ids);
}

static uint8_t delete_set(uint32_t smf, const char *csid)
{
	uint8_t octets[32];
	struct bytes list = test_hex(csid, octets, sizeof(octets));
	struct pfcp_msg m = { .type = PFCP_SESSION_SET_DELETION_REQUEST };

	m.session_set_deletion_request.node_id = (struct pfcp_node_id){ .type = PFCP_NODE_IPV4 };
	m.session_set_deletion_request.fq_csid = &list;
	m.session_set_deletion_request.fq_csid_count = 1;
	assert_true(bed_request_from(&bed, smf, &m));
	return bed.response.session_set_deletion_response.cause;
}

static uint32_t sessions(void)
{
	return upf_numbers(bed.upf).sessions;
}

static void deleted(void **state)
{
	const char *const sets[] = { FIRST, FIRST, SECOND, OTHER, NULL };

	for (uint32_t i = 0; i < ARRAY_LEN(sets); i++)
		assert_int_equal(establish(i, sets[i]), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(sessions(), 5);
	assert_int_equal(delete_set(BED_SMF, "010a000001 0009"), PFCP_CAUSE_ACCEPTED); /* in which is none */
	assert_int_equal(delete_set(BED_SMF, "010a0000"), PFCP_CAUSE_ACCEPTED);        /* cut off */
	assert_int_equal(sessions(), 5);
	assert_int_equal(delete_set(BED_SMF2, FIRST), PFCP_CAUSE_NO_ASSOCIATION);
	assert_true(bed_associate_from(&bed, BED_SMF2, 1, false));
	assert_int_equal(delete_set(BED_SMF2, FIRST), PFCP_CAUSE_ACCEPTED); /* of its own it has none */
	assert_int_equal(sessions(), 5);
	assert_int_equal(delete_set(BED_SMF, FIRST), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(sessions(), 3);
	assert_int_equal(establish(0, FIRST), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(delete_set(BED_SMF, BOTH), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(sessions(), 2);
}

/* One set too many is refused; one that nothing is in any more makes room. */
static void full(void **state)
{
	char csid[] = "010a000001 00??";

	for (uint32_t i = 0; i < UPF_CSIDS_MAX; i++) {
		snprintf(csid + 13, 3, "%02x", i);
		assert_int_equal(establish(i, csid), PFCP_CAUSE_ACCEPTED);
	}
	assert_int_equal(establish(UPF_CSIDS_MAX, "010a000001 ffff"), PFCP_CAUSE_NO_RESOURCES);
	assert_int_equal(delete_set(BED_SMF, "010a000001 0000"), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(establish(UPF_CSIDS_MAX, "010a000001 ffff"), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(establish(UPF_CSIDS_MAX + 1, "f10a000001 ffff"), PFCP_CAUSE_MANDATORY_IE_INCORRECT);
	assert_int_equal(establish(UPF_CSIDS_MAX + 1, "000a000001"), PFCP_CAUSE_MANDATORY_IE_INCORRECT);
	assert_int_equal(sessions(), UPF_CSIDS_MAX);
}

static void octets_of(uint32_t ip, uint8_t out[4])
{
	struct writer w = writer_of(out, 4);

	writer_u32(&w, ip);
}

/* csid NULL: all of that address; group: by a group, which is not kept. */
static uint8_t give_set(uint32_t smf, const char *csid, uint32_t of, uint32_t to, bool group)
{
	uint8_t octets[32], id = 1;
	struct bytes list = csid ? test_hex(csid, octets, sizeof(octets)) : BYTES_NONE,
		     groups = bytes_of(&id, 1);
	struct pfcp_session_change_info c = { .fq_csid = &list,
		.fq_csid_count = csid != NULL,
		.group_id = &groups,
		.group_id_count = group,
		.has_cp_ip_address = of != 0,
		.cp_ip_address.has_ipv4 = true,
		.alternative_smf_ip_address.has_ipv4 = true };
	struct pfcp_msg m = { .type = PFCP_SESSION_SET_MODIFICATION_REQUEST };

	octets_of(of, c.cp_ip_address.ipv4);
	octets_of(to, c.alternative_smf_ip_address.ipv4);
	m.session_set_modification_request.node_id = (struct pfcp_node_id){ .type = PFCP_NODE_IPV4 };
	m.session_set_modification_request.session_change_info = &c;
	m.session_set_modification_request.session_change_info_count = 1;
	assert_true(bed_request_from(&bed, smf, &m));
	return bed.response.session_set_modification_response.cause;
}

/* 7.4.7: a set, or all, are another SMF's from then on: it alone may delete them. */
static void given(void **state)
{
	const char *const sets[] = { FIRST, FIRST, SECOND, OTHER, NULL };

	for (uint32_t i = 0; i < ARRAY_LEN(sets); i++)
		assert_int_equal(establish(i, sets[i]), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(give_set(BED_SMF2, FIRST, 0, BED_SMF, false), PFCP_CAUSE_NO_ASSOCIATION);
	assert_int_equal(give_set(BED_SMF, FIRST, 0, BED_SMF2, false), PFCP_CAUSE_NO_ASSOCIATION);
	assert_true(bed_associate_from(&bed, BED_SMF2, 1, false));
	assert_int_equal(
		give_set(BED_SMF2, FIRST, 0, BED_SMF2, false), PFCP_CAUSE_ACCEPTED); /* none of its own */
	assert_int_equal(delete_set(BED_SMF2, FIRST), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(sessions(), 5);
	assert_int_equal(give_set(BED_SMF, FIRST, 0, BED_SMF2, true), PFCP_CAUSE_REJECTED);
	assert_int_equal(give_set(BED_SMF, FIRST, 0, BED_SMF2, false), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(delete_set(BED_SMF, FIRST), PFCP_CAUSE_ACCEPTED); /* it has them no more */
	assert_int_equal(sessions(), 5);
	assert_int_equal(delete_set(BED_SMF2, FIRST), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(sessions(), 3);
	assert_int_equal(
		give_set(BED_SMF, NULL, BED_SMF2, BED_SMF2, false), PFCP_CAUSE_ACCEPTED); /* not its own */
	assert_int_equal(delete_set(BED_SMF2, SECOND), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(sessions(), 3);
	assert_int_equal(give_set(BED_SMF, NULL, BED_SMF, BED_SMF2, false), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(delete_set(BED_SMF, OTHER), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(sessions(), 3);
	assert_int_equal(delete_set(BED_SMF2, OTHER), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(delete_set(BED_SMF2, SECOND), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(sessions(), 1);
}

/* A set too many for the other one: nothing moves. */
static void no_room_there(void **state)
{
	char csid[] = "010a000001 00??";

	assert_true(bed_associate_from(&bed, BED_SMF2, 1, false));
	for (uint32_t i = 0; i < UPF_CSIDS_MAX; i++) {
		snprintf(csid + 13, 3, "%02x", i);
		assert_int_equal(establish(i, csid), PFCP_CAUSE_ACCEPTED);
	}
	assert_int_equal(give_set(BED_SMF, NULL, BED_SMF, BED_SMF2, false), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(
		establish(UPF_CSIDS_MAX, FIRST), PFCP_CAUSE_ACCEPTED); /* 0007: it has a place there */
	assert_int_equal(give_set(BED_SMF, FIRST, 0, BED_SMF2, false), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(establish(UPF_CSIDS_MAX + 1, OTHER), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(give_set(BED_SMF, OTHER, 0, BED_SMF2, false), PFCP_CAUSE_NO_RESOURCES);
	assert_int_equal(delete_set(BED_SMF, OTHER), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(sessions(), UPF_CSIDS_MAX + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(deleted, setup, teardown),
		cmocka_unit_test_setup_teardown(full, setup, teardown),
		cmocka_unit_test_setup_teardown(given, setup, teardown),
		cmocka_unit_test_setup_teardown(no_room_there, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
