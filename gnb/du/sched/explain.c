/* Each decision in words. */
#include "base/text.h"
#include "gnb/du/sched/sched.h"

void sched_explain(const struct sched *s, const struct sched_given *g, struct writer *w)
{
	const struct sched_ue *u = &s->ues[g->ue];

	text_put(w, "UE %u: PRB %u to %u, MCS %u, %u octets; ", g->ue, g->first_prb,
		g->first_prb + g->prbs - 1u, g->mcs, (unsigned)g->octets);
	switch (g->reason) {
	case SCHED_RETRANSMISSION:
		text_put(w, "process %u once more", g->process);
		break;
	case SCHED_GUARANTEE:
		text_put(w, "guaranteed %u octets/s, metric %.2f", (unsigned)u->guaranteed_octets_s,
			(double)g->metric);
		break;
	default:
		text_put(w, "waiting %u, average %.0f octets a slot, priority %u, metric %.2f",
			(unsigned)u->waiting, (double)u->rate, u->priority, (double)g->metric);
	}
	if (g->reason != SCHED_RETRANSMISSION)
		text_put(w, "; CQI %u, offset %.2f dB", u->cqi, u->offset_cb / 100.0);
}
