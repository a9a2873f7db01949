/* Random values of every XnAP message. */
#include "wire/xnap/xnap.h"

#include "wire/per/test_random.h"

enum {
	SEEDS = 100,
	BUDGET = 300, /* about so many composites a message */
};

static void test_messages(void **state)
{
	for (size_t i = 1; i < xnap_pdu_table.message_count; i++) {
		if (i != XNAP_MSG_PRIVATE_MESSAGE) /* it has no IE to encode, and needs one */
			random_check(xnap_pdu_table.messages[i].type, PER_ALIGNED, SEEDS, BUDGET, NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests_name("xnap/types", tests, NULL, NULL);
}
