/* The difference of rule sets against a naive model: applied to what there is, it gives what is wanted. */
#include "base/test.h"
#include "core/smf/n4_rules.h"

static uint64_t seed = 1;

static uint32_t draw(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

/* A UPF: takes a delta rule by rule, and refuses what PFCP refuses. */
#define APPLY(kind, member, max)                                                                             \
	do {                                                                                                 \
		uint8_t n = 0;                                                                               \
                                                                                                             \
		for (uint8_t i = 0; i < have->count[kind]; i++)                                              \
			if (!(d->remove[kind] >> i & 1))                                                     \
				out->member[n++] = have->member[i];                                          \
		for (uint8_t i = 0; i < wanted->count[kind]; i++) {                                          \
			uint8_t at = 0;                                                                      \
                                                                                                             \
			while (at < n && out->member[at].id != wanted->member[i].id)                         \
				at++;                                                                        \
			if (d->create[kind] >> i & 1) {                                                      \
				assert_int_equal(at, n);                                                     \
				assert_true(n < max);                                                        \
				out->member[n++] = wanted->member[i];                                        \
			} else if (d->update[kind] >> i & 1) {                                               \
				assert_true(at < n);                                                         \
				out->member[at] = wanted->member[i];                                         \
			}                                                                                    \
		}                                                                                            \
		out->count[kind] = n;                                                                        \
	} while (0)

static void apply(const struct n4_delta *d, const struct n4_rules *have, const struct n4_rules *wanted,
	struct n4_rules *out)
{
	APPLY(N4_PDR, pdr, N4_PDRS_MAX);
	APPLY(N4_FAR, far, N4_FARS_MAX);
	APPLY(N4_QER, qer, N4_QERS_MAX);
	APPLY(N4_URR, urr, N4_URRS_MAX);
}

#define CHECK(kind, member, equal)                                                                           \
	do {                                                                                                 \
		unsigned changes = 0;                                                                        \
                                                                                                             \
		assert_int_equal(got.count[kind], wanted->count[kind]);                                      \
		for (uint8_t i = 0; i < wanted->count[kind]; i++) {                                          \
			unsigned in_got = 0, in_have = 0;                                                    \
                                                                                                             \
			for (uint8_t k = 0; k < got.count[kind]; k++)                                        \
				in_got += equal(&got.member[k], &wanted->member[i]);                         \
			for (uint8_t k = 0; k < have->count[kind]; k++)                                      \
				in_have += equal(&have->member[k], &wanted->member[i]);                      \
			assert_int_equal(in_got, 1);                                                         \
			changes += !in_have;                                                                 \
		}                                                                                            \
		/* minimal: as many elements as rules that are not there as they should be */                \
		assert_int_equal(__builtin_popcount(d.create[kind] | d.update[kind]), changes);              \
		assert_int_equal(d.create[kind] & d.update[kind], 0);                                        \
	} while (0)

static void check(const struct n4_rules *have, const struct n4_rules *wanted)
{
	struct n4_rules got = { 0 };
	struct n4_delta d;

	n4_diff(have, wanted, &d);
	apply(&d, have, wanted, &got);
	CHECK(N4_PDR, pdr, n4_pdr_equal);
	CHECK(N4_FAR, far, n4_far_equal);
	CHECK(N4_QER, qer, n4_qer_equal);
	CHECK(N4_URR, urr, n4_urr_equal);
	n4_diff(wanted, wanted, &d);
	assert_true(n4_delta_is_empty(&d));
}

/* Ids without repetition, few values, so that rules stay, change, come and go. */
static void draw_rules(struct n4_rules *r)
{
	static const struct smf_match matches[2] = { { .filter_count = 1, .filters = { { .id = 1 } } },
		{ .filter_count = 1, .filters = { { .id = 2, .protocol = 17 } } } };

	*r = (struct n4_rules){ 0 };
	for (uint32_t id = 1; id <= N4_PDRS_MAX; id++)
		if (draw(2))
			r->pdr[r->count[N4_PDR]++] = (struct n4_pdr){ .id = id,
				.precedence = draw(2),
				.qfi = (uint8_t)draw(2),
				.local = { ip_from_v4(draw(2)), draw(2) },
				.ue = { draw(2), draw(2), 0 },
				.match = draw(3) ? &matches[draw(2)] : NULL };
	for (uint32_t id = 1; id <= N4_FARS_MAX; id++)
		if (draw(3))
			r->far[r->count[N4_FAR]++] = (struct n4_far){
				.id = id, .action = (uint8_t)draw(3), .tunnel = { ip_from_v4(1), draw(2) }
			};
	for (uint32_t id = N4_QERS_MAX; id >= 1; id--) /* the order does not count */
		if (draw(2))
			r->qer[r->count[N4_QER]++] =
				(struct n4_qer){ .id = id, .mbr = { draw(2), 5 }, .gbr = { 0, draw(2) } };
	if (draw(2))
		r->urr[r->count[N4_URR]++] = (struct n4_urr){ URR_SESSION, draw(2) };
}

static void random_sets(void **state)
{
	struct n4_rules have, wanted;

	for (int i = 0; i < 20000; i++) {
		draw_rules(&have);
		draw_rules(&wanted);
		check(&have, &wanted);
	}
}

/* Every pair of sets of three rules, each absent or of one of two values. */
static void small_set(unsigned code, struct n4_rules *r)
{
	*r = (struct n4_rules){ 0 };
	for (uint32_t id = 1; id <= 3; id++, code /= 3)
		if (code % 3) {
			r->pdr[r->count[N4_PDR]++] = (struct n4_pdr){ .id = id, .precedence = code % 3 };
			r->qer[r->count[N4_QER]++] = (struct n4_qer){ .id = id, .gate = code % 3 };
			if (id <= N4_FARS_MAX)
				r->far[r->count[N4_FAR]++] = (struct n4_far){ .id = id, .action = code % 3 };
			if (id <= N4_URRS_MAX)
				r->urr[r->count[N4_URR]++] = (struct n4_urr){ id, code % 3 };
		}
}

static void every_small_pair(void **state)
{
	struct n4_rules have, wanted;

	for (unsigned a = 0; a < 27; a++)
		for (unsigned b = 0; b < 27; b++) {
			small_set(a, &have);
			small_set(b, &wanted);
			check(&have, &wanted);
		}
}

/* Each member by itself makes a difference. */
static void every_member_counts(void **state)
{
	static const struct smf_match m = { .filter_count = 1, .filters = { { .id = 1 } } };
	static const struct smf_filter filters[] = { { .id = 2 }, { .id = 1, .direction = 1 },
		{ .id = 1, .protocol = 6 }, { .id = 1, .remote_bits = 8 }, { .id = 1, .remote = { 0, 1 } },
		{ .id = 1, .remote_low = 1 }, { .id = 1, .remote_high = 1 }, { .id = 1, .local_low = 1 },
		{ .id = 1, .local_high = 1 } };
	struct n4_pdr p = { .id = 1 }, others[] = { { .id = 2 }, { .id = 1, .precedence = 1 },
		{ .id = 1, .source = 1 }, { .id = 1, .qfi = 1 }, { .id = 1, .local.teid = 1 },
		{ .id = 1, .local.ip.low = 1 }, { .id = 1, .ue.ipv4 = 1 }, { .id = 1, .ue.ipv6_prefix = 1 },
		{ .id = 1, .ue.interface_id = 1 }, { .id = 1, .match = &m }, { .id = 1, .far = 1 },
		{ .id = 1, .qer_session = 1 }, { .id = 1, .qer_flow = 1 }, { .id = 1, .urr = 1 },
		{ .id = 1, .urr_flow = 1 } };
	struct n4_far f = { .id = 1 }, fars[] = { { .id = 2 }, { .id = 1, .action = 1 },
		{ .id = 1, .destination = 1 }, { .id = 1, .dscp = 1 }, { .id = 1, .tunnel.teid = 1 },
		{ .id = 1, .tunnel.ip.high = 1 } };
	struct n4_qer q = { .id = 1 }, qers[] = { { .id = 2 }, { .id = 1, .gate = 1 }, { .id = 1, .qfi = 1 },
		{ .id = 1, .rqi = true }, { .id = 1, .mbr.uplink_bps = 1 },
		{ .id = 1, .mbr.downlink_bps = 1 }, { .id = 1, .gbr.uplink_bps = 1 },
		{ .id = 1, .gbr.downlink_bps = 1 } };

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_false(n4_pdr_equal(&p, &others[i]));
	for (size_t i = 0; i < ARRAY_LEN(fars); i++)
		assert_false(n4_far_equal(&f, &fars[i]));
	for (size_t i = 0; i < ARRAY_LEN(qers); i++)
		assert_false(n4_qer_equal(&q, &qers[i]));
	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		struct smf_match other = { .filter_count = 1, .filters = { filters[i] } };

		assert_false(smf_match_equal(&m, &other));
	}
}

/* Of whatever kind, a rule made or removed is another shape, and one changed something to do. */
static void each_kind(void **state)
{
	assert_true(n4_delta_is_empty(&(struct n4_delta){ .create = { 0 } }));
	assert_false(n4_delta_is_shape(&(struct n4_delta){ .create = { 0 } }));
	for (int kind = 0; kind < N4_KINDS; kind++) {
		struct n4_delta made = { .create = { 0 } }, gone = made, changed = made;

		made.create[kind] = gone.remove[kind] = changed.update[kind] = UINT32_C(1) << 31;
		assert_false(
			n4_delta_is_empty(&made) || n4_delta_is_empty(&gone) || n4_delta_is_empty(&changed));
		assert_true(n4_delta_is_shape(&made) && n4_delta_is_shape(&gone));
		assert_false(n4_delta_is_shape(&changed));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_sets),
		cmocka_unit_test(every_small_pair),
		cmocka_unit_test(every_member_counts),
		cmocka_unit_test(each_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
