/* UCI on PUSCH (38.104 8.2.3, and 11.2.2.3 in FR2): the two parts of CSI beside UL-SCH, one antenna to two.
 */
#include <stdio.h>
#include <stdlib.h>

#include "radio/phy/channels/pusch.h"
#include "sim/channel/channel_grid.h"
#include "sim/conformance/conformance.h"
#include "sim/conformance/tables.h"

enum { ANTENNAS = 2, SLOTS = 1000, SLOTS_OF_FRAME = 10, MCS_16QAM_658 = 16, BETA = 13 };

struct trial {
	const struct conformance_uci_row *row;
	struct kern kern;
	struct phy_dfts *dfts;
	struct phy_chest_filters *filters;
	struct phy_pusch_sender *sender;
	struct phy_pusch_receiver *receiver;
	struct phy_harq *harq;
	struct phy_pusch pusch;
	struct channel_grid *air;
	struct phy_grid grid[1 + ANTENNAS]; /* as sent; as each antenna receives it */
	uint8_t *tb;
	uint8_t sent[PHY_PUSCH_UCI_PARTS][UINT8_MAX];
};

static size_t rows(void)
{
	return conformance_uci_on_pusch_requirements_n;
}

static const struct conformance_uci_row *row_of(size_t i)
{
	return i < rows() ? &conformance_uci_on_pusch_requirements[i] : NULL;
}

static bool row(size_t i, struct conformance_row *out)
{
	const struct conformance_uci_row *r = row_of(i);

	if (!r)
		return false;
	*out = (struct conformance_row){ .snr_db = r->snr_db, .allowed = r->part == 1 ? 0.001 : 0.01 };
	snprintf(out->text, sizeof(out->text), "%s UCI on PUSCH %c, CSI part %u of %u + %u bits, %s, pos%u%s",
		r->table, r->type_b ? 'B' : 'A', r->part, r->bits[0], r->bits[1], r->frc, r->additional,
		r->ptrs ? ", PT-RS" : "");
	return true;
}

/* 8.2.3.1, 11.2.2.3.1 */
static struct phy_pusch_config config_of(const struct conformance_uci_row *r)
{
	struct phy_pusch_config c = { .bwp_prbs = r->n_rb,
		.time = { r->type_b, 0, 0, r->symbols },
		.dmrs = { .additional = r->additional, .type_a_position = 2, .groups_without_data = 2 },
		.layers = 1,
		.rnti = 1,
		.mcs = MCS_16QAM_658,
		.uci = { .bits = { 0, r->bits[0], r->bits[1] },
			.beta = { 0, BETA, BETA },
			.alpha = PHY_ALPHA_1 } };

	if (r->ptrs)
		c.ptrs = (struct phy_ptrs_config){ .time_density = 1, .frequency_density = 2 };
	while (15u << c.mu < r->scs_khz)
		c.mu++;
	for (; c.prbs.n < r->n_rb; c.prbs.n++)
		c.prbs.at[c.prbs.n] = c.prbs.n;
	return c;
}

static void trial_close(struct trial *t)
{
	phy_pusch_sender_free(t->sender);
	phy_pusch_receiver_free(t->receiver);
	phy_dfts_free(t->dfts);
	phy_chest_filters_free(t->filters);
	phy_harq_free(t->harq);
	channel_grid_free(t->air);
	for (unsigned a = 0; a < ARRAY_LEN(t->grid); a++)
		free(t->grid[a].re);
	free(t->tb);
	free(t);
}

static bool trial_make(struct trial *t, double snr_db)
{
	const struct conformance_uci_row *r = t->row;
	const struct channel_grid_config air = { r->profile, r->scs_khz * 1e3, r->doppler_hz, snr_db,
		ANTENNAS };
	const struct phy_pusch_config c = config_of(r);

	kern_init(&t->kern, KERN_LEVELS - 1);
	t->dfts = phy_dfts_new();
	t->filters = phy_chest_filters_new();
	t->air = channel_grid_new(&air);
	if (!t->dfts || !t->filters || !t->air || phy_pusch_init(&t->pusch, &c) != PHY_PUSCH_OK)
		return false;
	t->sender = phy_pusch_sender_new(t->dfts);
	t->receiver = phy_pusch_receiver_new(t->filters, t->dfts, ANTENNAS, 1);
	t->harq = phy_harq_new(t->pusch.sch.a);
	t->tb = calloc(2, t->pusch.sch.a / 8 + 1); /* what is sent, and what comes */
	for (unsigned a = 0; a < ARRAY_LEN(t->grid); a++) {
		t->grid[a] = (struct phy_grid){ NULL, r->n_rb, 0, PHY_SYMBOLS_MAX };
		t->grid[a].re =
			calloc((size_t)PHY_SYMBOLS_MAX * r->n_rb * PHY_SC_PER_PRB, sizeof(*t->grid[a].re));
		if (!t->grid[a].re)
			return false;
	}
	return t->sender && t->receiver && t->harq && t->tb;
}

static struct trial *trial_open(const struct conformance_uci_row *r, double snr_db)
{
	struct trial *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->row = r;
	if (trial_make(t, snr_db))
		return t;
	trial_close(t);
	return NULL;
}

static void pass(struct trial *t)
{
	unsigned n = t->row->n_rb * PHY_SC_PER_PRB;

	for (unsigned i = 0; i < ANTENNAS * t->row->symbols; i++) {
		unsigned a = i % ANTENNAS, l = i / ANTENNAS;

		channel_grid_pass(t->air, a, l, 0, n, phy_grid_at(&t->grid[0], l, 0),
			phy_grid_at(&t->grid[1 + a], l, 0));
	}
}

/* A slot with bits that follow from a number; whether the part came. */
static bool slot_came(struct trial *t, unsigned slot, uint64_t random)
{
	const uint8_t *const uci[PHY_PUSCH_UCI_PARTS] = { NULL, t->sent[PHY_PUSCH_CSI_1],
		t->sent[PHY_PUSCH_CSI_2] };
	unsigned part = t->row->part == 1 ? PHY_PUSCH_CSI_1 : PHY_PUSCH_CSI_2;
	uint8_t *back = t->tb + t->pusch.sch.a / 8 + 1;
	struct phy_pusch_result result;

	for (unsigned b = 0; b < 64; b++)
		t->sent[PHY_PUSCH_CSI_1 + b / 32][b % 32] = random >> (63 - b) & 1;
	channel_grid_slot(t->air, random);
	phy_harq_reset(t->harq);
	if (!phy_pusch_send_uci(t->sender, &t->kern, &t->pusch, slot, t->tb, uci, &t->grid[0]))
		return false;
	pass(t);
	if (!phy_pusch_receive(
		    t->receiver, &t->kern, &t->pusch, slot, &t->grid[1], ANTENNAS, t->harq, back, &result))
		return false;
	return result.uci[part].bits &&
	       memcmp(result.uci[part].bits, t->sent[part], t->row->bits[t->row->part - 1]) == 0;
}

static bool run(size_t i, double snr_db, unsigned slots, uint64_t seed, struct conformance_count *out)
{
	const struct conformance_uci_row *r = row_of(i);
	struct trial *t = r ? trial_open(r, snr_db) : NULL;

	if (!t)
		return false;
	for (unsigned s = 0; s < slots; s++) {
		/* odd constant of the golden ratio: bits that differ from slot to slot */
		bool came = slot_came(t, s % SLOTS_OF_FRAME, (seed + s + 1) * 0x9e3779b97f4a7c15u);

		out->trials++;
		out->failures += !came;
	}
	trial_close(t);
	return true;
}

const struct conformance_set conformance_uci = { "UCI on PUSCH", SLOTS, rows, row, run };
