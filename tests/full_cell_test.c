/*
 * A cell with as many UEs as it takes, over a physical layer that loses nothing but what two UEs send in one
 * place: each gets in, sends and receives, and no two answers, requests or blocks meet.
 */
#include "base/test.h"

#include "gnb/du/du.h"
#include "radio/rlc/rlc.h"
#include "ue/phy/ue_phy.h"

enum { UES = 256, LCID = 4, SETUP_OCTETS = 120, PACKET = 700, PACKETS = 4, BLOCK = 12000, BLOCKS = 8 };

struct full;

struct user {
	struct full *full;
	struct ue_phy *phy;
	struct rlc *gnb_rlc, *ue_rlc;
	uint32_t chance;
	bool connected;
	uint64_t got_down, got_up;
	const struct phy_dl_slot *heard; /* of the slot at hand */
};

/* What UEs send in a slot. */
struct sent {
	uint16_t rnti; /* of PUSCH; of PUCCH the sender */
	struct phy_pusch_config pusch;
	struct phy_pucch_config pucch;
	uint8_t uci[L1_UCI_MAX], tb[BLOCK];
	size_t octets;
	bool is_pucch, sr;
	unsigned acks;
};

struct full {
	struct du *du;
	struct cell cell;
	struct l1_downlink dl;
	struct l1_uplink ul;
	struct user users[UES];
	unsigned count, at; /* at: the user whose turn it is */
	struct rlc_memory memory;
	struct sent sent[64];
	unsigned sent_n;
	struct phy_ul_rach rach;
	unsigned preambles; /* of the slot at hand */
	uint16_t of_place[UES];
	uint64_t now_ns;
};

static struct full full;

static const struct rlc_config am = { .mode = RLC_AM,
	.tx_sn_bits = 12,
	.rx_sn_bits = 12,
	.t_poll_retransmit_ms = 200,
	.t_reassembly_ms = 40,
	.t_status_prohibit_ms = 10,
	.poll_pdu = 16,
	.max_retx_threshold = 32 };

static void gnb_deliver(void *arg, struct sdu *s)
{
	((struct user *)arg)->got_up += s->len;
	sdu_free(&full.memory.sdus, s);
}

static void ue_deliver(void *arg, struct sdu *s)
{
	((struct user *)arg)->got_down += s->len;
	sdu_free(&full.memory.sdus, s);
}

/* --- the gNB's upper side: the CCCH SDU says whose it is */

static void du_ccch(void *arg, uint16_t ue, uint16_t c_rnti, struct bytes sdu)
{
	static const uint8_t setup[SETUP_OCTETS] = { 0x20 };
	struct user *u = &full.users[sdu.data[1]];

	full.of_place[ue] = sdu.data[1];
	assert_true(du_channel_set(du_ue_mac(full.du, ue), LCID, &(struct du_channel){ u->gnb_rlc, 4, 1 }));
	assert_true(du_ccch_send(full.du, ue, BYTES(setup)));
}

static void du_configured(void *arg, uint16_t ue)
{
}

static void du_lost(void *arg, uint16_t ue)
{
	fail_msg("UE %u was lost", full.of_place[ue]);
}

/* --- a UE's */

static uint32_t user_random(void *arg)
{
	struct user *u = arg;

	u->chance = u->chance * 1664525 + 1013904223;
	return u->chance >> 8;
}

static void ue_ccch(void *arg, struct bytes sdu)
{
	struct user *u = arg;
	struct ue_mac_channel_config c = { LCID, 4, UE_MAC_INFINITY, 100, 1, 0, false };
	struct ue_mac_config mac = { .periodic_bsr_ms = 10,
		.retx_bsr_ms = 80,
		.sr = { [0] = { .there = true, .on_pucch = true, .trans_max = 64 } } };
	static struct cell_parts parts;
	uint16_t place = 0;

	while (full.of_place[place] != u - full.users || !du_ue_own(full.du, place))
		place++;
	cell_parts_init(&parts, &du_cell(full.du)->cell);
	parts.own[0] = *du_ue_own(full.du, place);
	ue_phy_configure(u->phy, &parts);
	ue_mac_configure(ue_phy_mac(u->phy), &mac, full.now_ns);
	assert_true(ue_mac_channel_set(ue_phy_mac(u->phy), &c, u->ue_rlc, full.now_ns));
	ue_phy_downlink(u->phy)->rlc[LCID] = u->ue_rlc;
	u->connected = true;
}

static void ue_short(void *arg, uint8_t bits)
{
}

static void ue_bcch(void *arg, struct bytes message)
{
}

static void ue_pcch(void *arg, struct bytes sdu)
{
}

static void ue_problem(void *arg)
{
}

static void ue_advance(void *arg, uint32_t tc)
{
}

/* --- the physical layer between them */

static bool has_size(const struct phy_pdcch_search *s, const struct phy_dl_pdcch *p)
{
	for (unsigned i = 0; i < s->sizes; i++)
		if (s->size[i] == p->bits)
			return true;
	return false;
}

static bool has_candidate(const struct phy_pdcch_search *s, const struct phy_dl_pdcch *p)
{
	for (unsigned i = 0; i < s->candidates; i++)
		if (s->candidate[i].cce == p->at.cce && s->candidate[i].al == p->at.al)
			return s->rnti[0] == p->rnti && has_size(s, p);
	return false;
}

static bool hear(void *self, struct phy_dl_slot_rx *slot, bool again)
{
	const struct phy_dl_slot *sent = ((struct user *)self)->heard;

	for (size_t i = 0; i < slot->pdcch_n; i++)
		for (size_t k = 0; k < sent->pdcch_n; k++) {
			const struct phy_dl_pdcch *p = &sent->pdcch[k];
			struct phy_dl_pdcch_rx *rx = &slot->pdcch[i];

			if (!has_candidate(&rx->search, p) || rx->found_n == PHY_DL_FOUND_MAX)
				continue;
			rx->found[rx->found_n] =
				(struct phy_pdcch_found){ .at = p->at, .rnti = p->rnti, .bits = p->bits };
			(void)bytes_copy(rx->found[rx->found_n].dci, sizeof(p->dci), BYTES(p->dci));
			rx->found_n++;
		}
	for (size_t i = 0; i < slot->pdsch_n; i++)
		for (size_t k = 0; k < sent->pdsch_n; k++)
			if (sent->pdsch[k].config.rnti == slot->pdsch[i].config.rnti) {
				slot->pdsch[i].result.sch[0].ok = true;
				slot->pdsch[i].tb[0] = sent->pdsch[k].tb[0];
			}
	return true;
}

/* Two PUCCHs that no receiver could tell apart. */
static bool meet(const struct phy_pucch_config *a, const struct phy_pucch_config *b)
{
	bool same =
		a->format == b->format && a->first_prb == b->first_prb && a->first_symbol == b->first_symbol;

	return same && (a->format == 2 || (a->initial_shift == b->initial_shift && a->occ == b->occ));
}

static bool send(void *self, const struct phy_ul_slot *slot)
{
	struct user *u = self;
	struct sent *s = &full.sent[full.sent_n];

	if (slot->prach)
		full.rach.found[full.preambles++] =
			(struct phy_prach_found){ .preamble = slot->prach->preamble };
	if (slot->prach)
		full.rach.place = slot->prach->place;
	if (slot->pusch_n == 0 && slot->pucch_n == 0)
		return true;
	assert_true(full.sent_n < ARRAY_LEN(full.sent));
	*s = (struct sent){ .rnti = ue_phy_c_rnti(u->phy), .is_pucch = slot->pucch_n > 0 };
	if (slot->pusch_n > 0) {
		s->pusch = slot->pusch->config;
		s->rnti = s->pusch.rnti;
		s->octets = slot->pusch->tb.len;
		s->acks = s->pusch.uci.bits[PHY_PUSCH_ACK];
		assert_true(bytes_copy(s->tb, sizeof(s->tb), slot->pusch->tb));
	} else {
		s->pucch = slot->pucch->config;
		s->sr = slot->pucch->sr;
		for (unsigned i = 0; i < full.sent_n; i++)
			if (full.sent[i].is_pucch && meet(&full.sent[i].pucch, &s->pucch))
				fail_msg("PUCCHs of %x and %x meet", full.sent[i].rnti, s->rnti);
		s->acks = s->pucch.bits;
	}
	for (unsigned i = 0; i < s->acks; i++)
		s->uci[i] = slot->pusch_n > 0 ? slot->pusch->uci[PHY_PUSCH_ACK][i] : slot->pucch->uci[i];
	full.sent_n++;
	return true;
}

/* What came of it at the gNB. */
static void answer(struct phy_ul_slot_rx *s)
{
	for (size_t i = 0; i < s->pusch_n; i++)
		for (unsigned k = 0; k < full.sent_n; k++) {
			struct sent *t = &full.sent[k];

			if (t->is_pucch || t->rnti != full.ul.pusch[i].config.rnti)
				continue;
			assert_int_equal(t->acks, full.ul.pusch[i].config.uci.bits[PHY_PUSCH_ACK]);
			full.ul.pusch[i].result.ok = true;
			full.ul.pusch[i].result.uci[PHY_PUSCH_ACK].bits = t->uci;
			full.ul.pusch[i].tb = bytes_of(t->tb, t->octets);
		}
	for (size_t i = 0; i < s->pucch_n; i++)
		for (unsigned k = 0; k < full.sent_n; k++) {
			struct sent *t = &full.sent[k];
			struct phy_ul_pucch_rx *p = &full.ul.pucch[i];

			if (!t->is_pucch || !meet(&t->pucch, &p->config))
				continue;
			if (t->pucch.bits != p->config.bits)
				fail_msg("%u bits, not %u", t->pucch.bits, p->config.bits);
			p->result.detected = true;
			p->result.power = 1;
			for (unsigned b = 0; b < t->acks; b++)
				full.ul.uci[i][b] = t->uci[b];
		}
	full.rach.found_n = full.preambles;
	full.rach.began = s->time;
	s->rach = &full.rach;
	s->rach_n = full.preambles > 0;
}

static void slot(uint64_t n)
{
	unsigned mu = full.cell.mu;
	struct slot_time t = slot_time_of(mu, n);

	full.now_ns = (n + 1) * slot_ns(mu);
	full.sent_n = full.preambles = 0;
	du_slot_send(full.du, &t, full.now_ns, &full.dl);
	for (unsigned i = 0; i < full.count; i++) {
		struct user *u = &full.users[i];

		u->heard = &full.dl.slot;
		rlc_run(u->gnb_rlc, full.now_ns);
		rlc_run(u->ue_rlc, full.now_ns);
		ue_phy_receive(u->phy, &t, full.now_ns);
		ue_phy_send(u->phy, &t, full.now_ns);
	}
	du_slot_expect(full.du, &t, &full.ul);
	answer(&full.ul.slot);
	du_slot_receive(full.du, &full.ul);
}

static void begin(const struct served_cell_config *c, unsigned users)
{
	const struct du_upper upper = { NULL, du_ccch, du_configured, du_configured, du_lost };
	const char *wrong;

	full = (struct full){ .count = users };
	rlc_memory_init(&full.memory, 20000, 64, 4096);
	full.du = du_new(&(struct du_config){ *c, DU_C_RNTI_FIRST }, &upper, &wrong);
	if (wrong)
		fail_msg("%s", wrong);
	full.cell = du_cell(full.du)->cell;
	for (unsigned i = 0; i < users; i++) {
		struct user *u = &full.users[i];
		const struct ue_phy_upper up = { u, user_random, ue_ccch, ue_pcch, ue_short, ue_bcch,
			ue_problem, ue_problem, ue_advance };
		const struct l1_ue l1 = { u, hear, send };

		u->chance = i * 7919 + 1;
		u->phy = ue_phy_new(&full.cell, &l1, &up, BLOCK);
		u->gnb_rlc = rlc_new(&am, &(struct rlc_upper){ u, gnb_deliver, NULL, NULL }, &full.memory);
		u->ue_rlc = rlc_new(&am, &(struct rlc_upper){ u, ue_deliver, NULL, NULL }, &full.memory);
		assert_true(u->phy && u->gnb_rlc && u->ue_rlc);
	}
}

static void end(void)
{
	for (unsigned i = 0; i < full.count; i++) {
		ue_phy_free(full.users[i].phy);
		rlc_free(full.users[i].gnb_rlc);
		rlc_free(full.users[i].ue_rlc);
	}
	du_free(full.du);
	rlc_memory_fini(&full.memory);
}

static void packet(struct rlc *rlc)
{
	struct sdu *s = sdu_new(&full.memory.sdus, PACKET);

	assert_true(s && sdu_append(s, PACKET) && rlc_send(rlc, s));
}

/* One after the other they come, and then all send and receive. */
static void fill(const struct served_cell_config *c, unsigned users, unsigned slots)
{
	unsigned connected = 0, done = 0;
	uint64_t n = 0;

	begin(c, users);
	for (; connected < users && n < 40u * users; n++) {
		struct user *u = &full.users[n / 20 % users];

		if (n % 20 == 0 && !u->connected && ue_phy_c_rnti(u->phy) == 0) {
			const uint8_t request[6] = { 1, (uint8_t)(u - full.users), 3, 4, 5, 6 };

			assert_true(ue_phy_access(u->phy, BYTES(request), full.now_ns));
		}
		slot(n);
		connected = 0;
		for (unsigned i = 0; i < users; i++)
			connected += full.users[i].connected;
	}
	assert_int_equal(connected, users);
	for (unsigned i = 0; i < users * PACKETS; i++) {
		packet(full.users[i % users].gnb_rlc);
		packet(full.users[i % users].ue_rlc);
	}
	for (uint64_t until = n + slots; done < users && n < until; n++) {
		slot(n);
		done = 0;
		for (unsigned i = 0; i < users; i++)
			done += full.users[i].got_up == PACKETS * PACKET &&
				full.users[i].got_down == PACKETS * PACKET;
	}
	assert_int_equal(done, users);
	assert_int_equal(du_stat(full.du, DU_STAT_DL_RETRANSMISSIONS), 0);
	assert_int_equal(du_stat(full.du, DU_STAT_UL_RETRANSMISSIONS), 0);
	end();
}

static struct served_cell_config config(bool tdd, uint16_t ues_max)
{
	return (struct served_cell_config){ .pci = 1,
		.band = tdd ? 78 : 3,
		.arfcn = tdd ? 633334 : 368500,
		.mu = tdd,
		.bandwidth_mhz = 20,
		.mcc = { 0, 0, 1 },
		.mnc = { 0, 1 },
		.mnc_digits = 2,
		.tdd_pattern = "DDDSU",
		.tdd_downlink_symbols = 10,
		.tdd_uplink_symbols = 2,
		.ues_max = ues_max };
}

static void test_paired(void **state)
{
	struct served_cell_config c = config(false, UES);

	fill(&c, UES, 8000);
}

static void test_tdd(void **state)
{
	struct served_cell_config c = config(true, 100);

	fill(&c, 100, 8000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paired),
		cmocka_unit_test(test_tdd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
