/* Super-packets cut and put together: every checksum is computed again, a byte at a time. */
#include "base/test.h"

#include "core/upf/gso.h"
#include "core/upf/upf_bed.h"

enum { TCP = 6, UDP = 17, MAX = 65535 };

static uint8_t super[MAX], copies[UPF_GSO_SEGMENTS_MAX][2048];
static struct upf_segment segments[UPF_GSO_SEGMENTS_MAX];
static struct upf_packet packets[UPF_GSO_SEGMENTS_MAX];
static uint32_t chance = 1;

static uint32_t next_random(void)
{
	chance = chance * 1664525 + 1013904223;
	return chance >> 8;
}

static uint32_t slow_sum(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static bool sound(const uint8_t *p, size_t len)
{
	uint8_t pseudo[MAX + 12];

	bytes_copy(pseudo, 8, bytes_of(p + 12, 8));
	pseudo[8] = 0;
	pseudo[9] = p[9];
	pseudo[10] = (uint8_t)((len - 20) >> 8);
	pseudo[11] = (uint8_t)(len - 20);
	bytes_copy(pseudo + 12, MAX, bytes_of(p + 20, len - 20));
	return slow_sum(p, 20) == 0xffff && slow_sum(pseudo, len - 8) == 0xffff && gtpu_be16(p + 2) == len;
}

/* A super-packet with headers of that length (40 and more: TCP) as the kernel makes it. */
static struct bytes make_super(uint8_t protocol, size_t headers, size_t payload)
{
	struct writer w = writer_of(super, sizeof(super));
	size_t len = headers + payload;

	writer_uint(&w, 0x45000000 | len, 4);
	writer_uint(&w, 0x00054000, 4);
	writer_uint(&w, 0x4000 | protocol, 2);
	writer_u16(&w, 0);
	writer_u32(&w, 0x0a2d0002);
	writer_u32(&w, 0x08080808);
	writer_u32(&w, 0x12345678);
	if (protocol == TCP) {
		writer_u32(&w, 0xfffffff0); /* the sequence number wraps */
		writer_u32(&w, 0x01020304);
		writer_uint(&w, ((headers - 20) / 4) << 12 | 0x19, 2); /* ACK PSH FIN */
		writer_u16(&w, 0x2000);
		writer_u32(&w, 0);
	} else {
		writer_u16(&w, (uint16_t)(len - 20));
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

static void check_tcp_flags(size_t n, uint16_t segment)
{
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(copies[i][33], i + 1 == n ? 0x19 : 0x10);
		assert_int_equal(gtpu_be32(copies[i] + 24), 0xfffffff0 + (uint32_t)(i * segment));
		assert_int_equal(gtpu_be16(copies[i] + 4), 5 + i);
	}
}

/* Split, then put together: the same payload and headers. */
static void round_trip(uint8_t kind, size_t headers, size_t payload, uint16_t segment)
{
	uint8_t protocol = kind == UPF_GSO_TCP ? TCP : UDP;
	struct bytes p = make_super(protocol, headers, payload);
	size_t n = split(kind, p, segment), at = 0;
	struct upf_run run;

	assert_int_equal(n, (payload + segment - 1) / segment);
	if (kind == UPF_GSO_TCP)
		check_tcp_flags(n, segment);
	assert_int_equal(upf_gso_run(packets, n, &run), n);
	if (n < 2)
		return;
	assert_int_equal(run.kind, kind);
	assert_int_equal(run.head_len, headers);
	assert_int_equal(run.segment, segment);
	assert_int_equal(slow_sum(run.head, 20), 0xffff);
	for (size_t i = 0; i < n; i++) {
		assert_memory_equal(segments[i].payload.data, super + headers + at, segments[i].payload.len);
		at += segments[i].payload.len;
	}
	/* With the checksum completed it is a sound packet. */
	bytes_copy(super, MAX, bytes_of(run.head, headers));
	assert_true(upf_checksum_complete(super, p.len, 20, run.checksum_offset));
	assert_true(sound(super, p.len));
}

static void round_trips(void **state)
{
	round_trip(UPF_GSO_TCP, 40, 40 * 1360 + 77, 1360);
	round_trip(UPF_GSO_TCP, 52, 44 * 1348, 1348);
	round_trip(UPF_GSO_UDP, 28, 64 * 36, 36);
	round_trip(UPF_GSO_UDP, 28, 46 * 1372 + 1, 1372);
	for (int i = 0; i < 2000; i++) {
		uint16_t segment = (uint16_t)(1 + next_random() % 1400);
		size_t payload = 1 + next_random() % (segment * 40u);

		if (i % 2)
			round_trip(UPF_GSO_UDP, 28, payload, segment);
		else
			round_trip(UPF_GSO_TCP, 40 + next_random() % 11 * 4, payload, segment);
	}
}

static void put_check(uint8_t *at, uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	at[0] = (uint8_t)(~sum >> 8);
	at[1] = (uint8_t)~sum;
}

/* Both checksums of a TCP packet again. */
static void repair(uint8_t *p, size_t len)
{
	uint8_t pseudo[4] = { 0, TCP, (uint8_t)((len - 20) >> 8), (uint8_t)(len - 20) };

	p[36] = p[37] = p[10] = p[11] = 0;
	put_check(p + 10, slow_sum(p, 20));
	put_check(p + 36, slow_sum(p + 12, 8) + slow_sum(pseudo, 4) + slow_sum(p + 20, len - 20));
	assert_true(sound(p, len));
}

/* Five good segments, of which the third is changed: the run ends before it, or with it. */
static size_t run_with(size_t at, uint8_t xor, bool repaired)
{
	struct upf_run run;

	split(UPF_GSO_TCP, make_super(TCP, 52, 5 * 1000), 1000);
	copies[2][at] ^= xor;
	if (repaired)
		repair(copies[2], 1052);
	return upf_gso_run(packets, 5, &run);
}

static void what_ends_a_run(void **state)
{
	assert_int_equal(run_with(60, 0, false), 5);
	assert_int_equal(run_with(60, 1, false), 2);  /* damaged payload */
	assert_int_equal(run_with(36, 1, false), 2);  /* damaged checksum */
	assert_int_equal(run_with(10, 1, false), 2);  /* damaged IP checksum */
	assert_int_equal(run_with(60, 1, true), 5);   /* other payload, sound */
	assert_int_equal(run_with(19, 1, true), 2);   /* destination */
	assert_int_equal(run_with(21, 1, true), 2);   /* port */
	assert_int_equal(run_with(27, 1, true), 2);   /* sequence number */
	assert_int_equal(run_with(31, 1, true), 2);   /* acknowledgement */
	assert_int_equal(run_with(33, 8, true), 3);   /* PSH: the last of its run */
	assert_int_equal(run_with(33, 2, true), 2);   /* SYN */
	assert_int_equal(run_with(34, 1, true), 2);   /* window */
	assert_int_equal(run_with(41, 1, true), 2);   /* options */
	assert_int_equal(run_with(1, 4, true), 2);    /* type of service */
	assert_int_equal(run_with(8, 1, true), 2);    /* time to live */
	assert_int_equal(run_with(6, 0x20, true), 2); /* a fragment */
	assert_int_equal(run_with(5, 1, true), 5);    /* identity, with DF: does not matter */
}

static void not_super(void **state)
{
	struct upf_super in = { make_super(TCP, 40, 3000), UPF_GSO_UDP, 1000 };
	size_t at = 0;

	assert_int_equal(upf_gso_split(&in, &at, segments, UPF_GSO_SEGMENTS_MAX), 0);
	in.kind = UPF_GSO_TCP;
	in.segment = 0;
	assert_int_equal(upf_gso_split(&in, &at, segments, UPF_GSO_SEGMENTS_MAX), 0);
	in.segment = 1000;
	in.packet.len--;
	assert_int_equal(upf_gso_split(&in, &at, segments, UPF_GSO_SEGMENTS_MAX), 0);
	for (size_t len = 0; len < 60; len++) {
		in.packet.len = len;
		assert_int_equal(upf_gso_split(&in, &at, segments, UPF_GSO_SEGMENTS_MAX), 0);
	}
	assert_false(upf_checksum_complete(super, 100, 99, 0));
	assert_false(upf_checksum_complete(super, 100, 101, 0));
}

/* Damaged packets in any place: never more in a run than are sound. */
static void damage(void **state)
{
	struct upf_run run;

	for (int i = 0; i < 20000; i++) {
		size_t n = split(UPF_GSO_UDP, make_super(UDP, 28, 3 * 40), 40), which = next_random() % 3;

		copies[which][next_random() % 68] ^= (uint8_t)(1 << next_random() % 8);
		packets[which].linear = packets[which].len = next_random() % 69;
		upf_gso_run(packets, n, &run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(round_trips), cmocka_unit_test(what_ends_a_run),
		cmocka_unit_test(not_super), cmocka_unit_test(damage) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
