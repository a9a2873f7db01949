/* N4 as other vendors' SMFs and UPFs use it: their recorded requests into our UPF, their responses as our
 * SMF reads them. */
#include "tests/foreign.h"

#include "core/upf/upf_bed.h"

#define LBO               "roaming_lbo_ngap_pfcp_gtpu.pcap:"
#define TEST_REGISTRATION "testregistration_ngap_pfcp_gtpu.pcap:"

static struct bed bed;
static uint8_t octets[2048];

static int setup(void **state)
{
	struct upf_config c;

	bed_config(&c);
	c.n3_address = addr_from_v4(0x7f000007, 0); /* theirs, since the older SMF chooses the F-TEIDs */
	c.gnbs[0] = (struct prefix4){ 0x7f000000, 8 };
	bed_init(&bed, &c);
	return 0;
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

/* A recorded request, for the session seid of ours when it is not 0. The cause of the response. */
static uint8_t ask(const char *frame, uint64_t seid)
{
	struct bytes request = foreign_message("pfcp_captures.txt", frame, 0, octets, sizeof(octets));
	struct writer w = writer_of(octets + 4, 8);

	if (seid)
		writer_u64(&w, seid);
	bed_give(&bed, UPF_PORT_N4, BED_SMF, PFCP_UDP_PORT, request);
	for (size_t i = 0; i < bed.sent_count; i++) {
		if (bed.sent[i].port != UPF_PORT_N4 || !bed_decode(&bed, i) ||
			bed.response.type != octets[1] + 1u)
			continue;
		switch (bed.response.type) {
		case PFCP_ASSOCIATION_SETUP_RESPONSE:
			return bed.response.association_setup_response.cause;
		case PFCP_SESSION_ESTABLISHMENT_RESPONSE:
			return bed.response.session_establishment_response.cause;
		case PFCP_SESSION_MODIFICATION_RESPONSE:
			return bed.response.session_modification_response.cause;
		default:
			return bed.response.session_deletion_response.cause;
		}
	}
	fail_msg("%s is not answered", frame);
	return 0;
}

static size_t downlink(void)
{
	uint8_t buf[128];

	bed_give(&bed, UPF_PORT_N6, 0, 0, bed_udp(buf, BED_DN, BED_UE, 53, 1000, 100));
	return bed.sent_count;
}

/* Dual stack, F-TEIDs chosen by us, a tunnel to and from the SMF for router advertisements, buffering. */
static void session_of_a_present_smf(void **state)
{
	const struct pfcp_session_establishment_response *r = &bed.response.session_establishment_response;
	uint64_t seid;

	assert_int_equal(ask(LBO "1", 0), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(ask(LBO "28", 0), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(r->created_pdr_count, 3);
	seid = r->up_f_seid.seid;
	assert_int_equal(downlink(), 1); /* a report: data for an idle UE */
	assert_int_equal(bed.sent[0].port, UPF_PORT_N4);
	assert_int_equal(ask(LBO "35", seid), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(downlink(), 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N3);
	assert_true(addr_v4(&bed.sent[0].peer) == 0x7f000002); /* of the two addresses, the IPv4 one */
	assert_int_equal(ask(LBO "47", seid), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(ask(LBO "52", seid), PFCP_CAUSE_ACCEPTED);
}

/* F-TEIDs chosen by the SMF, forwarding to the access before there is a tunnel. */
static void session_of_an_older_smf(void **state)
{
	uint64_t seid;

	assert_int_equal(ask(TEST_REGISTRATION "2", 0), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(ask(TEST_REGISTRATION "21", 0), PFCP_CAUSE_ACCEPTED);
	seid = bed.response.session_establishment_response.up_f_seid.seid;
	assert_int_equal(downlink(), 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_BUFFERED), 1);
	assert_int_equal(ask(TEST_REGISTRATION "26", seid), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(downlink(), 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N3);
	/* A ping of the gNB's UE, from a port of its own; the first octets on N6 are the packet's. */
	bed_give(&bed, UPF_PORT_N3, 0x7f000002, 40000,
		foreign_message("gtpu_captures.txt", TEST_REGISTRATION "29", 0, octets, sizeof(octets)));
	assert_int_equal(bed.sent_count, 1);
	assert_int_equal(bed.sent[0].port, UPF_PORT_N6);
	assert_int_equal(bed.sent[0].data[0], 0x45);
	assert_int_equal(ask(TEST_REGISTRATION "61", seid), PFCP_CAUSE_ACCEPTED);
}

static struct pfcp_msg decoded;

static void response(const char *frame)
{
	struct tlv_fault fault;

	arena_reset(&bed.arena);
	if (!pfcp_decode(foreign_message("pfcp_captures.txt", frame, 0, octets, sizeof(octets)), &bed.arena,
		    &decoded, &fault))
		fail_msg("%s: cause %u of element %u", frame, fault.cause, fault.ie);
}

/* What core/smf/upf.c and n4.c look for. */
static void responses_of_a_upf(void **state)
{
	const struct pfcp_session_establishment_response *r = &decoded.session_establishment_response;
	const struct pfcp_session_deletion_response *gone = &decoded.session_deletion_response;

	response(LBO "2");
	assert_int_equal(decoded.association_setup_response.cause, PFCP_CAUSE_ACCEPTED);
	assert_true(decoded.association_setup_response.up_function_features.bits & PFCP_UP_FTUP);
	response(LBO "29");
	assert_int_equal(r->cause, PFCP_CAUSE_ACCEPTED);
	assert_true(r->has_up_f_seid && r->up_f_seid.seid);
	assert_int_equal(r->created_pdr_count, 3);
	assert_true(r->created_pdr[0].has_local_f_teid && r->created_pdr[0].local_f_teid.has_ipv4);
	response(LBO "53");
	assert_int_equal(gone->cause, PFCP_CAUSE_ACCEPTED);
	assert_int_equal(gone->usage_report_count, 1);
	assert_true(gone->usage_report[0].has_volume_measurement);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(session_of_a_present_smf), TEST(session_of_an_older_smf),
		TEST(responses_of_a_upf) };

	return cmocka_run_group_tests_name("foreign N4", tests, NULL, NULL);
}
