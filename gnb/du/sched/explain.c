/* Each decision as a line of a table, with what it was made of. */
#include "base/text.h"
#include "gnb/du/sched/sched.h"

const char sched_explain_columns[] = "ue,first_prb,prbs,mcs,octets,why,process,metric,waiting_octets,"
				     "rate_octets_slot,priority,guaranteed_octets_s,cqi,offset_db";

static const char *const reasons[SCHED_REASONS] = {
	[SCHED_RETRANSMISSION] = "again", [SCHED_GUARANTEE] = "guarantee", [SCHED_FAIRNESS] = "fairness"
};

void sched_explain(const struct sched *s, const struct sched_given *g, struct writer *w)
{
	const struct sched_ue *u = &s->ues[g->ue];

	text_put(w, "%u,%u,%u,%u,%u,%s,", g->ue, g->first_prb, g->prbs, g->mcs, (unsigned)g->octets,
		reasons[g->reason]);
	if (g->reason == SCHED_RETRANSMISSION)
		text_put(w, "%u,,", g->process); /* it was not weighed */
	else
		text_put(w, ",%.2f,", (double)g->metric);
	text_put(w, "%u,%.0f,%u,%u,%u,%.2f", (unsigned)u->waiting, (double)u->rate, u->priority,
		(unsigned)u->guaranteed_octets_s, u->cqi, u->offset_cb / 100.0);
}
