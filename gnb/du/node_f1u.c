/* What F1-U has RLC do (f1u.h). */
#include "gnb/du/node_parts.h"

static bool send(void *arg, void *bearer, uint64_t tag, struct bytes pdu)
{
	return node_bearer_send(arg, bearer, tag, pdu);
}

static bool discard(void *arg, void *bearer, uint64_t tag)
{
	const struct node_bearer *b = bearer;

	return b->rlc && rlc_discard(b->rlc, tag);
}

/* With RLC's headers, so a little more than what waits. */
static uint64_t waiting(void *arg, void *bearer)
{
	const struct du_node *n = arg;
	const struct node_bearer *b = bearer;

	return b->rlc ? rlc_data_volume(b->rlc, n->now_ns) : 0;
}

/* The CU-CP hears of it from its CU-UP. */
static void gone(void *arg, void *bearer)
{
}

struct du_f1u_lower node_f1u(struct du_node *n)
{
	return (struct du_f1u_lower){ n, send, discard, waiting, gone };
}
