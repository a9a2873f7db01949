/* A cell under full load both ways takes no memory from the allocator in its slots, at either end, once pools
 * have grown: what RLC, MAC and the physical layer work in they have from their making, or from pools. */
#include "base/test.h"
#include "tests/cell_bed.h"

enum { PACKET = 1400, KEPT = 100, WARM_MS = 600, MS = 300 };

static bool counting;
static unsigned taken, given;

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t n);
void __real_free(void *old);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t n);
void __wrap_free(void *old);

void *__wrap_malloc(size_t n)
{
	taken += counting;
	return __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t size)
{
	taken += counting;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t n)
{
	taken += counting;
	return __real_realloc(old, n);
}

void __wrap_free(void *old)
{
	given += counting && old;
	__real_free(old);
}

static void load(struct cell_bed *b, unsigned ms, uint64_t *down, uint64_t *up, bool count)
{
	for (size_t left = (size_t)(b->rate_hz / 1000 * ms), n; left > 0; left -= n) {
		n = left < BED_BLOCK ? left : BED_BLOCK;
		for (; b->connected && *down - b->got_down < KEPT * PACKET; *down += PACKET)
			cell_bed_send(b, true, PACKET);
		for (; b->connected && *up - b->got_up < KEPT * PACKET; *up += PACKET)
			cell_bed_send(b, false, PACKET);
		counting = count;
		cell_bed_gnb_send(b, n);
		cell_bed_ue(b, n);
		cell_bed_gnb_receive(b, n);
		counting = false;
	}
}

static void test_full_load(void **state)
{
	static struct cell_bed b;
	struct served_cell_config c = cell_bed_config();
	uint64_t down = 0, up = 0;

	c.space = SERVED_CELL_SPACE_UE_SPECIFIC;
	counting = true;
	cell_bed_begin(&b, &c, &(struct cell_bed_way){ .profile = CHANNEL_AWGN, .snr_db = 30 });
	counting = false;
	assert_true(taken > 100); /* it is counted */
	taken = given = 0;
	load(&b, WARM_MS, &down, &up, false);
	assert_true(b.connected && b.got_down > 1000000 && b.got_up > 1000000);
	load(&b, MS, &down, &up, true);
	print_message("down %u, up %u octets; memory taken %u times, given back %u\n", (unsigned)b.got_down,
		(unsigned)b.got_up, taken, given);
	assert_int_equal(taken + given, 0);
	cell_bed_end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_full_load) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
