/*
 * How many sessions a data network may have in a slice, 24.501 6.2.7 and 6.2.8. The cause says the most that
 * is true, so that no UE asks where there is no room: of the DNN (#26, T3396), of the slice (#69, T3585), or
 * of the two together (#67, T3584).
 */
#include "core/smf/internal.h"

static bool is_full(const struct smf *smf, const struct smf_dnn *d)
{
	return d->sessions_max && smf_count_of_dnn(smf, d) >= d->sessions_max;
}

uint8_t smf_congestion_cause(const struct smf *smf, const struct smf_dnn *dnn)
{
	bool all_of_dnn = true, all_of_slice = true;

	if (!is_full(smf, dnn))
		return 0;
	for (uint8_t i = 0; i < smf->config.dnn_count; i++) {
		const struct smf_dnn *d = &smf->config.dnns[i];

		if (d->withdrawn || d->emergency || is_full(smf, d))
			continue;
		all_of_dnn &= !dnn_equal(d->dnn, dnn->dnn);
		all_of_slice &= !snssai_equal(&d->snssai, &dnn->snssai);
	}
	return all_of_dnn     ? NAS_5GSM_INSUFFICIENT_RESOURCES
	       : all_of_slice ? NAS_5GSM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE
			      : NAS_5GSM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE_AND_DNN;
}
