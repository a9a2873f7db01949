/* Several workers, one step at a time: what one receives for another's session, and what they note. */
#include "base/test.h"

#include "core/upf/upf_bed.h"

enum { WORKERS = 2 };

static struct bed bed;
static struct bed_session rules;
static struct bed_session_ids ids[WORKERS]; /* the session of each worker */
static uint8_t inner[70000], outer[2048];

static void establish(uint32_t n, struct bed_session_ids *to)
{
	bed_session_fill(&rules, BED_UE + n, BED_GNB_TEID + n, 0x70 + n);
	assert_int_equal(bed_establish(&bed, &rules, to), PFCP_CAUSE_ACCEPTED);
}

static int setup(void **state)
{
	struct upf_config c;

	bed_config(&c);
	c.workers = WORKERS;
	bed_init(&bed, &c);
	assert_true(bed_associate(&bed));
	for (uint32_t i = 0; i < WORKERS; i++)
		establish(i, &ids[i]);
	return 0;
}

static int teardown(void **state)
{
	bed_fini(&bed);
	return 0;
}

static struct upf_packet packet_of(struct bytes data)
{
	return (struct upf_packet){ .data = data.data,
		.len = (uint32_t)data.len,
		.linear = (uint32_t)data.len,
		.peer = ip_from_v4(BED_GNB),
		.peer_port = GTPU_UDP_PORT };
}

/* An uplink packet of the session of `of`. */
static struct upf_packet uplink(uint32_t of, uint32_t dst)
{
	return packet_of(bed_gpdu(outer, ids[of].teid, 9, bed_udp(inner, BED_UE + of, dst, 1, 2, 100)));
}

static size_t take(uint8_t worker, struct upf_packet *packets, size_t max)
{
	struct upf_worker *w = upf_worker_at(bed.upf, worker);
	size_t n;

	upf_worker_begin(w, bed.t.now_ns);
	n = upf_worker_take(w, packets, max);
	upf_worker_end(w);
	return n;
}

static void sessions_in_turn(void **state)
{
	for (uint32_t i = 0; i < WORKERS; i++)
		assert_int_equal(ids[i].teid % WORKERS, i);
	assert_null(upf_worker_at(bed.upf, WORKERS));
	assert_non_null(upf_worker_at(bed.upf, WORKERS - 1));
}

/* The owner is by the UE's address, whatever TEID a restored session comes with. */
static void owner_by_address(void **state)
{
	for (uint32_t teid = 0x2000; teid < 0x2004; teid++) {
		const struct upf_session *s;
		struct bed_session_ids other;

		bed_session_fill(&rules, BED_UE + teid + 1, teid, teid);
		rules.pdr[0].pdi.local_f_teid =
			(struct pfcp_f_teid){ .has_ipv4 = true, .teid = teid, .ipv4 = { 10, 1, 0, 1 } };
		assert_int_equal(bed_establish(&bed, &rules, &other), PFCP_CAUSE_ACCEPTED);
		s = upf_table_find(&bed.upf->data.by_teid, upf_key_teid(teid));
		assert_non_null(s);
		assert_int_equal(s->worker, (BED_UE + teid + 1) % WORKERS);
	}
}

static void handed_over(void **state)
{
	struct upf_packet p = uplink(0, BED_DN), taken[2];

	bed_burst(&bed, 1, true, &p, 1);
	assert_int_equal(p.verdict, UPF_DROP);
	assert_int_equal(bed_stat(&bed, UPF_STAT_UL_PACKETS), 0);
	assert_int_equal(upf_worker_handed(upf_worker_at(bed.upf, 1)), 1u << 0);
	assert_int_equal(upf_worker_handed(upf_worker_at(bed.upf, 1)), 0);
	memset(outer, 0, sizeof(outer)); /* it was copied */
	assert_int_equal(take(1, taken, 2), 0);
	assert_int_equal(take(0, taken, 2), 1);
	assert_int_equal(taken[0].verdict, UPF_TO_N6);
	assert_int_equal(taken[0].len, 100);
	assert_memory_equal(taken[0].data, inner, 100);
	assert_int_equal(take(0, taken, 2), 0);
	assert_int_equal(bed_stat(&bed, UPF_STAT_UL_PACKETS), 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_HANDED_OVER), 1);
	assert_int_equal(upf_worker_handed(upf_worker_at(bed.upf, 0)), 0);
}

/* Only configured gNBs may fill the rings. */
static void strangers_are_not(void **state)
{
	struct upf_packet p = uplink(0, BED_DN), taken[1];

	p.peer = ip_from_v4(0x0b000001);
	bed_burst(&bed, 1, true, &p, 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_FOREIGN), 1);
	assert_int_equal(take(0, taken, 1), 0);
}

static void full_ring(void **state)
{
	struct upf_packet p, taken[UPF_BURST_MAX];
	uint32_t total = 0, n;

	for (uint32_t i = 0; i < UPF_HANDOVERS + 3; i++) {
		p = uplink(0, 0x08000000 + i);
		bed_burst(&bed, 1, true, &p, 1);
	}
	assert_int_equal(bed_stat(&bed, UPF_STAT_HANDED_OVER), UPF_HANDOVERS);
	assert_int_equal(bed_stat(&bed, UPF_STAT_HANDOVER_FULL), 3);
	while ((n = (uint32_t)take(0, taken, UPF_BURST_MAX)))
		for (uint32_t i = 0; i < n; i++)
			assert_int_equal(gtpu_be32(taken[i].data + 16), 0x08000000 + total++);
	assert_int_equal(total, UPF_HANDOVERS);
	p = uplink(0, BED_DN);
	bed_burst(&bed, 1, true, &p, 1);
	assert_int_equal(take(0, taken, UPF_BURST_MAX), 1);
}

/* A record is free again only when the packet is no longer looked at. */
static void held_until_next(void **state)
{
	struct upf_packet p, taken[UPF_BURST_MAX];

	for (int i = 0; i < UPF_HANDOVERS; i++) {
		p = uplink(0, BED_DN);
		bed_burst(&bed, 1, true, &p, 1);
	}
	assert_int_equal(take(0, taken, 1), 1);
	p = uplink(0, BED_DN);
	bed_burst(&bed, 1, true, &p, 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_HANDOVER_FULL), 1);
	assert_int_equal(take(0, taken, 1), 1);
	p = uplink(0, BED_DN);
	bed_burst(&bed, 1, true, &p, 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_HANDOVER_FULL), 1);
}

/* A segment of a super-packet, whose payload is elsewhere; the longest that goes, and one octet more. */
static void in_two_pieces(void **state)
{
	struct upf_packet p, taken[1];

	for (uint32_t len = UPF_PACKET_OCTETS; len <= UPF_PACKET_OCTETS + 1; len++) {
		static uint8_t rest[UPF_PACKET_OCTETS];

		bed_udp(inner, BED_DN, BED_UE, 53, 1000, len);
		bytes_copy(rest, sizeof(rest), bytes_of(inner + 28, len - 28));
		p = packet_of(bytes_of(inner, len));
		p.linear = 28;
		p.rest = rest;
		bed_burst(&bed, 1, false, &p, 1);
		assert_int_equal(take(0, taken, 1), len == UPF_PACKET_OCTETS);
	}
	assert_int_equal(bed_stat(&bed, UPF_STAT_HANDOVER_FULL), 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_DL_OCTETS), UPF_PACKET_OCTETS);
	p = packet_of(bed_udp(inner, BED_DN, BED_UE, 53, 1000, 200));
	p.linear = 28;
	p.rest = inner + 28;
	bed_burst(&bed, 1, false, &p, 1);
	assert_int_equal(take(0, taken, 1), 1);
	assert_int_equal(taken[0].verdict, UPF_TO_N3);
	assert_memory_equal(taken[0].data, inner, 200);
}

/* From a UE of one worker to a UE of the other, received by the wrong one. */
static void hairpin(void **state)
{
	struct upf_packet p = uplink(0, BED_UE + 1), taken[1];

	bed_burst(&bed, 1, true, &p, 1);
	assert_int_equal(take(0, taken, 1), 1);
	assert_int_equal(taken[0].verdict, UPF_DROP);
	assert_int_equal(bed_stat(&bed, UPF_STAT_HAIRPIN), 0);
	assert_int_equal(take(1, taken, 1), 1);
	assert_int_equal(taken[0].verdict, UPF_TO_N3);
	assert_int_equal(ip_v4(taken[0].peer), BED_GNB);
	assert_int_equal(bed_stat(&bed, UPF_STAT_HAIRPIN), 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_UL_PACKETS), 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_DL_PACKETS), 1);
}

/* While it is on its way to worker 0 its TEID comes to be of a session of worker 1's. */
static void owner_changes(void **state)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true, .seid = ids[0].seid };
	struct upf_packet p = uplink(0, BED_DN), taken[1];
	struct bed_session_ids other;

	bed_burst(&bed, 1, true, &p, 1);
	assert_true(bed_request(&bed, &m));
	bed_session_fill(&rules, BED_UE + 9, 9, 9);
	rules.pdr[0].pdi.local_f_teid =
		(struct pfcp_f_teid){ .has_ipv4 = true, .teid = ids[0].teid, .ipv4 = { 10, 1, 0, 1 } };
	assert_int_equal(bed_establish(&bed, &rules, &other), PFCP_CAUSE_ACCEPTED);
	assert_int_equal(take(0, taken, 1), 1);
	assert_int_equal(taken[0].verdict, UPF_DROP);
	assert_int_equal(bed_stat(&bed, UPF_STAT_HANDOVER_FULL), 1);
	assert_int_equal(bed_stat(&bed, UPF_STAT_UL_PACKETS), 0);
}

static struct bytes error_indication(uint32_t teid)
{
	struct writer w = writer_of(outer, sizeof(outer));
	struct gtpu_msg m = { .header = { .type = GTPU_ERROR_INDICATION, .has_sequence = true },
		.error_indication = { .teid = teid, .peer = { .len = 4, .octets = { 10, 1, 0, 2 } } } };

	assert_true(gtpu_encode(&m, &w));
	return writer_bytes(&w);
}

/* Its header may name a tunnel of anybody's: it is about the one inside, and comes to its owner once. */
static void error_indication_elsewhere(void **state)
{
	const struct pfcp_session_report_request *r = &bed.response.session_report_request;
	struct upf_packet p = packet_of(error_indication(BED_GNB_TEID)), taken[1];
	struct writer w = writer_of(outer + 4, 4);

	writer_u32(&w, ids[1].teid);
	bed_burst(&bed, 1, true, &p, 1);
	assert_false(upf_worker_noted(upf_worker_at(bed.upf, 1)));
	assert_int_equal(take(0, taken, 1), 1);
	assert_int_equal(take(1, taken, 1), 0);
	assert_true(upf_worker_noted(upf_worker_at(bed.upf, 0)));
	assert_false(upf_worker_noted(upf_worker_at(bed.upf, 0)));
	assert_int_equal(bed_stat(&bed, UPF_STAT_ERROR_INDICATIONS_IN), 1);
	upf_collect_notes(bed.upf);
	bed_collect(&bed);
	assert_int_equal(bed.sent_count, 1);
	assert_true(bed_decode(&bed, 0));
	assert_true(r->report_type.bits & PFCP_REPORT_ERIR);
	assert_int_equal(bed.response.seid, 0x70);
}

/* Without room for its note a session is found nevertheless, and noted again afterwards. */
static void crowded_notes(void **state)
{
	struct upf_worker *w = upf_worker_at(bed.upf, 0);
	struct bed_session_ids more[4];

	for (uint32_t i = 0; i < 4; i++)
		establish(10 + i, &more[i]);
	w->notes.mask = 0; /* room for one */
	for (int round = 0; round < 2; round++) {
		for (uint32_t n = 0; n < 4; n += 2) { /* of worker 0, as are the odd ones of worker 1 */
			struct upf_packet p = packet_of(error_indication(BED_GNB_TEID + 10 + n));

			bed_burst(&bed, 0, true, &p, 1);
		}
		assert_int_equal(bed_stat(&bed, UPF_STAT_NOTES_CROWDED), 1);
		upf_collect_notes(bed.upf);
		bed_collect(&bed);
		assert_int_equal(bed.sent_count, round == 0 ? 2 : 0); /* then the tunnels are gone */
	}
}

/* A worker in the middle of a burst: the answer to a deletion has what it still counts. */
static void last_report_waits(void **state)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true, .seid = ids[0].seid };
	const struct pfcp_session_deletion_response *r = &bed.response.session_deletion_response;
	struct upf_worker *w = upf_worker_at(bed.upf, 0);
	struct upf_session *s = upf_table_find(&bed.upf->data.by_teid, upf_key_teid(ids[0].teid));
	struct upf_urr *u = upf_rules_urrs(s->rules)[0];

	upf_worker_begin(w, bed.t.now_ns);
	assert_false(bed_request(&bed, &m));
	assert_int_equal(upf_numbers(bed.upf).sessions, 2);
	assert_null(s->rules);
	u->count.octets[UPF_UPLINK] += 123; /* as a worker does that holds the rules */
	bed_pass_ms(&bed, 1);
	assert_int_equal(bed.sent_count, 0);
	upf_worker_end(w);
	bed_pass_ms(&bed, 1);
	assert_true(bed_answered(&bed, &m));
	assert_int_equal(r->cause, PFCP_CAUSE_ACCEPTED);
	assert_int_equal(r->usage_report[0].volume_measurement.uplink, 123);
	assert_int_equal(upf_numbers(bed.upf).sessions, 1);
	assert_int_equal(bed.room.ops->next_deadline_ns(bed.room.self) > bed.t.now_ns + NS_PER_MS, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(sessions_in_turn), TEST(owner_by_address), TEST(handed_over),
		TEST(strangers_are_not), TEST(full_ring), TEST(held_until_next), TEST(in_two_pieces),
		TEST(hairpin), TEST(owner_changes), TEST(error_indication_elsewhere), TEST(crowded_notes),
		TEST(last_report_waits) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
