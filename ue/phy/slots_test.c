#include "ue/phy/slots.h"

#include "base/test.h"

/* What a stack is told, in order. */
struct told {
	struct ue_slots slots;
	struct ue_phy *as; /* which the stack takes the cell for */
	bool is_suitable, in_sync;
	char calls[16];
	uint64_t now_ns;
	struct ue_stream_block block;
};

static void note(struct told *t, char call)
{
	size_t n = strlen(t->calls);

	assert_true(n + 1 < sizeof(t->calls));
	t->calls[n] = call;
	t->calls[n + 1] = '\0';
}

static bool suitable(void *arg, const struct ue_found *f)
{
	return ((struct told *)arg)->is_suitable;
}

static struct ue_phy *found(void *arg, const struct ue_found *f)
{
	note(arg, 'f');
	return ((struct told *)arg)->as;
}

static void not_found(void *arg, const struct ue_found *best)
{
	note(arg, 'n');
}

static void slot(void *arg, uint64_t now_ns)
{
	note(arg, 's');
	((struct told *)arg)->now_ns = now_ns;
}

static void received(void *arg)
{
	note(arg, 'r');
}

static void sync(void *arg, const struct ue_stream_block *heard)
{
	struct told *t = arg;

	note(t, 'b');
	t->in_sync = heard != NULL;
	if (heard)
		t->block = *heard;
}

static struct ue_stream_state state_of(struct told *t)
{
	struct ue_phy_radio radio = ue_slots_radio(&t->slots);

	return radio.state(radio.self);
}

static void begin(struct told *t)
{
	const struct l1_ue l1 = { .self = t };
	const struct ue_stream_upper upper = { t, suitable, found, not_found, slot, received, sync };

	*t = (struct told){ .as = (struct ue_phy *)t }; /* which nobody looks into without a slot */
	ue_slots_init(&t->slots, &l1, &upper);
	assert_ptr_equal(ue_slots_radio(&t->slots).l1.self, t);
	assert_false(state_of(t).found);
}

/* A cell that nobody wants is none; one that is taken has its own strength, and no timing advance yet. */
static void test_found(void **state)
{
	const struct ue_found weak = { .snr_db = 3 }, strong = { .snr_db = 21 };
	struct ue_phy_radio radio;
	struct told t;

	begin(&t);
	radio = ue_slots_radio(&t.slots);
	ue_slots_found(&t.slots, &weak);
	assert_string_equal(t.calls, "n");
	assert_false(state_of(&t).found);
	t.is_suitable = true;
	radio.advance(radio.self, 1024);
	assert_int_equal(state_of(&t).advance_tc, 1024);
	ue_slots_found(&t.slots, &strong);
	assert_string_equal(t.calls, "nf");
	assert_true(state_of(&t).found && state_of(&t).snr_db == 21 && state_of(&t).advance_tc == 0);
	radio.search(radio.self);
	assert_false(state_of(&t).found);
}

/* Time passes whether a cell is followed or not. */
static void test_time(void **state)
{
	struct told t;

	begin(&t);
	ue_slots_run(&t.slots, NULL, 77);
	assert_string_equal(t.calls, "sr");
	assert_int_equal(t.now_ns, 77);
}

/* The strength is that of the last SS/PBCH block that was heard. */
static void test_sync(void **state)
{
	struct told t;

	begin(&t);
	ue_slots_sync(&t.slots, true, 10);
	assert_true(t.in_sync && t.block.power == 1 && t.block.noise > 0.0999 && t.block.noise < 0.1001);
	ue_slots_sync(&t.slots, false, 3);
	assert_false(t.in_sync);
	assert_true(state_of(&t).snr_db == 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_sync),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
