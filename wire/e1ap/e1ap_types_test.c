/* Random values of every E1AP message. */
#include "wire/e1ap/e1ap.h"

#include "wire/per/test_random.h"

enum {
	SEEDS = 100,
	BUDGET = 300, /* about so many composites a message */
};

static void test_messages(void **state)
{
	for (size_t i = 1; i < e1ap_pdu_table.message_count; i++) {
		if (i != E1AP_MSG_PRIVATE_MESSAGE) /* has no IE to encode, and needs one */
			random_check(e1ap_pdu_table.messages[i].type, PER_ALIGNED, SEEDS, BUDGET, NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests_name("e1ap/types", tests, NULL, NULL);
}
