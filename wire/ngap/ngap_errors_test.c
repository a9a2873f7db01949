/* TS 38.413 clause 10: what each fault of a message does. The message is InitialUEMessage, made by hand. */
#include "wire/ngap/ngap.h"

#include "base/test.h"

enum {
	UNKNOWN_IE = 999,
	UNKNOWN_PROCEDURE = 200,
	MESSAGE_MAX = 4096,
};

struct ie {
	uint16_t id;
	enum per_criticality criticality;
	const char *hex;
};

#define RAN_ID   { NGAP_IE_RAN_UE_NGAP_ID, PER_REJECT, "00 01" }
#define NAS_PDU  { NGAP_IE_NAS_PDU, PER_REJECT, "03 7e 00 41" }
#define LOCATION { NGAP_IE_USER_LOCATION_INFORMATION, PER_REJECT, "40 00f110 0000000100 00f110 000001" }
#define CAUSE    { NGAP_IE_RRC_ESTABLISHMENT_CAUSE, PER_IGNORE, "18" }
#define CONTEXT  { NGAP_IE_UE_CONTEXT_REQUEST, PER_IGNORE, "00" }

static struct arena arena;
static uint8_t memory[8192], message[MESSAGE_MAX];
static struct ngap_pdu pdu;
static struct per_diag diag;

static void put_open(struct writer *w, struct bytes contents)
{
	if (contents.len < 128)
		writer_u8(w, (uint8_t)contents.len);
	else
		writer_u16(w, (uint16_t)(0x8000 | contents.len));
	writer_put(w, contents);
}

/* A PDU of those IEs. */
static struct bytes build(unsigned kind, uint8_t procedure, enum per_criticality criticality,
	const struct ie *ies, size_t count)
{
	uint8_t contents[MESSAGE_MAX / 2], value[256];
	struct writer body = writer_of(contents, sizeof(contents)), w = writer_of(message, sizeof(message));

	writer_u8(&body, 0);
	writer_u16(&body, (uint16_t)count);
	for (size_t i = 0; i < count; i++) {
		writer_u16(&body, ies[i].id);
		writer_u8(&body, (uint8_t)(ies[i].criticality << 6));
		put_open(&body, test_hex(ies[i].hex, value, sizeof(value)));
	}
	writer_u8(&w, (uint8_t)(kind << 5));
	writer_u8(&w, procedure);
	writer_u8(&w, (uint8_t)(criticality << 6));
	put_open(&w, writer_bytes(&body));
	return writer_bytes(&w);
}

static bool decode(const struct ie *ies, size_t count)
{
	arena_init(&arena, memory, sizeof(memory), 0);
	return ngap_decode(build(PER_INITIATING, NGAP_PROC_INITIAL_UE_MESSAGE, PER_IGNORE, ies, count),
		&arena, &pdu, &diag);
}

/* Decodes the IEs and compares the judgement. */
#define CHECK(expected_verdict, expected_fault, ...)                                                         \
	do {                                                                                                 \
		const struct ie ies[] = { __VA_ARGS__ };                                                     \
		bool accepted = decode(ies, ARRAY_LEN(ies));                                                 \
		assert_int_equal(diag.verdict, expected_verdict);                                            \
		assert_int_equal(diag.fault, expected_fault);                                                \
		assert_int_equal(                                                                            \
			accepted, diag.verdict == PER_PROCESS || diag.verdict == PER_PROCESS_AND_NOTIFY);    \
		assert_int_equal(pdu.message, NGAP_MSG_INITIAL_UE_MESSAGE);                                  \
		assert_non_null(pdu.u.any);                                                                  \
	} while (0)

static void check_ie(size_t i, uint16_t id, enum per_criticality criticality, enum per_ie_error error)
{
	assert_true(i < diag.count);
	assert_int_equal(diag.ies[i].id, id);
	assert_int_equal(diag.ies[i].criticality, criticality);
	assert_int_equal(diag.ies[i].error, error);
}

static void test_good(void **state)
{
	CHECK(PER_PROCESS, PER_FAULT_NONE, RAN_ID, NAS_PDU, LOCATION, CAUSE, CONTEXT);
	assert_int_equal(diag.count, 0);
	assert_true(diag.has_procedure);
	assert_int_equal(diag.procedure_code, NGAP_PROC_INITIAL_UE_MESSAGE);
	assert_int_equal(pdu.u.initial_ue_message->ran_ue_ngap_id, 1);
	assert_false(pdu.u.initial_ue_message->no_rrc_establishment_cause);
	assert_true(pdu.u.initial_ue_message->has_ue_context_request);
}

/* 10.3.4.2, with optional IEs from a later version in between */
static void test_unknown_ie(void **state)
{
	CHECK(PER_PROCESS, PER_FAULT_NONE, RAN_ID, NAS_PDU, { UNKNOWN_IE, PER_IGNORE, "0102" }, LOCATION,
		CAUSE);
	assert_int_equal(diag.count, 0);
	assert_int_equal(diag.ignored, 1);
	CHECK(PER_PROCESS_AND_NOTIFY, PER_FAULT_NOTIFY, RAN_ID, NAS_PDU, { UNKNOWN_IE, PER_NOTIFY, "0102" },
		LOCATION, CAUSE);
	assert_int_equal(diag.count, 1);
	check_ie(0, UNKNOWN_IE, PER_NOTIFY, PER_NOT_UNDERSTOOD);
	CHECK(PER_REFUSE, PER_FAULT_REJECT, RAN_ID, NAS_PDU, LOCATION, CAUSE, { UNKNOWN_IE, PER_REJECT, "" });
	assert_int_equal(diag.count, 1);
	check_ie(0, UNKNOWN_IE, PER_REJECT, PER_NOT_UNDERSTOOD);
	/* what answers it needs is there */
	assert_int_equal(pdu.u.initial_ue_message->ran_ue_ngap_id, 1);
}

/* 10.3.5 */
static void test_missing_ie(void **state)
{
	CHECK(PER_REFUSE, PER_FAULT_REJECT, RAN_ID, LOCATION, CAUSE);
	assert_int_equal(diag.count, 1);
	check_ie(0, NGAP_IE_NAS_PDU, PER_REJECT, PER_MISSING);
	CHECK(PER_PROCESS, PER_FAULT_NONE, RAN_ID, NAS_PDU, LOCATION);
	assert_int_equal(diag.count, 0);
	assert_true(pdu.u.initial_ue_message->no_rrc_establishment_cause);
	CHECK(PER_REFUSE, PER_FAULT_REJECT, { UNKNOWN_IE, PER_NOTIFY, "00" }, CAUSE);
	assert_int_equal(diag.count, 4);
	check_ie(0, UNKNOWN_IE, PER_NOTIFY, PER_NOT_UNDERSTOOD);
	check_ie(1, NGAP_IE_RAN_UE_NGAP_ID, PER_REJECT, PER_MISSING);
	check_ie(2, NGAP_IE_NAS_PDU, PER_REJECT, PER_MISSING);
	check_ie(3, NGAP_IE_USER_LOCATION_INFORMATION, PER_REJECT, PER_MISSING);
}

/* 10.3.6 */
static void test_falsely_constructed(void **state)
{
	CHECK(PER_REFUSE, PER_FAULT_FALSELY_CONSTRUCTED, NAS_PDU, RAN_ID, LOCATION, CAUSE);
	assert_int_equal(pdu.u.initial_ue_message->ran_ue_ngap_id, 1);
	CHECK(PER_REFUSE, PER_FAULT_FALSELY_CONSTRUCTED, RAN_ID, NAS_PDU, LOCATION, CAUSE,
		{ NGAP_IE_RAN_UE_NGAP_ID, PER_REJECT, "00 02" });
	assert_int_equal(pdu.u.initial_ue_message->ran_ue_ngap_id, 1);
	CHECK(PER_REFUSE, PER_FAULT_FALSELY_CONSTRUCTED, RAN_ID, NAS_PDU, NAS_PDU, LOCATION, CAUSE);
	/* unknown IEs have no order */
	CHECK(PER_PROCESS, PER_FAULT_NONE, { UNKNOWN_IE, PER_IGNORE, "00" }, RAN_ID, NAS_PDU, LOCATION, CAUSE,
		{ UNKNOWN_IE, PER_IGNORE, "00" });
}

/* 10.2: the examples it gives, and the encoding itself */
static void test_transfer_syntax(void **state)
{
	/* a mandatory element is missing; octets too many; a CHOICE alternative that is not there */
	CHECK(PER_REFUSE, PER_FAULT_TRANSFER_SYNTAX, RAN_ID, NAS_PDU,
		{ NGAP_IE_USER_LOCATION_INFORMATION, PER_REJECT, "40 00f110" }, CAUSE);
	assert_string_equal(diag.where, "NRCellIdentity");
	assert_true(diag.has_where_ie);
	assert_int_equal(diag.where_ie, NGAP_IE_USER_LOCATION_INFORMATION);
	CHECK(PER_REFUSE, PER_FAULT_TRANSFER_SYNTAX, RAN_ID, { NGAP_IE_NAS_PDU, PER_REJECT, "01 7e 00" },
		LOCATION, CAUSE);
	CHECK(PER_REFUSE, PER_FAULT_TRANSFER_SYNTAX, { NGAP_IE_RAN_UE_NGAP_ID, PER_REJECT, "" }, NAS_PDU,
		LOCATION, CAUSE);
	/* also where the IE could be ignored */
	CHECK(PER_REFUSE, PER_FAULT_TRANSFER_SYNTAX, RAN_ID, NAS_PDU, LOCATION,
		{ NGAP_IE_RRC_ESTABLISHMENT_CAUSE, PER_IGNORE, "18 00 00" });
}

static void test_transfer_syntax_of_pdu(void **state)
{
	static const char *const bad[] = { "", "00", "000f", "000f40", "000f4003", "000f4003000000 00",
		"800f4003000000", "600f4003000000", "000fc003000000", "000f40c4000000" };
	uint8_t octets[32];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		arena_init(&arena, memory, sizeof(memory), 0);
		assert_false(ngap_decode(test_hex(bad[i], octets, sizeof(octets)), &arena, &pdu, &diag));
		assert_int_equal(diag.fault, PER_FAULT_TRANSFER_SYNTAX);
		assert_int_equal(diag.verdict, PER_REFUSE);
	}
}

/* 10.3.1: an extension value that we do not know makes its IE not comprehended */
static void test_unknown_value(void **state)
{
	CHECK(PER_PROCESS, PER_FAULT_NONE, RAN_ID, NAS_PDU, LOCATION,
		{ NGAP_IE_RRC_ESTABLISHMENT_CAUSE, PER_IGNORE, "9f" });
	assert_true(pdu.u.initial_ue_message->no_rrc_establishment_cause);
	CHECK(PER_PROCESS_AND_NOTIFY, PER_FAULT_NOTIFY, RAN_ID, NAS_PDU, LOCATION,
		{ NGAP_IE_RRC_ESTABLISHMENT_CAUSE, PER_NOTIFY, "9f" });
	check_ie(0, NGAP_IE_RRC_ESTABLISHMENT_CAUSE, PER_NOTIFY, PER_NOT_UNDERSTOOD);
	CHECK(PER_REFUSE, PER_FAULT_REJECT, RAN_ID, NAS_PDU, LOCATION, CAUSE,
		{ NGAP_IE_UE_CONTEXT_REQUEST, PER_REJECT, "a0" });
	check_ie(0, NGAP_IE_UE_CONTEXT_REQUEST, PER_REJECT, PER_NOT_UNDERSTOOD);
	CHECK(PER_PROCESS, PER_FAULT_NONE, RAN_ID, NAS_PDU, LOCATION, CAUSE,
		{ NGAP_IE_UE_CONTEXT_REQUEST, PER_IGNORE, "a0" });
	assert_false(pdu.u.initial_ue_message->has_ue_context_request);
}

/* An extension IE within a location, and a location of a later version: each by its own criticality. */
static void test_unknown_within(void **state)
{
	CHECK(PER_REFUSE, PER_FAULT_REJECT, RAN_ID, NAS_PDU,
		{ NGAP_IE_USER_LOCATION_INFORMATION, PER_REJECT,
			"48 00f110 0000000100 00f110 000001 0000 03e7 00 01 00" },
		CAUSE);
	check_ie(0, UNKNOWN_IE, PER_REJECT, PER_NOT_UNDERSTOOD);
	CHECK(PER_PROCESS, PER_FAULT_NONE, RAN_ID, NAS_PDU,
		{ NGAP_IE_USER_LOCATION_INFORMATION, PER_REJECT,
			"48 00f110 0000000100 00f110 000001 0000 03e7 40 01 00" },
		CAUSE);
	CHECK(PER_PROCESS_AND_NOTIFY, PER_FAULT_NOTIFY, RAN_ID, NAS_PDU,
		{ NGAP_IE_USER_LOCATION_INFORMATION, PER_REJECT, "c0 03e7 80 02 0102" }, CAUSE);
	check_ie(0, UNKNOWN_IE, PER_NOTIFY, PER_NOT_UNDERSTOOD);
	assert_int_equal(pdu.u.initial_ue_message->user_location_information.u.choice_extensions.u.unknown.id,
		UNKNOWN_IE);
}

/* 10.3.4.1 and 10.3.4.1A */
static void test_unknown_procedure(void **state)
{
	static const struct {
		uint8_t kind, procedure;
		enum per_criticality criticality;
		enum per_verdict verdict;
		enum per_fault fault;
	} rows[] = {
		{ PER_INITIATING, UNKNOWN_PROCEDURE, PER_REJECT, PER_REFUSE, PER_FAULT_REJECT },
		{ PER_INITIATING, UNKNOWN_PROCEDURE, PER_NOTIFY, PER_REFUSE, PER_FAULT_NOTIFY },
		{ PER_INITIATING, UNKNOWN_PROCEDURE, PER_IGNORE, PER_DROP, PER_FAULT_NONE },
		/* NG Setup is of criticality reject, whatever is received; Initial UE Message of ignore */
		{ PER_SUCCESSFUL, NGAP_PROC_INITIAL_UE_MESSAGE, PER_REJECT, PER_DROP, PER_FAULT_NONE },
		{ PER_UNSUCCESSFUL, NGAP_PROC_UE_CONTEXT_RELEASE, PER_IGNORE, PER_REFUSE, PER_FAULT_REJECT },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		arena_init(&arena, memory, sizeof(memory), 0);
		assert_false(ngap_decode(build(rows[i].kind, rows[i].procedure, rows[i].criticality, NULL, 0),
			&arena, &pdu, &diag));
		assert_int_equal(diag.verdict, rows[i].verdict);
		assert_int_equal(diag.fault, rows[i].fault);
		assert_true(diag.unknown_procedure);
		assert_true(diag.has_procedure);
		assert_int_equal(diag.procedure_code, rows[i].procedure);
		assert_int_equal(pdu.message, NGAP_MSG_NONE);
	}
}

/* More faults than the list has room for are counted. */
static void test_many_faults(void **state)
{
	struct ie ies[24] = { RAN_ID, NAS_PDU, LOCATION, CAUSE };

	for (size_t i = 4; i < ARRAY_LEN(ies); i++)
		ies[i] = (struct ie){ (uint16_t)(UNKNOWN_IE + i), PER_NOTIFY, "00" };
	assert_true(decode(ies, ARRAY_LEN(ies)));
	assert_int_equal(diag.count, PER_DIAG_IES_MAX);
	assert_int_equal(diag.dropped, ARRAY_LEN(ies) - 4 - PER_DIAG_IES_MAX);
}

/* The answer: Error Indication with cause and diagnostics made from the diag. */
/* 10.3.6: the report names the procedure and the kind of message, also after the body was read. */
static void test_triggering_message(void **state)
{
	static const struct ie unknown[] = { { UNKNOWN_IE, PER_REJECT, "00" } };

	for (unsigned kind = PER_INITIATING; kind <= PER_UNSUCCESSFUL; kind++) {
		arena_init(&arena, memory, sizeof(memory), 0);
		assert_false(ngap_decode(
			build(kind, NGAP_PROC_NG_SETUP, PER_NOTIFY, unknown, 1), &arena, &pdu, &diag));
		assert_true(diag.has_procedure);
		assert_int_equal(diag.procedure_code, NGAP_PROC_NG_SETUP);
		assert_int_equal(diag.triggering_message, kind);
		assert_int_equal(diag.procedure_criticality, PER_NOTIFY);
	}
}

static void test_answer(void **state)
{
	struct ngap_error_indication answer = { .cause = NULL };
	struct ngap_criticality_diagnostics diagnostics;
	uint8_t out[256];
	struct writer w = writer_of(out, sizeof(out));
	struct ngap_cause cause;

	CHECK(PER_REFUSE, PER_FAULT_REJECT, RAN_ID, LOCATION, CAUSE);
	assert_true(ngap_diag_cause(&diag, &cause));
	assert_int_equal(cause.tag, NGAP_CAUSE_TAG_PROTOCOL);
	assert_int_equal(cause.u.protocol, NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT);
	assert_true(ngap_diag_fill(&diag, &arena, &diagnostics));
	answer.cause = &cause;
	answer.criticality_diagnostics = &diagnostics;
	assert_true(ngap_encode(NGAP_MSG_ERROR_INDICATION, &answer, &w));
	assert_true(ngap_decode(writer_bytes(&w), &arena, &pdu, &diag));
	assert_int_equal(pdu.message, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(pdu.u.error_indication->criticality_diagnostics->procedure_code,
		NGAP_PROC_INITIAL_UE_MESSAGE);
	assert_int_equal(
		pdu.u.error_indication->criticality_diagnostics->ies_criticality_diagnostics->items[0].ie_id,
		NGAP_IE_NAS_PDU);
	CHECK(PER_PROCESS, PER_FAULT_NONE, RAN_ID, NAS_PDU, LOCATION, CAUSE);
	assert_false(ngap_diag_cause(&diag, &cause));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_unknown_ie),
		cmocka_unit_test(test_missing_ie),
		cmocka_unit_test(test_falsely_constructed),
		cmocka_unit_test(test_transfer_syntax),
		cmocka_unit_test(test_transfer_syntax_of_pdu),
		cmocka_unit_test(test_unknown_value),
		cmocka_unit_test(test_unknown_within),
		cmocka_unit_test(test_unknown_procedure),
		cmocka_unit_test(test_many_faults),
		cmocka_unit_test(test_triggering_message),
		cmocka_unit_test(test_answer),
	};

	return cmocka_run_group_tests_name("ngap/errors", tests, NULL, NULL);
}
