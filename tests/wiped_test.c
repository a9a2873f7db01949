/*
 * What held keys is wiped before its memory goes back: each function of a network that ends, by where
 * explicit_bzero() was called (the linker puts __wrap_ in its place).
 */
#include "base/test.h"

#include <string.h>

#include "core/internal.h"
#include "tests/call_bed.h"

enum { WIPES_MAX = 65536 };

static struct {
	const void *at;
	size_t len;
} wiped[WIPES_MAX];
static size_t count, copies; /* copies: of the key to seal with */
static struct call_bed *bed; /* whose nodes' calls are counted; NULL: none */
static unsigned of_node[BED_NODES];
static const uint8_t seal_key[SEAL_KEY_LEN] = { 0x5a, 0x5b, 0x5c };

void __real_explicit_bzero(void *at, size_t len);
void __wrap_explicit_bzero(void *at, size_t len);

void __wrap_explicit_bzero(void *at, size_t len)
{
	copies += len == sizeof(seal_key) && !memcmp(at, seal_key, len);
	if (bed && bed->inside)
		of_node[bed->inside - 1]++;
	if (count < WIPES_MAX) {
		wiped[count].at = at;
		wiped[count++].len = len;
	}
	__real_explicit_bzero(at, len);
}

static bool was_wiped(const void *at)
{
	for (size_t i = 0; i < count; i++)
		if (wiped[i].at == at)
			return true;
	return false;
}

/* Where keys lie: pointers to what has gone, of which nothing else is looked at. */
static void test_ends(void **state)
{
	struct call_bed *b = *state;
	const void *gone[4];

	call_start(b);
	call_subscribe(b, 1);
	assert_true(ue_register(call_ue(b, 1)));
	call_pass(b, 1000);
	gone[0] = b->core->udm;
	gone[1] = b->core->amfs[0];
	gone[2] = b->gnb;
	gone[3] = b->ues;
	count = 0;
	ue_host_free(b->ues);
	gnb_free(b->gnb);
	core_free(b->core);
	b->ues = NULL;
	b->gnb = NULL;
	b->core = NULL;
	for (size_t i = 0; i < ARRAY_LEN(gone); i++)
		if (!was_wiped(gone[i]))
			fail_msg("%zu is not wiped", i);
}

/* The copy of the key to seal with that an AMF was made from does not stay behind on the stack. */
static void test_begins(void **state)
{
	struct call_bed *b = *state;

	assert_true(bytes_copy(b->core_config.amfs[0].seal_key, SEAL_KEY_LEN, BYTES(seal_key)));
	copies = 0;
	call_start(b);
	assert_int_equal(copies, 2); /* and that of its configuration */
}

/* Keys may be in what an operator gets. */
static void test_answers(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	count = 0;
	call_control(b, "subscriber export keys");
	assert_true(was_wiped(b->core->reply));
}

static void wipes(const char *what, unsigned core, unsigned gnb, unsigned ues)
{
	if (of_node[NODE_CORE] != core || of_node[NODE_GNB] != gnb || of_node[NODE_UES] != ues)
		fail_msg("%s: %u, %u, %u", what, of_node[NODE_CORE], of_node[NODE_GNB], of_node[NODE_UES]);
	memset(of_node, 0, sizeof(of_node));
}

/* How often core, gNB and UE wipe in each procedure: what is left out, however it came to be, is fewer. */
static void test_procedures(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue;

	bed = b;
	b->gnb_config.inactivity_ms = 5000;
	call_start(b);
	call_subscribe(b, 1);
	ue = call_ue(b, 1);
	call_run(b);
	wipes("start", 4, 0, 0);
	b->inside = NODE_UES + 1;
	assert_true(ue_register(ue));
	b->inside = 0;
	call_run(b);
	assert_true(call_state(ue).registered);
	wipes("registration", 98, 1, 63);
	ue_session_establish(ue, NULL, NULL);
	call_run(b);
	assert_int_equal(call_state(ue).sessions, 1);
	wipes("session establishment", 39, 1, 5);
	call_pass(b, 20000);
	assert_false(call_state(ue).connected);
	wipes("release", 12, 5, 0);
	assert_true(ue_session_release(ue, 1));
	call_run(b);
	assert_int_equal(call_state(ue).sessions, 0);
	wipes("service request", 53, 1, 21);
	call_control(b, "reauthenticate\n001010000000001\n");
	call_run(b);
	wipes("re-authentication", 80, 2, 59);
	bed = NULL;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, call_setup, call_teardown)
	const struct CMUnitTest tests[] = { TEST(test_ends), TEST(test_begins), TEST(test_answers),
		TEST(test_procedures) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
