#include "radio/phy/search/pss_peaks.h"

#include <math.h>

#include "radio/phy/channels/ssb.h"

float phy_pss_score(float sum, unsigned repetitions)
{
	float x = PHY_SYNC_LENGTH * sum, term = 1, tail = 1;

	for (unsigned i = 1; i < repetitions; i++) {
		term *= x / (float)i;
		tail += term;
	}
	return x - logf(tail);
}

void phy_pss_keep(struct phy_pss_peaks *peaks, const struct phy_pss_peak *peak, double rate_hz, double scs_hz)
{
	double near_samples = rate_hz / scs_hz / 2;
	unsigned kept = 0, at;

	for (unsigned i = 0; i < peaks->count; i++) {
		const struct phy_pss_peak *other = &peaks->peak[i];
		double apart = fabs(other->start - peak->start), period = PHY_SSB_PERIOD_MS / 1e3 * rate_hz;
		bool near = apart - floor(apart / period + 0.5) * period < near_samples &&
			    apart - floor(apart / period + 0.5) * period > -near_samples &&
			    fabs(other->frequency_hz - peak->frequency_hz) < 3 * scs_hz &&
			    other->n_id_2 == peak->n_id_2;

		if (near && other->score >= peak->score)
			return;
		if (!near)
			peaks->peak[kept++] = *other;
	}
	peaks->count = kept;
	for (at = kept; at > 0 && peaks->peak[at - 1].score < peak->score; at--) {
		if (at < PHY_PSS_PEAKS_MAX)
			peaks->peak[at] = peaks->peak[at - 1];
	}
	if (at == PHY_PSS_PEAKS_MAX)
		return;
	peaks->peak[at] = *peak;
	peaks->count = kept < PHY_PSS_PEAKS_MAX ? kept + 1 : kept;
}
