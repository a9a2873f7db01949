#include "ue/phy/cell_search.h"

#include <math.h>
#include <stdlib.h>

enum { HALF_FRAME_MS = 5 };

/* From the PSS of the block that was found back to the beginning of its frame. */
static double frame_start(const struct phy_scan_cell *c, double rate_hz)
{
	unsigned symbol = phy_ssb_first_symbol(c->pattern, c->cell.payload.ssb_index);
	double s = phy_symbol_start_s(phy_ssb_mu(c->pattern), symbol);

	if (c->cell.payload.half_frame)
		s += HALF_FRAME_MS * 1e-3;
	return c->cell.start - s * rate_hz;
}

static bool take(struct ue_found *out, const struct phy_scan_cell *c, double rate_hz, double centre_hz)
{
	*out = (struct ue_found){ .found = { .pci = c->cell.n_cell_id,
					  .mu = (uint8_t)phy_ssb_mu(c->pattern),
					  .l_max = c->cell.l_max,
					  .ssb_index = c->cell.payload.ssb_index,
					  .ssb_punctured = c->cell.punctured,
					  .ssb_hz = (uint64_t)llround(centre_hz + c->carrier.nominal_hz),
					  .mib = c->mib },
		.frame_start = frame_start(c, rate_hz),
		.sfn = c->cell.payload.sfn,
		.cfo_hz = c->carrier.cfo_hz,
		.snr_db = c->cell.snr_db };
	if (!c->has_mib || c->mib.cell_barred || c->outcome != PHY_SIB1_READ ||
		!bytes_copy(out->sib1, sizeof(out->sib1), bytes_of(c->sib1.data, c->sib1.octets)))
		return false;
	out->sib1_octets = c->sib1.octets;
	return cell_read(&out->cell, &out->found, bytes_of(out->sib1, out->sib1_octets)) == CELL_OK;
}

bool ue_cell_search(struct ue_found *out, const struct kern *k, struct phy_cf *samples, size_t count,
	double rate_hz, double centre_hz, ue_cell_suitable_fn *suitable, void *arg)
{
	struct phy_scan_config config = { .centre_hz = centre_hz, .raster_only = true };
	struct phy_scan *scan = malloc(sizeof(*scan));
	bool found = false;

	*out = (struct ue_found){ .snr_db = 0 };
	if (scan && phy_scan_run(k, samples, count, rate_hz, &config, scan) == PHY_SCAN_OK)
		for (unsigned i = 0; i < scan->count && !found; i++)
			found = take(out, &scan->cell[i], rate_hz, centre_hz) && suitable(arg, out);
	free(scan);
	return found;
}
