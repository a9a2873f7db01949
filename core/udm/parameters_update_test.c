/* UE parameters update at the UDM, between a scripted AUSF and AMF: until the UE has proved that it has it.
 */
#include "core/udm/internal.h"

#include "base/store_mem.h"
#include "core/nf/nf_bed.h"
#include "core/udr/udr.h"

#define AMF "6b35ad7a-0000-4000-8000-000000000002"

enum { REPEAT_S = 30, TRIES = 5 };

static struct nf_bed bed;
static struct udm_config config;
static struct udm *udm;
static struct udr *udr;
static enum sbi_cause ausf_says, amf_says;
static bool ausf_waits;
static uint64_t held; /* its request */
static unsigned protected, notified, events;
static struct event event;
static struct event_sink sink;
static uint64_t provisioning_time;

/* The AUSF's MACs: the number of the call. */
static void ausf(struct nf_bed *b, const struct sbi_request *r)
{
	const struct nausf_upu_protection_req *req = r->body;
	struct nausf_upu_protection_rsp rsp = { { .has_upu_xmac_iue = true } };

	assert_true(req->data.upu_ack_ind);
	assert_int_equal(req->data.upu_data_list.count, 2);
	assert_string_equal(req->data.upu_data_list.items[1].routing_id, "123");
	protected++;
	held = r->id;
	if (ausf_waits)
		return;
	rsp.data.counter_upu[1] = rsp.data.upu_mac_iausf[0] = (uint8_t)protected;
	rsp.data.upu_xmac_iue[15] = (uint8_t)protected;
	sbi_answer(b->bus, r->id, ausf_says, ausf_says == SBI_OK ? &rsp : NULL);
}

static void amf(struct nf_bed *b, const struct sbi_request *r)
{
	const struct nudm_sdm_notify_req *req = r->body;
	const struct change_item *change = req->data.notify_items.items[0].changes.items;
	struct upu_info info;

	notified++;
	assert_string_equal(req->callback, "one");
	assert_string_equal(change->path, "/upuInfo");
	assert_true(nudm_upu_info_read(change->new_value, &b->arena, &info));
	assert_int_equal(info.upu_mac_iausf[0], protected);
	assert_int_equal(info.counter_upu[1], protected);
	assert_true(info.upu_ack_ind && info.upu_reg_ind);
	assert_int_equal(info.upu_data_list.items[0].default_conf_nssai.items[0].sst, 3);
	provisioning_time = info.provisioning_time;
	sbi_answer(b->bus, r->id, amf_says, NULL);
}

static void play(struct nf_bed *b, const struct sbi_request *r)
{
	if (r->op == SBI_AUSF_UPU_PROTECTION)
		ausf(b, r);
	else
		amf(b, r);
}

static void take(void *arg, const struct event *e)
{
	event = *e;
	events++;
}

static void udm_begins(void)
{
	udm = udm_new(&config, &bed.t.env, bed.bus);
	udr = udr_new(&bed.plmn, &bed.t.env, bed.bus);
	assert_true(udm && udr);
	udm->nf.events = &sink;
	nf_bed_play(&bed, NF_AUSF, play);
	nf_bed_play(&bed, NF_AMF, play);
}

static void udm_restarts(void)
{
	udm_free(udm);
	udr_free(udr);
	nf_bed_restart(&bed);
	udm_begins();
}

static int setup(void **state)
{
	nf_bed_init(&bed);
	config = (struct udm_config){ .plmn = bed.plmn };
	sink = (struct event_sink){ take, NULL };
	ausf_says = amf_says = SBI_OK;
	protected = notified = events = 0;
	ausf_waits = false;
	bed.t.now_ns = NS_PER_S;
	udm_begins();
	return 0;
}

static int teardown(void **state)
{
	udm_free(udm);
	udr_free(udr);
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

static void registers(void)
{
	struct nudm_amf_registration_req put = { bed.supi, { .amf_instance_id = AMF,
								   .dereg_callback_uri = "/callback/one",
								   .guami = { bed.plmn, 1, 1, 1 },
								   .rat_type = RAT_TYPE_NR } };
	struct nudm_sdm_get_req get = { bed.supi, bed.plmn };

	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_AMF_REGISTRATION, &put), SBI_OK);
	nf_bed_ask(&bed, SBI_UDM_GET_AM_DATA, &get);
}

static void order(void)
{
	struct udm_order o = { .parameters = { 1, { { 3, SNSSAI_NO_SD } }, "123", true } };

	assert_true(udm_update_order(udm, &bed.supi, UDM_PARAMETERS, &o));
	sbi_run(bed.bus);
}

static void acknowledge(uint8_t mac, bool unreachable)
{
	struct nudm_acknowledge_req req = { bed.supi, { .has_upu_mac_iue = !unreachable,
							      .upu_mac_iue = { [15] = mac },
							      .provisioning_time = provisioning_time,
							      .ue_not_reachable = unreachable } };

	assert_int_equal(nf_bed_ask(&bed, SBI_UDM_UPU_ACK, &req), SBI_OK);
}

static bool is_pending(void)
{
	return udm_update_pending(udm, &bed.supi, UDM_PARAMETERS) != NULL;
}

static void test_acknowledged(void **state)
{
	registers();
	order();
	assert_int_equal(notified, 1);
	acknowledge(2, false); /* not the MAC of K_AUSF */
	assert_true(is_pending());
	assert_int_equal(udm->stat[UDM_STAT_UPDATES_NOT_PROVED], 1);
	provisioning_time++; /* of another update */
	acknowledge(1, false);
	assert_true(is_pending());
	provisioning_time--;
	acknowledge(1, false);
	assert_false(is_pending());
	assert_int_equal(events, 1);
	assert_int_equal(event.kind, EVENT_PARAMETERS_UPDATED);
	acknowledge(1, false);
	pass(10 * REPEAT_S);
	assert_int_equal(notified, 1);
	assert_int_equal(events, 1);
}

/* Each try has a counter of its own, and only the last one's MAC counts. */
static void test_repeated(void **state)
{
	registers();
	order();
	pass(REPEAT_S);
	assert_int_equal(notified, 2);
	acknowledge(1, false);
	assert_true(is_pending());
	pass(10 * REPEAT_S);
	assert_int_equal(notified, TRIES);
	assert_int_equal(event.kind, EVENT_PARAMETERS_NOT_UPDATED);
	assert_int_equal(events, 1);
	registers();
	pass(5);
	assert_int_equal(notified, TRIES + 1);
	acknowledge(TRIES + 1, false);
	assert_false(is_pending());
}

static void test_unreachable(void **state)
{
	registers();
	order();
	acknowledge(0, true);
	assert_int_equal(event.reason, EVENT_UNREACHABLE);
	pass(10 * REPEAT_S);
	assert_int_equal(notified, 1);
	assert_true(is_pending());
	order(); /* by the operator, at once */
	assert_int_equal(notified, 2);
}

/* Not registered, or at an AMF that has it no more: it waits. */
static void test_not_registered(void **state)
{
	order();
	pass(10 * REPEAT_S);
	assert_int_equal(protected, 1);
	assert_int_equal(notified, 0);
	amf_says = SBI_CONTEXT_NOT_FOUND;
	registers();
	pass(10 * REPEAT_S);
	assert_int_equal(notified, 1);
	assert_true(is_pending());
}

static void test_cannot_be_protected(void **state)
{
	ausf_says = SBI_COUNTER_WRAP;
	registers();
	order();
	assert_int_equal(event.reason, EVENT_FAULT);
	pass(10 * REPEAT_S);
	assert_int_equal(protected, 1);
	assert_true(is_pending());
}

static void test_restart(void **state)
{
	registers();
	order();
	udm_restarts();
	assert_true(is_pending());
	assert_string_equal(
		udm_update_pending(udm, &bed.supi, UDM_PARAMETERS)->parameters.routing_indicator, "123");
	acknowledge(1, false); /* of a try that is forgotten */
	assert_true(is_pending());
	pass(5);
	assert_int_equal(notified, 2);
	acknowledge(2, false);
	assert_false(is_pending());
	udm_restarts();
	assert_false(is_pending());
}

/* Refused by the store or the limit: nothing has changed. */
static void test_refused(void **state)
{
	struct udm_order o = { .parameters.routing_indicator = "7" };
	struct supi other;

	store_mem_fail_put(bed.t.env.store, 1);
	assert_false(udm_update_order(udm, &bed.supi, UDM_PARAMETERS, &o));
	assert_false(is_pending());
	udm->updates.max = 1;
	order();
	assert_true(supi_parse("001010000000002", &other));
	assert_false(udm_update_order(udm, &other, UDM_PARAMETERS, &o));
	assert_true(udm_update_cancel(udm, &bed.supi, UDM_PARAMETERS));
	assert_false(udm_update_cancel(udm, &bed.supi, UDM_PARAMETERS));
	assert_int_equal(udm->updates.used, 0);
}

/* The subscriber is removed. */
static void test_withdrawn(void **state)
{
	registers();
	order();
	udm_withdraw(udm, &bed.supi, "", "");
	assert_false(is_pending());
}

static bool take_value(void *arg, struct bytes key, struct bytes value)
{
	char *text = arg;

	test_record_text(value, (const uint8_t[]){ 4, 0 }, text, 128); /* but its time */
	return true;
}

/* base/record.h: what a later version reads. */
static void test_stored_form(void **state)
{
	char text[128] = "";

	order();
	assert_true(store_scan(bed.t.env.store, STORE_UDM_UPDATE, take_value, text));
	assert_string_equal(text, "1:000a01000103020003ffffff 2:313233 3:01 ");
}

/* The AUSF's answer to a try that something has ended: the UE registers, and is told then. */
static void test_late_answer(void **state)
{
	struct nausf_upu_protection_rsp rsp = { { .has_upu_xmac_iue = true } };

	registers();
	ausf_waits = true;
	order();
	registers();
	sbi_answer(bed.bus, held, SBI_OK, &rsp);
	sbi_run(bed.bus);
	assert_int_equal(notified, 0);
	ausf_waits = false;
	pass(5);
	assert_int_equal(notified, 1);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_acknowledged),
		TEST(test_repeated),
		TEST(test_unreachable),
		TEST(test_not_registered),
		TEST(test_cannot_be_protected),
		TEST(test_restart),
		TEST(test_refused),
		TEST(test_withdrawn),
		TEST(test_stored_form),
		TEST(test_late_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
