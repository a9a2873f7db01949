/* Associations of DUs (38.472) and of CU-UPs (37.482), which they open. */
#include "gnb/rrc_cucp.h"

static void close_assoc(struct gnb *gnb, uint16_t port, uint64_t assoc)
{
	if (assoc)
		may_fail(outbox_put(gnb->env->outbox,
			&(struct msg){ .kind = MSG_DOWN, .port = port, .assoc = assoc }));
}

/* Who has come again from the same host has left its old association behind; from elsewhere it is somebody
 * else, as long as that is up. */
static bool came_again(struct gnb *gnb, uint16_t port, const struct gnb_cu_peer *now, struct gnb_cu_peer *old)
{
	if (!addr_same_host(&now->addr, &old->addr))
		return false;
	close_assoc(gnb, port, old->assoc);
	old->assoc = 0;
	return true;
}

void gnb_cu_f1ap_send(void *arg, uint32_t du, struct bytes pdu)
{
	struct gnb *gnb = arg;

	if (gnb->cu->dus[du].assoc)
		may_fail(outbox_send(gnb->env->outbox, GNB_PORT_F1, gnb->cu->dus[du].assoc, 0, pdu));
}

bool gnb_cu_f1_again(void *arg, uint32_t du, uint32_t old)
{
	struct gnb *gnb = arg;

	return came_again(gnb, GNB_PORT_F1, &gnb->cu->dus[du], &gnb->cu->dus[old]);
}

void gnb_cu_f1_removed(void *arg, uint32_t du)
{
	struct gnb *gnb = arg;

	close_assoc(gnb, GNB_PORT_F1, gnb->cu->dus[du].assoc);
}

void gnb_cu_e1ap_send(void *arg, uint32_t up, struct bytes pdu)
{
	struct gnb *gnb = arg;

	if (gnb->cu->cuups[up].assoc)
		may_fail(outbox_send(gnb->env->outbox, GNB_PORT_E1, gnb->cu->cuups[up].assoc, 0, pdu));
}

bool gnb_cu_e1_again(void *arg, uint32_t up, uint32_t old)
{
	struct gnb *gnb = arg;

	return came_again(gnb, GNB_PORT_E1, &gnb->cu->cuups[up], &gnb->cu->cuups[old]);
}

void gnb_cu_e1_released(void *arg, uint32_t up)
{
	struct gnb *gnb = arg;

	close_assoc(gnb, GNB_PORT_E1, gnb->cu->cuups[up].assoc);
}

/* Takes the message's association in or out. Its place; count: it has none, and is not wanted. */
static uint32_t place_of(struct gnb *gnb, struct gnb_cu_peer *peers, uint32_t count, const struct msg *m)
{
	uint64_t wanted = m->kind == MSG_UP ? 0 : m->assoc;
	uint32_t i = 0;

	while (i < count && peers[i].assoc != wanted)
		i++;
	if (i < count && m->kind != MSG_DATA)
		peers[i] = (struct gnb_cu_peer){ m->kind == MSG_UP ? m->assoc : 0, m->peer };
	if (i < count || m->kind == MSG_DOWN) /* we have ended it */
		return i;
	gnb->stat[GNB_STAT_F1_REFUSED]++;
	close_assoc(gnb, m->port, m->assoc);
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

	if (up == GNB_CUUPS_MAX)
		return;
	if (m->kind == MSG_UP) {
		cucp_e1_expect(gnb->cu->e1ap, up);
	} else if (m->kind == MSG_DATA) {
		cucp_e1ap_received(gnb->cu->e1ap, up, m->data);
	} else {
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

/* The interfaces are taken leave of; whose were not set up yet are closed at once. */
void gnb_cu_close(struct gnb *gnb)
{
	struct gnb_cu *cu = gnb->cu;

	for (uint32_t i = 0; i < GNB_CUUPS_MAX; i++)
		if (cu->cuups[i].assoc && cucp_e1_is_up(cu->e1ap, i))
			cucp_e1_release(cu->e1ap, i);
		else
			close_assoc(gnb, GNB_PORT_E1, cu->cuups[i].assoc);
	for (uint32_t i = 0; i < GNB_DUS_MAX; i++)
		if (cu->dus[i].assoc && cucp_f1_is_up(cu->cucp, i))
			cucp_f1_remove(cu->cucp, i);
		else
			close_assoc(gnb, GNB_PORT_F1, cu->dus[i].assoc);
}
