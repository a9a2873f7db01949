/* gNB-CU-UP Status Indication (37.483 8.2.8): overloaded is what has next to no room left for further UEs, or
 * for what waits of those there are. */
#include "gnb/cuup/parts.h"

enum { FULL_PERCENT = 95, FREE_PERCENT = 85 };

static uint32_t percent_of(const struct pool *p)
{
	return p->max ? (uint32_t)((uint64_t)p->used * 100 / p->max) : 0;
}

static void status_send(struct cuup_node *n)
{
	struct e1ap_gnb_cu_up_status_indication m = { .transaction_id = ++n->transaction,
		.gnb_cu_up_overload_information =
			n->overloaded ? E1AP_GNB_CU_UP_OVERLOAD_INFORMATION_OVERLOADED
				      : E1AP_GNB_CU_UP_OVERLOAD_INFORMATION_NOT_OVERLOADED };

	may_fail(cuup_e1ap_send(n, E1AP_MSG_GNB_CU_UP_STATUS_INDICATION, &m));
}

void cuup_load_check(struct cuup_node *n)
{
	const struct pool *const pools[] = { &n->contexts, &n->sessions, &n->bearers,
		&n->waiting_sdus.small };
	uint32_t most = 0;
	bool overloaded;

	for (size_t i = 0; i < ARRAY_LEN(pools); i++) {
		uint32_t percent = percent_of(pools[i]);

		most = percent > most ? percent : most;
	}
	overloaded = n->up && most >= (n->overloaded ? FREE_PERCENT : FULL_PERCENT);
	if (overloaded == n->overloaded)
		return;
	n->overloaded = overloaded;
	if (n->up)
		status_send(n);
}

bool cuup_node_is_overloaded(const struct cuup_node *n)
{
	return n->overloaded;
}
