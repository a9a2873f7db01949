/* The flows of sessions as a gNB has them. */
#include "gnb/internal.h"
#include "tests/scenario/flows.h"

uint64_t scn_gnb_flows(struct gnb *gnb, uint32_t ul_teid)
{
	const struct gnb_session *s;

	for (uint32_t i = 0; (s = pool_next(&gnb->sessions, &i)); i++)
		if (s->ul_teid == ul_teid)
			return s->flows;
	return 0;
}
