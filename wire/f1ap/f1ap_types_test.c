/* Random values of every F1AP message. */
#include "wire/f1ap/f1ap.h"

#include "wire/per/test_random.h"

enum {
	SEEDS = 100,
	BUDGET = 300, /* about so many composites a message */
};

/*
 * A private message has no IE to encode, and needs one. In the others, V17.4.1 demands extensions of
 * BroadcastMRBs-ToBeSetup-Item and three like it, and defines none.
 */
static bool has_valid_value(size_t message)
{
	switch (message) {
	case F1AP_MSG_PRIVATE_MESSAGE:
	case F1AP_MSG_BROADCAST_CONTEXT_SETUP_REQUEST:
	case F1AP_MSG_BROADCAST_CONTEXT_MODIFICATION_REQUEST:
	case F1AP_MSG_MULTICAST_CONTEXT_SETUP_REQUEST:
	case F1AP_MSG_MULTICAST_CONTEXT_MODIFICATION_REQUEST:
		return false;
	default:
		return true;
	}
}

static void test_messages(void **state)
{
	for (size_t i = 1; i < f1ap_pdu_table.message_count; i++) {
		if (has_valid_value(i))
			random_check(f1ap_pdu_table.messages[i].type, PER_ALIGNED, SEEDS, BUDGET, NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests_name("f1ap/types", tests, NULL, NULL);
}
