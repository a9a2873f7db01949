/* Steering of roaming at the UDM, between a scripted AUSF, UDR and AMF: with the subscription that a
 * registration asks for, and by notification; what both kinds of update share is in parameters_update_test.c.
 */
#include "core/udm/internal.h"

#include "core/nf/nf_bed.h"
#include "core/nf/sor.h"

#define AMF "6b35ad7a-0000-4000-8000-000000000002"

enum { REPEAT_S = 30, TRIES = 5 };

static struct nf_bed bed;
static struct udm_config config;
static struct udm *udm;
static enum sbi_cause ausf_says, udr_says;
static bool ausf_waits, udr_waits;
static uint64_t ausf_held, udr_held;
static unsigned protected, notified, subscriptions, events;
static struct event event;
static struct event_sink sink;
static struct sor_info last;
static struct nas_steering told;

static void ausf_answer(uint64_t id)
{
	struct nausf_sor_protection_rsp rsp = { { .has_sor_xmac_iue = true } };

	rsp.data.counter_sor[1] = rsp.data.sor_mac_iausf[0] = (uint8_t)protected;
	rsp.data.sor_xmac_iue[15] = (uint8_t)protected;
	sbi_answer(bed.bus, id, ausf_says, ausf_says == SBI_OK ? &rsp : NULL);
}

static void ausf(struct nf_bed *b, const struct sbi_request *r)
{
	const struct nausf_sor_protection_req *req = r->body;
	struct nas_steering s;

	assert_int_equal(r->op, SBI_AUSF_SOR_PROTECTION);
	assert_true(req->data.ack_ind);
	assert_true(nf_steering_read(req->data.steering_container, &b->arena, &s));
	protected++;
	ausf_held = r->id;
	if (!ausf_waits)
		ausf_answer(r->id);
}

static void subscription_answer(uint64_t id)
{
	static const uint32_t rfsp = 7;
	struct nudm_am_data_rsp rsp = { .data.rfsp_index = rfsp };

	sbi_answer(bed.bus, id, udr_says, udr_says == SBI_OK ? &rsp : NULL);
}

static void udr(struct nf_bed *b, const struct sbi_request *r)
{
	const struct nudr_amf_context_rsp registered = { { .amf_instance_id = AMF,
		.dereg_callback_uri = "/callback/one",
		.guami = { b->plmn, 1, 1, 1 },
		.rat_type = RAT_TYPE_NR } };

	if (r->op == SBI_UDR_GET_AMF_CONTEXT) {
		sbi_answer(b->bus, r->id, SBI_OK, &registered);
		return;
	}
	assert_int_equal(r->op, SBI_UDR_GET_AM_DATA);
	assert_true(plmn_equal(&((const struct nudm_sdm_get_req *)r->body)->plmn, &b->plmn));
	subscriptions++;
	udr_held = r->id;
	if (!udr_waits)
		subscription_answer(r->id);
}

static void take_info(const struct sor_info *info)
{
	last = *info;
	assert_true(info->ack_ind && info->has_sor_mac_iausf && info->has_countersor);
	assert_true(nf_steering_read(info->steering_container, &bed.arena, &told));
}

static void amf(struct nf_bed *b, const struct sbi_request *r)
{
	const struct nudm_sdm_notify_req *req = r->body;
	const struct change_item *change = req->data.notify_items.items[0].changes.items;
	struct sor_info info;

	notified++;
	assert_string_equal(change->path, "/sorInfo");
	assert_true(nudm_sor_info_read(change->new_value, &b->arena, &info));
	take_info(&info);
	sbi_answer(b->bus, r->id, SBI_OK, NULL);
}

/* The subscriber's end has the AUSF asked for a UE parameters update, too: not here. */
static void play(struct nf_bed *b, const struct sbi_request *r)
{
	if (r->op == SBI_AUSF_SOR_PROTECTION)
		ausf(b, r);
	else if (r->op == SBI_AMF_SDM_NOTIFY)
		amf(b, r);
	else
		udr(b, r);
}

static void take(void *arg, const struct event *e)
{
	event = *e;
	events++;
}

static void udm_begins(void)
{
	udm = udm_new(&config, &bed.t.env, bed.bus);
	assert_non_null(udm);
	udm->nf.events = &sink;
	nf_bed_play(&bed, NF_AUSF, play);
	nf_bed_play(&bed, NF_UDR, play);
	nf_bed_play(&bed, NF_AMF, play);
}

static int setup(void **state)
{
	nf_bed_init(&bed);
	config = (struct udm_config){ .plmn = bed.plmn };
	sink = (struct event_sink){ take, NULL };
	ausf_says = udr_says = SBI_OK;
	ausf_waits = udr_waits = false;
	protected = notified = subscriptions = events = 0;
	bed.t.now_ns = NS_PER_S;
	udm_begins();
	return 0;
}

static int teardown(void **state)
{
	udm_free(udm);
	nf_bed_fini(&bed);
	return 0;
}

static void pass(uint64_t s)
{
	for (uint64_t i = 0; i < s; i++) {
		bed.t.now_ns += NS_PER_S;
		timers_run(&udm->nf.timers, bed.t.now_ns);
		sbi_run(bed.bus);
	}
}

static struct udm_order order_of(const char *plmn)
{
	struct udm_order o = { .steering = { .count = plmn != NULL } };

	o.steering.plmns[0].access = NAS_ACCESS_NR;
	assert_true(!plmn || plmn_parse(plmn, &o.steering.plmns[0].plmn));
	return o;
}

static void order(const char *plmn)
{
	struct udm_order o = order_of(plmn);

	assert_true(udm_update_order(udm, &bed.supi, UDM_STEERING, &o));
	sbi_run(bed.bus);
}

/* False: without a list. */
static bool registers(void)
{
	struct nudm_sdm_get_req get = { bed.supi, bed.plmn };
	const struct nudm_am_data_rsp *rsp;

	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_GET_AM_DATA, &get), udr_says);
	rsp = bed.body;
	if (udr_says != SBI_OK)
		return false;
	assert_int_equal(rsp->data.rfsp_index, 7); /* and all else is there */
	if (rsp->data.sor_info)
		take_info(rsp->data.sor_info);
	return rsp->data.sor_info != NULL;
}

static void acknowledge(uint8_t mac)
{
	struct nudm_acknowledge_req req = { bed.supi, { .has_sor_mac_iue = true,
							      .sor_mac_iue = { [15] = mac },
							      .provisioning_time = last.provisioning_time } };

	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_SOR_ACK, &req), SBI_OK);
}

static bool is_pending(void)
{
	return udm_update_pending(udm, &bed.supi, UDM_STEERING) != NULL;
}

static void test_at_registration(void **state)
{
	char plmn[PLMN_STR_SIZE];

	assert_false(registers()); /* nothing is ordered */
	order("00102");
	assert_int_equal(notified, 1);
	assert_true(registers());
	assert_int_equal(last.sor_mac_iausf[0], 2); /* a counter of its own */
	assert_int_equal(last.countersor[1], 2);
	assert_int_equal(told.count, 1);
	assert_string_equal(plmn_str(&told.plmns[0].plmn, plmn), "00102");
	assert_int_equal(told.plmns[0].access, NAS_ACCESS_NR);
	acknowledge(1); /* of the try before */
	assert_int_equal(udm->stat[UDM_STAT_STEERINGS_NOT_PROVED], 1);
	assert_true(is_pending());
	acknowledge(2);
	assert_false(is_pending());
	assert_int_equal(event.kind, EVENT_STEERED);
	assert_false(registers());
	pass(10 * REPEAT_S);
	assert_int_equal(notified, 1);
}

/* A MAC of the other service is none. */
static void test_other_mac(void **state)
{
	struct nudm_acknowledge_req req = { bed.supi,
		{ .has_upu_mac_iue = true, .upu_mac_iue = { [15] = 1 } } };

	order("00102");
	req.data.provisioning_time = last.provisioning_time;
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_SOR_ACK, &req), SBI_OK);
	assert_true(is_pending());
	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_UPU_ACK, &req), SBI_OK);
	assert_true(is_pending());
	acknowledge(1);
	assert_false(is_pending());
}

/* No change: it is told so, and acknowledged. */
static void test_no_list(void **state)
{
	order(NULL);
	assert_int_equal(told.count, 0);
	assert_int_equal(last.steering_container.len, 0);
	acknowledge(1);
	assert_false(is_pending());
}

/* The accept was lost with the connection, or the UE does not know the procedure: it is repeated as any is.
 */
static void test_not_acknowledged(void **state)
{
	order("00102");
	assert_true(registers());
	pass(REPEAT_S);
	assert_int_equal(notified, 2);
	pass(10 * REPEAT_S);
	assert_int_equal(protected, 1 + TRIES);
	assert_int_equal(event.kind, EVENT_NOT_STEERED);
	assert_true(is_pending());
}

/* The registration goes on without a list. */
static void test_cannot_be_protected(void **state)
{
	ausf_says = SBI_COUNTER_WRAP;
	order("00102");
	assert_false(registers());
	assert_int_equal(event.reason, EVENT_FAULT);
	assert_true(is_pending());
}

static void test_subscription_refused(void **state)
{
	order("00102");
	udr_says = SBI_DATA_NOT_FOUND;
	assert_false(registers());
	assert_int_equal(subscriptions, 1);
	pass(10 * REPEAT_S);
	assert_int_equal(protected, 2); /* it is not registered */
}

static void get(void)
{
	struct nudm_sdm_get_req ask = { bed.supi, bed.plmn };

	nf_bed_ask(&bed, SBI_UDM_GET_AM_DATA, &ask);
}

/* The answers so far; the last has no list. */
static void check_answers(unsigned count)
{
	const struct nudm_am_data_rsp *rsp = bed.body;

	assert_int_equal(bed.answers, count);
	assert_true(count == 0 || !rsp->data.sor_info);
	assert_int_equal(subscriptions, count);
}

/* Whoever waits is answered once, whatever comes between: another question, another order, its end. */
static void test_meanwhile(void **state)
{
	order("00102");
	ausf_waits = true;
	get();
	check_answers(0);
	get(); /* of this the first has its answer */
	check_answers(1);
	order("00103");
	check_answers(2);
	get();
	assert_true(udm_update_cancel(udm, &bed.supi, UDM_STEERING));
	sbi_run(bed.bus);
	check_answers(3);
	ausf_answer(ausf_held); /* of a try that is forgotten */
	sbi_run(bed.bus);
	check_answers(3);
}

static void test_meanwhile_at_the_udr(void **state)
{
	uint64_t first;

	order("00102");
	udr_waits = true;
	get();
	first = udr_held;
	order("00103"); /* it asks once more, without a list */
	assert_int_equal(bed.answers, 0);
	assert_int_equal(subscriptions, 2);
	subscription_answer(first);
	subscription_answer(udr_held);
	sbi_run(bed.bus);
	assert_int_equal(bed.answers, 1);
	assert_null(((const struct nudm_am_data_rsp *)bed.body)->data.sor_info);
}

static void test_restart(void **state)
{
	order("00102");
	udm_free(udm);
	nf_bed_restart(&bed);
	udm_begins();
	assert_true(is_pending());
	assert_true(registers());
	assert_int_equal(told.count, 1);
	assert_int_equal(told.plmns[0].access, NAS_ACCESS_NR);
	acknowledge(2);
	assert_false(is_pending());
	udm_free(udm);
	nf_bed_restart(&bed);
	udm_begins();
	assert_false(is_pending());
}

/* Both kinds, each for itself; the subscriber's end is that of both. */
static void test_beside_parameters(void **state)
{
	struct udm_order o = { .parameters.routing_indicator = "7" };

	ausf_waits = true;
	order("00102");
	assert_true(udm_update_order(udm, &bed.supi, UDM_PARAMETERS, &o));
	assert_true(is_pending());
	assert_int_equal(udm->updates.used, 2);
	udm_withdraw(udm, &bed.supi, "", "");
	assert_int_equal(udm->updates.used, 0);
}

static bool take_value(void *arg, struct bytes key, struct bytes value)
{
	test_record_text(value, (const uint8_t[]){ 2, 0 }, arg, 128); /* but its time */
	return true;
}

/* base/record.h: what a later version reads. */
static void test_stored_form(void **state)
{
	char text[128] = "";

	order("00102");
	assert_true(store_scan(bed.t.env.store, STORE_UDM_STEERING, take_value, text));
	/* 001/02, its MNC of two digits, by NR */
	assert_string_equal(text, "1:000e01000600000100020f0200020800 ");
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_at_registration),
		TEST(test_other_mac),
		TEST(test_no_list),
		TEST(test_not_acknowledged),
		TEST(test_cannot_be_protected),
		TEST(test_subscription_refused),
		TEST(test_meanwhile),
		TEST(test_meanwhile_at_the_udr),
		TEST(test_restart),
		TEST(test_stored_form),
		TEST(test_beside_parameters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
