/* PUCCH: 38.104 8.3.2 to 8.3.6 over TDLC300-100, one antenna to 2, 4 or 8 that fade independently. */
#include <stdio.h>
#include <stdlib.h>

#include "radio/phy/channels/pucch.h"
#include "sim/channel/channel_grid.h"
#include "sim/conformance/conformance.h"
#include "sim/conformance/tables.h"

enum { UCI_MAX = 22, SLOTS_OF_FRAME = 10 };

struct trial {
	const struct conformance_pucch_row *row;
	struct kern kern;
	struct phy_pucch_tables *tables;
	struct phy_pucch_work *work;
	struct phy_pucch pucch;
	struct channel_grid *air;
	struct phy_cf *re[1 + CHANNEL_GRID_ANTENNAS]; /* as sent; as each antenna receives it */
	struct phy_grid grid[1 + CHANNEL_GRID_ANTENNAS];
};

static const struct conformance_pucch_row *row_of(size_t i)
{
	const struct {
		const struct conformance_pucch_row *rows;
		size_t n;
	} all[] = {
		{ conformance_pucch_f0_requirements_fr1, conformance_pucch_f0_requirements_fr1_n },
		{ conformance_pucch_f1_f2_requirements_v19, conformance_pucch_f1_f2_requirements_v19_n },
		{ conformance_pucch_f3_requirements_fr1, conformance_pucch_f3_requirements_fr1_n },
		{ conformance_pucch_f4_requirements_fr1, conformance_pucch_f4_requirements_fr1_n },
	};

	for (size_t t = 0; t < ARRAY_LEN(all); i -= all[t++].n) {
		if (i < all[t].n)
			return &all[t].rows[i];
	}
	return NULL;
}

static size_t rows(void)
{
	return conformance_pucch_f0_requirements_fr1_n + conformance_pucch_f1_f2_requirements_v19_n +
	       conformance_pucch_f3_requirements_fr1_n + conformance_pucch_f4_requirements_fr1_n;
}

static bool row(size_t i, struct conformance_row *out)
{
	static const char *const whats[] = { "ACK missed", "NACK to ACK", "UCI lost" };
	const struct conformance_pucch_row *r = row_of(i);

	if (!r)
		return false;
	snprintf(out->text, sizeof(out->text),
		"%s: PUCCH format %u, %s, %u symbols, %u kHz, %u PRB, %u antennas%s", r->table, r->format,
		whats[r->what], r->symbols, r->scs_khz, r->carrier_prbs, r->antennas,
		r->additional_dmrs ? ", additional DM-RS" : "");
	out->snr_db = r->snr_db;
	out->allowed = r->what == CONFORMANCE_NACK_TO_ACK ? 0.001 : 0.01;
	return true;
}

static struct phy_pucch_config config_of(const struct conformance_pucch_row *r)
{
	static const uint8_t bits[] = { 1, 2, 0, 16, 22 };
	struct phy_pucch_config c = { .format = r->format,
		.mu = r->scs_khz == 30,
		.bwp_prbs = r->carrier_prbs,
		.second_prb = (uint16_t)(r->carrier_prbs - r->prbs),
		.hopping = r->symbols > 1,
		.prbs = r->prbs,
		.first_symbol = (uint8_t)(r->symbols <= 2 ? PHY_SYMBOLS_MAX - r->symbols : 0),
		.symbols = r->symbols,
		.occ_length = 2,
		.additional_dmrs = r->additional_dmrs,
		.rnti = 0x4601,
		.bits = bits[r->format] };

	if (r->format == 2)
		c.bits = r->what == CONFORMANCE_UCI_LOST ? 22 : 4;
	return c;
}

static void trial_close(struct trial *t)
{
	phy_pucch_work_free(t->work);
	phy_pucch_tables_free(t->tables);
	channel_grid_free(t->air);
	for (unsigned a = 0; a < ARRAY_LEN(t->re); a++)
		free(t->re[a]);
	free(t);
}

static struct trial *trial_open(const struct conformance_pucch_row *r, double snr_db)
{
	struct channel_grid_config air = { CHANNEL_TDLC300, r->scs_khz * 1e3, 100, snr_db, r->antennas };
	struct phy_pucch_config c = config_of(r);
	struct trial *t = calloc(1, sizeof(*t));
	bool ok = t != NULL;

	if (!t)
		return NULL;
	t->row = r;
	kern_init(&t->kern, KERN_LEVELS - 1);
	t->tables = phy_pucch_tables_new();
	t->work = t->tables ? phy_pucch_work_new(t->tables) : NULL;
	t->air = channel_grid_new(&air);
	for (unsigned a = 0; a <= r->antennas; a++) {
		t->re[a] = calloc(
			(size_t)PHY_SYMBOLS_MAX * r->carrier_prbs * PHY_SC_PER_PRB, sizeof(struct phy_cf));
		t->grid[a] = (struct phy_grid){ t->re[a], r->carrier_prbs, 0, PHY_SYMBOLS_MAX };
		ok = ok && t->re[a];
	}
	if (ok && t->work && t->air && phy_pucch_init(&t->pucch, &c) == PHY_PUCCH_OK)
		return t;
	trial_close(t);
	return NULL;
}

/* Through the air, and the sent grid is empty again. */
static void pass(struct trial *t)
{
	const struct phy_pucch_config *c = &t->pucch.config;
	unsigned n = (unsigned)c->prbs * PHY_SC_PER_PRB;

	for (unsigned l = 0; l < c->symbols; l++) {
		unsigned prb = c->hopping && l >= c->symbols / 2u ? c->second_prb : c->first_prb;
		unsigned at = prb * PHY_SC_PER_PRB, symbol = c->first_symbol + l;
		struct phy_cf *in = phy_grid_at(&t->grid[0], symbol, at);

		for (unsigned a = 0; a < t->row->antennas; a++)
			channel_grid_pass(
				t->air, a, symbol, at, n, in, phy_grid_at(&t->grid[1 + a], symbol, at));
		memset(in, 0, n * sizeof(*in));
	}
}

static void count(const struct trial *t, const uint8_t *sent, const struct phy_pucch_user *u,
	struct conformance_count *out)
{
	unsigned bits = t->pucch.config.bits;
	bool same = true;

	for (unsigned i = 0; i < bits; i++) {
		bool ack = u->detected && u->uci[i];

		same = same && u->uci[i] == sent[i];
		if (t->row->what == CONFORMANCE_ACK_MISSED && sent[i]) {
			out->trials++;
			out->failures += !ack;
		} else if (t->row->what == CONFORMANCE_NACK_TO_ACK && !sent[i]) {
			out->trials++;
			out->failures += ack;
		}
	}
	if (t->row->what == CONFORMANCE_UCI_LOST) {
		out->trials++;
		out->failures += !(u->detected && same);
	}
}

static bool run(size_t i, double snr_db, unsigned slots, uint64_t seed, struct conformance_count *out)
{
	const struct conformance_pucch_row *r = row_of(i);
	struct trial *t = r ? trial_open(r, snr_db) : NULL;
	uint8_t sent[UCI_MAX], got[UCI_MAX];

	if (!t)
		return false;
	for (unsigned s = 0; s < slots; s++) {
		struct phy_pucch_user user = { .pucch = &t->pucch, .uci = got };
		/* odd constant of the golden ratio: bits that differ from slot to slot */
		uint64_t random = (seed + s + 1) * 0x9e3779b97f4a7c15u;

		for (unsigned b = 0; b < t->pucch.config.bits; b++)
			sent[b] = random >> (63 - b) & 1;
		if (r->what == CONFORMANCE_ACK_MISSED)
			memset(sent, 1, sizeof(sent));
		channel_grid_slot(t->air, random);
		(void)phy_pucch_send(
			t->work, &t->kern, &t->pucch, s % SLOTS_OF_FRAME, sent, false, &t->grid[0]);
		pass(t);
		(void)phy_pucch_receive(
			t->work, &t->kern, s % SLOTS_OF_FRAME, &t->grid[1], r->antennas, &user, 1);
		count(t, sent, &user, out);
	}
	trial_close(t);
	return true;
}

const struct conformance_set conformance_pucch = { "PUCCH", 4000, rows, row, run };
