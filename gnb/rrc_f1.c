/* Associations of DUs (38.472) and of CU-UPs (37.482). */
#include "gnb/rrc_cucp.h"

void gnb_cu_f1ap_send(void *arg, uint32_t du, struct bytes pdu)
{
	struct gnb *gnb = arg;

	if (gnb->cu->dus[du])
		may_fail(outbox_send(gnb->env->outbox, GNB_PORT_F1, gnb->cu->dus[du], 0, pdu));
}

void gnb_cu_e1ap_send(void *arg, uint32_t up, struct bytes pdu)
{
	struct gnb *gnb = arg;

	if (gnb->cu->cuups[up])
		may_fail(outbox_send(gnb->env->outbox, GNB_PORT_E1, gnb->cu->cuups[up], 0, pdu));
}

/* Takes the message's association in or out. Its place; count: it has none, and is not wanted. */
static uint32_t place_of(struct gnb *gnb, uint64_t *assocs, uint32_t count, const struct msg *m)
{
	uint64_t wanted = m->kind == MSG_UP ? 0 : m->assoc;
	uint32_t i = 0;

	while (i < count && assocs[i] != wanted)
		i++;
	if (i < count && m->kind != MSG_DATA)
		assocs[i] = m->kind == MSG_UP ? m->assoc : 0;
	if (i < count)
		return i;
	gnb->stat[GNB_STAT_F1_REFUSED]++;
	if (m->kind != MSG_DOWN)
		may_fail(outbox_put(gnb->env->outbox,
			&(struct msg){ .kind = MSG_DOWN, .port = m->port, .assoc = m->assoc }));
	return count;
}

static void on_f1(struct gnb *gnb, const struct msg *m)
{
	uint32_t du = place_of(gnb, gnb->cu->dus, GNB_DUS_MAX, m);

	if (du < GNB_DUS_MAX && m->kind == MSG_DATA) {
		cucp_f1ap_received(gnb->cu->cucp, du, m->data);
	} else if (du < GNB_DUS_MAX && m->kind == MSG_DOWN) {
		log_warn(gnb->env->log, "a DU is gone, and its cells with it: is it running?");
		cucp_f1_lost(gnb->cu->cucp, du);
	}
}

static void on_e1(struct gnb *gnb, const struct msg *m)
{
	uint32_t up = place_of(gnb, gnb->cu->cuups, GNB_CUUPS_MAX, m);

	if (up < GNB_CUUPS_MAX && m->kind == MSG_DATA) {
		cucp_e1ap_received(gnb->cu->e1ap, up, m->data);
	} else if (up < GNB_CUUPS_MAX && m->kind == MSG_DOWN) {
		log_warn(gnb->env->log, "a CU-UP is gone, and its UEs' user data with it: is it running?");
		cucp_e1_lost(gnb->cu->e1ap, up);
	}
}

void gnb_cu_on_msg(struct gnb *gnb, const struct msg *m)
{
	if (m->port == GNB_PORT_F1)
		on_f1(gnb, m);
	else
		on_e1(gnb, m);
}
