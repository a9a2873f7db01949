/* The UDR by its service operations: provisioned data, the SQN, and what becomes of them. */
#include "base/store_mem.h"
#include "base/text.h"
#include "core/nf/nf_bed.h"
#include "core/udr/udr.h"
#include "crypto/aka_function.h"

static struct nf_bed bed;
static struct udr *udr;
static struct subscriber subscriber;

static int setup(void **state)
{
	nf_bed_init(&bed);
	udr = udr_new(&bed.plmn, &bed.t.env, bed.bus);
	assert_non_null(udr);
	subscriber = (struct subscriber){ .imsi = "001010000000001",
		.enc_permanent_key_len = 44,
		.enc_opc_key_len = 44,
		.amf = { 0x80, 0x01 },
		.ambr_uplink_bps = 1000,
		.ambr_downlink_bps = 2000,
		.slice_count = 2,
		.slices = { { .sst = 1,
				    .sd = 0x010203,
				    .default_slice = true,
				    .dnn_count = 2,
				    .dnns = { { .dnn = "internet", .default_dnn = true, .five_qi = 9 },
					    { .dnn = "fixed",
						    .five_qi = 7,
						    .arp_priority_level = 3,
						    .ambr_uplink_bps = 5,
						    .ambr_downlink_bps = 6,
						    .static_ipv4 = 0x0a2d0001 } } },
			{ .sst = 1, .sd = 0x010204, .dnn_count = 1, .dnns = { { .dnn = "other" } } } } };
	memset(subscriber.enc_permanent_key, 0x4b, 44);
	memset(subscriber.enc_opc_key, 0x4f, 44);
	return 0;
}

static int teardown(void **state)
{
	udr_free(udr);
	nf_bed_fini(&bed);
	return 0;
}

static uint64_t sqn(void)
{
	struct nudr_supi_req req = { bed.supi };
	const struct nudr_auth_subscription_rsp *rsp;
	struct cursor c;

	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_AUTH_SUBSCRIPTION, &req), SBI_OK);
	rsp = bed.body;
	assert_true(rsp->data.sequence_number && rsp->data.sequence_number->has_sqn);
	c = cursor_of(BYTES(rsp->data.sequence_number->sqn));
	return cursor_uint(&c, 6);
}

static void test_credential(void **state)
{
	struct nudr_supi_req req = { bed.supi };
	const struct nudr_auth_subscription_rsp *rsp;

	assert_true(udr_subscriber_put(udr, &subscriber, 0xfedcba987654));
	assert_true(sqn() == 0xfedcba987654);
	rsp = bed.body;
	assert_int_equal(rsp->data.authentication_method, AUTH_METHOD_FIVE_G_AKA);
	assert_string_equal(rsp->data.algorithm_id, "milenage");
	assert_true(bytes_equal(rsp->data.enc_permanent_key, bytes_of(subscriber.enc_permanent_key, 44)));
	assert_true(bytes_equal(rsp->data.enc_opc_key, bytes_of(subscriber.enc_opc_key, 44)));
	assert_int_equal(rsp->data.enc_topc_key.len, 0);
	assert_memory_equal(rsp->data.authentication_management_field, subscriber.amf, 2);
	subscriber.algorithm = AKA_TUAK;
	assert_true(udr_subscriber_put(udr, &subscriber, 0));
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_AUTH_SUBSCRIPTION, &req), SBI_OK);
	rsp = bed.body;
	assert_string_equal(rsp->data.algorithm_id, "tuak");
	assert_true(bytes_equal(rsp->data.enc_topc_key, bytes_of(subscriber.enc_opc_key, 44)));
	assert_int_equal(rsp->data.enc_opc_key.len, 0);
}

/* What a store of today holds is read by later versions: tags and types never change. */
static void test_stored_form(void **state)
{
	static const char hex[] =
		"01 000f 303031303130303030303030303039 02 0001 01 03 0001 02 04 0001 03 07 0002 8001"
		"08 0001 04 09 0001 05 0a 0039 0037 01 0001 01 02 0003 010203 03 0001 01"
		"04 0026 0024 01 0001 61 02 0001 01 03 0001 09 04 0001 02 05 0001 01 06 0001 01"
		"07 0001 06 08 0001 07 09 0001 08";
	uint8_t octets[256];
	struct subscriber s;

	assert_true(subscriber_decode(test_hex(hex, octets, sizeof(octets)), &s));
	assert_string_equal(s.imsi, "001010000000009");
	assert_int_equal(s.algorithm, AKA_TUAK);
	assert_int_equal(s.enc_permanent_key_len, 2);
	assert_int_equal(s.enc_opc_key_len, 3);
	assert_int_equal(s.amf[0], 0x80);
	assert_int_equal(s.ambr_uplink_bps, 4);
	assert_int_equal(s.ambr_downlink_bps, 5);
	assert_int_equal(s.slice_count, 1);
	assert_int_equal(s.slices[0].sst, 1);
	assert_int_equal(s.slices[0].sd, 0x010203);
	assert_true(s.slices[0].default_slice);
	assert_int_equal(s.slices[0].dnn_count, 1);
	assert_string_equal(s.slices[0].dnns[0].dnn, "a");
	assert_true(s.slices[0].dnns[0].default_dnn);
	assert_int_equal(s.slices[0].dnns[0].five_qi, 9);
	assert_int_equal(s.slices[0].dnns[0].arp_priority_level, 2);
	assert_true(s.slices[0].dnns[0].arp_may_preempt && s.slices[0].dnns[0].arp_preemptable);
	assert_int_equal(s.slices[0].dnns[0].ambr_uplink_bps, 6);
	assert_int_equal(s.slices[0].dnns[0].ambr_downlink_bps, 7);
	assert_int_equal(s.slices[0].dnns[0].static_ipv4, 8);
}

/* A version back and forth: a record with a field that is not known yet reads, and one without that of
 * profiles; so do tables beside it. */
static void test_other_versions(void **state)
{
	static uint8_t octets[SUBSCRIBER_RECORD_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct subscriber out;

	str_copy(subscriber.profile, sizeof(subscriber.profile), "gold");
	assert_true(record_encode(&subscriber_def, &subscriber, &w));
	writer_u8(&w, 200);
	writer_u16(&w, 3);
	writer_put(&w, bytes_of_str("new"));
	assert_true(subscriber_decode(writer_bytes(&w), &out));
	assert_memory_equal(&out, &subscriber, sizeof(out));
	subscriber.profile[0] = '\0'; /* as a version before profiles writes it */
	w = writer_of(octets, sizeof(octets));
	assert_true(record_encode(&subscriber_def, &subscriber, &w));
	assert_true(subscriber_decode(writer_bytes(&w), &out));
	assert_string_equal(out.profile, "");
	assert_true(udr_subscriber_put(udr, &subscriber, 5));
	assert_true(store_put(bed.t.env.store, STORE_TABLE_LAST, bytes_of_str("x"), bytes_of_str("y")));
	assert_int_equal(sqn(), 5);
}

static void test_unknown(void **state)
{
	static const enum sbi_op_id ops[] = { SBI_UDR_GET_AM_DATA, SBI_UDR_GET_SMF_SELECT_DATA };
	struct nudr_supi_req req = { bed.supi };
	struct nudm_sdm_get_req get = { bed.supi, bed.plmn };
	struct nudm_sm_data_req sm = { bed.supi, bed.plmn, { 1, 0x010203 }, "internet" };
	uint64_t was;

	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_AUTH_SUBSCRIPTION, &req), SBI_USER_NOT_FOUND);
	for (size_t i = 0; i < ARRAY_LEN(ops); i++)
		assert_int_equal(nf_bed_ask(&bed, ops[i], &get), SBI_USER_NOT_FOUND);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_SM_DATA, &sm), SBI_USER_NOT_FOUND);
	assert_false(udr_subscriber_get(udr, &bed.supi, &subscriber, &was));
	assert_false(udr_subscriber_remove(udr, &bed.supi));
}

/* A record that is not ours is no subscriber, and the operator hears of it. */
static void test_unreadable(void **state)
{
	struct nudr_supi_req req = { bed.supi };
	uint8_t key[8];

	assert_true(store_put(
		bed.t.env.store, STORE_SUBSCRIBER, nf_supi_store_key(&bed.supi, key), BYTES("\xff")));
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_AUTH_SUBSCRIPTION, &req), SBI_USER_NOT_FOUND);
	assert_true(test_env_logged(&bed.t, "does not read"));
}

struct seen {
	unsigned good, bad;
	char bad_imsi[16];
};

static bool see(void *arg, const struct supi *supi, const struct subscriber *s)
{
	struct seen *seen = arg;

	seen->good += s != NULL;
	seen->bad += s == NULL;
	if (!s)
		str_copy(seen->bad_imsi, sizeof(seen->bad_imsi), supi->imsi);
	return true;
}

/* Who lists them all hears of it too, and it is counted. */
static void test_each_unreadable(void **state)
{
	struct seen seen = { 0 };
	struct stats stats;
	uint8_t key[8];

	str_copy(subscriber.imsi, sizeof(subscriber.imsi), "001010000000002");
	assert_true(udr_subscriber_put(udr, &subscriber, 0));
	assert_true(store_put(
		bed.t.env.store, STORE_SUBSCRIBER, nf_supi_store_key(&bed.supi, key), BYTES("\xff")));
	assert_true(udr_subscriber_each(udr, NULL, NULL, see, &seen));
	assert_int_equal(seen.good, 1);
	assert_int_equal(seen.bad, 1);
	assert_string_equal(seen.bad_imsi, bed.supi.imsi);
	assert_true(test_env_logged(&bed.t, "does not read"));
	udr_stats(udr, &stats);
	assert_int_equal(stats.values[UDR_STAT_UNREADABLE], 1);
}

static bool any(void *arg, struct bytes key, struct bytes value)
{
	++*(unsigned *)arg;
	return true;
}

static unsigned kept(enum store_table t)
{
	unsigned n = 0;

	assert_true(store_scan(bed.t.env.store, t, any, &n));
	return n;
}

static enum sbi_cause put_amf(void)
{
	struct nudm_amf_registration_req req = { bed.supi,
		{ .amf_instance_id = "amf-1",
			.dereg_callback_uri = "/namf-callback/v1/x",
			.guami = { bed.plmn, 255, 1023, 63 },
			.rat_type = RAT_TYPE_NR } };

	return nf_bed_ask(&bed, SBI_UDR_PUT_AMF_CONTEXT, &req);
}

static enum sbi_cause put_smf(uint8_t session)
{
	struct nudm_smf_registration_req req = { bed.supi, session,
		{ .smf_instance_id = "smf-1", .pdu_session_id = session } };

	return nf_bed_ask(&bed, SBI_UDR_PUT_SMF_CONTEXT, &req);
}

/* Nothing is left of a removed subscriber, but another one's data. */
static void test_removal(void **state)
{
	struct supi other;
	struct nudm_smf_registration_req req = { .pdu_session_id = 5,
		.data = { .smf_instance_id = "smf-1", .pdu_session_id = 5 } };

	assert_true(udr_subscriber_put(udr, &subscriber, 77));
	assert_int_equal(put_amf(), SBI_OK);
	assert_int_equal(put_smf(1), SBI_OK);
	assert_int_equal(put_smf(255), SBI_OK);
	str_copy(subscriber.imsi, sizeof(subscriber.imsi), "001010000000002");
	assert_true(udr_subscriber_put(udr, &subscriber, 78));
	assert_true(supi_parse(subscriber.imsi, &other));
	req.supi = other;
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_PUT_SMF_CONTEXT, &req), SBI_OK);
	assert_true(udr_subscriber_remove(udr, &bed.supi));
	assert_int_equal(kept(STORE_SUBSCRIBER), 1);
	assert_int_equal(kept(STORE_AUTH), 1);
	assert_int_equal(kept(STORE_UDM_UECM), 1);
	assert_false(udr_subscriber_remove(udr, &bed.supi));
	assert_true(udr_subscriber_remove(udr, &other));
	assert_int_equal(kept(STORE_UDM_UECM), 0);
}

/* Each write that the store refuses is reported: the caller goes back to its savepoint. A static address, the
 * subscriber and the SQN are put; when they go, so do the contexts of the AMF and of each session there may
 * be. */
static void test_store_refuses(void **state)
{
	enum { PUTS = 3, REMOVALS = 3 + 1 + UINT8_MAX };

	for (uint32_t nth = 1; nth <= PUTS; nth++) {
		store_mem_fail_put(bed.t.env.store, nth);
		assert_true(store_savepoint(bed.t.env.store));
		assert_false(udr_subscriber_put(udr, &subscriber, 5));
		store_rollback_to(bed.t.env.store);
		assert_int_equal(kept(STORE_SUBSCRIBER) + kept(STORE_AUTH), 0);
	}
	assert_true(udr_subscriber_put(udr, &subscriber, 5));
	assert_int_equal(put_amf(), SBI_OK);
	for (uint32_t nth = 1; nth <= REMOVALS; nth++) {
		store_mem_fail_put(bed.t.env.store, nth);
		assert_true(store_savepoint(bed.t.env.store));
		assert_false(udr_subscriber_remove(udr, &bed.supi));
		store_rollback_to(bed.t.env.store);
		assert_int_equal(kept(STORE_SUBSCRIBER) + kept(STORE_AUTH) + kept(STORE_UDM_UECM), 3);
	}
	store_mem_fail_put(bed.t.env.store, 1);
	assert_int_equal(put_amf(), SBI_INSUFFICIENT_RESOURCES);
	store_mem_fail_put(bed.t.env.store, 1);
	assert_int_equal(put_smf(1), SBI_INSUFFICIENT_RESOURCES);
}

static void test_put_refused(void **state)
{
	assert_false(udr_subscriber_put(udr, &subscriber, UINT64_C(1) << 48));
	str_copy(subscriber.imsi, sizeof(subscriber.imsi), "00101x");
	assert_false(udr_subscriber_put(udr, &subscriber, 0));
	assert_int_equal(kept(STORE_SUBSCRIBER), 0);
}

static enum sbi_cause patch_sqn(const struct patch_item *items, uint32_t count)
{
	struct nudr_patch_req req = { bed.supi, { count, items } };

	return nf_bed_ask(&bed, SBI_UDR_PATCH_SQN, &req);
}

#define VALUE(json) { (const uint8_t *)(json), sizeof(json) - 1 }

static void test_patch_sqn(void **state)
{
	static const struct patch_item good[] = {
		{ PATCH_OPERATION_REPLACE, "/sequenceNumber/sqn", NULL, VALUE("\"000000000101\"") },
		{ PATCH_OPERATION_ADD, "/sequenceNumber/sqn", NULL, VALUE("\"0000000001fF\"") },
	};
	static const struct patch_item bad[] = {
		{ PATCH_OPERATION_REMOVE, "/sequenceNumber/sqn", NULL, VALUE("\"000000000102\"") },
		{ PATCH_OPERATION_TEST, "/sequenceNumber/sqn", NULL, VALUE("\"000000000102\"") },
		{ PATCH_OPERATION_REPLACE, "/sequenceNumber", NULL, VALUE("\"000000000102\"") },
		{ PATCH_OPERATION_REPLACE, "/sequenceNumber/sqn", NULL, VALUE("\"00000000010\"") },
		{ PATCH_OPERATION_REPLACE, "/sequenceNumber/sqn", NULL, VALUE("\"0000000001020\"") },
		{ PATCH_OPERATION_REPLACE, "/sequenceNumber/sqn", NULL, VALUE("\"00000000010g\"") },
		{ PATCH_OPERATION_REPLACE, "/sequenceNumber/sqn", NULL, VALUE("10000000000102") },
		{ PATCH_OPERATION_REPLACE, "/sequenceNumber/sqn", NULL, VALUE("\"000000000102 ") },
	};

	assert_true(udr_subscriber_put(udr, &subscriber, 5));
	assert_int_equal(patch_sqn(good, 0), SBI_OK);
	assert_int_equal(sqn(), 5);
	assert_int_equal(patch_sqn(good, 1), SBI_OK);
	assert_int_equal(sqn(), 0x101);
	assert_int_equal(patch_sqn(good, 2), SBI_OK);
	assert_int_equal(sqn(), 0x1ff);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct patch_item both[] = { good[0], bad[i] };

		assert_int_equal(patch_sqn(both, 2), SBI_MANDATORY_IE_INCORRECT);
		assert_int_equal(sqn(), 0x1ff);
	}
	store_mem_fail_put(bed.t.env.store, 1);
	assert_int_equal(patch_sqn(good, 1), SBI_INSUFFICIENT_RESOURCES);
	assert_int_equal(sqn(), 0x1ff);
}

/* 201 with the resource, then 204 without. */
static void test_contexts(void **state)
{
	static const struct patch_item others[] = {
		{ PATCH_OPERATION_ADD, "/purgeFlag", NULL, VALUE("false") },
		{ PATCH_OPERATION_ADD, "/pei", NULL, VALUE("true") },
	};
	static const struct patch_item purge = { PATCH_OPERATION_ADD, "/purgeFlag", NULL, VALUE("true") };
	struct nudr_patch_req req = { bed.supi, { ARRAY_LEN(others), others } };
	struct nudm_smf_deregistration_req gone = { bed.supi, 1 };
	struct udr_amf_context context;

	udr_serving_amf(udr, &bed.supi, &context);
	assert_string_equal(context.instance_id, "");
	assert_int_equal(put_amf(), SBI_OK);
	assert_non_null(bed.body);
	assert_string_equal(
		((const struct nudm_amf_registration_rsp *)bed.body)->data.amf_instance_id, "amf-1");
	assert_int_equal(put_amf(), SBI_OK);
	assert_null(bed.body);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_DELETE_AMF_CONTEXT, &req), SBI_OK);
	udr_serving_amf(udr, &bed.supi, &context);
	assert_string_equal(context.instance_id, "amf-1");
	assert_string_equal(context.dereg_callback_uri, "/namf-callback/v1/x");
	assert_int_equal(put_smf(1), SBI_OK);
	assert_non_null(bed.body);
	assert_int_equal(put_smf(2), SBI_OK);
	assert_non_null(bed.body);
	assert_int_equal(put_smf(1), SBI_OK);
	assert_null(bed.body);
	req.patch = (struct patch_item_list){ 1, &purge };
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_DELETE_AMF_CONTEXT, &req), SBI_OK);
	udr_serving_amf(udr, &bed.supi, &context);
	assert_string_equal(context.instance_id, "");
	assert_int_equal(kept(STORE_UDM_UECM), 2);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_DELETE_SMF_CONTEXT, &gone), SBI_OK);
	assert_int_equal(kept(STORE_UDM_UECM), 1);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_DELETE_SMF_CONTEXT, &gone), SBI_OK); /* does nothing */
	assert_int_equal(kept(STORE_UDM_UECM), 1);
	store_mem_fail_put(bed.t.env.store, 1);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_DELETE_SMF_CONTEXT, &gone), SBI_INSUFFICIENT_RESOURCES);
}

static bool take_form(void *arg, struct bytes key, struct bytes value)
{
	test_record_text(value, (const uint8_t[]){ 0 }, arg, 512);
	return true;
}

static void test_stored_form_of_a_context(void **state)
{
	struct nudm_amf_registration_req req = { bed.supi, { .amf_instance_id = "a",
								   .dereg_callback_uri = "/d",
								   .guami = { .plmn = bed.plmn,
									   .amf_region_id = 11,
									   .amf_set_id = 12,
									   .amf_pointer = 13 },
								   .rat_type = RAT_TYPE_NR } };
	char text[512], form[64];
	struct writer w = writer_of((uint8_t *)form, sizeof(form));

	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_PUT_AMF_CONTEXT, &req), SBI_OK);
	assert_true(store_scan(bed.t.env.store, STORE_UDM_UECM, take_form, text));
	text_put(&w, "1:61 2:2f64 3:");
	text_hex(&w, bytes_of((const uint8_t *)&bed.plmn, sizeof(bed.plmn)));
	text_put(&w, " 4:0b 5:0c 6:0d 7:%02x ", (unsigned)RAT_TYPE_NR);
	writer_u8(&w, 0);
	assert_string_equal(text, form);
}

/* What was put is got, with all that the UDM compares. */
static void test_serving_amf(void **state)
{
	struct nudr_supi_req req = { bed.supi };
	struct guami guami = { bed.plmn, 255, 1023, 63 };
	const struct nudr_amf_context_rsp *rsp;

	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_AMF_CONTEXT, &req), SBI_DATA_NOT_FOUND);
	assert_null(bed.body);
	assert_int_equal(put_amf(), SBI_OK);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_AMF_CONTEXT, &req), SBI_OK);
	rsp = bed.body;
	assert_string_equal(rsp->data.amf_instance_id, "amf-1");
	assert_string_equal(rsp->data.dereg_callback_uri, "/namf-callback/v1/x");
	assert_true(guami_equal(&rsp->data.guami, &guami));
	assert_int_equal(rsp->data.rat_type, RAT_TYPE_NR);
	assert_true(supi_parse("001010000000002", &req.supi));
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_AMF_CONTEXT, &req), SBI_DATA_NOT_FOUND);
}

static void test_am_data(void **state)
{
	struct nudm_sdm_get_req req = { bed.supi, bed.plmn };
	const struct nudm_am_data_rsp *rsp;

	assert_true(udr_subscriber_put(udr, &subscriber, 0));
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_AM_DATA, &req), SBI_OK);
	rsp = bed.body;
	assert_int_equal(rsp->data.subscribed_ue_ambr->uplink_bps, 1000);
	assert_int_equal(rsp->data.subscribed_ue_ambr->downlink_bps, 2000);
	assert_int_equal(rsp->data.nssai->default_single_nssais.count, 1);
	assert_int_equal(rsp->data.nssai->default_single_nssais.items[0].sd, 0x010203);
	assert_int_equal(rsp->data.nssai->single_nssais.count, 1);
	assert_int_equal(rsp->data.nssai->single_nssais.items[0].sd, 0x010204);
}

/* As many slices and DNNs as there can be, with the longest names. */
static void test_full_lists(void **state)
{
	struct nudm_sdm_get_req req = { bed.supi, bed.plmn };
	struct nudm_sm_data_req sm = { bed.supi, bed.plmn, { 1, SNSSAI_MAX - 1 }, NULL };
	const struct nudm_smf_select_data_rsp *select;
	const struct nudm_am_data_rsp *am;
	struct subscriber got;
	uint64_t was;

	subscriber.slice_count = SNSSAI_MAX;
	for (uint8_t i = 0; i < SNSSAI_MAX; i++) {
		struct subscriber_slice *slice = &subscriber.slices[i];

		*slice = (struct subscriber_slice){ .sst = 1, .sd = i, .dnn_count = DNN_PER_SLICE_MAX };
		for (uint8_t d = 0; d < DNN_PER_SLICE_MAX; d++) {
			memset(slice->dnns[d].dnn, 'a' + d, DNN_STR_SIZE - 1);
			slice->dnns[d].ambr_uplink_bps = slice->dnns[d].ambr_downlink_bps = UINT64_MAX;
			slice->dnns[d].static_ipv4 = UINT32_MAX;
			slice->dnns[d].static_ipv6 = UINT64_MAX;
			slice->dnns[d].session_types = slice->dnns[d].default_session_type = UINT8_MAX;
		}
	}
	assert_true(udr_subscriber_put(udr, &subscriber, 0));
	assert_true(udr_subscriber_get(udr, &bed.supi, &got, &was));
	assert_memory_equal(&got, &subscriber, sizeof(got));
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_SMF_SELECT_DATA, &req), SBI_OK);
	select = bed.body;
	assert_int_equal(select->data.subscribed_snssai_infos.count, SNSSAI_MAX);
	assert_int_equal(select->data.subscribed_snssai_infos.entries[SNSSAI_MAX - 1].value.dnn_infos.count,
		DNN_PER_SLICE_MAX);
	for (uint8_t i = 0; i < SNSSAI_MAX; i++)
		for (uint8_t d = 0; d < DNN_PER_SLICE_MAX; d++)
			assert_string_equal(
				select->data.subscribed_snssai_infos.entries[i].value.dnn_infos.items[d].dnn,
				subscriber.slices[i].dnns[d].dnn);
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_AM_DATA, &req), SBI_OK);
	am = bed.body;
	assert_int_equal(am->data.nssai->single_nssais.count, SNSSAI_MAX);
	assert_int_equal(am->data.nssai->single_nssais.items[SNSSAI_MAX - 1].sd, SNSSAI_MAX - 1);
	assert_int_equal(am->data.subscribed_dnn_list.count, SNSSAI_MAX * DNN_PER_SLICE_MAX);
	sm.dnn = subscriber.slices[0].dnns[DNN_PER_SLICE_MAX - 1].dnn;
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_SM_DATA, &sm), SBI_OK);
}

static void test_sm_data(void **state)
{
	struct nudm_sm_data_req req = { bed.supi, bed.plmn, { 1, 0x010203 }, "fixed" };
	const struct session_management_subscription_data *data;
	const struct session_management_subscription_data_dnn_configurations_entry *entry;

	assert_true(udr_subscriber_put(udr, &subscriber, 0));
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_SM_DATA, &req), SBI_OK);
	data = ((const struct nudm_sm_data_rsp *)bed.body)->data.items;
	assert_int_equal(data->single_nssai.sd, 0x010203);
	assert_int_equal(data->dnn_configurations.count, 1);
	entry = data->dnn_configurations.entries;
	assert_string_equal(entry->key, "fixed");
	assert_int_equal(entry->value.five_g_qos_profile->five_qi, 7);
	assert_int_equal(entry->value.five_g_qos_profile->arp.priority_level, 3);
	assert_int_equal(entry->value.session_ambr->uplink_bps, 5);
	assert_int_equal(entry->value.session_ambr->downlink_bps, 6);
	assert_int_equal(entry->value.static_ip_address.count, 1);
	assert_int_equal(entry->value.static_ip_address.items->ipv4_addr, 0x0a2d0001);
	req.dnn = "internet";
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_SM_DATA, &req), SBI_OK);
	data = ((const struct nudm_sm_data_rsp *)bed.body)->data.items;
	assert_int_equal(data->dnn_configurations.entries->value.static_ip_address.count, 0);
	/* of another slice */
	req.dnn = "other";
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_SM_DATA, &req), SBI_DATA_NOT_FOUND);
	req.single_nssai.sd = 0x010204;
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_SM_DATA, &req), SBI_OK);
	req.single_nssai.sd = 0x010205;
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_SM_DATA, &req), SBI_DATA_NOT_FOUND);
	req.single_nssai = (struct snssai){ 2, 0x010204 };
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_SM_DATA, &req), SBI_DATA_NOT_FOUND);
}

/* Each session type and SSC mode that is allowed, by itself and with others; none said is what there always
 * was. */
static void test_types_and_modes(void **state)
{
	struct nudm_sm_data_req req = { bed.supi, bed.plmn, { 1, 0x010203 }, "fixed" };
	struct subscriber_dnn *d = &subscriber.slices[0].dnns[1];
	const struct dnn_configuration *c;

	d->static_ipv6 = UINT64_C(0x20010db800000001);
	for (unsigned modes = 0; modes < 8; modes++)
		for (unsigned types = 0; types < 32; types++) {
			uint32_t n = 0;

			d->ssc_modes = (uint8_t)(modes << SSC_MODE_SSC_MODE_1);
			d->session_types = (uint8_t)(types << PDU_SESSION_IPV4);
			assert_true(udr_subscriber_put(udr, &subscriber, 0));
			assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_SM_DATA, &req), SBI_OK);
			c = &((const struct nudm_sm_data_rsp *)bed.body)
				     ->data.items->dnn_configurations.entries->value;
			for (unsigned i = 0; i < 3; i++)
				if ((modes ? modes : 1) >> i & 1)
					assert_int_equal(c->ssc_modes.allowed_ssc_modes.items[n++],
						SSC_MODE_SSC_MODE_1 + i);
			assert_int_equal(c->ssc_modes.allowed_ssc_modes.count, n);
			n = 0;
			for (unsigned i = 0; i < 5; i++)
				if ((types ? types : 31) >> i & 1)
					assert_int_equal(
						c->pdu_session_types.allowed_session_types.items[n++],
						PDU_SESSION_IPV4 + i);
			assert_int_equal(c->pdu_session_types.allowed_session_types.count, n);
		}
	assert_int_equal(c->ssc_modes.default_ssc_mode, SSC_MODE_SSC_MODE_1);
	assert_int_equal(c->static_ip_address.count, 2);
	assert_string_equal(c->static_ip_address.items[1].ipv6_prefix, "2001:db8:0:1::/64");
	d->default_ssc_mode = SSC_MODE_SSC_MODE_3;
	assert_true(udr_subscriber_put(udr, &subscriber, 0));
	assert_int_equal(nf_bed_ask(&bed, SBI_UDR_GET_SM_DATA, &req), SBI_OK);
	c = &((const struct nudm_sm_data_rsp *)bed.body)->data.items->dnn_configurations.entries->value;
	assert_int_equal(c->ssc_modes.default_ssc_mode, SSC_MODE_SSC_MODE_3);
}

/* All of it, as it is provisioned. */
static void test_am_data_whole(void **state)
{
	struct subscriber s = { .imsi = "001010000000001",
		.msisdn = msisdn_key("491234567"),
		.ambr_uplink_bps = 11,
		.ambr_downlink_bps = 22,
		.slice_count = 3 };
	struct subscriber_am_data out;
	const struct access_and_mobility_subscription_data *d = &out.data;

	s.mobility =
		(struct subscriber_mobility){ .t3512_s = 7, .active_time_s = 9, .mico = true, .no_nr = true };
	for (uint8_t i = 0; i < 3; i++) {
		s.slices[i] = (struct subscriber_slice){
			.sst = (uint8_t)(i + 1), .sd = i, .default_slice = i == 1, .dnn_count = i
		};
		for (uint8_t k = 0; k < i; k++)
			snprintf(s.slices[i].dnns[k].dnn, DNN_STR_SIZE, "d%u%u", i, k);
	}
	subscriber_am_data(&s, &out);
	assert_int_equal(d->gpsis.count, 1);
	assert_string_equal(d->gpsis.items[0], "msisdn-491234567");
	assert_int_equal(d->subscribed_ue_ambr->uplink_bps, 11);
	assert_int_equal(d->subscribed_ue_ambr->downlink_bps, 22);
	assert_true(d->has_subs_reg_timer && d->has_active_time && d->mico_allowed);
	assert_int_equal(d->subs_reg_timer, 7);
	assert_int_equal(d->active_time, 9);
	assert_int_equal(d->subscribed_dnn_list.count, 3);
	assert_string_equal(d->subscribed_dnn_list.items[0], "d10");
	assert_string_equal(d->subscribed_dnn_list.items[2], "d21");
	assert_int_equal(d->nssai->default_single_nssais.count, 1);
	assert_int_equal(d->nssai->default_single_nssais.items[0].sst, 2);
	assert_int_equal(d->nssai->single_nssais.count, 2);
	assert_int_equal(d->nssai->single_nssais.items[1].sst, 3);
	assert_int_equal(d->nssai->single_nssais.items[1].sd, 2);
	assert_int_equal(d->rat_restrictions.count, 1);
	assert_int_equal(d->rat_restrictions.items[0], RAT_TYPE_NR);
	assert_int_equal(d->core_network_type_restrictions.count + d->forbidden_areas.count, 0);
	assert_null(d->service_area_restriction);
	s.msisdn = 0;
	s.mobility = (struct subscriber_mobility){ .no_5gc = true,
		.forbidden_count = 2,
		.forbidden = { { 5 }, { 6 } },
		.areas_are = SUBSCRIBER_AREAS_ALLOWED,
		.area_count = 1,
		.areas = { { 0xabcdef } } };
	subscriber_am_data(&s, &out);
	assert_int_equal(d->gpsis.count + d->rat_restrictions.count, 0);
	assert_false(d->has_subs_reg_timer || d->has_active_time || d->mico_allowed);
	assert_int_equal(d->core_network_type_restrictions.count, 1);
	assert_int_equal(d->core_network_type_restrictions.items[0], CORE_NETWORK_TYPE_FIVE_GC);
	assert_int_equal(d->forbidden_areas.count, 1);
	assert_int_equal(d->forbidden_areas.items[0].tacs.count, 2);
	assert_int_equal(d->service_area_restriction->restriction_type, RESTRICTION_TYPE_ALLOWED_AREAS);
	assert_int_equal(d->service_area_restriction->areas.count, 1);
	assert_int_equal(d->service_area_restriction->areas.items[0].tacs.count, 1);
	assert_false(d->service_area_restriction->has_max_num_of_t_as);
}

/* Either of areas and their number is a restriction (29.571 5.4.4.34). */
static void test_service_area(void **state)
{
	struct subscriber_am_data out;

	subscriber_am_data(&subscriber, &out);
	assert_null(out.data.service_area_restriction);
	subscriber.mobility.has_areas_max = true;
	subscriber.mobility.areas_max = 3;
	subscriber_am_data(&subscriber, &out);
	assert_non_null(out.data.service_area_restriction);
	assert_int_equal(out.data.service_area_restriction->max_num_of_t_as, 3);
	subscriber.mobility.has_areas_max = false;
	subscriber.mobility.areas_are = SUBSCRIBER_AREAS_NOT_ALLOWED;
	subscriber_am_data(&subscriber, &out);
	assert_non_null(out.data.service_area_restriction);
	assert_int_equal(
		out.data.service_area_restriction->restriction_type, RESTRICTION_TYPE_NOT_ALLOWED_AREAS);
}

/* What lies behind a slice's DNNs is none of them. */
static void test_dnn_find(void **state)
{
	const struct snssai slice = { 1, 0x010204 };

	str_copy(subscriber.slices[1].dnns[1].dnn, DNN_STR_SIZE, "fixed");
	assert_non_null(subscriber_dnn_find(&subscriber, &slice, "other"));
	assert_null(subscriber_dnn_find(&subscriber, &slice, "fixed"));
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_credential),
		TEST(test_stored_form),
		TEST(test_other_versions),
		TEST(test_unknown),
		TEST(test_unreadable),
		TEST(test_each_unreadable),
		TEST(test_removal),
		TEST(test_store_refuses),
		TEST(test_put_refused),
		TEST(test_patch_sqn),
		TEST(test_contexts),
		TEST(test_stored_form_of_a_context),
		TEST(test_serving_amf),
		TEST(test_am_data),
		TEST(test_full_lists),
		TEST(test_sm_data),
		TEST(test_types_and_modes),
		TEST(test_am_data_whole),
		TEST(test_service_area),
		TEST(test_dnn_find),
	};

	return cmocka_run_group_tests_name("core/udr", tests, NULL, NULL);
}
