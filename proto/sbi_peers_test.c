/* Peers, late answers, callbacks, full arenas, and two buses joined by HTTP messages. */
#include "base/test_env.h"

#include "proto/sbi_transport.h"
#include "wire/sbi/sbi_json.h"

enum { HELD = 8 };

struct side;

/* A transport that passes each message to another bus as the text of its HTTP form. */
struct http_end {
	struct sbi_transport t; /* first */
	struct side *here, *there;
	struct arena arena;
};

/* One bus with what its instances saw. */
struct side {
	struct test_env t;
	struct sbi_bus *bus;
	struct sbi_nf *amf, *amf2, *smf, *smf2;
	struct http_end http;
	/* the SMFs */
	bool silent;
	uint64_t held[HELD];
	unsigned held_count, created[2], released;
	const struct sbi_peer *asked_by;
	char status_uri[SBI_URI_SIZE], released_ref[SM_CONTEXT_REF_SIZE];
	/* the AMFs */
	struct sbi_answer answer;
	char ref[SM_CONTEXT_REF_SIZE];
	unsigned answers, notified;
	struct sbi_callback callback;
	bool callback_ok;
};

static uint64_t stat(struct side *s, enum sbi_stat which)
{
	struct stats stats;

	sbi_stats(s->bus, &stats);
	return stats.values[which];
}

static void created(struct side *s, uint64_t id, const char *ref)
{
	struct nsmf_create_sm_context_rsp rsp = { .sm_context_ref = ref };

	sbi_answer(s->bus, id, SBI_OK, &rsp);
}

static void smf_request(struct side *s, unsigned which, const struct sbi_request *r)
{
	const struct nsmf_create_sm_context_req *create = r->body;
	const struct nsmf_release_sm_context_req *release = r->body;

	s->asked_by = r->from;
	if (r->op == SBI_SMF_RELEASE_SM_CONTEXT) {
		s->released++;
		str_copy(s->released_ref, sizeof(s->released_ref), release->sm_context_ref);
		sbi_answer(s->bus, r->id, SBI_OK, NULL);
		return;
	}
	s->created[which]++;
	str_copy(s->status_uri, sizeof(s->status_uri), create->data.sm_context_status_uri);
	if (s->silent)
		s->held[s->held_count++] = r->id;
	else
		created(s, r->id, "5");
}

static void on_smf_request(void *self, const struct sbi_request *r)
{
	smf_request(self, 0, r);
}

static void on_smf2_request(void *self, const struct sbi_request *r)
{
	smf_request(self, 1, r);
}

static void on_amf_request(void *self, const struct sbi_request *r)
{
	const struct nsmf_sm_context_status_notify_req *req = r->body;
	struct side *s = self;

	s->notified++;
	s->callback_ok =
		sbi_callback_open(s->amf, SBI_CALLBACK_SM_CONTEXT_STATUS, req->callback, &s->callback);
	sbi_answer(s->bus, r->id, s->callback_ok ? SBI_OK : SBI_CONTEXT_NOT_FOUND, NULL);
}

static void on_amf_answer(void *self, const struct sbi_answer *a)
{
	const struct nsmf_create_sm_context_rsp *rsp = a->body;
	struct side *s = self;

	s->answers++;
	s->answer = *a;
	if (a->op == SBI_SMF_CREATE_SM_CONTEXT && rsp)
		str_copy(s->ref, sizeof(s->ref), rsp->sm_context_ref);
}

static const struct sbi_nf_ops amf_ops = { on_amf_request, on_amf_answer };
static const struct sbi_nf_ops smf_ops = { on_smf_request, NULL };
static const struct sbi_nf_ops smf2_ops = { on_smf2_request, NULL };

static void side_make(struct side *s, uint64_t seed)
{
	*s = (struct side){ 0 };
	test_env_init(&s->t, seed, false);
	s->bus = sbi_bus_new(&s->t.env);
	assert_non_null(s->bus);
	arena_init(&s->http.arena, NULL, 0, 1 << 20);
}

static void side_attach_smfs(struct side *s)
{
	s->smf = sbi_attach(s->bus, NF_SMF, "smf-1", &smf_ops, s);
	s->smf2 = sbi_attach(s->bus, NF_SMF, "smf-2", &smf2_ops, s);
	assert_true(s->smf && s->smf2);
}

static void side_attach_amfs(struct side *s)
{
	s->amf = sbi_attach(s->bus, NF_AMF, "amf-1", &amf_ops, s);
	s->amf2 = sbi_attach(s->bus, NF_AMF, "amf-2", &amf_ops, s);
	assert_true(s->amf && s->amf2);
}

static void side_free(struct side *s)
{
	arena_fini(&s->http.arena);
	sbi_bus_free(s->bus);
	test_env_fini(&s->t);
}

static const uint8_t n1[] = { 1, 2, 3 };

static void create(struct side *s, const struct sbi_peer *to)
{
	struct snssai slice = { 1, SNSSAI_NO_SD };
	struct nr_location nr = { 0 };
	struct user_location location = { &nr };
	struct guami guami = { .amf_set_id = 1 };
	char uri[SBI_URI_SIZE];
	struct nsmf_create_sm_context_req req = { .data = {
							  .supi = { "001010000000001" },
							  .pdu_session_id = 5,
							  .dnn = "internet",
							  .s_nssai = &slice,
							  .serving_nf_id = "amf-1",
							  .guami = &guami,
							  .n1_sm_msg = BYTES(n1),
							  .an_type = ACCESS_TYPE_THREE_GPP_ACCESS,
							  .ue_location = &location,
							  .sm_context_status_uri = uri,
						  } };

	assert_true(plmn_parse("00101", &req.data.serving_network));
	guami.plmn = nr.tai.plmn = nr.ncgi.plmn = req.data.serving_network;
	assert_true(sbi_callback_uri(
		s->amf, SBI_CALLBACK_SM_CONTEXT_STATUS, &(struct sbi_callback){ 42, 7 }, uri));
	sbi_call(s->amf, to, SBI_SMF_CREATE_SM_CONTEXT, &req, (struct sbi_token){ 1, 2, 3 });
	sbi_run(s->bus);
}

/* Instances are addressed, and the one that answered is known. */
static void instances(void **state)
{
	struct side s;

	side_make(&s, 1);
	side_attach_amfs(&s);
	side_attach_smfs(&s);
	create(&s, sbi_instance(s.bus, NF_SMF, "smf-2"));
	assert_int_equal(s.created[1], 1);
	assert_string_equal(s.answer.from->instance_id, "smf-2");
	assert_string_equal(s.asked_by->instance_id, "amf-1");
	create(&s, sbi_any(s.bus, NF_SMF));
	assert_int_equal(s.created[0], 1);
	assert_string_equal(
		s.answer.from->instance_id, "smf-1"); /* whose resource it is, not whom one asked */
	create(&s, sbi_instance(s.bus, NF_SMF, "smf-3"));
	assert_int_equal(s.answer.cause, SBI_NF_CONGESTION);
	create(&s, NULL);
	assert_int_equal(s.answers, 4);
	assert_int_equal(stat(&s, SBI_STAT_REFUSED), 2);
	side_free(&s);
}

static void peers_as_text(void **state)
{
	struct sbi_peer values = { NF_PCF, "pcf-1", "http://10.0.0.1:7777", "bl=nf-set" };
	char text[SBI_PEER_STR_SIZE];
	const struct sbi_peer *p;
	struct side s;

	side_make(&s, 1);
	p = sbi_peer(s.bus, &values);
	sbi_peer_print(s.bus, p, text);
	assert_ptr_equal(sbi_peer_read(s.bus, text), p);
	sbi_peer_print(s.bus, NULL, text);
	assert_null(sbi_peer_read(s.bus, text));
	assert_null(sbi_peer_read(s.bus, "99,x,,"));
	for (unsigned i = 0; i < SBI_PEERS_MAX; i++) {
		snprintf(values.instance_id, sizeof(values.instance_id), "%u", i);
		p = sbi_peer(s.bus, &values);
	}
	assert_null(p); /* one too many */
	assert_int_equal(stat(&s, SBI_STAT_REFUSED), 1);
	side_free(&s);
}

/* After the time-out: what was created is handed over, to be released where it is; nothing else is. */
static void late(void **state)
{
	struct side s;

	side_make(&s, 1);
	side_attach_amfs(&s);
	side_attach_smfs(&s);
	s.silent = true;
	create(&s, sbi_any(s.bus, NF_SMF));
	assert_int_equal(s.answers, 0);
	s.t.now_ns += (uint64_t)SBI_TIMEOUT_MS * NS_PER_MS;
	sbi_on_deadline(s.bus, s.t.now_ns);
	assert_int_equal(s.answer.cause, SBI_TIMED_OUT_REQUEST);
	assert_false(s.answer.late);
	created(&s, s.held[0], "late");
	sbi_run(s.bus);
	assert_int_equal(s.answers, 2);
	assert_true(s.answer.late);
	assert_int_equal(s.answer.token.generation, 2);
	assert_string_equal(s.answer.from->instance_id, "smf-1");
	assert_string_equal(s.ref, "late");
	created(&s, s.held[0], "again");
	sbi_run(s.bus);
	assert_int_equal(s.answers, 2);
	assert_int_equal(stat(&s, SBI_STAT_LATE), 2);
	/* and for a while only */
	create(&s, sbi_any(s.bus, NF_SMF));
	s.t.now_ns += (uint64_t)SBI_TIMEOUT_MS * NS_PER_MS;
	sbi_on_deadline(s.bus, s.t.now_ns);
	s.t.now_ns += (uint64_t)SBI_LATE_MS * NS_PER_MS;
	sbi_on_deadline(s.bus, s.t.now_ns);
	created(&s, s.held[1], "too late");
	sbi_run(s.bus);
	assert_int_equal(s.answers, 3);
	assert_int_equal(sbi_next_deadline_ns(s.bus), NEVER);
	side_free(&s);
}

/* Requests that fill what a turn has room for. */
static void queue_many(struct side *s)
{
	struct nsmf_release_sm_context_req req = { "5" };

	for (unsigned i = 0; i < 400; i++)
		sbi_call(s->amf, sbi_any(s->bus, NF_SMF), SBI_SMF_RELEASE_SM_CONTEXT, &req,
			(struct sbi_token){ 0 });
}

/* An answer whose body has no room becomes an error without one: the consumer never waits for ever. */
static void full(void **state)
{
	struct side s;

	side_make(&s, 1);
	side_attach_amfs(&s);
	side_attach_smfs(&s);
	s.silent = true;
	sbi_bus_set_limit(s.bus, 16384); /* one block: a request and its event, not much more */
	create(&s, sbi_any(s.bus, NF_SMF));
	assert_int_equal(s.held_count, 1);
	queue_many(&s);
	created(&s, s.held[0], "5");
	sbi_run(s.bus);
	assert_int_equal(s.answers, 400 + 1);
	assert_true(stat(&s, SBI_STAT_REFUSED) > 0);
	assert_int_equal(stat(&s, SBI_STAT_BODYLESS), 1);
	side_free(&s);
}

/* One that is alone of its type is any of it, as long as it is; AMFs are named in any case. */
static void alone_of_its_type(void **state)
{
	struct sbi_peer elsewhere = { NF_PCF, "pcf-3", "http://10.0.0.1:7777", "" };
	char text[SBI_PEER_STR_SIZE];
	struct side s;

	side_make(&s, 1);
	assert_non_null(sbi_attach(s.bus, NF_PCF, "pcf-1", &smf_ops, &s));
	assert_non_null(sbi_attach(s.bus, NF_AMF, "amf-1", &smf_ops, &s));
	sbi_peer_print(s.bus, sbi_instance(s.bus, NF_PCF, "pcf-1"), text);
	assert_ptr_equal(sbi_peer_read(s.bus, text), sbi_any(s.bus, NF_PCF));
	sbi_peer_print(s.bus, sbi_peer(s.bus, &elsewhere), text);
	assert_ptr_equal(sbi_peer_read(s.bus, text), sbi_peer(s.bus, &elsewhere));
	sbi_peer_print(s.bus, sbi_instance(s.bus, NF_AMF, "amf-1"), text);
	assert_ptr_equal(sbi_peer_read(s.bus, text), sbi_instance(s.bus, NF_AMF, "amf-1"));
	assert_non_null(sbi_attach(s.bus, NF_PCF, "pcf-2", &smf_ops, &s));
	sbi_peer_print(s.bus, sbi_instance(s.bus, NF_PCF, "pcf-1"), text);
	assert_ptr_equal(sbi_peer_read(s.bus, text), sbi_instance(s.bus, NF_PCF, "pcf-1"));
	side_free(&s);
}

static void callbacks(void **state)
{
	struct sbi_callback c = { UINT64_C(0x123456789abcdef0), 77 }, got;
	char uri[SBI_URI_SIZE], again[SBI_URI_SIZE], segment[SBI_CALLBACK_SIZE];
	static const uint8_t key[SEAL_KEY_LEN] = { 9 };
	static const char *const foreign[] = { "", "/no/", "/callback/a1b2", "/callback/of-an-amf" };
	uint8_t octets[SBI_CALLBACK_OCTETS];
	struct side s, t;

	side_make(&s, 1);
	side_attach_amfs(&s);
	assert_true(sbi_bus_set_callback_key(s.bus, key));
	assert_true(sbi_callback_uri(s.amf, SBI_CALLBACK_SM_CONTEXT_STATUS, &c, uri));
	assert_true(sbi_callback_uri(s.amf, SBI_CALLBACK_SM_CONTEXT_STATUS, &c, again));
	assert_string_not_equal(uri, again);
	assert_true(sbi_callback_segment(uri, segment));
	assert_true(sbi_callback_open(s.amf, SBI_CALLBACK_SM_CONTEXT_STATUS, segment, &got));
	assert_true(got.context == c.context && got.generation == c.generation);
	sbi_callback_octets(uri, octets);
	assert_true(sbi_callback_of_octets(octets, again));
	assert_string_equal(again, segment);
	/* of another owner, of another kind, changed, cut off */
	assert_false(sbi_callback_open(s.amf2, SBI_CALLBACK_SM_CONTEXT_STATUS, segment, &got));
	assert_false(sbi_callback_open(s.amf, SBI_CALLBACK_DEREG_NOTIFY, segment, &got));
	segment[30] = segment[30] == '0' ? '1' : '0';
	assert_false(sbi_callback_open(s.amf, SBI_CALLBACK_SM_CONTEXT_STATUS, segment, &got));
	assert_false(sbi_callback_open(s.amf, SBI_CALLBACK_SM_CONTEXT_STATUS, "00", &got));
	assert_int_equal(stat(&s, SBI_STAT_CALLBACKS_REFUSED), 4);
	assert_false(sbi_callback_segment("/no/", segment));
	for (size_t i = 0; i < ARRAY_LEN(foreign); i++) {
		sbi_callback_octets(foreign[i], octets);
		assert_false(sbi_callback_of_octets(octets, segment));
	}
	/* after a restart, with the same key */
	side_make(&t, 2);
	side_attach_amfs(&t);
	assert_true(sbi_callback_segment(uri, segment));
	assert_false(sbi_callback_open(t.amf, SBI_CALLBACK_SM_CONTEXT_STATUS, segment, &got));
	assert_true(sbi_bus_set_callback_key(t.bus, key));
	assert_true(sbi_callback_open(t.amf, SBI_CALLBACK_SM_CONTEXT_STATUS, segment, &got));
	side_free(&t);
	side_free(&s);
}

static bool http_reaches(struct sbi_transport *t, const struct sbi_peer *to)
{
	return !strcmp(to->api_root, "http://there");
}

/* As the peer sees it there: by its instance, under the sender's apiRoot. */
static const struct sbi_peer *seen_from(struct side *s, const struct sbi_peer *p)
{
	struct sbi_peer values = *p;

	str_copy(values.api_root, sizeof(values.api_root), "http://there");
	return sbi_peer(s->bus, &values);
}

static bool http_request(struct sbi_transport *t, uint64_t id, const struct sbi_peer *from,
	const struct sbi_peer *to, enum sbi_op_id op, const void *body)
{
	struct http_end *h = (struct http_end *)t;
	struct sbi_problem problem;
	enum sbi_op_id found;
	struct sbi_http http;
	void *decoded;

	assert_true(sbi_request_encode(op, body, &h->arena, &http));
	if (!sbi_request_decode(&http, &h->arena, &found, &decoded, &problem))
		fail_msg("%s: %s at %s", sbi_ops[op].name, sbi_cause_name(problem.cause), problem.param);
	assert_int_equal(found, op);
	return sbi_deliver_request(
		h->there->bus, &h->there->http.t, id, seen_from(h->there, from), to, op, decoded);
}

static void http_answer(
	struct sbi_transport *t, uint64_t route, enum sbi_op_id op, enum sbi_cause cause, const void *body)
{
	struct http_end *h = (struct http_end *)t;
	struct sbi_problem problem;
	enum sbi_cause found;
	struct sbi_http http;
	void *decoded;

	assert_true(sbi_response_encode(op, cause, body, &h->arena, &http));
	assert_true(sbi_response_decode(op, &http, &h->arena, &found, &decoded, &problem));
	sbi_deliver_answer(h->there->bus, route, NULL, found, decoded);
}

static const struct sbi_transport_ops http_ops = { http_reaches, http_request, http_answer };

static void join(struct side *a, struct side *b)
{
	a->http.t.ops = b->http.t.ops = &http_ops;
	a->http.here = b->http.there = a;
	a->http.there = b->http.here = b;
	assert_true(sbi_transport_add(a->bus, &a->http.t));
	assert_true(sbi_transport_add(b->bus, &b->http.t));
}

static void both_run(struct side *a, struct side *b)
{
	for (int i = 0; i < 4; i++) {
		sbi_run(a->bus);
		sbi_run(b->bus);
	}
}

/* A session's life between an AMF on one bus and an SMF on another, each message as HTTP. */
static void two_buses(void **state)
{
	struct sbi_peer smf2 = { NF_SMF, "smf-2", "http://there", "" };
	char callback[SBI_CALLBACK_SIZE];
	struct nsmf_sm_context_status_notify_req gone = { callback,
		{ .status_info = { .resource_status = RESOURCE_STATUS_RELEASED } } };
	struct nsmf_release_sm_context_req release = { "5" };
	struct side a, b;

	side_make(&a, 1);
	side_make(&b, 2);
	side_attach_amfs(&a);
	side_attach_smfs(&b);
	join(&a, &b);
	create(&a, sbi_peer(a.bus, &smf2));
	both_run(&a, &b);
	assert_int_equal(b.created[1], 1);
	assert_int_equal(a.answer.cause, SBI_OK);
	assert_string_equal(a.ref, "5");
	assert_string_equal(a.answer.from->api_root, "http://there");
	/* the SMF reports the end, to the AMF that asked, by the URI that it gave */
	assert_true(sbi_callback_segment(b.status_uri, callback));
	sbi_call(b.smf2, b.asked_by, SBI_AMF_SM_CONTEXT_STATUS_NOTIFY, &gone, (struct sbi_token){ 0 });
	both_run(&b, &a);
	assert_int_equal(a.notified, 1);
	assert_true(a.callback_ok && a.callback.context == 42 && a.callback.generation == 7);
	/* a release, with the resource that is kept as (peer, reference) */
	sbi_call(a.amf, a.answer.from, SBI_SMF_RELEASE_SM_CONTEXT, &release, (struct sbi_token){ 0 });
	both_run(&a, &b);
	assert_int_equal(b.released, 1);
	assert_string_equal(b.released_ref, "5");
	/* silence over there is a time-out on both sides, once */
	b.silent = true;
	a.answers = 0;
	create(&a, sbi_peer(a.bus, &smf2));
	both_run(&a, &b);
	a.t.now_ns += (uint64_t)SBI_TIMEOUT_MS * NS_PER_MS;
	b.t.now_ns = a.t.now_ns;
	sbi_on_deadline(a.bus, a.t.now_ns);
	sbi_on_deadline(b.bus, b.t.now_ns);
	both_run(&a, &b);
	assert_int_equal(a.answers, 1);
	assert_int_equal(a.answer.cause, SBI_TIMED_OUT_REQUEST);
	/* nobody there: the call is refused like any other */
	create(&a, sbi_instance(a.bus, NF_SMF, "smf-1"));
	assert_int_equal(a.answer.cause, SBI_NF_CONGESTION);
	side_free(&a);
	side_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instances),
		cmocka_unit_test(peers_as_text),
		cmocka_unit_test(alone_of_its_type),
		cmocka_unit_test(late),
		cmocka_unit_test(full),
		cmocka_unit_test(callbacks),
		cmocka_unit_test(two_buses),
	};

	return cmocka_run_group_tests_name("proto/sbi_peers", tests, NULL, NULL);
}
