/* TS 29.244 clause 7.6: erroneous messages, case by case; and messages built as the SMF and UPF do. */
#include "base/test.h"

#include "wire/pfcp/pfcp.h"

static uint8_t store[16384];
static struct pfcp_msg msg;
static struct tlv_fault fault;

static bool decode(const char *hex)
{
	static uint8_t buf[1024];
	static struct arena arena;

	arena_init(&arena, store, sizeof(store), 0);
	return pfcp_decode(test_hex(hex, buf, sizeof(buf)), &arena, &msg, &fault);
}

static void refused(const char *hex, enum tlv_fault_kind kind, uint8_t cause, uint16_t ie, bool answer)
{
	if (decode(hex))
		fail_msg("accepted: %s", hex);
	assert_int_equal(fault.kind, kind);
	assert_int_equal(fault.cause, cause);
	assert_int_equal(fault.ie, ie);
	assert_int_equal(fault.answer, answer);
}

/* A message of this type with a body, its length right; session messages with SEID 1. */
static const char *message(unsigned type, const char *body)
{
	static char hex[1024];
	size_t digits = 0;

	for (const char *p = body; *p; p++)
		digits += *p != ' ';
	if (type < PFCP_SESSION_ESTABLISHMENT_REQUEST)
		snprintf(hex, sizeof(hex), "20%02x%04zx 000007 00 %s", type, 4 + digits / 2, body);
	else
		snprintf(hex, sizeof(hex), "21%02x%04zx 0000000000000001 000007 00 %s", type, 12 + digits / 2,
			body);
	return hex;
}

#define NODE_ID "003c0005 00 0a000001 "
#define TIME    "00600004 e1000000 "
#define F_SEID  "0039000d 02 0000000000000001 0a000001 "

static void header(void **state)
{
	assert_true(decode("2001000c 000007 00 " TIME));
	assert_int_equal(msg.type, PFCP_HEARTBEAT_REQUEST);
	assert_int_equal(msg.sequence, 7);
	assert_false(msg.has_seid);
	assert_int_equal(msg.size, 16);
	assert_int_equal(msg.heartbeat_request.recovery_time_stamp, 0xe1000000);
	assert_true(decode("2336000c 1122334455667788 000009 50"));
	assert_int_equal(msg.type, PFCP_SESSION_DELETION_REQUEST);
	assert_true(msg.has_seid && msg.has_priority);
	assert_true(msg.seid == 0x1122334455667788);
	assert_int_equal(msg.priority, 5);
}

/* 7.6.2, 7.6.3, 7.6.4 */
static void bad_headers(void **state)
{
	refused("", TLV_TOO_SHORT, 64, 0, false);
	refused("20010004 000007", TLV_TOO_SHORT, 64, 0, false);
	refused("2136000c 1122334455667788 000009", TLV_TOO_SHORT, 64, 0, false);
	refused("40010004 000007 00", TLV_BAD_VERSION, 64, 0, true);
	assert_int_equal(msg.sequence, 7);
	refused("2001000d 000007 00 " TIME, TLV_BAD_MESSAGE_LENGTH, 68, 0, true);
	refused("2001000b 000007 00 " TIME, TLV_BAD_MESSAGE_LENGTH, 68, 0, true);
	refused("20010003 000007 00", TLV_BAD_MESSAGE_LENGTH, 68, 0, true);
	refused("2002000d 000007 00 " TIME, TLV_BAD_MESSAGE_LENGTH, 68, 0, false);
	refused("20630004 000007 00", TLV_UNKNOWN_MESSAGE, 64, 0, false);
	refused("20000004 000007 00", TLV_UNKNOWN_MESSAGE, 64, 0, false);
	refused("20360004 000007 00", TLV_BAD_HEADER, 64, 0, false); /* a session message without SEID */
	/* A bundle: the length gives where the next message starts. */
	assert_true(decode("2401000c 000007 00 " TIME "20010000"));
	assert_int_equal(msg.size, 16);
}

/* 7.6.6 */
static void missing(void **state)
{
	refused(message(1, ""), TLV_MISSING_MANDATORY, 66, 96, true);
	refused(message(2, ""), TLV_MISSING_MANDATORY, 66, 96, false);
	refused(message(5, TIME), TLV_MISSING_MANDATORY, 66, 60, true);
	refused(message(50, NODE_ID F_SEID), TLV_MISSING_MANDATORY, 66, 1, true);
	/* In a grouped element: a Create PDR without PDI, one whose PDI has no source interface. */
	refused(message(50, NODE_ID F_SEID "0001000e 00380002 0001 001d0004 000000ff"), TLV_MISSING_MANDATORY,
		66, 2, true);
	refused(message(50, NODE_ID F_SEID "00010012 00380002 0001 001d0004 000000ff 00020000"),
		TLV_MISSING_MANDATORY, 66, 20, true);
	/* In a conditional grouped element of a modification: Update FAR without its identifier. */
	refused(message(52, "000a0005 002c0001 02"), TLV_MISSING_MANDATORY, 66, 108, true);
}

/* 7.6.7 */
static void bad_lengths(void **state)
{
	refused(message(1, "00600003 e10000"), TLV_BAD_LENGTH, 68, 96, true);
	refused(message(1, "00600005 e1000000"), TLV_BAD_LENGTH, 68, 96, true);
	refused(message(1, TIME "00ff0001"), TLV_BAD_LENGTH, 68, 255, true);
	refused(message(1, TIME "00ff00"), TLV_BAD_LENGTH, 68, 0, true);
	/* Longer than known: of a later release. */
	assert_true(decode(message(1, "00600005 e100000000")));
	/* One of a fixed length is not: Cause. */
	refused(message(6, NODE_ID "00130002 0101 " TIME), TLV_BAD_LENGTH, 68, 19, false);
	/* A conditional one. */
	refused(message(52, "00390001 02"), TLV_BAD_LENGTH, 68, 57, true);
	refused(message(52, "00390009 02 0000000000000001"), TLV_BAD_LENGTH, 68, 57, true);
	/* An optional one with a wrong length counts as absent. */
	assert_true(decode(message(1, TIME "00c00000")));
	assert_false(msg.heartbeat_request.has_source_ip_address);
	assert_true(decode(message(1, TIME "00c00001 02")));
	assert_false(msg.heartbeat_request.has_source_ip_address);
}

/* 7.6.8: mandatory and conditional elements that cannot be: node identity type 7, F-TEID without an address.
 */
static void incorrect(void **state)
{
	refused(message(9, "003c0001 07"), TLV_BAD_MANDATORY, 69, 60, true);
	refused(message(9, "003c0005 02 056e6f"), TLV_BAD_LENGTH, 68, 60, true);
	refused(message(56, "00270001 04 00630009 00150005 00 00000001"), TLV_BAD_MANDATORY, 69, 21, true);
}

/* 7.6.9, 7.6.10 and any order. */
static void unexpected(void **state)
{
	assert_true(decode(message(
		5, "00590001 03 80010004 000a 0102 " TIME "01c70002 0000 " NODE_ID "003c0005 00 0a000002")));
	assert_int_equal(msg.association_setup_request.node_id.ipv4[3], 1);
	assert_true(msg.association_setup_request.has_cp_function_features);
	assert_int_equal(
		msg.association_setup_request.cp_function_features.bits, PFCP_CP_LOAD | PFCP_CP_OVRL);
	/* A list, interleaved. */
	assert_true(decode(
		message(52, "000f0006 00380002 0001 00100008 006c0004 00000005 000f0006 00380002 0002")));
	assert_int_equal(msg.session_modification_request.remove_pdr_count, 2);
	assert_int_equal(msg.session_modification_request.remove_pdr[1].pdr_id, 2);
	assert_int_equal(msg.session_modification_request.remove_far[0].far_id, 5);
}

/* Lists are refused at the arena's limit, whatever the message claims. */
static void exhaustion(void **state)
{
	uint8_t buf[256], small[16];
	struct arena arena;

	arena_init(&arena, small, sizeof(small), 0);
	assert_false(pfcp_decode(
		test_hex(message(52, "00010000 00010000 00010000"), buf, sizeof(buf)), &arena, &msg, &fault));
	assert_int_equal(fault.kind, TLV_NO_MEMORY);
	assert_int_equal(fault.cause, PFCP_CAUSE_NO_RESOURCES);
	assert_true(fault.answer);
	arena_fini(&arena);
}

/* A session as an SMF asks for it. */
static void fill_establishment(struct pfcp_session_establishment_request *r, struct pfcp_create_pdr *pdr,
	struct pfcp_create_far *far, uint32_t *qer_id)
{
	*pdr = (struct pfcp_create_pdr){ .pdr_id = 1,
		.precedence = 255,
		.has_far_id = true,
		.far_id = 1,
		.qer_id = qer_id,
		.qer_id_count = 1,
		.has_outer_header_removal = true };
	pdr->pdi.source_interface = PFCP_INTERFACE_ACCESS;
	pdr->pdi.has_local_f_teid = true;
	pdr->pdi.local_f_teid = (struct pfcp_f_teid){ .has_ipv4 = true, .choose = true };
	*far = (struct pfcp_create_far){ .far_id = 1, .apply_action = pfcp_flags(PFCP_APPLY_FORW) };
	far->has_forwarding_parameters = true;
	far->forwarding_parameters.destination_interface = PFCP_INTERFACE_CORE;
	*r = (struct pfcp_session_establishment_request){ .node_id = { .type = PFCP_NODE_FQDN,
								  .fqdn = "smf.example" },
		.cp_f_seid = { .has_ipv4 = true, .seid = 77, .ipv4 = { 10, 0, 0, 1 } },
		.create_pdr = pdr,
		.create_pdr_count = 1,
		.create_far = far,
		.create_far_count = 1,
		.has_dnn = true,
		.dnn = "internet" };
}

static void establishment(void **state)
{
	struct pfcp_msg out = { .type = PFCP_SESSION_ESTABLISHMENT_REQUEST, .has_seid = true, .sequence = 5 };
	struct pfcp_create_pdr pdr;
	struct pfcp_create_far far;
	uint32_t qer_id = 9;
	uint8_t octets[512];
	char text[4096];
	struct writer w = writer_of(octets, sizeof(octets)), t = writer_of(text, sizeof(text));
	struct arena arena;
	const struct pfcp_session_establishment_request *r = &msg.session_establishment_request;
	struct printer p;

	fill_establishment(&out.session_establishment_request, &pdr, &far, &qer_id);
	assert_true(pfcp_encode(&out, &w));
	arena_init(&arena, store, sizeof(store), 0);
	assert_true(pfcp_decode(writer_bytes(&w), &arena, &msg, &fault));
	assert_string_equal(r->node_id.fqdn, "smf.example");
	assert_true(r->cp_f_seid.seid == 77);
	assert_int_equal(r->create_pdr_count, 1);
	assert_true(r->create_pdr[0].pdi.local_f_teid.choose);
	assert_int_equal(r->create_pdr[0].qer_id[0], 9);
	assert_int_equal(r->create_far[0].apply_action.bits, PFCP_APPLY_FORW);
	assert_int_equal(r->create_far[0].apply_action.octets, 1);
	assert_string_equal(r->dnn, "internet");
	printer_init(&p, &t, PRINT_FULL, NULL);
	pfcp_print(&msg, &p);
	writer_u8(&t, 0);
	assert_non_null(
		strstr(text, "Session Establishment Request\n  seid: 0x0\n  sequence: 5\n  node_id:\n"));
	assert_non_null(strstr(text, "\n    pdr_id: 1\n"));
	/* What must be there and is not cannot be sent. */
	out.session_establishment_request.create_far_count = 0;
	w = writer_of(octets, sizeof(octets));
	assert_false(pfcp_encode(&out, &w));
	out.sequence = 1 << 24;
	assert_false(pfcp_encode(&out, &w));
}

/* An association release request whose Node ID has labels of these lengths; fill: the octet they consist of.
 */
static bool node_named(const unsigned *labels, size_t count, unsigned fill)
{
	static char body[1024];
	size_t octets = 1, at;

	for (size_t i = 0; i < count; i++)
		octets += 1 + labels[i];
	at = (size_t)snprintf(body, sizeof(body), "003c%04zx02", octets);
	for (size_t i = 0; i < count; i++) {
		at += (size_t)snprintf(body + at, sizeof(body) - at, "%02x", labels[i]);
		for (unsigned k = 0; k < labels[i]; k++)
			at += (size_t)snprintf(body + at, sizeof(body) - at, "%02x", fill);
	}
	return decode(message(PFCP_ASSOCIATION_RELEASE_REQUEST, body));
}

/* RFC 1035: labels of 63 octets, 255 characters in all; a NUL would cut the text short. */
static void fqdn_limits(void **state)
{
	assert_true(node_named((const unsigned[]){ 63, 63, 63, 63 }, 4, 'a'));
	assert_int_equal(strlen(msg.association_release_request.node_id.fqdn), 255);
	assert_false(node_named((const unsigned[]){ 63, 63, 63, 62, 1 }, 5, 'a'));
	assert_false(node_named((const unsigned[]){ 63, 63, 63, 63, 1 }, 5, 'a'));
	assert_true(node_named((const unsigned[]){ 63, 63, 63, 61, 1 }, 5, 'a'));
	assert_true(node_named((const unsigned[]){ 63 }, 1, 'a'));
	assert_false(node_named((const unsigned[]){ 64 }, 1, 'a'));
	assert_true(node_named((const unsigned[]){ 3 }, 1, 1));
	assert_false(node_named((const unsigned[]){ 3 }, 1, 0));
	assert_true(node_named((const unsigned[]){ 3, 0 }, 2, 'a')); /* with the root */
	assert_false(node_named((const unsigned[]){ 0 }, 1, 'a'));
	assert_false(node_named(NULL, 0, 'a'));
	assert_false(decode(message(PFCP_ASSOCIATION_RELEASE_REQUEST, "003c0004 02 036162"))); /* cut off */
}

/* The F-TEID of a session report's error indication, from nothing to whole. */
static bool f_teid(const char *hex)
{
	char body[256];
	size_t digits = 0;

	for (const char *p = hex; *p; p++)
		digits += *p != ' ';
	snprintf(body, sizeof(body), "00270001 04 0063%04zx 0015%04zx %s", 4 + digits / 2, digits / 2, hex);
	return decode(message(PFCP_SESSION_REPORT_REQUEST, body));
}

static void f_teid_lengths(void **state)
{
	const struct pfcp_f_teid *f;

	assert_false(f_teid(""));
	assert_false(f_teid("00"));
	assert_false(f_teid("01"));
	assert_false(f_teid("04")); /* to be chosen, of no family */
	assert_true(f_teid("05"));
	assert_true(f_teid("06"));
	assert_false(f_teid("0d")); /* its CHOOSE ID is missing */
	assert_true(f_teid("0d 07"));
	assert_false(f_teid("00 00000001"));
	assert_false(f_teid("01 00000001"));
	assert_false(f_teid("01 00000001 0a0000"));
	assert_true(f_teid("01 00000001 0a000001"));
	f = msg.session_report_request.error_indication_report.remote_f_teid;
	assert_int_equal(msg.session_report_request.error_indication_report.remote_f_teid_count, 1);
	assert_true(f->has_ipv4 && f->teid == 1 && f->ipv4[3] == 1);
	assert_false(f_teid("03 00000001 0a000001 20010db80000000000000000000000"));
	assert_true(f_teid("03 00000001 0a000001 20010db8000000000000000000000001"));
}

static void names(void **state)
{
	assert_string_equal(pfcp_msg_name(PFCP_HEARTBEAT_REQUEST), "Heartbeat Request");
	assert_null(pfcp_msg_name(0));
	assert_null(pfcp_msg_name(200));
	assert_string_equal(pfcp_cause_name(PFCP_CAUSE_MANDATORY_IE_MISSING), "Mandatory IE missing");
	assert_true(pfcp_is_request(PFCP_ASSOCIATION_SETUP_REQUEST));
	assert_false(pfcp_is_request(PFCP_ASSOCIATION_SETUP_RESPONSE));
	assert_false(pfcp_is_request(PFCP_VERSION_NOT_SUPPORTED_RESPONSE));
	assert_true(pfcp_is_request(PFCP_SESSION_REPORT_REQUEST));
	assert_false(pfcp_is_request(PFCP_NODE_REPORT_RESPONSE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header),
		cmocka_unit_test(bad_headers),
		cmocka_unit_test(missing),
		cmocka_unit_test(bad_lengths),
		cmocka_unit_test(incorrect),
		cmocka_unit_test(unexpected),
		cmocka_unit_test(exhaustion),
		cmocka_unit_test(establishment),
		cmocka_unit_test(fqdn_limits),
		cmocka_unit_test(f_teid_lengths),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
