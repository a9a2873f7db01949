#include "radio/phy/receivers/array_parts.h"

#include <math.h>
#include <stdlib.h>

struct phy_array_work *phy_array_work_new(unsigned antennas, unsigned layers)
{
	size_t rows = (size_t)antennas * (layers + 1), size = sizeof(struct phy_array_work);
	struct phy_array_work *w;

	size += rows * sizeof(w->rows[0]);
	w = aligned_alloc(CHEST_LINE, size);
	if (w)
		memset(w, 0, size);
	return w;
}

void phy_array_work_free(struct phy_array_work *w)
{
	free(w);
}

struct phy_array *phy_array_new(const struct phy_chest_filters *filters, unsigned antennas, unsigned layers)
{
	struct phy_array *a = calloc(1, sizeof(*a));
	bool ok;

	if (!a)
		return NULL;
	a->antennas_max = antennas;
	ok = antennas >= 1 && antennas <= ANTENNAS && layers >= 1 && layers <= LAYERS;
	for (unsigned l = 0; ok && l < layers; l++) {
		a->chest[l] = phy_chest_new(filters, antennas);
		ok = a->chest[l] != NULL;
	}
	if (ok)
		a->rows = aligned_alloc(CHEST_LINE, (size_t)antennas * layers * sizeof(*a->rows));
	ok = ok && a->rows;
	if (!ok) {
		phy_array_free(a);
		return NULL;
	}
	return a;
}

void phy_array_free(struct phy_array *a)
{
	for (unsigned l = 0; a && l < LAYERS; l++)
		phy_chest_free(a->chest[l]);
	if (a)
		free(a->rows);
	free(a);
}

const struct phy_array_result *phy_array_result(const struct phy_array *a)
{
	return &a->result;
}

/* Means and sums of the layers' results. */
static void conclude(struct phy_array *a)
{
	struct phy_chest_result *to = &a->result.channel;
	float share = 1 / (float)a->layers;

	*to = (struct phy_chest_result){ 0 };
	for (unsigned l = 0; l < a->layers; l++) {
		const struct phy_chest_result *r = phy_chest_result(a->chest[l]);

		to->power += r->power;
		to->noise += r->noise * share;
		to->cfo_hz += r->cfo_hz * share;
		to->doppler_hz += r->doppler_hz * share;
		to->delay_s += r->delay_s * share;
	}
	to->snr_db =
		(float)fmax(-50, fmin(100, 10 * log10((double)to->power / fmax((double)to->noise, 1e-30))));
}

/* The layer whose port shares the REs of this one's and turns the second of two pilots: ports 2 n and 2 n
 * + 1. */
static const struct phy_chest *partner(
	const struct phy_array *a, const struct phy_array_input *in, unsigned layer)
{
	unsigned port = in->layout.dmrs[layer].port ^ 1u;

	for (unsigned l = 0; l < in->layers; l++) {
		if (in->layout.dmrs[l].port == port)
			return a->chest[l];
	}
	return NULL;
}

void phy_array_step(struct phy_array *a, const struct kern *k, const struct phy_array_input *in,
	enum phy_array_step step, unsigned layer)
{
	struct phy_chest_layout of = in->layout;
	struct phy_chest *c = a->chest[layer];
	const struct phy_chest *other = partner(a, in, layer);

	of.dmrs += layer;
	if (step == PHY_ARRAY_LOOK)
		a->found[layer] = phy_chest_run(c, k, &of, in->slot, in->grids, in->antennas, in->offset);
	else if (step == PHY_ARRAY_CANCEL)
		a->again[layer] = a->found[layer] && other && chest_cancel(c, k, other);
	else if (a->again[layer])
		a->found[layer] = chest_estimate(c, k);
}

static void find_living(struct phy_array *a)
{
	for (unsigned i = 0; i < a->in.antennas && i < a->antennas_max; i++) {
		bool lives = false, broken = false;

		for (unsigned l = 0; l < a->layers; l++) {
			lives |= a->chest[l]->antenna[i].lives;
			broken |= a->chest[l]->antenna[i].broken;
		}
		if (lives && !broken)
			a->live[a->living++] = i;
	}
}

bool phy_array_end(struct phy_array *a, const struct kern *k, const struct phy_array_input *in)
{
	a->result = (struct phy_array_result){ 0 };
	a->in = *in;
	a->layers = in->layers;
	a->living = 0;
	a->alone = in->layers == 1 && in->antennas == 1;
	for (unsigned l = 0; l < a->layers; l++) {
		if (!a->found[l])
			return false;
	}
	find_living(a);
	if (a->living == 0)
		return false;
	a->result.antennas = a->living;
	array_find_noise(a, k);
	conclude(a);
	array_make_once(a, k);
	return true;
}
