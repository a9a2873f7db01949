/* Associations of DUs (38.472) and of CU-UPs (37.482), which they open. */
#include "gnb/rrc_cucp.h"

static void close_assoc(struct gnb *gnb, uint16_t port, uint64_t assoc)
{
	if (assoc)
		may_fail(outbox_put(
			gnb->env->outbox, &(struct msg){ .kind = MSG_DOWN, .port = port, .assoc = assoc }));
}

/* Who has come again from the same host has left its old association behind; from elsewhere it is somebody
 * else, as long as that is up. */
static bool came_again(struct gnb *gnb, uint16_t port, const struct gnb_cu_peer *now, struct gnb_cu_peer *old)
{
	if (!addr_same_host(&now->addr, &old->addr))
		return false;
	close_assoc(gnb, port, old->assoc);
	old->assoc = 0; /* nothing of it is heard any more */
	return true;
}

void gnb_cu_f1ap_send(void *arg, uint32_t du, struct bytes pdu)
{
	struct gnb *gnb = arg;
	const struct gnb_cu_peer *p = &gnb->cu->dus[du];

	if (p->assoc)
		may_fail(outbox_send(
			gnb->env->outbox, GNB_PORT_F1, p->assoc, f1ap_stream(pdu, p->streams), pdu));
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
	const struct gnb_cu_peer *p = &gnb->cu->cuups[up];

	if (p->assoc)
		may_fail(outbox_send(
			gnb->env->outbox, GNB_PORT_E1, p->assoc, e1ap_stream(pdu, p->streams), pdu));
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
		peers[i] = (struct gnb_cu_peer){ m->kind == MSG_UP ? m->assoc : 0, m->out_streams, m->peer };
	if (i < count || m->kind == MSG_DOWN) /* we have ended it */
		return i;
	gnb->stat[GNB_STAT_F1_REFUSED]++;
	close_assoc(gnb, m->port, m->assoc);
	return count;
}

static void on_f1_data(struct gnb *gnb, uint32_t du, struct bytes pdu)
{
	struct cucp *cucp = gnb->cu->cucp;
	bool was_up = cucp_f1_is_up(cucp, du);
	uint64_t refused = cucp_stats(cucp).refused;
	char text[ADDR_STR_SIZE];

	cucp_f1ap_received(cucp, du, pdu);
	addr_str(&gnb->cu->dus[du].addr, text);
	if (cucp_f1_is_up(cucp, du) && !was_up)
		log_info(gnb->env->log, "DU %s is set up", text);
	else if (!cucp_f1_is_up(cucp, du) && cucp_stats(cucp).refused > refused)
		log_warn(gnb->env->log,
			"DU %s is refused: are its cells those of the configuration, with PLMN and TAC, and "
			"its "
			"gNB-DU ID its own?",
			text);
}

static void on_f1(struct gnb *gnb, const struct msg *m)
{
	uint32_t du = place_of(gnb, gnb->cu->dus, GNB_DUS_MAX, m);

	if (du < GNB_DUS_MAX && m->kind == MSG_DATA) {
		on_f1_data(gnb, du, m->data);
	} else if (du < GNB_DUS_MAX && m->kind == MSG_DOWN) {
		if (cucp_f1_is_up(gnb->cu->cucp, du))
			log_warn(gnb->env->log, "a DU is gone, and its cells with it: is it running?");
		cucp_f1_lost(gnb->cu->cucp, du);
	}
}

static void on_e1_data(struct gnb *gnb, uint32_t up, struct bytes pdu)
{
	struct cucp_e1ap *e1ap = gnb->cu->e1ap;
	bool was_up = cucp_e1_is_up(e1ap, up);
	uint64_t refused = cucp_e1ap_stats(e1ap).refused;
	char text[ADDR_STR_SIZE];

	cucp_e1ap_received(e1ap, up, pdu);
	addr_str(&gnb->cu->cuups[up].addr, text);
	if (cucp_e1_is_up(e1ap, up) && !was_up)
		log_info(gnb->env->log, "CU-UP %s is set up", text);
	else if (!cucp_e1_is_up(e1ap, up) && cucp_e1ap_stats(e1ap).refused > refused)
		log_warn(gnb->env->log,
			"CU-UP %s is refused: has it the network's PLMN, and a gNB-CU-UP ID of its own?",
			text);
}

static void on_e1(struct gnb *gnb, const struct msg *m)
{
	uint32_t up = place_of(gnb, gnb->cu->cuups, GNB_CUUPS_MAX, m);

	if (up == GNB_CUUPS_MAX)
		return;
	if (m->kind == MSG_UP) {
		cucp_e1_expect(gnb->cu->e1ap, up);
	} else if (m->kind == MSG_DATA) {
		on_e1_data(gnb, up, m->data);
	} else {
		if (cucp_e1_is_up(gnb->cu->e1ap, up))
			log_warn(gnb->env->log,
				"a CU-UP is gone, and its UEs' user data with it: is it running?");
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

const char *gnb_e1_reset(struct gnb *gnb, uint64_t cuup_id)
{
	uint32_t up = gnb->cu ? cucp_e1_up_of(gnb->cu->e1ap, cuup_id) : GNB_CUUPS_MAX;

	if (up == GNB_CUUPS_MAX)
		return "there is no CU-UP of that gNB-CU-UP ID";
	cucp_e1_reset(gnb->cu->e1ap, up);
	return NULL;
}
