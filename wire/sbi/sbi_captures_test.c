/* Captured messages of the operations are understood: tests/vectors/sbi_captures.txt. */
#include "base/test.h"

#include "base/text.h"
#include "wire/sbi/sbi_json.h"

enum { LINE_MAX_OCTETS = 4096 };

struct line {
	char text[LINE_MAX_OCTETS];
	char *kind, *what, *path, *type, *body, *source;
};

static char *next_column(char **at)
{
	char *column = *at;

	*at += strcspn(*at, "\t\n");
	if (**at)
		*(*at)++ = '\0';
	return column;
}

static bool read_line(FILE *file, struct line *l)
{
	char *at = l->text;

	do {
		if (!fgets(l->text, sizeof(l->text), file))
			return false;
	} while (l->text[0] == '#');
	l->kind = next_column(&at);
	l->what = next_column(&at);
	l->path = next_column(&at);
	l->type = next_column(&at);
	l->body = next_column(&at);
	l->source = next_column(&at);
	return true;
}

static const char *or_null(const char *column)
{
	return strcmp(column, "-") != 0 ? column : NULL;
}

/* "PUT Nudm_..." or "201 Nudm_...": what stands before the blank, and the operation's name. */
static enum sbi_op_id operation_of(struct line *l)
{
	char *blank = strchr(l->what, ' ');

	assert_non_null(blank);
	*blank = '\0';
	for (unsigned op = 0; op < SBI_OP_COUNT; op++)
		if (!strcmp(sbi_ops[op].name, blank + 1))
			return (enum sbi_op_id)op;
	fail_msg("%s: no operation %s", l->source, blank + 1);
	return SBI_OP_COUNT;
}

/* Types of functions that we do not have are refused as such. */
static bool is_foreign(const struct line *l, const struct sbi_problem *p)
{
	return (strstr(l->body, "\"nfType\":\"SCP\"") && !strcmp(p->param, "/nfType")) ||
	       (strstr(l->body, "\"nfType\":\"SEPP\"") && !strcmp(p->param, "/nfType")) ||
	       (strstr(l->body, "\"nfType\":\"BSF\"") && !strcmp(p->param, "/nfType"));
}

struct counts {
	unsigned requests, responses, foreign;
};

static void check(struct line *l, struct arena *a, struct counts *n)
{
	enum sbi_op_id op = operation_of(l), found;
	struct sbi_http http = { .content_type = or_null(l->type),
		.body = bytes_of_str(strcmp(l->body, "-") != 0 ? l->body : "") };
	struct sbi_problem problem;
	enum sbi_cause cause;
	uint64_t status;
	void *out;
	bool ok;

	if (!strcmp(l->kind, "request")) {
		http.method = l->what;
		http.path = l->path;
		ok = sbi_request_decode(&http, a, &found, &out, &problem) && found == op &&
		     sbi_request_encode(op, out, a, &http);
		n->requests++;
	} else {
		assert_true(text_uint(bytes_of_str(l->what), 999, &status));
		http.status = (uint16_t)status;
		http.location = or_null(l->path);
		ok = sbi_response_decode(op, &http, a, &cause, &out, &problem) && cause == SBI_OK &&
		     (!out || sbi_response_encode(op, cause, out, a, &http));
		n->responses++;
	}
	if (!ok && is_foreign(l, &problem))
		n->foreign++;
	else if (!ok)
		fail_msg("%s: %s at %s", l->source, sbi_cause_name(problem.cause), problem.param);
}

static void every_message(void **state)
{
	FILE *file = fopen(VECTORS "/sbi_captures.txt", "r");
	struct counts n = { 0 };
	struct line l;

	assert_non_null(file);
	while (read_line(file, &l)) {
		struct arena a;

		arena_init(&a, NULL, 0, 1 << 20);
		check(&l, &a, &n);
		arena_fini(&a);
	}
	fclose(file);
	print_message("%u requests, %u responses; %u of functions not known here\n", n.requests, n.responses,
		n.foreign);
	assert_true(n.requests + n.responses > 60 && n.foreign < 20);
}

/* The line of the source's frame, decoded; the caller's arena holds it. */
static void *message_of(const char *source, struct arena *a, struct line *l)
{
	FILE *file = fopen(VECTORS "/sbi_captures.txt", "r");
	struct sbi_http http = { 0 };
	struct sbi_problem problem;
	enum sbi_cause cause;
	enum sbi_op_id op;
	void *out = NULL;

	assert_non_null(file);
	while (read_line(file, l) && strcmp(l->source, source) != 0)
		;
	fclose(file);
	assert_string_equal(l->source, source);
	op = operation_of(l);
	http.content_type = or_null(l->type);
	http.body = bytes_of_str(strcmp(l->body, "-") != 0 ? l->body : "");
	http.location = http.path = or_null(l->path);
	http.method = l->what;
	http.status = 200;
	if (!strcmp(l->kind, "request"))
		assert_true(sbi_request_decode(&http, a, &op, &out, &problem));
	else
		assert_true(sbi_response_decode(op, &http, a, &cause, &out, &problem));
	return out;
}

#define FRAME(n) "roaming_lbo_sbi_http2.pcap:" #n

static void values(void **state)
{
	const struct nausf_authenticate_rsp *challenge;
	const struct nudm_confirm_auth_req *event;
	const struct nudm_amf_registration_req *registration;
	const struct nudm_am_data_rsp *am;
	const struct nudm_smf_select_data_rsp *select;
	const struct nudm_sm_data_rsp *sm;
	const struct nnrf_nf_discover_rsp *found;
	const struct dnn_info *dnn;
	const struct session_management_subscription_data_dnn_configurations_entry *entry;
	struct arena a;
	struct line l;

	arena_init(&a, NULL, 0, 1 << 20);
	challenge = message_of(FRAME(568), &a, &l);
	assert_string_equal(challenge->auth_ctx_id, "1");
	assert_int_equal(challenge->data.five_g_auth_data.rand[0], 0x5f);
	event = message_of(FRAME(574), &a, &l);
	assert_true(event->data.success);
	assert_int_equal(event->data.time_stamp, 1696241564905);
	registration = message_of(FRAME(591), &a, &l);
	assert_string_equal(registration->supi.imsi, "001010000021309");
	assert_int_equal(registration->data.guami.amf_region_id, 2);
	assert_int_equal(registration->data.guami.amf_set_id, 1);
	assert_int_equal(registration->data.guami.amf_pointer, 0);
	am = message_of(FRAME(606), &a, &l);
	assert_int_equal(am->data.subscribed_ue_ambr->uplink_bps, 1048576000);
	assert_int_equal(am->data.nssai->default_single_nssais.count, 1);
	assert_int_equal(am->data.nssai->default_single_nssais.items[0].sd, SNSSAI_NO_SD);
	select = message_of(FRAME(610), &a, &l);
	assert_string_equal(select->data.subscribed_snssai_infos.entries[0].key, "1");
	dnn = &select->data.subscribed_snssai_infos.entries[0].value.dnn_infos.items[0];
	assert_string_equal(dnn->dnn, "internet");
	assert_true(dnn->default_dnn_indicator);
	sm = message_of(FRAME(628), &a, &l);
	entry = &sm->data.items[0].dnn_configurations.entries[0];
	assert_string_equal(entry->key, "internet");
	assert_int_equal(entry->value.pdu_session_types.default_session_type, PDU_SESSION_IPV4V6);
	assert_int_equal(entry->value.five_g_qos_profile->five_qi, 9);
	assert_int_equal(entry->value.five_g_qos_profile->arp.priority_level, 8);
	found = message_of(FRAME(585), &a, &l);
	assert_int_equal(found->data.nf_instances.count, 1);
	assert_string_equal(found->data.nf_instances.items[0].fqdn, "udm.5gc.mnc001.mcc001.3gppnetwork.org");
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_message), cmocka_unit_test(values) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
