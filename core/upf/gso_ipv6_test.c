/* Super-packets of IPv6 cut and put together: every checksum is computed again, a byte at a time. */
#include "base/test.h"

#include "core/upf/gso.h"

enum { TCP = 6, UDP = 17, MAX = 65535, IP6 = 40 };

static uint8_t super[MAX], copies[UPF_GSO_SEGMENTS_MAX][2048];
static struct upf_segment segments[UPF_GSO_SEGMENTS_MAX];
static struct upf_packet packets[UPF_GSO_SEGMENTS_MAX];
static uint32_t chance = 1;

static uint32_t next_random(void)
{
	chance = chance * 1664525 + 1013904223;
	return chance >> 8;
}

static uint32_t slow_sum(uint32_t sum, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* RFC 8200 8.1, and the payload length. */
static uint32_t sum_of(const uint8_t *p, size_t len)
{
	return slow_sum(slow_sum((uint32_t)(p[6] + len - IP6), p + 8, 32), p + IP6, len - IP6);
}

static bool sound(const uint8_t *p, size_t len)
{
	return sum_of(p, len) == 0xffff && gtpu_be16(p + 4) == len - IP6;
}

/* headers: 60 and more, TCP; 48, UDP. */
static struct bytes make_super(uint8_t protocol, size_t headers, size_t payload)
{
	struct writer w = writer_of(super, sizeof(super));
	size_t len = headers + payload;

	writer_u32(&w, 0x6ab12345);
	writer_u16(&w, (uint16_t)(len - IP6));
	writer_u8(&w, protocol);
	writer_u8(&w, 64);
	for (int i = 0; i < 4; i++)
		writer_u64(&w, UINT64_C(0x20010db800450007) + (uint64_t)i);
	writer_u32(&w, 0x12345678);
	if (protocol == TCP) {
		writer_u32(&w, 0xfffffff0); /* the sequence number wraps */
		writer_u32(&w, 0x01020304);
		writer_uint(&w, ((headers - IP6) / 4) << 12 | 0x19, 2); /* ACK PSH FIN */
		writer_u16(&w, 0x2000);
		writer_u32(&w, 0);
	} else {
		writer_u16(&w, (uint16_t)(len - IP6));
		writer_u16(&w, 0);
	}
	while (w.len < len)
		writer_u8(&w, (uint8_t)next_random());
	return writer_bytes(&w);
}

static size_t split(uint8_t kind, struct bytes p, uint16_t segment)
{
	struct upf_super in = { p, kind, segment };
	size_t at = 0, n = upf_gso_split(&in, &at, segments, UPF_GSO_SEGMENTS_MAX);

	for (size_t i = 0; i < n; i++) {
		size_t len = segments[i].head_len + segments[i].payload.len;

		bytes_copy(copies[i], 2048,
			bytes_of(segments[i].head + UPF_GSO_HEAD_SPACE, segments[i].head_len));
		bytes_copy(copies[i] + segments[i].head_len, 2048, segments[i].payload);
		assert_true(sound(copies[i], len));
		packets[i] = (struct upf_packet){
			.data = copies[i], .len = (uint32_t)len, .linear = (uint32_t)len, .verdict = UPF_TO_N6
		};
	}
	return n;
}

static void round_trip(uint8_t kind, size_t headers, size_t payload, uint16_t segment)
{
	struct bytes p = make_super(kind == UPF_GSO_TCP ? TCP : UDP, headers, payload);
	size_t n = split(kind, p, segment), at = 0;
	struct upf_run run;

	assert_int_equal(n, (payload + segment - 1) / segment);
	for (size_t i = 0; kind == UPF_GSO_TCP && i < n; i++) {
		assert_int_equal(copies[i][53], i + 1 == n ? 0x19 : 0x10);
		assert_int_equal(gtpu_be32(copies[i] + 44), 0xfffffff0 + (uint32_t)(i * segment));
	}
	assert_int_equal(upf_gso_run(packets, n, &run), n);
	if (n < 2)
		return;
	assert_int_equal(run.kind, kind);
	assert_true(run.ipv6);
	assert_int_equal(run.head_len, headers);
	assert_int_equal(run.segment, segment);
	assert_int_equal(run.checksum_start, IP6);
	for (size_t i = 0; i < n; i++) {
		assert_memory_equal(segments[i].payload.data, super + headers + at, segments[i].payload.len);
		at += segments[i].payload.len;
	}
	/* With the checksum completed it is a sound packet. */
	bytes_copy(super, MAX, bytes_of(run.head, headers));
	assert_true(upf_checksum_complete(super, p.len, run.checksum_start, run.checksum_offset));
	assert_true(sound(super, p.len));
}

static void round_trips(void **state)
{
	round_trip(UPF_GSO_TCP, 60, 40 * 1340 + 77, 1340);
	round_trip(UPF_GSO_TCP, 100, 40 * 1300, 1300); /* the longest headers */
	round_trip(UPF_GSO_UDP, 48, 46 * 1352 + 1, 1352);
	for (int i = 0; i < 2000; i++) {
		uint16_t segment = (uint16_t)(1 + next_random() % 1380);
		size_t payload = 1 + next_random() % (segment * 40u);

		if (i % 2)
			round_trip(UPF_GSO_UDP, 48, payload, segment);
		else
			round_trip(UPF_GSO_TCP, 60 + next_random() % 11 * 4, payload, segment);
	}
}

/* The TCP checksum again. */
static void repair(uint8_t *p, size_t len)
{
	uint32_t sum;

	p[56] = p[57] = 0;
	sum = ~sum_of(p, len);
	p[56] = (uint8_t)(sum >> 8);
	p[57] = (uint8_t)sum;
	assert_true(sound(p, len));
}

/* Five good segments, of which the third is changed: the run ends before it, or with it. */
static size_t run_with(size_t at, uint8_t xor, bool repaired)
{
	struct upf_run run;

	split(UPF_GSO_TCP, make_super(TCP, 72, 5 * 1000), 1000);
	copies[2][at] ^= xor;
	if (repaired)
		repair(copies[2], 1072);
	return upf_gso_run(packets, 5, &run);
}

static void what_ends_a_run(void **state)
{
	struct upf_run run;

	assert_int_equal(run_with(80, 0, false), 5);
	assert_int_equal(run_with(80, 1, false), 2);  /* damaged payload */
	assert_int_equal(run_with(56, 1, false), 2);  /* damaged checksum */
	assert_int_equal(run_with(80, 1, true), 5);   /* other payload, sound */
	assert_int_equal(run_with(1, 0x10, true), 2); /* traffic class */
	assert_int_equal(run_with(3, 1, true), 2);    /* flow label */
	assert_int_equal(run_with(7, 1, true), 2);    /* hop limit */
	assert_int_equal(run_with(15, 1, true), 2);   /* source */
	assert_int_equal(run_with(39, 1, true), 2);   /* destination */
	assert_int_equal(run_with(41, 1, true), 2);   /* port */
	assert_int_equal(run_with(47, 1, true), 2);   /* sequence number */
	assert_int_equal(run_with(53, 8, true), 3);   /* PSH: the last of its run */
	assert_int_equal(run_with(54, 1, true), 2);   /* window */
	assert_int_equal(run_with(61, 1, true), 2);   /* options */
	split(UPF_GSO_TCP, make_super(TCP, 72, 3 * 1000), 1000);
	copies[1][5]++; /* a payload length that is not the packet's */
	assert_int_equal(upf_gso_run(packets, 3, &run), 1);
	split(UPF_GSO_TCP, make_super(TCP, 72, 3 * 1000), 1000);
	copies[0][6] = 44; /* with an extension header before it nothing is joined */
	assert_int_equal(upf_gso_run(packets, 3, &run), 1);
}

/* A packet of IPv4 does not go on one of IPv6. */
static void families_apart(void **state)
{
	struct upf_run run;

	split(UPF_GSO_UDP, make_super(UDP, 48, 3 * 100), 100);
	copies[1][0] = 0x45;
	assert_int_equal(upf_gso_run(packets, 3, &run), 1);
}

static void damage(void **state)
{
	struct upf_run run;

	for (int i = 0; i < 20000; i++) {
		size_t n = split(UPF_GSO_UDP, make_super(UDP, 48, 3 * 40), 40), which = next_random() % 3;

		copies[which][next_random() % 88] ^= (uint8_t)(1 << next_random() % 8);
		packets[which].linear = packets[which].len = next_random() % 89;
		upf_gso_run(packets, n, &run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(round_trips), cmocka_unit_test(what_ends_a_run),
		cmocka_unit_test(families_apart), cmocka_unit_test(damage) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
