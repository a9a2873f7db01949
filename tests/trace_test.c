/* One subscriber's signalling over a whole network: what is kept of it, whose it is, and who is given it. */
#include "base/test.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "tests/call_bed.h"
#include "tests/trace_check.h"
#include "wire/nas/nas.h"
#include "wire/ngap/ngap.h"
#include "wire/pfcp/pfcp.h"

enum { STEPS_MAX = 1024 };

/* A subscriber's messages, a name each: "N1 > REGISTRATION REQUEST". */
struct steps {
	size_t count;
	char text[STEPS_MAX][96];
};

static void begin(struct call_bed *b)
{
	b->core_config.trace_ring_mib = 1;
	call_start(b);
}

static void name_n1(const struct trace_message *m, char *out, size_t size)
{
	struct tlv_fault fault;
	struct nas_msg msg;
	struct arena a;

	arena_init(&a, NULL, 0, 1 << 18);
	assert_true(nas_decode(m->plain, &a, &msg, &fault));
	snprintf(out, size, "N1 %c %s", m->in ? '>' : '<', nas_msg_name(msg.type));
	arena_fini(&a);
}

/* A key for the gNB is zeros in it. */
static void name_n2(const struct trace_message *m, char *out, size_t size)
{
	static const uint8_t zeros[32];
	struct per_diag diag;
	struct ngap_pdu pdu;
	struct arena a;

	arena_init(&a, NULL, 0, 1 << 18);
	assert_true(ngap_decode(m->octets, &a, &pdu, &diag));
	snprintf(out, size, "N2 %c %s", m->in ? '>' : '<', ngap_message_name(pdu.message));
	if (pdu.message == NGAP_MSG_INITIAL_CONTEXT_SETUP_REQUEST) {
		const struct ngap_initial_context_setup_request *r = pdu.u.any;

		assert_int_equal(r->security_key.len_bits, 256);
		assert_memory_equal(r->security_key.data, zeros, 32);
	}
	arena_fini(&a);
}

static void name(const struct trace_message *m, char *out, size_t size)
{
	if (m->kind == TRACE_N1)
		name_n1(m, out, size);
	else if (m->kind == TRACE_N2)
		name_n2(m, out, size);
	else if (m->kind == TRACE_N4)
		snprintf(out, size, "N4 %c %s", m->in ? '>' : '<', pfcp_msg_name(m->octets.data[1]));
	else
		snprintf(out, size, "%.*s", (int)m->title.len, (const char *)m->title.data);
	if (m->lost)
		snprintf(out + strlen(out), size - strlen(out), " (not sent)");
}

/* Between which functions services are called, 23.502 5.2. */
static void check_functions(const struct trace_message *m)
{
	static const struct {
		const char *service;
		enum nf_type consumer, producer;
	} rows[] = {
		{ "Nausf_UEAuthentication_", NF_AMF, NF_AUSF },
		{ "Nudm_UEAuthentication_Get", NF_AUSF, NF_UDM },
		{ "Nudr_DR_Query", NF_UDM, NF_UDR },
		{ "Nudm_SDM_Get am-data", NF_AMF, NF_UDM },
		{ "Npcf_AMPolicyControl_Create", NF_AMF, NF_PCF },
		{ "Nsmf_PDUSession_CreateSMContext", NF_AMF, NF_SMF },
		{ "Npcf_SMPolicyControl_Create", NF_SMF, NF_PCF },
	};

	for (size_t i = 0; m->kind == TRACE_SBI && i < ARRAY_LEN(rows); i++) {
		struct bytes service = bytes_of_str(rows[i].service);

		if (m->title.len < service.len || memcmp(m->title.data, service.data, service.len) != 0)
			continue;
		assert_int_equal(m->consumer, rows[i].consumer);
		assert_int_equal(m->producer, rows[i].producer);
	}
}

static void look(struct call_bed *b, unsigned n, struct steps *steps)
{
	struct trace_page page = { .more = true };
	char imsi[16], place[24] = "0";
	struct trace_message m;

	steps->count = 0;
	snprintf(imsi, sizeof(imsi), "001010000000%03u", n);
	while (page.more) {
		assert_true(trace_page(b->core, imsi, place, &page));
		while (cursor_left(&page.messages) > 0) {
			assert_true(trace_message_read(&page.messages, &m));
			assert_true(steps->count < STEPS_MAX);
			check_functions(&m);
			name(&m, steps->text[steps->count++], sizeof(steps->text[0]));
		}
		snprintf(place, sizeof(place), "%" PRIu64, page.place);
	}
}

/* These, in this order, with others in between; each as a beginning. */
static void expect(const struct steps *s, const char *const *wanted, size_t count)
{
	size_t at = 0;

	for (size_t i = 0; i < count; i++, at++) {
		while (at < s->count && strncmp(s->text[at], wanted[i], strlen(wanted[i])) != 0)
			at++;
		if (at == s->count) {
			for (size_t k = 0; k < s->count; k++)
				print_message("  %s\n", s->text[k]);
			fail_msg("not in its place: %s", wanted[i]);
		}
	}
}

static size_t count_of(const struct steps *s, const char *text)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		n += !strcmp(s->text[i], text);
	return n;
}

static void check(struct call_bed *b)
{
	const char *fault = trace_check(b->core, false); /* the scripted UPF has one */

	if (fault)
		fail_msg("%s", fault);
}

static void request(struct call_bed *b, uint32_t uid, const char *text)
{
	b->control_uid = uid;
	call_control(b, text);
	call_run(b);
	b->control_uid = 0;
}

static const char *const call[] = { "N2 > InitialUEMessage", "N1 > REGISTRATION REQUEST",
	"Nausf_UEAuthentication_Authenticate", "Nudm_UEAuthentication_Get", "Nudr_DR_Query", "Nudr_DR_Query",
	"Nudm_UEAuthentication_Get OK", "Nausf_UEAuthentication_Authenticate OK",
	"N1 < AUTHENTICATION REQUEST", "N2 < DownlinkNASTransport", "N2 > UplinkNASTransport",
	"N1 > AUTHENTICATION RESPONSE", "Nausf_UEAuthentication_5gAkaConfirmation",
	"N1 < SECURITY MODE COMMAND", "N1 > SECURITY MODE COMPLETE", "Nudm_UECM_Registration",
	"Nudm_SDM_Get am-data", "Nnssf_NSSelection_Get", "Npcf_AMPolicyControl_Create",
	"N1 < REGISTRATION ACCEPT", "N2 < InitialContextSetupRequest", "N2 > InitialContextSetupResponse",
	"N1 > REGISTRATION COMPLETE", "N1 > UL NAS TRANSPORT", "Nnrf_NFDiscovery_Request",
	"Nsmf_PDUSession_CreateSMContext", "Nudm_SDM_Get sm-data", "Npcf_SMPolicyControl_Create",
	"N4 < Session Establishment Request", "Nsmf_PDUSession_CreateSMContext OK",
	"N4 > Session Establishment Response", "Namf_Communication_N1N2MessageTransfer",
	"N1 < DL NAS TRANSPORT", "N2 < PDUSessionResourceSetupRequest",
	"N2 > PDUSessionResourceSetupResponse", "Nsmf_PDUSession_UpdateSMContext",
	"N4 < Session Modification Request", "N4 > Session Modification Response",
	"Nsmf_PDUSession_UpdateSMContext OK" };

/* Three at once, concealed: the same of each, and of nobody else. */
static void interleaved(void **state)
{
	static struct steps one, two;
	struct call_bed *b = *state;

	begin(b);
	b->profile.auto_session = true;
	for (unsigned n = 1; n <= 3; n++) {
		call_subscribe(b, n);
		assert_true(ue_register(call_ue(b, n)));
	}
	call_run(b);
	for (unsigned n = 1; n <= 3; n++) {
		look(b, n, &one);
		expect(&one, call, ARRAY_LEN(call));
		if (n > 1)
			assert_int_equal(one.count, two.count);
		two = one;
	}
	check(b);
	assert_true(ue_deregister(ue_at(b->ues, 0), false));
	call_run(b);
	look(b, 1, &one);
	expect(&one,
		(const char *const[]){ "N1 > DEREGISTRATION REQUEST (UE originating)",
			"N1 < DEREGISTRATION ACCEPT", "Nudm_UECM_Update purge",
			"Nsmf_PDUSession_ReleaseSMContext", "N4 < Session Deletion Request",
			"N4 > Session Deletion Response" },
		3);
	assert_true(one.count > two.count);
	look(b, 2, &one);
	assert_int_equal(one.count, two.count);
	check(b);
}

/* Nobody of that name, who conceals it, and one who has another key: each in the trace of who they are. */
static void refused(void **state)
{
	static struct steps s;
	struct call_bed *b = *state;
	char line[256];
	struct writer w = writer_of(line, sizeof(line) - 1);

	begin(b);
	assert_true(ue_register(call_ue(b, 7)));
	call_run(b);
	look(b, 7, &s);
	expect(&s,
		(const char *const[]){ "N2 > InitialUEMessage", "N1 > REGISTRATION REQUEST",
			"Nudr_DR_Query authentication-subscription",
			"Nudr_DR_Query authentication-subscription USER_NOT_FOUND",
			"N1 < REGISTRATION REJECT", "N2 < UEContextReleaseCommand",
			"N2 > UEContextReleaseComplete" },
		7);
	call_subscriber_line(9, &w); /* with the key of another */
	line[w.len] = '\0';
	memcpy(strstr(line, "001010000000009"), "001010000000008", 15);
	request(b, 0, line);
	assert_memory_equal(b->control, "ok", 2);
	assert_true(ue_register(call_ue(b, 8)));
	call_run(b);
	look(b, 8, &s);
	expect(&s,
		(const char *const[]){ "N1 > REGISTRATION REQUEST", "N1 < AUTHENTICATION REQUEST",
			"N1 > AUTHENTICATION FAILURE" },
		3);
	look(b, 9, &s);
	assert_int_equal(s.count, 0);
	check(b);
}

/* With GUTIs, which are changed: what comes before anybody is asked is theirs who prove it. */
static void returns(void **state)
{
	static struct steps s;
	struct call_bed *b = *state;
	struct ue *ue;

	begin(b);
	b->profile.auto_session = true;
	call_subscribe(b, 1);
	call_subscribe(b, 2);
	ue = call_ue(b, 1);
	assert_true(ue_register(ue));
	call_run(b);
	ue_deregister(ue, true);
	call_run(b);
	assert_true(ue_register(ue) && ue_register(call_ue(b, 2)));
	call_run(b);
	assert_true(call_state(ue).registered);
	look(b, 1, &s);
	assert_int_equal(count_of(&s, "N2 > InitialUEMessage"), 2);
	assert_int_equal(count_of(&s, "N1 > REGISTRATION REQUEST"), 2);
	assert_int_equal(count_of(&s, "N1 < REGISTRATION ACCEPT"), 2);
	assert_int_equal(
		count_of(&s, "N1 < AUTHENTICATION REQUEST"), 1); /* the second time its context is known */
	look(b, 2, &s);
	assert_int_equal(count_of(&s, "N2 > InitialUEMessage"), 1);
	check(b);
}

/* The core forgets the GUTI, so it asks who it is: the first message is the UE's all the same. */
static void identified(void **state)
{
	static struct steps s;
	struct call_bed *b = *state;
	struct ue *ue;

	begin(b);
	call_subscribe(b, 1);
	ue = call_ue(b, 1);
	assert_true(ue_register(ue));
	call_run(b);
	assert_true(ue_deregister(ue, false));
	call_run(b);
	assert_true(core_subscriber_remove(b->core, &(struct supi){ "001010000000001" }));
	call_subscribe(b, 1);
	assert_true(ue_register(ue));
	call_run(b);
	look(b, 1, &s);
	assert_int_equal(count_of(&s, "N2 > InitialUEMessage"), 2);
	assert_int_equal(count_of(&s, "N1 > REGISTRATION REQUEST"), 2);
	check(b);
}

static void restart(void **state)
{
	static struct steps s;
	struct call_bed *b = *state;
	struct ue *ue;

	begin(b);
	b->profile.auto_session = true;
	call_subscribe(b, 1);
	ue = call_ue(b, 1);
	assert_true(ue_register(ue));
	call_run(b);
	call_core_restart(b);
	look(b, 1, &s);
	assert_int_equal(s.count, 0);
	call_run(b);
	check(b);
}

/* What a refused turn would have sent is marked. */
static void turn_lost(void **state)
{
	static struct steps s;
	struct call_bed *b = *state;
	struct ue *ue;

	begin(b);
	call_subscribe(b, 1);
	ue = call_ue(b, 1);
	request(b, 0, "checkpoint\nx"); /* keeps the subscriber */
	store_mem_fail_commit(b->node[NODE_CORE].t.env.store, 1);
	assert_true(ue_register(ue));
	call_run(b);
	assert_true(b->turns_lost > 0);
	look(b, 1, &s);
	assert_true(count_of(&s, "N1 > REGISTRATION REQUEST") > 0);
	expect(&s, (const char *const[]){ "N1 < AUTHENTICATION REQUEST (not sent)" }, 1);
	assert_int_equal(count_of(&s, "N2 < DownlinkNASTransport (not sent)"), 1);
	call_pass(b, 60000);
	assert_true(call_state(ue).registered);
	look(b, 1, &s);
	assert_int_equal(count_of(&s, "N2 < DownlinkNASTransport (not sent)"), 1);
	assert_true(count_of(&s, "N1 < AUTHENTICATION REQUEST") > 0);
	check(b);
}

static bool logged(struct call_bed *b, const char *text)
{
	return test_env_logged(&b->node[NODE_CORE].t, text);
}

/* Root, and who is named; each beginning and end is a line that no level takes away and no mask. */
static void rights(void **state)
{
	struct msg gone = { .kind = MSG_DOWN, .port = CORE_PORT_CONTROL, .assoc = 1 };
	struct call_bed *b = *state;

	b->core_config.trace_user_count = 1;
	b->core_config.trace_users[0] = 1001;
	b->core_config.events_max = 100;
	begin(b);
	b->node[NODE_CORE].t.log.level = LOG_ERROR;
	b->node[NODE_CORE].t.log.mask_supi = true;
	request(b, 1000, "trace\n001010000000001\n");
	assert_memory_equal(b->control, "error\nuser 1000 may not trace", 28);
	assert_true(
		logged(b, "personal data: uid 1000 (pid 4711) is refused a trace of imsi-001010000000001"));
	request(b, 1001, "trace\n001010000000001\n");
	assert_memory_equal(b->control, "ok\n", 3);
	assert_non_null(strstr(b->control, " unknown end 0\n"));
	assert_true(logged(b, "personal data: uid 1001 (pid 4711) traces imsi-001010000000001, from now"));
	request(b, 0, "trace\n001010000000002\n-600");
	assert_memory_equal(b->control, "ok\n", 3);
	assert_true(logged(b, "uid 1001 (pid 4711) traces imsi-001010000000001 no longer"));
	request(b, 0, "table\nevents\n\n001010000000002");
	assert_non_null(strstr(b->control, "\t001010000000002\tyes\ttraced\t"));
	assert_true(logged(b, "uid 0 (pid 4711) traces imsi-001010000000002, from the last 600 seconds"));
	request(b, 0, "trace\n001010000000002\n0"); /* further back than it began */
	assert_true(logged(b, "uid 0 (pid 4711) traces imsi-001010000000002, from message 0"));
	call_deliver(b, NODE_CORE, &gone);
	assert_true(logged(b, "uid 0 (pid 4711) traces imsi-001010000000002 no longer"));
	for (int i = 0; i < 100; i++)
		request(b, 1000, "trace\n001010000000003\n");
	assert_true(logged(b, "uid 1000 (pid 4711) is refused a trace of imsi-001010000000003"));
	assert_false(logged(b, "suppressed"));
}

static uint32_t random_of(struct call_bed *b)
{
	return env_random_u32(&b->node[NODE_UES].t.env);
}

static void nonsense(void **state)
{
	static const char *const requests[] = { "trace", "trace\n", "trace\n1234\n",
		"trace\n0010100000000011\n", "trace\nimei-490154203237519\n", "trace\n00101000000000x\n",
		"trace\n001010000000001\nx", "trace\n001010000000001\n-",
		"trace\n001010000000001\n-999999999", "trace\n001010000000001\n-1-",
		"trace\n001010000000001\n99999999999999999999" };
	struct call_bed *b = *state;

	begin(b);
	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		request(b, 0, requests[i]);
		assert_memory_equal(b->control, "error\n", 6);
	}
	request(b, 0, "trace\n001010000000001\n18446744073709551615");
	assert_memory_equal(b->control, "ok\n", 3);
	for (int i = 0; i < 20000; i++) { /* damaged: answered, whatever it is */
		char text[] = "trace\n001010000000001\n-12345\n77";
		struct msg m = { .kind = MSG_DATA, .port = CORE_PORT_CONTROL, .assoc = 1 };

		for (uint32_t k = random_of(b) % 4 + 1; k > 0; k--)
			text[random_of(b) % sizeof(text)] = (char)random_of(b);
		m.data = bytes_of(text, random_of(b) % (sizeof(text) + 1));
		b->control_len = 0;
		call_deliver(b, NODE_CORE, &m);
		call_run(b);
		assert_true(b->control_len > 5 || (b->control_len == 0 && m.data.len == 0));
	}
}

static void no_ring(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	request(b, 0, "trace\n001010000000001\n");
	assert_memory_equal(b->control, "error\nthe core keeps no signalling", 34);
}

/* The ring goes round: a reader that was away is given the number of what it missed, and goes on. */
static void lost(void **state)
{
	struct call_bed *b = *state;
	struct trace_page page;
	uint64_t place, next;
	struct ue *ue;

	begin(b);
	b->profile.auto_session = true;
	call_subscribe(b, 1);
	ue = call_ue(b, 1);
	assert_true(trace_page(b->core, "001010000000001", "", &page));
	assert_true(page.known && !page.more && page.lost == 0);
	place = page.place;
	for (int i = 0; i < 150; i++) {
		assert_true(ue_register(ue));
		call_run(b);
		assert_true(ue_deregister(ue, false));
		call_pass(b, 1000);
	}
	next = b->core->trace.ring.next;
	assert_true(b->core->trace.ring.first > place);
	assert_true(trace_page(b->core, "001010000000001", "1", &page));
	assert_int_equal(page.lost, b->core->trace.ring.first - 1);
	assert_int_equal(page.back_ms,
		trace_ring_at(&b->core->trace.ring, b->core->trace.ring.first)->utc_ns / NS_PER_MS);
	assert_true(page.more && page.place > b->core->trace.ring.first && page.place < next);
	assert_true(trace_page(b->core, "001010000000001", "-10", &page));
	assert_int_equal(page.lost, 0);
	check(b);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, call_setup, call_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(interleaved), TEST(refused), TEST(returns), TEST(identified),
		TEST(restart), TEST(turn_lost), TEST(rights), TEST(nonsense), TEST(no_ring), TEST(lost) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
