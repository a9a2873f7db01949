/* F1: associations of DUs (38.472), and the tunnels of F1-U. */
#include "gnb/rrc_cucp.h"

void gnb_cu_f1ap_send(void *arg, uint32_t du, struct bytes pdu)
{
	struct gnb *gnb = arg;

	if (gnb->cu->dus[du])
		may_fail(outbox_send(gnb->env->outbox, GNB_PORT_F1, gnb->cu->dus[du], 0, pdu));
}

/* The place of an association, GNB_DUS_MAX: it has none. assoc 0: a free one. */
static uint32_t du_of(const struct gnb_cu *cu, uint64_t assoc)
{
	uint32_t i = 0;

	while (i < GNB_DUS_MAX && cu->dus[i] != assoc)
		i++;
	return i;
}

static void on_f1(struct gnb *gnb, const struct msg *m)
{
	struct gnb_cu *cu = gnb->cu;
	uint32_t du = du_of(cu, m->kind == MSG_UP ? 0 : m->assoc);

	if (du == GNB_DUS_MAX) {
		gnb->stat[GNB_STAT_F1_REFUSED]++;
		if (m->kind != MSG_DOWN)
			may_fail(outbox_put(gnb->env->outbox,
				&(struct msg){ .kind = MSG_DOWN, .port = GNB_PORT_F1, .assoc = m->assoc }));
	} else if (m->kind == MSG_UP) {
		cu->dus[du] = m->assoc;
	} else if (m->kind == MSG_DATA) {
		cucp_f1ap_received(cu->cucp, du, m->data);
	} else {
		cu->dus[du] = 0;
		log_warn(gnb->env->log, "a DU is gone, and its cells with it: is it running?");
		cucp_f1_lost(cu->cucp, du);
	}
}

static void on_f1u(struct gnb *gnb, const struct msg *m)
{
	struct gtpu_header h;
	struct bytes payload;

	if (m->kind != MSG_DATA || gtpu_header_decode(m->data, &h, &payload) != GTPU_OK ||
		h.type != GTPU_G_PDU)
		gnb->stat[GNB_STAT_F1_REFUSED]++;
	else if (payload.len > 0) /* else it is a report alone (38.425 5.4.2) */
		cuup_f1u_received(gnb->cu->cuup, h.teid, payload, env_now_ns(gnb->env));
}

void gnb_cu_on_msg(struct gnb *gnb, const struct msg *m)
{
	if (m->port == GNB_PORT_F1)
		on_f1(gnb, m);
	else
		on_f1u(gnb, m);
}
