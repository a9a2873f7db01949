/*
 * Layer 2 of a UE and of its DU over a link that loses transport blocks, answers and scheduling requests:
 * random access, then packets of two bearers both ways through SDAP, PDCP, RLC and MAC. A slot is a
 * millisecond; what is sent in one is answered in the next but three. Whatever is lost, all packets of the
 * acknowledged bearer arrive, once and in order.
 */
#include <stdio.h>

#include "base/test.h"

#include "gnb/du/mac/mac.h"
#include "radio/mac/pdu.h"
#include "radio/mac/rar.h"
#include "radio/pdcp/pdcp.h"
#include "radio/sdap/sdap.h"
#include "ue/mac/downlink.h"
#include "ue/mac/harq.h"
#include "ue/mac/mac.h"
#include "ue/mac/random_access.h"

enum {
	MS = 1000000,
	PACKETS = 400,
	TB_MAX = 1200,
	K = 4,
	RATE = 1000,
	RING = 16,
	MOST = 5,
	C_RNTI = 0x4601,
	LCID_AM = 4,
	LCID_UM = 5,
	QFI_AM = 1,
	QFI_UM = 2
};

/* What the UE says of a block, and a grant, in the slot that it is for. */
struct answer {
	bool asked, there, ack;
	uint8_t process;
};

struct grant {
	bool given, heard;
	uint8_t process;
};

/* One end's bearers. */
struct end {
	struct rlc *rlc[2]; /* AM, UM */
	struct pdcp *pdcp[2];
	struct sdap sdap;
	uint32_t sent[2], got[2], last[2];
	bool disorder;
};

static struct rlc_memory memory;
static struct burst *engine;
static struct end gnb, ue;
static struct pool blocks;
static struct du_ue *du;
static struct ue_mac *mac;
static struct ue_downlink downlink;
static struct ue_harq harq;
static struct ue_ra ra;
static uint64_t now_ns, seed;
static uint32_t loss_percent;
static struct answer answers[RING];
static struct grant grants[RING];

/* What is with the UE, or has to go again. */
enum transfer { NOTHING, UNDER_WAY, AGAIN };
static enum transfer dl_state[DU_HARQ_PROCESSES], ul_state[DU_HARQ_PROCESSES];

static uint32_t chance(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % below);
}

/* What passes, for Wireshark: UDP datagrams as its heuristics know them (packet-mac-nr.h, packet-rlc-nr.h).
 * NULL: nobody wants it. */
static FILE *capture;

enum {
	FRAME_MAX = TB_MAX + 80,
	WITH_RA_RNTI = 2,
	WITH_C_RNTI = 3,
	RLC_MODE_UM = 2,
	RLC_MODE_AM = 4,
	BEARER_DRB = 5
};

static void frame(struct bytes framed)
{
	uint8_t octets[FRAME_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	size_t len = 28 + framed.len;

	if (!capture)
		return;
	for (int i = 0; i < 2; i++)
		writer_u32(
			&w, __builtin_bswap32((uint32_t)(i ? now_ns / 1000 % 1000000 : now_ns / 1000000000)));
	for (int i = 0; i < 2; i++)
		writer_u32(&w, __builtin_bswap32((uint32_t)len));
	writer_u32(&w, 0x45000000 | (uint32_t)len);
	writer_u32(&w, 0);
	writer_u32(&w, 64u << 24 | 17u << 16);
	writer_u32(&w, 0x7f000001);
	writer_u32(&w, 0x7f000001);
	writer_u32(&w, 9999u << 16 | 9999);
	writer_u32(&w, (uint32_t)(8 + framed.len) << 16);
	writer_put(&w, framed);
	assert_false(w.failed);
	assert_int_equal(fwrite(octets, 1, w.len, capture), w.len);
}

static void capture_rlc(bool down, uint8_t lcid, struct bytes pdu)
{
	uint8_t octets[FRAME_MAX - 60];
	struct writer w = writer_of(octets, sizeof(octets));

	writer_put(&w, bytes_of_str("rlc-nr"));
	writer_u8(&w, lcid == LCID_AM ? RLC_MODE_AM : RLC_MODE_UM);
	writer_u8(&w, 12);
	writer_u16(&w, (uint16_t)(0x0200 | down));
	writer_u24(&w, 0x030001);
	writer_u16(&w, 0x0400 | BEARER_DRB);
	writer_u16(&w, (uint16_t)(0x0500 | (lcid - LCID_AM + 1)));
	writer_u8(&w, 1);
	writer_put(&w, pdu);
	frame(writer_bytes(&w));
}

static void capture_mac(bool down, uint8_t rnti_type, struct bytes pdu)
{
	enum mac_channel channel = down ? MAC_DL_SCH : MAC_UL_SCH;
	uint8_t octets[FRAME_MAX - 60];
	struct writer w = writer_of(octets, sizeof(octets));
	struct cursor c = cursor_of(pdu);
	struct mac_subpdu sub;

	if (!capture)
		return;
	writer_put(&w, bytes_of_str("mac-nr"));
	writer_u8(&w, 1);
	writer_u8(&w, down);
	writer_u8(&w, rnti_type);
	writer_u24(&w, 0x020000 | (rnti_type == WITH_C_RNTI ? C_RNTI : 1));
	writer_u24(&w, 0x030001);
	writer_u8(&w, 1);
	writer_put(&w, pdu);
	frame(writer_bytes(&w));
	while (rnti_type == WITH_C_RNTI && mac_read(&c, channel, &sub) == MAC_SUBPDU)
		if (sub.lcid == LCID_AM || sub.lcid == LCID_UM)
			capture_rlc(down, sub.lcid, sub.data);
}

static bool lost(void)
{
	return chance(100) < loss_percent;
}

static size_t slot(unsigned ahead)
{
	return (size_t)(now_ns / MS + ahead) % RING;
}

static uint8_t which(const struct end *e, const void *arg)
{
	return arg == &e->pdcp[1] || arg == &e->rlc[1];
}

/* arg of RLC and PDCP callbacks is where their pointer stands, so it tells the end and the bearer. */
static struct end *end_of(const void *arg)
{
	return (const char *)arg >= (const char *)&ue && (const char *)arg < (const char *)(&ue + 1) ? &ue
												     : &gnb;
}

static void rlc_deliver(void *arg, struct sdu *s)
{
	struct end *e = end_of(arg);

	pdcp_receive(e->pdcp[which(e, arg)], s, now_ns);
}

static void rlc_delivered(void *arg, uint64_t tag)
{
	struct end *e = end_of(arg);

	if (tag != PDCP_CONTROL_TAG)
		pdcp_delivered(e->pdcp[which(e, arg)], tag);
}

static void pdcp_submit(void *arg, struct sdu *pdu)
{
	struct end *e = end_of(arg);

	assert_true(rlc_send(e->rlc[which(e, arg)], pdu));
}

static void pdcp_discard(void *arg, uint64_t tag)
{
	struct end *e = end_of(arg);

	may_fail(rlc_discard(e->rlc[which(e, arg)], tag));
}

static void pdcp_deliver(void *arg, struct sdu *s)
{
	struct end *e = end_of(arg);

	sdap_receive(&e->sdap, (uint8_t)(1 + which(e, arg)), s);
}

static void failure(void *arg)
{
	fail();
}

static void sdap_submit(void *arg, uint8_t drb, struct sdu *pdu)
{
	struct end *e = arg;

	assert_true(pdcp_send(e->pdcp[drb - 1], pdu, now_ns));
}

static void sdap_deliver(void *arg, uint8_t qfi, struct sdu *s)
{
	struct end *e = arg;
	uint8_t bearer = qfi == QFI_UM;
	uint32_t number = (uint32_t)s->data[0] << 8 | s->data[1];

	assert_true(qfi == QFI_AM || qfi == QFI_UM);
	for (uint32_t i = 2; i < s->len; i++)
		assert_int_equal(s->data[i], (uint8_t)(number * 3 + i));
	e->disorder |= e->got[bearer] > 0 && number <= e->last[bearer];
	e->last[bearer] = number;
	e->got[bearer]++;
	sdu_free(&memory.sdus, s);
}

static void end_init(struct end *e, bool is_ue)
{
	struct rlc_config am = { .mode = RLC_AM,
		.tx_sn_bits = 12,
		.rx_sn_bits = 12,
		.t_poll_retransmit_ms = 45,
		.t_reassembly_ms = 40,
		.t_status_prohibit_ms = 10,
		.poll_pdu = 16,
		.max_retx_threshold = 32 };
	struct rlc_config um = { .mode = RLC_UM, .tx_sn_bits = 12, .rx_sn_bits = 12, .t_reassembly_ms = 60 };
	struct pdcp_security keys = { NEA2, NIA2, { 5 }, { 6 } };

	*e = (struct end){ .disorder = false };
	for (uint8_t i = 0; i < 2; i++) {
		struct rlc_upper upper = { &e->rlc[i], rlc_deliver, rlc_delivered, failure };
		struct pdcp_neighbours n = { &e->pdcp[i], pdcp_submit, pdcp_discard, pdcp_deliver, failure };
		struct pdcp_config c = { .bearer = i ? PDCP_UM_DRB : PDCP_AM_DRB,
			.rb_id = (uint8_t)(1 + i),
			.tx_direction = !is_ue,
			.tx_sn_bits = 12,
			.rx_sn_bits = 12,
			.integrity = true,
			.tx_sdap = true,
			.rx_sdap = true,
			.discard_ms = PDCP_INFINITY,
			.reordering_ms = i ? 80 : PDCP_INFINITY };

		e->rlc[i] = rlc_new(i ? &um : &am, &upper, &memory);
		e->pdcp[i] = pdcp_new(&c, &n, &memory.sdus, engine);
		assert_true(e->rlc[i] && e->pdcp[i]);
		assert_true(pdcp_secure(e->pdcp[i], &keys, PDCP_ALL_SECURITY));
	}
	sdap_init(&e->sdap, is_ue, &(struct sdap_neighbours){ e, sdap_submit, sdap_deliver, NULL, NULL },
		&memory.sdus);
	assert_true(
		sdap_drb_set(&e->sdap, 1, true, true, true) && sdap_drb_set(&e->sdap, 2, true, true, false));
	assert_true(sdap_map(&e->sdap, QFI_AM, 1) && sdap_map(&e->sdap, QFI_UM, 2));
}

static void ccch(void *arg, struct bytes sdu)
{
}

static void timing_advance(void *arg, uint8_t command)
{
}

static void sp_csi(void *arg, const struct mac_sp_csi *s)
{
}

static void drx_command(void *arg, bool long_cycle)
{
}

static void begin(uint32_t percent)
{
	static const struct ue_ra_config ra_config = {
		.trans_max = 200, .response_window_ns = 10 * MS, .contention_ms = 16, .group_a = 40
	};
	struct ue_mac_config config = { .periodic_bsr_ms = 50,
		.retx_bsr_ms = 80,
		.phr = true,
		.phr_periodic_ms = 100,
		.sr = { [0] = { true, true, 10, 64 } } };

	rlc_memory_init(&memory, 5000, 10, 1000);
	engine = burst_new(false);
	now_ns = MS;
	seed = percent + 1;
	loss_percent = percent;
	memset(answers, 0, sizeof(answers));
	memset(grants, 0, sizeof(grants));
	memset(dl_state, 0, sizeof(dl_state));
	memset(ul_state, 0, sizeof(ul_state));
	end_init(&gnb, false);
	end_init(&ue, true);
	pool_init(&blocks, TB_MAX, DU_HARQ_PROCESSES);
	du = du_ue_new(&(struct du_ue_upper){ NULL, ccch, NULL }, &blocks);
	mac = ue_mac_new(&config);
	assert_true(du && mac && ue_harq_init(&harq, TB_MAX));
	ue_downlink_init(&downlink,
		&(struct ue_downlink_upper){ NULL, ccch, timing_advance, drx_command, sp_csi }, 0,
		UINT32_MAX);
	ue_ra_init(&ra, &ra_config);
	for (uint8_t i = 0; i < 2; i++) {
		uint8_t lcid = i ? LCID_UM : LCID_AM;
		struct ue_mac_channel_config c = { lcid, (uint8_t)(4 + i), 100000, 100, (uint8_t)(1 + i), 0,
			false };

		assert_true(ue_mac_channel_set(mac, &c, ue.rlc[i], now_ns));
		assert_true(du_channel_set(
			du, lcid, &(struct du_channel){ gnb.rlc[i], (uint8_t)(4 + i), (uint8_t)(1 + i) }));
		downlink.rlc[lcid] = ue.rlc[i];
	}
}

static void end(void)
{
	struct end *ends[] = { &gnb, &ue };

	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < 2; i++) {
			rlc_free(ends[k]->rlc[i]);
			pdcp_free(ends[k]->pdcp[i]);
		}
	}
	du_ue_free(du);
	pool_fini(&blocks);
	ue_mac_free(mac);
	ue_harq_fini(&harq);
	burst_free(engine);
	assert_int_equal(memory.sdus.small.used + memory.sdus.large.used + memory.holes.used, 0);
	rlc_memory_fini(&memory);
}

/* Message 1 to 4, each of which the link may lose. */
static void random_access(void)
{
	struct ue_ra_start start = { .identity = "sixoct", .msg3_octets = 7, .random = 77 };
	uint8_t pdu[32], msg3[16];
	struct bytes identity;

	ue_ra_begin(&ra, &start, now_ns);
	for (int tries = 0; ra.state != UE_RA_DONE && tries < 2000; tries++, now_ns += MS) {
		struct writer w = writer_of(pdu, sizeof(pdu));
		struct ue_mac_grant g = { .octets = 7, .ccch = { (const uint8_t *)"sixoct", 6 } };
		struct mac_rar rar = { .rapid = ra.preamble, .temporary_c_rnti = C_RNTI };

		switch (ra.state) {
		case UE_RA_PREAMBLE:
			if (ra.not_before_ns <= now_ns)
				ue_ra_preamble_sent(&ra, now_ns);
			break;
		case UE_RA_RESPONSE:
			mac_rar_write(&w, &rar, false);
			capture_mac(true, WITH_RA_RNTI, writer_bytes(&w));
			if (!lost() && ue_ra_response(&ra, writer_bytes(&w)))
				may_fail(ue_downlink_response(&downlink, false, now_ns));
			break;
		case UE_RA_MSG3:
			assert_true(ue_mac_build(mac, &g, msg3, now_ns));
			ue_ra_msg3_sent(&ra, now_ns);
			if (lost())
				break;
			capture_mac(false, WITH_C_RNTI, bytes_of(msg3, 7));
			du_uplink_receive(du, bytes_of(msg3, 7), now_ns);
			du_contention_resolved(du, msg3 + 1); /* the first octets of the CCCH SDU */
			break;
		default:
			if (!du->has_identity ||
				!du_downlink_build(du, BYTES_NONE, pdu, sizeof(pdu), now_ns) || lost())
				break;
			capture_mac(true, WITH_C_RNTI, BYTES(pdu));
			ue_downlink_receive(&downlink, BYTES(pdu), true, &identity, now_ns);
			ue_downlink_contention(
				&downlink, ue_ra_identity_heard(&ra, identity, chance(UINT32_MAX), now_ns));
		}
		ue_ra_run(&ra, chance(UINT32_MAX), now_ns);
		if (ra.state == UE_RA_PREAMBLE)
			ue_downlink_contention(&downlink, false);
	}
	assert_int_equal(ra.state, UE_RA_DONE);
	assert_true(ue_downlink_is_aligned(&downlink, now_ns));
	assert_int_equal(ra.temporary_c_rnti, C_RNTI);
	memset(du->reported, 0, sizeof(du->reported));
}

static void send_packets(struct end *e)
{
	for (uint8_t bearer = 0; bearer < 2; bearer++) {
		uint32_t number = e->sent[bearer], len = 2 + (number * 7919u) % 600;
		struct sdu *s;
		uint8_t *at;

		if (number == PACKETS || chance(3) > 0)
			continue;
		s = sdu_new(&memory.sdus, len);
		at = sdu_append(s, len);
		for (uint32_t i = 0; i < len; i++)
			at[i] = i == 0   ? (uint8_t)(number >> 8)
				: i == 1 ? (uint8_t)number
					 : (uint8_t)(number * 3 + i);
		e->sent[bearer]++;
		sdap_send(&e->sdap, bearer ? QFI_UM : QFI_AM, s, false, false);
	}
}

static uint8_t find(const enum transfer *all, enum transfer what)
{
	uint8_t i = 0;

	while (i < DU_HARQ_PROCESSES && all[i] != what)
		i++;
	return i;
}

/* The UE's half of a downlink slot: it may not hear the assignment, or not decode the block. */
static void ue_receives(uint8_t process)
{
	const struct du_harq *h = &du->downlink[process];
	struct answer *a = &answers[slot(K)];
	struct bytes identity;
	enum ue_harq_downlink what;

	if (lost())
		return;
	what = ue_harq_assignment(
		&harq, process, UE_HARQ_C_RNTI, h->ndi, &(struct ue_harq_size){ h->octets, RATE });
	a->there = true;
	a->ack = what == UE_HARQ_HAVE_IT || !lost();
	if (!a->ack || !ue_harq_decoded(&harq, process))
		return;
	capture_mac(true, WITH_C_RNTI, bytes_of(h->pdu, h->octets));
	ue_downlink_receive(&downlink, bytes_of(h->pdu, h->octets), false, &identity, now_ns);
}

/* A block a slot: one that has to go again, or a new one of any size. */
static void schedule_downlink(void)
{
	uint8_t process = find(dl_state, AGAIN);
	size_t octets = 40 + chance(TB_MAX - 40);

	if (process == DU_HARQ_PROCESSES) {
		process = du_harq_free(du->downlink);
		if (process == DU_HARQ_PROCESSES || du_downlink_wanted(du, now_ns) == 0 ||
			!du_downlink_build(
				du, BYTES_NONE, du_harq_room(&du->downlink[process]), octets, now_ns))
			return;
		may_fail(du_harq_begin(&du->downlink[process], octets)); /* its NDI is in the process */
	} else {
		du->stats.dl_retransmissions++;
	}
	dl_state[process] = UNDER_WAY;
	answers[slot(K)] = (struct answer){ .asked = true, .process = process };
	ue_receives(process);
}

static void take_answer(void)
{
	struct answer a = answers[slot(0)];
	enum du_harq_answer said = !a.there || lost() ? DU_HARQ_DTX : a.ack ? DU_HARQ_ACK : DU_HARQ_NACK;

	answers[slot(0)] = (struct answer){ .asked = false };
	if (!a.asked)
		return;
	switch (du_harq_answered(&du->downlink[a.process], said, MOST)) {
	case DU_HARQ_AGAIN:
		dl_state[a.process] = AGAIN;
		return;
	case DU_HARQ_GIVEN_UP:
		du->stats.dl_given_up++;
		break;
	case DU_HARQ_DONE:
		break;
	}
	dl_state[a.process] = NOTHING;
}

/* A grant a slot, for K slots later. */
static void schedule_uplink(void)
{
	uint8_t process = find(ul_state, AGAIN);

	if (process == DU_HARQ_PROCESSES) {
		process = du_harq_free(du->uplink);
		if (process == DU_HARQ_PROCESSES || (du_uplink_wanted(du) == 0 && !du->wants_grant))
			return;
		may_fail(du_harq_begin(&du->uplink[process], 40 + chance(TB_MAX - 40)));
		du->wants_grant = false;
	} else {
		du->stats.ul_retransmissions++;
	}
	ul_state[process] = UNDER_WAY;
	grants[slot(K)] = (struct grant){ .given = true, .heard = !lost(), .process = process };
}

/* The UE sends what the grant is for; the gNB sees a block, a broken one, or nothing. */
static void use_grant(void)
{
	struct grant g = grants[slot(0)];
	struct du_harq *h = &du->uplink[g.process];
	struct ue_mac_grant of = { .octets = h->octets, .dynamic = true };
	enum du_harq_answer seen = DU_HARQ_DTX;

	grants[slot(0)] = (struct grant){ .given = false };
	if (!g.given)
		return;
	if (g.heard) {
		if (ue_harq_grant(&harq, g.process, UE_HARQ_C_RNTI, h->ndi,
			    &(struct ue_harq_size){ h->octets, RATE }) == UE_HARQ_BUILD)
			ue_harq_stored(&harq, g.process, h->octets,
				ue_mac_build(mac, &of, ue_harq_room(&harq, g.process), now_ns));
		seen = ue_harq_pdu(&harq, g.process).len == 0 ? DU_HARQ_DTX
		       : lost()                               ? DU_HARQ_NACK
							      : DU_HARQ_ACK;
	}
	if (seen == DU_HARQ_ACK) {
		capture_mac(false, WITH_C_RNTI, ue_harq_pdu(&harq, g.process));
		du_uplink_receive(du, ue_harq_pdu(&harq, g.process), now_ns);
	}
	switch (du_harq_answered(h, seen, MOST)) {
	case DU_HARQ_AGAIN:
		ul_state[g.process] = AGAIN;
		return;
	case DU_HARQ_GIVEN_UP:
		du->stats.ul_given_up++;
		break;
	case DU_HARQ_DONE:
		break;
	}
	ul_state[g.process] = NOTHING;
}

/* The UE asks, every fourth slot. */
static void request(void)
{
	uint8_t id;

	ue_mac_run(mac, (int)(now_ns / MS / 500 % 10), now_ns);
	if (now_ns / MS % 4 || ue_mac_wish(mac, &id, now_ns) != UE_MAC_SCHEDULING_REQUEST)
		return;
	if (ue_mac_sr_send(mac, id, now_ns))
		du->wants_grant |= !lost();
}

static void timers(struct end *e)
{
	for (uint8_t i = 0; i < 2; i++) {
		if (rlc_deadline_ns(e->rlc[i]) <= now_ns)
			rlc_run(e->rlc[i], now_ns);
		if (pdcp_deadline_ns(e->pdcp[i]) <= now_ns)
			pdcp_run(e->pdcp[i], now_ns);
	}
}

static void one_slot(void)
{
	send_packets(&gnb);
	send_packets(&ue);
	take_answer();
	use_grant();
	schedule_downlink();
	schedule_uplink();
	request();
	timers(&gnb);
	timers(&ue);
	now_ns += MS;
}

static void whole(uint32_t percent)
{
	uint32_t slots = 0;

	begin(percent);
	random_access();
	while ((gnb.got[0] < PACKETS || ue.got[0] < PACKETS || gnb.sent[1] < PACKETS ||
		       ue.sent[1] < PACKETS) &&
		++slots < 60000)
		one_slot();
	for (int i = 0; i < 1000; i++)
		one_slot();
	assert_int_equal(gnb.got[0], PACKETS);
	assert_int_equal(ue.got[0], PACKETS);
	assert_false(gnb.disorder || ue.disorder);
	if (percent == 0) {
		assert_true(gnb.got[1] == PACKETS && ue.got[1] == PACKETS);
		assert_int_equal(du->stats.dl_retransmissions + du->stats.ul_retransmissions, 0);
	} else {
		assert_true(du->stats.dl_retransmissions > 20 && du->stats.ul_retransmissions > 20);
		assert_in_range(gnb.got[1], PACKETS / 2, PACKETS);
		assert_in_range(ue.got[1], PACKETS / 2, PACKETS);
	}
	/* At rest nothing is asked, and nothing waits. */
	assert_int_equal(du_downlink_wanted(du, now_ns), 0);
	assert_int_equal(du_uplink_wanted(du), 0);
	assert_int_equal(downlink.stats.unknown + du->stats.ul_unknown + du->stats.ul_unconfigured, 0);
	end();
}

static void test_without_loss(void **state)
{
	whole(0);
}

static void test_with_loss(void **state)
{
	whole(5);
	whole(15);
	whole(30);
}

/* A pcap file of raw IP packets, for layer2_dissected_test.py. */
static bool capture_begin(const char *path)
{
	static const uint32_t header[] = { 0xa1b2c3d4, 0x00040002, 0, 0, 65535, 101 };

	capture = fopen(path, "wb");
	return capture && fwrite(header, sizeof(header), 1, capture) == 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_without_loss),
		cmocka_unit_test(test_with_loss) };
	const struct CMUnitTest captured[] = { cmocka_unit_test(test_without_loss) };
	int failed;

	if (argc > 1 && !capture_begin(argv[1]))
		return 1;
	/* Wireshark is shown the run without loss, in which its analysis of sequences finds no gap. */
	failed = argc > 1 ? cmocka_run_group_tests(captured, NULL, NULL)
			  : cmocka_run_group_tests(tests, NULL, NULL);
	if (capture)
		fclose(capture);
	return failed;
}
