/* What operators hear of a UE's challenges and of messages that are not protected as they should be. */
#include "core/amf/amf_bed.h"

static struct heard {
	uint32_t count[EVENT_KIND_COUNT];
	struct event last;
} heard;

static void take(void *arg, const struct event *e)
{
	heard.count[e->kind]++;
	heard.last = *e;
}

static void listen(struct amf_bed *b)
{
	static const struct event_sink sink = { take, NULL };

	heard = (struct heard){ 0 };
	b->amf->nf.events = &sink;
}

static void fails(struct amf_bed *b, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_AUTHENTICATION_FAILURE, .authentication_failure.cause = cause };

	m.authentication_failure.has_auts = cause == NAS_5GMM_SYNCH_FAILURE;
	amf_bed_say(b, test_nas_plain(&b->nas, &m));
}

static void test_synchronisation(void **state)
{
	struct amf_bed *b = *state;

	listen(b);
	amf_bed_challenge(b);
	for (int i = 0; i < AMF_RESYNCS_MAX; i++)
		fails(b, NAS_5GMM_SYNCH_FAILURE);
	assert_int_equal(heard.count[EVENT_CHALLENGE_REFUSED], AMF_RESYNCS_MAX);
	assert_int_equal(heard.last.reason, EVENT_SYNCHRONISATION);
	assert_int_equal(heard.last.cause, NAS_5GMM_SYNCH_FAILURE);
	fails(b, NAS_5GMM_SYNCH_FAILURE); /* the end of it is another event */
	assert_int_equal(heard.count[EVENT_CHALLENGE_REFUSED], AMF_RESYNCS_MAX);
	assert_int_equal(heard.count[EVENT_AUTHENTICATION_FAILED], 1);
}

static void test_mac(void **state)
{
	struct amf_bed *b = *state;

	listen(b);
	amf_bed_challenge(b);
	fails(b, NAS_5GMM_MAC_FAILURE);
	assert_int_equal(heard.count[EVENT_CHALLENGE_REFUSED], 1);
	assert_int_equal(heard.last.reason, EVENT_WRONG_KEY);
	assert_int_equal(heard.count[EVENT_AUTHENTICATION_FAILED], 0);
}

/* Of a UE that is known: once a connection, whatever comes. Of nobody in particular: counted alone. */
static void test_integrity(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = { .type = NAS_UL_NAS_TRANSPORT }, unknown = amf_bed_request();
	struct test_nas other;

	amf_bed_register(b);
	listen(b);
	other = b->nas;
	other.security.k_nas_int[0] ^= 1;
	m.ul_nas_transport.payload_container = bytes_of("\x2e\x01\x01\xc1", 4);
	for (int i = 0; i < 3; i++)
		amf_bed_say(b, test_nas_protected(&other, NAS_INTEGRITY_CIPHERED, &m));
	amf_bed_say(b, test_nas_plain(&b->nas, &m));
	assert_int_equal(b->amf->stat[AMF_STAT_NAS_INTEGRITY], 4);
	assert_int_equal(heard.count[EVENT_INTEGRITY_FAILED], 1);
	assert_string_equal(heard.last.supi.imsi, "001010000000001");
	amf_bed_released(b);
	amf_bed_service(b);
	amf_bed_say(b, test_nas_protected(&other, NAS_INTEGRITY_CIPHERED, &m));
	assert_int_equal(heard.count[EVENT_INTEGRITY_FAILED], 2);
	/* its identity, and not its key */
	unknown.registration_request.mobile_identity =
		(struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI,
			.guti = { b->config.guami, b->tmsi } };
	b->ran_id++;
	amf_bed_begin(b, test_nas_protected(&other, NAS_INTEGRITY, &unknown));
	assert_int_equal(b->amf->stat[AMF_STAT_NAS_INTEGRITY], 6);
	assert_int_equal(heard.count[EVENT_INTEGRITY_FAILED], 2);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_synchronisation), TEST(test_mac),
		TEST(test_integrity) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
