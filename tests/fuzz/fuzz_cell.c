/*
 * libFuzzer: hostile ends of a cell below RRC, at the seam between layer 2 and the physical layer. An even
 * first octet: a DU hears what UEs could have sent - preambles, blocks of any octets, answers; an odd one: a
 * UE reads any SIB1 and CellGroupConfig and hears DCIs and blocks; its second bit: at 30 kHz without paired
 * spectrum. Whatever comes, what either would send is legal.
 */
#include <stdlib.h>

#include "gnb/du/du.h"
#include "radio/cell/grant.h"
#include "radio/rrc/drx.h"
#include "ue/phy/ue_phy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SLOTS_MAX = 400, UE_BLOCK = 4000, OWN_ARENA = 1 << 16 };

static struct cursor input;

static uint8_t draw(void)
{
	uint8_t v = cursor_u8(&input);

	return input.failed ? 0 : v;
}

/* n octets of the input, or as many as are left, then zeros. */
static void draw_octets(uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = cursor_left(&input) > 0 ? draw() : 0;
}

static struct served_cell_config config_of(bool tdd)
{
	return (struct served_cell_config){ .pci = 1,
		.band = tdd ? 78 : 3,
		.arfcn = tdd ? 633334 : 368500,
		.mu = tdd,
		.bandwidth_mhz = 10,
		.mcc = { 0, 0, 1 },
		.mnc = { 0, 1 },
		.mnc_digits = 2,
		.tac = 7,
		.cell_identity = 0x19b01,
		.tdd_pattern = "DDDSU",
		.tdd_downlink_symbols = 10,
		.tdd_uplink_symbols = 2 };
}

/* --- hostile UEs */

struct net {
	struct du *du;
	struct l1_downlink dl;
	struct l1_uplink ul;
	struct phy_ul_rach rach;
	uint8_t tb[8 * UE_BLOCK];
};

static void on_ccch(void *arg, uint16_t ue, uint16_t c_rnti, struct bytes sdu)
{
	struct net *n = arg;
	uint8_t setup[DU_CCCH_MAX + 1] = { 0 };

	if (draw() & 1)
		may_fail(du_ccch_send(n->du, ue, bytes_of(setup, draw() * 3u)));
	if (draw() % 8 == 0)
		may_fail(du_page(n->du, draw(), bytes_of(setup, draw() % 40)));
}

static void on_configured(void *arg, uint16_t ue)
{
}

static void on_lost(void *arg, uint16_t ue)
{
	struct net *n = arg;

	if (draw() & 1)
		du_ue_release(n->du, ue);
}

static void check_slot(const struct phy_dl_slot *s)
{
	struct phy_pdsch plan;

	for (size_t i = 0; i < s->pdsch_n; i++) {
		if (phy_pdsch_init(&plan, &s->pdsch[i].config) != PHY_PDSCH_OK ||
			s->pdsch[i].tb[0].len * 8 != plan.sch[0].a)
			abort();
	}
}

static void answer(struct net *n)
{
	struct phy_ul_slot_rx *s = &n->ul.slot;
	size_t used = 0;

	for (size_t i = 0; i < s->pusch_n; i++) {
		size_t octets = cell_pusch_octets(&n->ul.pusch[i].config);

		n->ul.pusch[i].result.channel.channel =
			(struct phy_chest_result){ .snr_db = (float)draw() - 100,
				.delay_s = ((float)draw() - 100) * 1e-7f };
		n->ul.pusch[i].result.ok = draw() % 4 != 0 && used + octets <= sizeof(n->tb);
		if (!n->ul.pusch[i].result.ok)
			continue;
		draw_octets(n->tb + used, octets < 40 ? octets : 40);
		n->ul.pusch[i].tb = bytes_of(n->tb + used, octets);
		used += octets;
	}
	for (size_t i = 0; i < s->pucch_n; i++) {
		n->ul.pucch[i].result.detected = draw() & 1;
		for (unsigned k = 0; k < L1_UCI_MAX; k++)
			n->ul.uci[i][k] = draw() & 1;
		n->ul.pucch[i].result.power = (float)draw() / 16;
		n->ul.pucch[i].result.noise = (float)draw() / 64;
	}
	if (s->prach_n > 0 && draw() & 1) {
		n->rach = (struct phy_ul_rach){
			.began = s->time, .place = s->prach[0], .found_n = draw() % 10
		};
		for (unsigned i = 0; i < n->rach.found_n; i++)
			n->rach.found[i] = (struct phy_prach_found){ .preamble = draw() % 64,
				.delay_s = (float)draw() * 1e-6f };
		s->rach = &n->rach;
		s->rach_n = 1;
	}
}

static void hostile_ues(bool tdd)
{
	static struct net n;
	const struct du_upper upper = { &n, on_ccch, on_configured, on_configured, on_lost };
	const char *wrong;

	n.du = du_new(&(struct du_config){ config_of(tdd), DU_C_RNTI_FIRST }, &upper, &wrong);
	if (!n.du)
		abort();
	for (uint64_t i = 0; i < SLOTS_MAX && cursor_left(&input) > 0; i++) {
		struct slot_time t = slot_time_of(tdd, i);

		du_slot_send(n.du, &t, (i + 1) * 1000000, &n.dl);
		check_slot(&n.dl.slot);
		du_slot_expect(n.du, &t, &n.ul);
		answer(&n);
		du_slot_receive(n.du, &n.ul);
	}
	du_free(n.du);
}

/* --- a hostile cell */

/* SS/PBCH blocks and CSI-RS of any strength, none included. */
static void hear_references(struct phy_dl_slot_rx *slot)
{
	static struct phy_dl_ssb_rx ssb;
	static struct phy_cf h[PHY_PRB_MAX * 3];

	for (size_t i = 0; i < slot->csi_rs_n; i++) {
		struct phy_dl_csi_rs_rx *r = &slot->csi_rs[i];

		r->ok = draw() % 4 != 0;
		r->measurement.noise = (float)draw() / 64;
		for (size_t k = 0; k < ARRAY_LEN(h); k += 16)
			h[k].re = (float)draw();
		r->h[0] = h;
	}
	if (slot->pdsch_n > 0 || draw() % 8 != 0)
		return;
	ssb.ok = draw() % 4 != 0;
	ssb.measure.power = (float)draw() * (float)draw() / 64;
	slot->ssb = &ssb;
	slot->ssb_n = 1;
}

static bool hear(void *self, struct phy_dl_slot_rx *slot, bool again)
{
	static uint8_t tb[UE_BLOCK];

	for (size_t i = 0; i < slot->pdcch_n; i++) {
		struct phy_dl_pdcch_rx *p = &slot->pdcch[i];

		p->found_n = draw() % 3;
		for (unsigned k = 0; k < p->found_n; k++) {
			p->found[k] = (struct phy_pdcch_found){ .at = p->search.candidate[0],
				.rnti = p->search.rnti[0],
				.bits = p->search.size[draw() % p->search.sizes] };
			draw_octets(p->found[k].dci, (p->found[k].bits + 7) / 8);
		}
	}
	hear_references(slot);
	for (size_t i = 0; i < slot->pdsch_n; i++) {
		struct phy_dl_pdsch_rx *p = &slot->pdsch[i];
		size_t octets = draw();

		p->result.sch[0].ok = draw() % 4 != 0;
		draw_octets(tb, octets);
		p->tb[0] = bytes_of(tb, octets);
	}
	return true;
}

static bool is_sent(void *self, const struct phy_ul_slot *slot)
{
	struct phy_pusch pusch;
	struct phy_pucch pucch;

	for (size_t i = 0; i < slot->pusch_n; i++)
		if (phy_pusch_init(&pusch, &slot->pusch[i].config) == PHY_PUSCH_OK &&
			slot->pusch[i].tb.len * 8 != pusch.sch.a)
			abort();
	for (size_t i = 0; i < slot->pucch_n; i++)
		if (phy_pucch_init(&pucch, &slot->pucch[i].config) != PHY_PUCCH_OK)
			abort();
	return true;
}

static uint32_t any(void *arg)
{
	return (uint32_t)draw() * 0x1010101u;
}

static void no_short(void *arg, uint8_t bits)
{
}

static void nothing(void *arg, struct bytes sdu)
{
}

static void no_problem(void *arg)
{
}

static void advance(void *arg, uint32_t tc)
{
}

/* DRX out of the input: whatever RRC can say. */
static void sleep_sometimes(struct ue_phy *p)
{
	struct rrc_drx_config rrc;
	uint8_t octets[16];
	uint64_t first[64];
	struct mac_drx_config drx;
	struct per_diag diag;
	struct arena arena;

	draw_octets(octets, sizeof(octets));
	arena_init(&arena, first, sizeof(first), OWN_ARENA);
	if (rrc_decode(&rrc_drx_config_type, BYTES(octets), &arena, &rrc, &diag) && rrc_drx_read(&drx, &rrc))
		ue_phy_sleep(p, &drx);
	arena_fini(&arena);
}

/* A CellGroupConfig out of the input. */
static void configure(struct ue_phy *p, const struct cell *c)
{
	uint64_t first[512];
	uint8_t octets[64];
	struct rrc_cell_group_config g;
	struct per_diag diag;
	struct arena arena;
	struct cell_parts parts;

	draw_octets(octets, sizeof(octets));
	arena_init(&arena, first, sizeof(first), OWN_ARENA);
	cell_parts_init(&parts, c);
	if (rrc_decode(&rrc_cell_group_config_type, BYTES(octets), &arena, &g, &diag) &&
		!cell_parts_read(&parts, &g))
		ue_phy_configure(p, &parts);
	arena_fini(&arena);
}

/* SIB1 as ours is, with some octets changed; the cell's own part likewise. */
static void hostile_cell(bool tdd)
{
	static struct served_cell cells[2];
	struct served_cell *served = &cells[tdd];
	const struct served_cell_config config = config_of(tdd);
	static struct cell cell;
	const struct l1_ue l1 = { NULL, hear, is_sent };
	const struct ue_phy_upper upper = { NULL, any, nothing, nothing, no_short, nothing, no_problem,
		no_problem, advance };
	static const uint8_t request[6] = { 1 };
	static struct cell_parts parts;
	struct cell_found found;
	struct ue_phy *p;
	uint8_t sib1[PHY_SIB1_OCTETS_MAX];

	if (served->sib1_octets == 0 && served_cell_init(served, &config))
		abort();
	found = (struct cell_found){ .pci = 1,
		.mu = tdd,
		.l_max = served->broadcast.l_max,
		.ssb_hz = (uint64_t)((int64_t)served->broadcast.carrier_hz + served->broadcast.ssb_offset_hz),
		.mib = served->mib };
	for (size_t i = 0; i < served->sib1_octets; i++)
		sib1[i] = served->sib1[i];
	for (unsigned n = served->sib1_octets > 0 ? draw() % 4 : 0; n > 0; n--)
		sib1[draw() % served->sib1_octets] ^= draw();
	if (draw() % 16 == 0)
		found.mib.coreset_zero = draw() % 16;
	if (cell_read(&cell, &found, bytes_of(sib1, served->sib1_octets)) != CELL_OK)
		return;
	p = ue_phy_new(&cell, &l1, &upper, UE_BLOCK);
	cell_parts_init(&parts, &cell);
	if (!p || !served_cell_own(&parts.own[0], served, draw() % SERVED_CELL_UES))
		abort();
	ue_phy_paged_as(p, draw());
	for (uint64_t i = 0; i < SLOTS_MAX && cursor_left(&input) > 0; i++) {
		struct slot_time t = slot_time_of(tdd, i);

		if (draw() % 16 == 0)
			may_fail(ue_phy_access(p, BYTES(request), (i + 1) * 1000000));
		if (draw() % 32 == 0)
			ue_phy_configure(p, &parts);
		if (draw() % 32 == 0)
			configure(p, &cell);
		if (draw() % 64 == 0)
			sleep_sometimes(p);
		ue_phy_receive(p, &t, (i + 1) * 1000000);
		ue_phy_send(p, &t, (i + 1) * 1000000);
	}
	ue_phy_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t which;

	input = cursor_of(bytes_of(data, size));
	which = draw();
	if (which & 1)
		hostile_cell(which >> 1 & 1);
	else
		hostile_ues(which >> 1 & 1);
	return 0;
}
