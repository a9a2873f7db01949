/*
 * Golden texts: tests/vectors/text_*.txt hold a message, then its text in a line (> before it) and in full (|
 * before each line of it). UPDATE_TEXT=1 writes the texts of this build into the files in place of comparing:
 * look at the difference before you keep it.
 */
#include "base/test.h"
#include "base/text.h"
#include "wire/text/text.h"

enum { FILE_MAX = 1 << 20, TEXT_MAX = 1 << 18, LINE_MAX = 1 << 16, LOG_LINE = 480 };

static char before[FILE_MAX], after[FILE_MAX];

static bool http_text(enum print_form form, struct bytes line, struct writer *w)
{
	static char copy[LINE_MAX];
	struct sbi_http http;
	char *path, *body;

	str_copy(copy, line.len + 1, (const char *)line.data);
	path = strchr(copy, ' ');
	assert_non_null(path);
	*path++ = '\0';
	body = strchr(path, ' ');
	assert_non_null(body);
	*body++ = '\0';
	http = (struct sbi_http){ .method = copy, .path = path, .content_type = "application/json" };
	http.body = bytes_of_str(body);
	return sbi_text(form, &http, w);
}

static void put_texts(text_fn *fn, struct bytes octets, struct writer *to)
{
	static char text[TEXT_MAX];
	struct writer line = writer_of(text, LOG_LINE), full;
	bool start = true;

	fn(PRINT_LINE, octets, &line);
	assert_false(line.failed);
	text_put(to, "> %.*s\n", (int)line.len, text);
	full = writer_of(text, sizeof(text));
	fn(PRINT_FULL, octets, &full);
	for (size_t i = 0; i < full.len; i++) {
		if (start)
			text_put(to, "| ");
		writer_u8(to, (uint8_t)text[i]);
		start = text[i] == '\n';
	}
}

/* The file with the texts of now in place of those it has. */
static void file_now(const char *protocol, char *path, struct writer *to)
{
	static uint8_t octets[LINE_MAX];
	static char line[LINE_MAX];
	FILE *f = fopen(path, "r");
	size_t len, n;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		len = strcspn(line, "\n");
		if (line[0] == '>' || line[0] == '|')
			continue;
		writer_put(to, bytes_of(line, len));
		writer_u8(to, '\n');
		if (line[0] == '#' || len == 0)
			continue;
		if (!strcmp(protocol, "sbi")) {
			put_texts(http_text, bytes_of(line, len), to);
			continue;
		}
		assert_true(text_unhex(bytes_of(line, strcspn(line, " \n")), octets, sizeof(octets), &n));
		put_texts(text_named(protocol), bytes_of(octets, n), to);
	}
	fclose(f);
}

static void golden(void **state)
{
	const char *protocol = *state;
	struct writer w = writer_of(after, sizeof(after) - 1);
	char path[512];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/text_%s.txt", VECTORS, protocol);
	file_now(protocol, path, &w);
	assert_false(w.failed);
	after[w.len] = '\0';
	f = fopen(path, getenv("UPDATE_TEXT") ? "w" : "r");
	assert_non_null(f);
	if (getenv("UPDATE_TEXT")) {
		assert_int_equal(fwrite(after, 1, w.len, f), w.len);
	} else {
		len = fread(before, 1, sizeof(before) - 1, f);
		before[len] = '\0';
		assert_string_equal(after, before);
	}
	assert_int_equal(fclose(f), 0);
}

/* Whatever the room, it is kept, and a text that does not fit is reported. */
static void cut(void **state)
{
	static const char hex[] =
		"7e005e7700094573806121856151f17100"; /* SECURITY MODE COMPLETE with IMEISV */
	uint8_t octets[64];
	char text[256], guard[256];
	size_t n, whole;
	struct writer w = writer_of(text, sizeof(text));

	assert_true(text_unhex(bytes_of_str(hex), octets, sizeof(octets), &n));
	assert_true(nas_text(PRINT_LINE, bytes_of(octets, n), &w));
	whole = w.len;
	assert_true(whole > 20);
	for (size_t room = 0; room < whole; room++) {
		memset(guard, '#', sizeof(guard));
		w = writer_of(guard, room);
		nas_text(PRINT_LINE, bytes_of(octets, n), &w);
		assert_true(w.len <= room);
		for (size_t i = room; i < sizeof(guard); i++)
			assert_int_equal(guard[i], '#');
		if (room > 3)
			assert_memory_equal(guard + w.len - 3, "...", 3);
	}
}

/* Security headers inside security headers, as deep as a message has room: an end, and no stack without one.
 */
static void deep(void **state)
{
	static uint8_t octets[60000];
	static char text[TEXT_MAX];
	struct writer w = writer_of(octets, sizeof(octets)), t = writer_of(text, sizeof(text));

	while (w.cap - w.len > 7)
		writer_uint(&w, 0x7e020000000000, 7);
	nas_text(PRINT_FULL, writer_bytes(&w), &t);
	assert_true(t.len < 8192);
}

/* N1 and N2 in a body are shown as what they are. */
static void inside_bodies(void **state)
{
	static const uint8_t n1[] = { 0x2e, 5, 1, 0xd4 }; /* PDU SESSION RELEASE COMPLETE */
	static const uint8_t n2[] = { 0x10 };             /* Release Command Transfer: nas cause */
	struct nsmf_update_sm_context_req req = { "7", { .n1_sm_msg = BYTES(n1),
							       .n2_sm_info = BYTES(n2),
							       .n2_sm_info_type = N2_SM_PDU_RES_REL_CMD } };
	char text[512];
	struct writer w = writer_of(text, sizeof(text) - 1);

	sbi_request_text(PRINT_LINE, SBI_SMF_UPDATE_SM_CONTEXT, &req, &w);
	text[w.len] = '\0';
	assert_string_equal(text,
		"Nsmf_PDUSession_UpdateSMContext smContextRef=\"7\" n1SmMsg{PDU SESSION RELEASE COMPLETE "
		"pdu_session_id=5 pti=1} n2SmInfo{PDUSessionResourceReleaseCommandTransfer "
		"cause{nas=normal-release}} n2SmInfoType=PDU_RES_REL_CMD");
}

/* Keys are in no text, whatever the form. */
static void secrets(void **state)
{
	struct nausf_5g_aka_confirm_rsp rsp = { { .auth_result = AUTH_RESULT_AUTHENTICATION_SUCCESS,
		.has_kseaf = true,
		.kseaf = { 0xde, 0xad } } };
	static const uint8_t response[] = { 0x7e, 0, 0x57, 0x2d, 16, 0xde, 0xad, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0 };
	char text[1024];
	struct writer w;

	for (int form = PRINT_LINE; form <= PRINT_FULL; form++) {
		w = writer_of(text, sizeof(text) - 1);
		sbi_response_text((enum print_form)form, SBI_AUSF_5G_AKA_CONFIRM, SBI_OK, &rsp, &w);
		assert_true(nas_text((enum print_form)form, BYTES(response), &w));
		text[w.len] = '\0';
		assert_null(strstr(text, "dead"));
		assert_non_null(strstr(text, "AUTHENTICATION RESPONSE"));
	}
	assert_non_null(strstr(text, "kseaf: ***"));
	assert_non_null(strstr(text, "res_star: ***"));
}

int main(void)
{
	static char ngap[] = "ngap", nas[] = "nas", pfcp[] = "pfcp", gtpu[] = "gtpu", f1ap[] = "f1ap",
		    xnap[] = "xnap", e1ap[] = "e1ap", rrc[] = "rrc-ul-dcch", sbi[] = "sbi";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(golden, ngap),
		cmocka_unit_test_prestate(golden, nas),
		cmocka_unit_test_prestate(golden, pfcp),
		cmocka_unit_test_prestate(golden, gtpu),
		cmocka_unit_test_prestate(golden, f1ap),
		cmocka_unit_test_prestate(golden, xnap),
		cmocka_unit_test_prestate(golden, e1ap),
		cmocka_unit_test_prestate(golden, rrc),
		cmocka_unit_test_prestate(golden, sbi),
		cmocka_unit_test(cut),
		cmocka_unit_test(deep),
		cmocka_unit_test(inside_bodies),
		cmocka_unit_test(secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
