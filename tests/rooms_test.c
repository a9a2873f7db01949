/*
 * Rooms begin, and DU and CU-UP look for their other end. Made with the first, second, ... allocation refused
 * a room is NULL, or whole; either way nothing of it is left at its end. (Linked with --wrap for allocations
 * and the outbox.)
 */
#include "base/test_stats.h"
#include "core/upf/upf_bed.h"
#include "gnb/cuup/room.h"
#include "gnb/du/parts.h"
#include "gnb/du/room.h"
#include "gnb/gnb.h"
#include "ue/air.h"

enum { PORT = 7, TRIES_MAX = 2000 };

static struct {
	bool armed, room_is_out;
	uint32_t left;  /* allocations until the one that is refused */
	int64_t living; /* made while armed, less those that were freed */
} plan;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t alignment, size_t n);
void __real_free(void *p);
bool __real_outbox_put(struct outbox *o, const struct msg *m);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_aligned_alloc(size_t alignment, size_t n);
void __wrap_free(void *p);
bool __wrap_outbox_put(struct outbox *o, const struct msg *m);

static bool refused(void)
{
	return plan.armed && plan.left > 0 && --plan.left == 0;
}

static void *counted(void *p)
{
	plan.living += plan.armed && p;
	return p;
}

void *__wrap_malloc(size_t n)
{
	return refused() ? NULL : counted(__real_malloc(n));
}

void *__wrap_calloc(size_t n, size_t size)
{
	return refused() ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_aligned_alloc(size_t alignment, size_t n)
{
	return refused() ? NULL : counted(__real_aligned_alloc(alignment, n));
}

void *__wrap_realloc(void *p, size_t n)
{
	bool grows = p != NULL;
	void *now = refused() ? NULL : __real_realloc(p, n);

	plan.living += plan.armed && now && !grows;
	return now;
}

void __wrap_free(void *p)
{
	plan.living -= plan.armed && p;
	__real_free(p);
}

bool __wrap_outbox_put(struct outbox *o, const struct msg *m)
{
	return !plan.room_is_out && __real_outbox_put(o, m);
}

static struct upf_config upf_config;
static struct gnb_config gnb_config;
static struct du_room_config du_config;
static struct cuup_room_config cuup_config;
static struct test_env t;

/* 10 MHz of band 3. */
static const struct du_config cell = { .cell = { .pci = 5,
					       .band = 3,
					       .arfcn = 368500,
					       .bandwidth_mhz = 10,
					       .mcc = { 0, 0, 1 },
					       .mnc = { 0, 1 },
					       .mnc_digits = 2,
					       .tac = 1,
					       .cell_identity = 0x123456001,
					       .sounding = true },
	.c_rnti_first = 0x4601 };

static int setup(void **state)
{
	struct plmn plmn;

	plan.armed = plan.room_is_out = false;
	test_env_init(&t, 42, false);
	t.now_ns = 1000 * NS_PER_S;
	assert_true(plmn_parse("00101", &plmn));
	bed_config(&upf_config);
	upf_config.workers = 2;
	upf_config.lan_count = 1;
	str_copy(upf_config.lans[0], sizeof(upf_config.lans[0]), "lan");
	gnb_config = (struct gnb_config){ .gnb_id = 0x123456,
		.gnb_id_bits = 24,
		.plmn = plmn,
		.cell_count = 1,
		.cells = { { 1, 1 } },
		.slice_count = 1,
		.slices = { { 1, SNSSAI_NO_SD } },
		.amf_count = 1,
		.amfs = { addr_from_v4(0x7f000001, 38412) },
		.n3_address = addr_from_v4(0x7f000002, 2152) };
	str_copy(gnb_config.name, sizeof(gnb_config.name), "gnb");
	du_config = (struct du_room_config){ .env = &t.env,
		.du = cell,
		.plmn = plmn,
		.id = 1,
		.name = "du",
		.f1u = addr_from_v4(0x7f000003, 2152),
		.cu = addr_from_v4(0x7f000002, 38472),
		.port = PORT };
	cuup_config = (struct cuup_room_config){ .node = { .env = &t.env,
							 .id = 1,
							 .name = "cuup",
							 .plmns = &du_config.plmn,
							 .plmn_count = 1,
							 .contexts_max = 8,
							 .n3 = addr_from_v4(0x7f000004, 2152),
							 .f1u = addr_from_v4(0x7f000004, 2152) },
		.cp = addr_from_v4(0x7f000002, 38462),
		.port = PORT };
	return 0;
}

static int teardown(void **state)
{
	plan.armed = false;
	test_env_fini(&t);
	return 0;
}

/* --- made without memory */

static bool make_upf(void)
{
	struct upf *upf = upf_new(&upf_config, &t.env);

	upf_free(upf);
	return upf;
}

static bool make_gnb(void)
{
	struct gnb *gnb = gnb_new(&gnb_config, &t.env);

	gnb_free(gnb);
	return gnb;
}

static bool make_gnb_of_dus(void)
{
	gnb_config.radio = GNB_RADIO_DUS;
	return make_gnb();
}

static bool make_cuup(void)
{
	struct cuup_room *r = cuup_room_new(&cuup_config);

	cuup_room_free(r);
	return r;
}

static bool make_du(void)
{
	const char *wrong;
	struct du_room *d = du_room_new(&du_config, &wrong);

	if (wrong)
		fail_msg("%s", wrong);
	du_room_free(d);
	return d;
}

static bool make_ue(void)
{
	const struct ue_air_config c = {
		.rate_hz = 15.36e6, .downlink_hz = 1842500000, .band = 3, .plmn = du_config.plmn
	};
	struct ue_host *host = ue_host_new(&t.env, 2);
	bool ok = host && ue_host_set_air(host, &c);

	ue_host_free(host);
	return ok;
}

/* Each allocation of the first forty, then ever fewer: the radio's tables have many alike. */
static uint32_t after(uint32_t n)
{
	return n < 40 ? n + 1 : n + n / 10;
}

static void without_memory(bool (*make)(void))
{
	for (uint32_t n = 1; n < TRIES_MAX; n = after(n)) {
		bool made, came;

		plan.left = n;
		plan.living = 0;
		plan.armed = true;
		made = make();
		plan.armed = false;
		came = plan.left == 0;
		test_env_forget(&t);
		if (plan.living != 0)
			fail_msg("allocation %u: %lld are left", n, (long long)plan.living);
		if (!came) {
			assert_true(made);
			return;
		}
	}
	fail_msg("there is no end of it");
}

#define WITHOUT_MEMORY(what)                                                                                 \
	static void what##_without_memory(void **state)                                                      \
	{                                                                                                    \
		without_memory(make_##what);                                                                 \
	}
WITHOUT_MEMORY(upf)
WITHOUT_MEMORY(gnb)
WITHOUT_MEMORY(gnb_of_dus)
WITHOUT_MEMORY(cuup)
WITHOUT_MEMORY(du)
WITHOUT_MEMORY(ue)

/* --- the other end */

static void give(struct room room, const struct msg *m)
{
	room.ops->on_msg(room.self, m);
}

static unsigned connects(void)
{
	unsigned n = 0;

	for (const struct msg *m; (m = test_env_next(&t, PORT)) != NULL; n++) {
		assert_int_equal(m->kind, MSG_UP);
		assert_int_equal(m->token, 1);
	}
	test_env_forget(&t);
	return n;
}

/* It is asked for once a wait, which doubles up to the longest; also where the outbox had no room for it. */
static void looks_for_it(struct room room, uint32_t first_ms, uint32_t max_ms, const struct addr *whom)
{
	struct msg down = { .kind = MSG_DOWN, .port = PORT, .token = 1 }, up = down;
	uint32_t ms = first_ms;

	test_env_pass(&t, room, 0);
	assert_memory_equal(&test_env_next(&t, PORT)->peer, whom, sizeof(*whom));
	assert_int_equal(connects(), 0);
	for (unsigned i = 0; i < 6; i++) {
		if (i != 3)
			give(room, &down);
		test_env_pass(&t, room, ms - 1);
		assert_int_equal(connects(), 0);
		plan.room_is_out = i == 2;
		test_env_pass(&t, room, 1);
		plan.room_is_out = false;
		assert_int_equal(connects(), i != 2);
		ms = 2 * ms < max_ms ? 2 * ms : max_ms;
	}
	assert_int_equal(ms, max_ms);
	/* It is there, and greeted; what another association says is nothing. */
	up.kind = MSG_UP;
	up.assoc = 77;
	up.out_streams = 1;
	give(room, &up);
	assert_int_equal(test_env_next(&t, PORT)->assoc, 77);
	test_env_forget(&t);
	test_env_pass(&t, room, 500);
	down.assoc = 78;
	give(room, &down);
	test_env_pass(&t, room, max_ms);
	for (const struct msg *m; (m = test_env_next(&t, PORT)) != NULL;)
		assert_int_equal(m->kind, MSG_DATA);
	test_env_forget(&t);
	/* It goes before it has answered: the wait is still the longest. */
	down.assoc = 77;
	give(room, &down);
	test_env_forget(&t);
	test_env_pass(&t, room, max_ms - 1);
	assert_int_equal(connects(), 0);
	test_env_pass(&t, room, 1);
	assert_int_equal(connects(), 1);
	give(room, &up);
	test_env_forget(&t);
}

/* What leaves: the association ends, and none is asked for any more. */
static void is_left(struct room room)
{
	const struct msg *m = test_env_next(&t, PORT);

	assert_non_null(m);
	assert_int_equal(m->kind, MSG_DOWN);
	assert_int_equal(m->assoc, 77);
	test_env_forget(&t);
	give(room, &(struct msg){ .kind = MSG_DOWN, .port = PORT, .assoc = 77 });
	test_env_pass(&t, room, 60000);
	assert_null(test_env_next(&t, PORT));
}

static void du_looks_for_its_cu(void **state)
{
	const char *wrong;
	struct du_room *d = du_room_new(&du_config, &wrong);

	assert_non_null(d);
	looks_for_it(du_room_of(d), DU_RECONNECT_MS, DU_RECONNECT_MAX_MS, &du_config.cu);
	assert_false(du_room_slot(d)); /* no answer, no cell */
	assert_int_equal(du_room_slots_next_ns(d), NEVER);
	du_room_leave(d);
	is_left(du_room_of(d));
	du_room_free(d);
}

static void cuup_looks_for_its_cp(void **state)
{
	struct cuup_room *r = cuup_room_new(&cuup_config);

	assert_non_null(r);
	looks_for_it(cuup_room_of(r), CUUP_RECONNECT_MS, CUUP_RECONNECT_MAX_MS, &cuup_config.cp);
	cuup_room_leave(r);
	is_left(cuup_room_of(r));
	cuup_room_free(r);
}

/* --- figures, of rooms that nothing has happened to but one E1 and F1 message that is none */

static void du_is_counted(void **state)
{
	const char *wrong;
	struct du_room *d = du_room_new(&du_config, &wrong);
	struct stats_list l = { 0 };
	uint8_t none[3] = { 0xff, 0xff, 0xff };

	assert_non_null(d);
	give(du_room_of(d), &(struct msg){ .kind = MSG_UP, .port = PORT, .assoc = 77, .out_streams = 1 });
	give(du_room_of(d), &(struct msg){ .port = PORT, .assoc = 77, .data = BYTES(none) });
	give(du_room_of(d), &(struct msg){ .port = PORT, .assoc = 78, .data = BYTES(none) });
	test_env_forget(&t);
	for (unsigned i = 0; i < 3; i++)
		for (unsigned row = 0; row < (i == DU_SPREAD_CQI ? PHY_CQI_ROWS : PHY_MCS_ROWS); row++)
			du_node_mac(du_room_node(d))->spread[i][row] = 1000 * (i + 1) + row;
	for (unsigned i = 0; i < DU_STATS; i++)
		du_node_mac(du_room_node(d))->stat[i] = i;
	du_room_figures(d, &l);
	assert_int_equal(l.count, 4);
	for (unsigned i = 0; i < DU_STATS; i++)
		assert_int_equal(l.items[0].values[i], i);
	for (unsigned row = 0; row < PHY_CQI_ROWS; row++)
		assert_int_equal(l.items[1].values[row], 1000 * (DU_SPREAD_CQI + 1) + row);
	for (unsigned row = 0; row < PHY_MCS_ROWS; row++) {
		assert_int_equal(l.items[2].values[2 * row], 1000 * (DU_SPREAD_DL_MCS + 1) + row);
		assert_int_equal(l.items[2].values[2 * row + 1], 1000 * (DU_SPREAD_UL_MCS + 1) + row);
	}
	for (size_t i = 0; i < l.count; i++) {
		assert_string_equal(l.items[i].label, "du");
		assert_string_equal(l.items[i].name, "du");
	}
	assert_ptr_equal(l.items[0].group, &du_stat_group);
	assert_ptr_equal(l.items[1].group, &du_cqi_group);
	assert_int_equal(l.items[1].rows, PHY_CQI_ROWS);
	assert_ptr_equal(l.items[2].group, &du_mcs_group);
	assert_int_equal(l.items[2].rows, PHY_MCS_ROWS);
	assert_ptr_equal(l.items[3].group, &du_f1_stat_group);
	assert_int_equal(test_figure(&l, "f1ap_faults", ""), 1);
	assert_int_equal(test_figure(&l, "f1", "") + test_figure(&l, "ues", ""), 0);
	for (size_t row = 0; row < 3; row++) {
		char text[32], wanted[32];
		struct writer w = writer_of(text, sizeof(text) - 1);

		l.items[1].labels(l.items[1].arg, row, &w);
		text[w.len] = '\0';
		snprintf(wanted, sizeof(wanted), "cqi=\"%zu\"", row);
		assert_string_equal(text, wanted);
		w.len = 0;
		l.items[2].labels(l.items[2].arg, row, &w);
		text[w.len] = '\0';
		snprintf(wanted, sizeof(wanted), "mcs=\"%zu\"", row);
		assert_string_equal(text, wanted);
	}
	du_room_free(d);
}

static void cuup_is_counted(void **state)
{
	struct cuup_room *r = cuup_room_new(&cuup_config);
	struct stats_list l = { 0 };
	uint8_t none[3] = { 0xff, 0xff, 0xff };

	assert_non_null(r);
	give(cuup_room_of(r), &(struct msg){ .kind = MSG_UP, .port = PORT, .assoc = 77, .out_streams = 1 });
	give(cuup_room_of(r), &(struct msg){ .port = PORT, .assoc = 77, .data = BYTES(none) });
	give(cuup_room_of(r), &(struct msg){ .port = PORT, .assoc = 78, .data = BYTES(none) });
	test_env_forget(&t);
	cuup_room_figures(r, &l);
	assert_int_equal(l.count, 1);
	assert_ptr_equal(l.items[0].group, &cuup_stat_group);
	assert_string_equal(l.items[0].label, "cuup");
	assert_string_equal(l.items[0].name, "cuup");
	assert_int_equal(test_figure(&l, "e1ap_faults", ""), 1);
	assert_int_equal(test_figure(&l, "e1", "") + test_figure(&l, "bearer_contexts", ""), 0);
	cuup_room_free(r);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(upf_without_memory), TEST(gnb_without_memory),
		TEST(gnb_of_dus_without_memory), TEST(cuup_without_memory), TEST(du_without_memory),
		TEST(ue_without_memory), TEST(du_looks_for_its_cu), TEST(cuup_looks_for_its_cp),
		TEST(du_is_counted), TEST(cuup_is_counted) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
