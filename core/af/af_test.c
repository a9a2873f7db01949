/* The application function: what operators write, what the PCF is asked by it, and what it is told. */
#include "core/af/af.h"

#include <string.h>

#include "core/nf/nf_bed.h"

enum { GATE = FLOW_STATUS_ENABLED_UPLINK, V4 = 0x0a2d0002, FILTER_TEXTS = 2 * AF_FILTERS_MAX, EVENTS = 8 };

static struct nf_bed bed;
static struct af *af;

/* What the PCF was asked last. */
static struct {
	enum sbi_op_id op;
	char session[APP_SESSION_ID_SIZE], uri[SBI_URI_SIZE], dnn[DNN_STR_SIZE], v6[ADDR_STR_SIZE], key[8];
	uint32_t v4, events, subs, component;
	uint64_t threshold, up, down, least_up, least_down;
	enum flow_status gate;
	enum media_type media;
	enum reserv_priority priority;
	enum preemption_capability preempt;
	enum preemption_vulnerability preemptable;
	struct snssai snssai;
	uint32_t numbers[AF_FILTERS_MAX];
	char sub_keys[AF_FILTERS_MAX][4];
	char filters[FILTER_TEXTS][IP_FILTER_TEXT_MAX];
} asked;
static enum sbi_cause pcf_says;
static struct event events[EVENTS];
static unsigned event_count;

static void take_sub(uint32_t i, const char *key, uint32_t number, const struct text_list *texts)
{
	assert_int_equal(texts->count, 2);
	asked.numbers[i] = number;
	str_copy(asked.sub_keys[i], sizeof(asked.sub_keys[i]), key);
	for (size_t k = 0; k < 2; k++)
		str_copy(asked.filters[2 * i + k], IP_FILTER_TEXT_MAX, texts->items[k]);
}

#define TAKE_RATES(m)                                                                                        \
	do {                                                                                                 \
		asked.up = (m)->has_mar_bw_ul ? (m)->mar_bw_ul : 0;                                          \
		asked.down = (m)->has_mar_bw_dl ? (m)->mar_bw_dl : 0;                                        \
		asked.least_up = (m)->has_mir_bw_ul ? (m)->mir_bw_ul : 0;                                    \
		asked.least_down = (m)->has_mir_bw_dl ? (m)->mir_bw_dl : 0;                                  \
		asked.component = (m)->med_comp_n;                                                           \
		asked.gate = (m)->f_status;                                                                  \
		asked.media = (m)->med_type;                                                                 \
		asked.priority = (m)->res_prio;                                                              \
		asked.preempt = (m)->preempt_cap;                                                            \
		asked.preemptable = (m)->preempt_vuln;                                                       \
		asked.subs = (m)->med_sub_comps.count;                                                       \
	} while (0)

static void take_create(const struct npcf_app_session_create_req *req)
{
	const struct app_session_context_req_data *d = req->data.asc_req_data;
	const struct media_component *m = &d->med_components.entries[0].value;

	assert_int_equal(d->med_components.count, 1);
	TAKE_RATES(m);
	str_copy(asked.key, sizeof(asked.key), d->med_components.entries[0].key);
	str_copy(asked.uri, sizeof(asked.uri), d->notif_uri);
	str_copy(asked.dnn, sizeof(asked.dnn), d->dnn);
	str_copy(asked.v6, sizeof(asked.v6), d->ue_ipv6 ? d->ue_ipv6 : "");
	asked.v4 = d->ue_ipv4;
	asked.snssai = *d->slice_info;
	asked.events = d->ev_subsc->events.count;
	asked.threshold = d->ev_subsc->usg_thres ? d->ev_subsc->usg_thres->total_volume : 0;
	for (uint32_t i = 0; i < asked.subs; i++)
		take_sub(i, m->med_sub_comps.entries[i].key, m->med_sub_comps.entries[i].value.f_num,
			&m->med_sub_comps.entries[i].value.f_descs);
}

static void take_update(const struct npcf_app_session_update_req *req)
{
	const struct app_session_context_update_data *d = req->data.asc_req_data;
	const struct media_component_rm *m = d->med_components.entries[0].value;

	str_copy(asked.session, sizeof(asked.session), req->app_session_id);
	str_copy(asked.key, sizeof(asked.key), d->med_components.entries[0].key);
	TAKE_RATES(m);
	for (uint32_t i = 0; i < asked.subs; i++)
		take_sub(i, m->med_sub_comps.entries[i].key, m->med_sub_comps.entries[i].value->f_num,
			&m->med_sub_comps.entries[i].value->f_descs);
}

static void pcf(struct nf_bed *b, const struct sbi_request *r)
{
	const struct npcf_app_session_delete_req *gone = r->body;
	struct npcf_app_session_create_rsp rsp = { .app_session_id = "app-1" };

	memset(&asked, 0, sizeof(asked));
	asked.op = r->op;
	if (r->op == SBI_PCF_APP_SESSION_CREATE)
		take_create(r->body);
	else if (r->op == SBI_PCF_APP_SESSION_UPDATE)
		take_update(r->body);
	else
		str_copy(asked.session, sizeof(asked.session), gone->app_session_id);
	sbi_answer(b->bus, r->id, pcf_says,
		r->op == SBI_PCF_APP_SESSION_CREATE && pcf_says == SBI_OK ? &rsp : NULL);
}

static void take_event(void *arg, const struct event *e)
{
	assert_true(event_count < EVENTS);
	events[event_count++] = *e;
}

static int setup(void **state)
{
	static const struct event_sink sink = { take_event, NULL };

	nf_bed_init(&bed);
	nf_bed_play(&bed, NF_PCF, pcf);
	af = af_new(&bed.plmn, &bed.t.env, bed.bus);
	assert_non_null(af);
	af_nf(af)->events = &sink;
	pcf_says = SBI_OK;
	event_count = 0;
	memset(&asked, 0, sizeof(asked));
	return 0;
}

static int teardown(void **state)
{
	af_free(af);
	nf_bed_fini(&bed);
	return 0;
}

static uint64_t stat(enum af_stat s)
{
	struct stats stats;

	af_stats(af, &stats);
	return stats.values[s];
}

static void words(struct af_order *o, const char *const *texts, size_t count)
{
	char error[AF_ERROR_SIZE];

	af_order_begin(o);
	o->supi = bed.supi;
	for (size_t i = 0; i < count; i++)
		if (!af_order_take(o, bytes_of_str(texts[i]), error))
			fail_msg("%s: %s", texts[i], error);
}

static const char *const all_words[] = { "media=video", "gate=uplink", "bandwidth=64Kbps/1Mbps",
	"least=8Kbps/16Kbps", "usage=5000", "preempt=yes", "preemptable=no", "priority=7", "component=42",
	"filter=permit out 17 from 192.0.2.7 5060 to assigned 4000",
	"filter=permit out 6 from 192.0.2.0/24 to assigned" };

static void begin_session(void)
{
	struct af_order o;
	struct af_target t = { .ipv4 = V4, .dnn = "internet", .snssai = { 1, 2 }, .pdu_session_id = 5 };

	words(&o, all_words, ARRAY_LEN(all_words));
	af_create(af, &o, &t);
	assert_int_equal(af_answer(af).cause, SBI_CAUSE_COUNT);
	sbi_run(bed.bus);
}

static void assert_component(void)
{
	assert_string_equal(asked.key, "42");
	assert_int_equal(asked.component, 42);
	assert_int_equal(asked.media, MEDIA_TYPE_VIDEO);
	assert_int_equal(asked.gate, GATE);
	assert_int_equal(asked.priority, RESERV_PRIORITY_ABSENT + 7);
	assert_int_equal(asked.preempt, PREEMPTION_CAPABILITY_MAY_PREEMPT);
	assert_int_equal(asked.preemptable, PREEMPTION_VULNERABILITY_NOT_PREEMPTABLE);
	assert_int_equal(asked.up, 64000);
	assert_int_equal(asked.down, 1000000);
	assert_int_equal(asked.least_up, 8000);
	assert_int_equal(asked.least_down, 16000);
	assert_int_equal(asked.subs, 2);
	assert_int_equal(asked.numbers[0], 1);
	assert_int_equal(asked.numbers[1], 2);
	assert_string_equal(asked.sub_keys[0], "1");
	assert_string_equal(asked.sub_keys[1], "2");
	assert_string_equal(asked.filters[0], "permit out 17 from 192.0.2.7 5060 to assigned 4000");
	assert_string_equal(asked.filters[1], "permit in 17 from assigned 4000 to 192.0.2.7 5060");
	assert_string_equal(asked.filters[2], "permit out 6 from 192.0.2.0/24 to assigned");
	assert_string_equal(asked.filters[3], "permit in 6 from assigned to 192.0.2.0/24");
}

static void test_create(void **state)
{
	begin_session();
	assert_int_equal(asked.op, SBI_PCF_APP_SESSION_CREATE);
	assert_component();
	assert_string_equal(asked.dnn, "internet");
	assert_int_equal(asked.v4, V4);
	assert_string_equal(asked.v6, "");
	assert_int_equal(asked.snssai.sst, 1);
	assert_int_equal(asked.snssai.sd, 2);
	assert_int_equal(asked.events, 4);
	assert_int_equal(asked.threshold, 5000);
	assert_int_equal(af_answer(af).cause, SBI_OK);
	assert_string_equal(af_answer(af).app_session_id, "app-1");
	assert_int_equal(stat(AF_STAT_ASKED), 1);
	assert_int_equal(stat(AF_STAT_REFUSED), 0);
}

/* What is not written is left out, and usage is not subscribed to; a UE without IPv4 is named by its /64. */
static void test_least(void **state)
{
	struct af_order o;
	struct af_target t = {
		.ipv6_prefix = UINT64_C(0x20010db800450001), .dnn = "ims", .pdu_session_id = 6
	};

	words(&o, NULL, 0);
	af_create(af, &o, &t);
	sbi_run(bed.bus);
	assert_string_equal(asked.key, "1");
	assert_int_equal(asked.component, 1);
	assert_int_equal(asked.subs + asked.media + asked.gate + asked.priority + asked.preempt, 0);
	assert_int_equal(asked.up + asked.down + asked.least_up + asked.least_down, 0);
	assert_int_equal(asked.events, 3);
	assert_int_equal(asked.threshold, 0);
	assert_int_equal(asked.v4, 0);
	assert_string_equal(asked.v6, "2001:db8:45:1::1");
}

static void test_update_and_delete(void **state)
{
	struct af_order o;

	words(&o, all_words, ARRAY_LEN(all_words));
	af_update(af, "app-1", &o);
	sbi_run(bed.bus);
	assert_int_equal(asked.op, SBI_PCF_APP_SESSION_UPDATE);
	assert_string_equal(asked.session, "app-1");
	assert_component();
	assert_string_equal(af_answer(af).app_session_id, "");
	pcf_says = SBI_CONTEXT_NOT_FOUND;
	af_delete(af, "app-2");
	assert_int_equal(af_answer(af).cause, SBI_CAUSE_COUNT);
	sbi_run(bed.bus);
	assert_int_equal(asked.op, SBI_PCF_APP_SESSION_DELETE);
	assert_string_equal(asked.session, "app-2");
	assert_int_equal(af_answer(af).cause, SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(stat(AF_STAT_ASKED), 2);
	assert_int_equal(stat(AF_STAT_REFUSED), 1);
}

/* n port ranges, five digits each, but for the last: first those of the UE, then the others'. */
static void ranges(struct ip_filter *f, unsigned n, uint16_t low, uint16_t high)
{
	f->to.range_count = f->from.range_count = 0;
	for (unsigned i = 0; i < n; i++) {
		struct ip_filter_end *e = i < IP_FILTER_RANGES_MAX ? &f->to : &f->from;

		e->ranges[e->range_count++] = i + 1 < n ? (struct ip_filter_range){ 10000, 10001 }
							: (struct ip_filter_range){ low, high };
	}
}

/* A filter that is longer than it may be sent is refused here, and the PCF not asked. The way back is one
 * octet shorter ("in" for "out"). */
static void test_long_filter(void **state)
{
	static const uint8_t protocols[] = { 6, 17, 132 };
	static const uint16_t lows[] = { 1, 10, 100, 1000 }, highs[] = { 2, 20, 200, 2000, 20000 };
	struct af_target t = { .ipv4 = V4 };
	struct af_order o;
	unsigned sent = 0, longest = 0;

	words(&o, &all_words[10], 1);
	for (unsigned k = 0; k < 2 * IP_FILTER_RANGES_MAX * ARRAY_LEN(lows) * ARRAY_LEN(highs); k++) {
		char text[IP_FILTER_TEXT_MAX];
		struct writer w = writer_of((uint8_t *)text, sizeof(text) - 1);
		bool fits;

		ranges(&o.filters[0], 1 + k / (ARRAY_LEN(lows) * ARRAY_LEN(highs)), lows[k % ARRAY_LEN(lows)],
			highs[k / ARRAY_LEN(lows) % ARRAY_LEN(highs)]);
		o.filters[0].protocol = protocols[k % ARRAY_LEN(protocols)];
		fits = ip_filter_write(&o.filters[0], &w);
		longest = fits && w.len > longest ? (unsigned)w.len : longest;
		memset(&asked, 0, sizeof(asked));
		af_create(af, &o, &t);
		assert_int_equal(
			af_answer(af).cause, fits ? SBI_CAUSE_COUNT : SBI_INVALID_SERVICE_INFORMATION);
		sbi_run(bed.bus);
		assert_int_equal(asked.subs, fits);
		sent += fits;
	}
	assert_int_equal(longest, IP_FILTER_TEXT_MAX - 2); /* text_put() keeps an octet for its own end */
	assert_int_equal(stat(AF_STAT_ASKED), sent);
	af_update(af, "app-1", &o);
	assert_int_equal(af_answer(af).cause, SBI_INVALID_SERVICE_INFORMATION);
}

static enum sbi_cause notify(const char *callback, struct af_event_notification *list, uint32_t count,
	const struct media_qos_notification *qnc, uint64_t used)
{
	struct accumulated_usage usage = { .has_total_volume = true, .total_volume = used };
	struct npcf_app_session_notify_req req = { callback, { .ev_subs_uri = "/e",
								     .ev_notifs = { count, list },
								     .qnc_reports = { qnc ? 1 : 0, qnc },
								     .usg_rep = used ? &usage : NULL } };

	return nf_bed_ask(&bed, SBI_AF_EVENT_NOTIFY, &req);
}

static void test_events(void **state)
{
	struct media_qos_notification met = { .notif_type = QOS_NOTIF_TYPE_GUARANTEED },
				      not_met = { .notif_type = QOS_NOTIF_TYPE_NOT_GUARANTEED };
	struct af_event_notification two[] = { { .event = AF_EVENT_SUCCESSFUL_RESOURCES_ALLOCATION },
		{ .event = AF_EVENT_FAILED_RESOURCES_ALLOCATION } };
	struct af_event_notification qos = { .event = AF_EVENT_QOS_NOTIF },
				     usage = { .event = AF_EVENT_USAGE_REPORT };
	const char *callback;

	begin_session();
	callback = strrchr(asked.uri, '/') + 1;
	assert_int_equal(notify(callback, two, 2, NULL, 0), SBI_OK);
	assert_int_equal(notify(callback, &qos, 1, &met, 0), SBI_OK);
	assert_int_equal(notify(callback, &qos, 1, &not_met, 0), SBI_OK);
	assert_int_equal(notify(callback, &qos, 1, NULL, 0), SBI_OK);
	assert_int_equal(notify(callback, &usage, 1, NULL, 700), SBI_OK); /* is counted, and no event */
	assert_int_equal(event_count, 5);
	assert_int_equal(events[0].kind, EVENT_QOS_ALLOCATED);
	assert_int_equal(events[1].kind, EVENT_QOS_FAILED);
	assert_int_equal(events[2].kind, EVENT_QOS_MET);
	assert_int_equal(events[3].kind, EVENT_QOS_NOT_MET);
	assert_int_equal(events[4].kind, EVENT_QOS_NOT_MET);
	for (unsigned i = 0; i < event_count; i++) {
		assert_string_equal(events[i].supi.imsi, bed.supi.imsi);
		assert_int_equal(events[i].pdu_session_id, 5);
		assert_int_equal(events[i].reason, EVENT_NO_REASON);
	}
	assert_int_equal(stat(AF_STAT_NOTIFIED), 5);
	assert_int_equal(stat(AF_STAT_USED_OCTETS), 700);
	assert_int_equal(notify("forged", &usage, 1, NULL, 700), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(notify(callback, NULL, 0, NULL, 0), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(stat(AF_STAT_NOTIFIED), 5);
	assert_int_equal(stat(AF_STAT_USED_OCTETS), 700);
}

static void test_end(void **state)
{
	char callback[SBI_URI_SIZE];
	struct npcf_app_session_terminate_req req = { callback,
		{ .term_cause = TERMINATION_CAUSE_PDU_SESSION_TERMINATION, .res_uri = "/r" } };

	begin_session();
	str_copy(callback, sizeof(callback), strrchr(asked.uri, '/') + 1);
	assert_int_equal(nf_bed_ask(&bed, SBI_AF_TERMINATE, &req), SBI_OK);
	req.data.term_cause = TERMINATION_CAUSE_INSUFFICIENT_QOS_FLOW_RESOURCES;
	assert_int_equal(nf_bed_ask(&bed, SBI_AF_TERMINATE, &req), SBI_OK);
	assert_int_equal(event_count, 2);
	assert_int_equal(events[0].kind, EVENT_QOS_ENDED);
	assert_int_equal(events[0].reason, EVENT_WITH_SESSION);
	assert_int_equal(events[1].reason, EVENT_NO_RESOURCES);
	assert_int_equal(stat(AF_STAT_TERMINATED), 2);
	str_copy(callback, sizeof(callback), "forged");
	assert_int_equal(nf_bed_ask(&bed, SBI_AF_TERMINATE, &req), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(stat(AF_STAT_TERMINATED), 2);
	assert_int_equal(event_count, 2);
}

/* Each word to its limits, and what is said of one that is beyond them. */
static void test_words(void **state)
{
	static const char *const wrong[] = { "media", "=audio", "media=", "media=smell", "gate=ajar",
		"bandwidth=", "bandwidth=1Mbps/", "bandwidth=/1Mbps", "least=fast", "preempt=perhaps",
		"preemptable=", "priority=0", "priority=17", "component=0", "component=100", "session=0",
		"session=16", "usage=0", "usage=9223372036854775808",
		"dnn=", "filter=deny out 17 from any to assigned", "colour=red",
		"a-key-of-twenty-four-octets=1" };
	static const struct {
		const char *word;
		enum media_type media;
	} media[] = { { "media=audio", MEDIA_TYPE_AUDIO }, { "media=data", MEDIA_TYPE_DATA },
		{ "media=application", MEDIA_TYPE_APPLICATION }, { "media=control", MEDIA_TYPE_CONTROL },
		{ "media=text", MEDIA_TYPE_TEXT }, { "media=message", MEDIA_TYPE_MESSAGE },
		{ "media=other", MEDIA_TYPE_OTHER } };
	static const struct {
		const char *word;
		enum flow_status gate;
	} gates[] = { { "gate=open", FLOW_STATUS_ENABLED }, { "gate=downlink", FLOW_STATUS_ENABLED_DOWNLINK },
		{ "gate=closed", FLOW_STATUS_DISABLED }, { "gate=removed", FLOW_STATUS_REMOVED } };
	char error[AF_ERROR_SIZE];
	struct af_order o;

	af_order_begin(&o);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		error[0] = '\0';
		if (af_order_take(&o, bytes_of_str(wrong[i]), error) || !strstr(error, "expected "))
			fail_msg("%s: %s", wrong[i], error);
	}
	assert_int_equal(o.component, 1);
	assert_int_equal(o.filter_count, 0);
	for (size_t i = 0; i < ARRAY_LEN(media); i++) {
		words(&o, &media[i].word, 1);
		assert_int_equal(o.media, media[i].media);
	}
	for (size_t i = 0; i < ARRAY_LEN(gates); i++) {
		words(&o, &gates[i].word, 1);
		assert_int_equal(o.gate, gates[i].gate);
	}
	words(&o,
		(const char *const[]){ "session=15", "component=99", "priority=16",
			"usage=9223372036854775807", "preempt=no", "preemptable=yes", "bandwidth=2Mbps",
			"dnn=ims" },
		8);
	assert_int_equal(o.pdu_session_id, 15);
	assert_int_equal(o.component, 99);
	assert_int_equal(o.priority, RESERV_PRIORITY_ABSENT + 16);
	assert_true(o.usage == INT64_MAX);
	assert_int_equal(o.preempt, PREEMPTION_CAPABILITY_NOT_PREEMPT);
	assert_int_equal(o.preemptable, PREEMPTION_VULNERABILITY_PREEMPTABLE);
	assert_int_equal(o.bandwidth.uplink_bps, 2000000);
	assert_int_equal(o.bandwidth.downlink_bps, 2000000);
	assert_string_equal(o.dnn, "ims");
	for (size_t i = 0; i < AF_FILTERS_MAX; i++)
		assert_true(af_order_take(&o, bytes_of_str(all_words[9]), error));
	assert_false(af_order_take(&o, bytes_of_str(all_words[9]), error));
	assert_string_equal(error, "filter: expected at most 4 filters");
}

/* The longest DNN and value there are, and one octet more. */
static void test_long_words(void **state)
{
	char word[IP_FILTER_INPUT_MAX + 32], error[AF_ERROR_SIZE];
	struct af_order o;

	af_order_begin(&o);
	memset(word, 'a', sizeof(word));
	memcpy(word, "dnn=", 4);
	assert_true(af_order_take(&o, bytes_of(word, 4 + DNN_STR_SIZE - 1), error));
	assert_int_equal(strlen(o.dnn), DNN_STR_SIZE - 1);
	assert_false(af_order_take(&o, bytes_of(word, 4 + DNN_STR_SIZE), error));
	assert_memory_equal(error, "dnn:", 4);
	assert_false(af_order_take(&o, bytes_of(word, 4 + IP_FILTER_INPUT_MAX), error));
	assert_memory_equal(error, "dnn:", 4);
	assert_false(af_order_take(&o, bytes_of(word, 4 + IP_FILTER_INPUT_MAX + 1), error));
	assert_memory_equal(error, "application:", 12);
	memset(word, 'k', 24);
	word[23] = '=';
	assert_false(af_order_take(&o, bytes_of(word, 26), error));
	assert_memory_equal(error, "kkkkkkkkkkkkkkkkkkkkkkk:", 24);
	word[23] = 'k';
	word[24] = '=';
	assert_false(af_order_take(&o, bytes_of(word, 26), error));
	assert_memory_equal(error, "application:", 12);
}

/* Some other operation is no business of its, and is not taken for one. */
static void test_other_operation(void **state)
{
	struct sbi_token token = { 0 };
	struct npcf_am_policy_delete_req req = { "am-001010000000001" };

	bed.cause = SBI_CAUSE_COUNT;
	sbi_call(bed.asker, sbi_any(bed.bus, NF_AF), SBI_PCF_AM_POLICY_DELETE, &req, token);
	sbi_run(bed.bus);
	assert_int_not_equal(bed.cause, SBI_OK);
	assert_int_equal(event_count, 0);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_create),
		TEST(test_least),
		TEST(test_update_and_delete),
		TEST(test_long_filter),
		TEST(test_events),
		TEST(test_end),
		TEST(test_words),
		TEST(test_long_words),
		TEST(test_other_operation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
