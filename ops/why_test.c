/* Each event that the core raises has words of its own, and what goes wrong an advice. */
#include "base/test.h"

#include "core/nf/event.h"
#include "ops/why.h"

static const struct why_words *words_of(enum event_kind kind, enum event_reason reason)
{
	return why_words(event_kind_name(kind), event_reason_name(reason), "");
}

static void test_kinds(void **state)
{
	for (uint8_t kind = EVENT_REGISTERED; kind < EVENT_KIND_COUNT; kind++) {
		const struct why_words *w = words_of(kind, EVENT_NO_REASON);

		assert_non_null(w->event);
		assert_string_equal(w->event, event_kind_name(kind));
	}
	assert_null(why_words("of-a-later-version", "", "")->event);
}

static void test_reasons(void **state)
{
	static const struct {
		enum event_kind kind;
		enum event_reason reasons[12];
	} raised[] = {
		{ EVENT_REGISTRATION_REJECTED,
			{ EVENT_UNKNOWN_SUBSCRIBER, EVENT_OTHER_NETWORK, EVENT_HOME_NETWORK_KEY,
				EVENT_WRONG_KEY, EVENT_NO_ALGORITHM, EVENT_NO_SLICE, EVENT_TRACKING_AREA,
				EVENT_OVERLOAD, EVENT_EXHAUSTED, EVENT_FAULT } },
		{ EVENT_AUTHENTICATION_FAILED, { EVENT_WRONG_KEY, EVENT_SYNCHRONISATION, EVENT_BY_UE } },
		{ EVENT_DEREGISTERED,
			{ EVENT_BY_UE, EVENT_BY_NETWORK, EVENT_UNREACHABLE, EVENT_MOVED, EVENT_REPLACED } },
		{ EVENT_SERVICE_REJECTED, { EVENT_NOT_REGISTERED, EVENT_OVERLOAD } },
		{ EVENT_SESSION_REJECTED,
			{ EVENT_DNN_NOT_SUBSCRIBED, EVENT_DNN_NOT_SERVED, EVENT_SLICE_NOT_ALLOWED,
				EVENT_SESSION_TYPE, EVENT_NO_UPF, EVENT_NO_ADDRESS, EVENT_STATIC_ADDRESS,
				EVENT_UPF_REFUSED, EVENT_GNB_REFUSED, EVENT_UNDELIVERED, EVENT_EXHAUSTED,
				EVENT_FAULT } },
		{ EVENT_SESSION_RELEASED, { EVENT_BY_UE, EVENT_BY_NETWORK } },
	};

	for (size_t i = 0; i < ARRAY_LEN(raised); i++)
		for (size_t r = 0; r < ARRAY_LEN(raised[i].reasons) && raised[i].reasons[r]; r++) {
			const struct why_words *w = words_of(raised[i].kind, raised[i].reasons[r]);

			assert_non_null(w->reason);
			assert_string_equal(w->reason, event_reason_name(raised[i].reasons[r]));
			if (raised[i].kind == EVENT_REGISTRATION_REJECTED ||
				raised[i].kind == EVENT_AUTHENTICATION_FAILED)
				assert_non_null(w->advice);
		}
}

static void test_causes(void **state)
{
	const struct why_words *w =
		why_words("connection-released", "", "NGAP radioNetwork: user-inactivity");

	assert_string_equal(w->words, "idle: nothing to send");
	w = why_words("connection-released", "", "NGAP radioNetwork: unspecified");
	assert_null(w->cause);
	w = why_words("handover-failed", "", "NGAP radioNetwork: unknown-targetID");
	assert_non_null(w->cause);
	assert_non_null(w->advice);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_causes),
	};

	return cmocka_run_group_tests_name("why", tests, NULL, NULL);
}
