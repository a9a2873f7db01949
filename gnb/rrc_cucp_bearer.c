/*
 * DRBs of sessions: what the AMF wants goes to the CU-UP, then to DU and UE by the CU-CP, and where the DU
 * has its end to the CU-UP again (38.401 8.9.2). Each of them has it or not; what differs is sent.
 */
#include "gnb/rrc_cucp.h"

#include <stdlib.h>

/* The CU-UP has it as it is to be, for all that is known. */
static bool is_at_rest(const struct gnb_session *s)
{
	const struct gnb_bearer *b = s->bearer;
	struct gnb_up_session w = gnb_cu_wanted(s);

	return b->there && !b->asking && !b->refused && w.flows == b->has.flows &&
	       gnb_cu_tunnel_equal(&w.upf, &b->has.upf) && gnb_cu_tunnel_equal(&w.du, &b->has.du);
}

static bool bearer_begin(struct gnb *gnb, struct gnb_session *s)
{
	struct gnb_up *up = s->ue->up ? s->ue->up : calloc(1, sizeof(*up));

	s->bearer = up ? calloc(1, sizeof(*s->bearer)) : NULL;
	if (!s->bearer) {
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		if (!s->ue->up)
			free(up);
		return false;
	}
	s->bearer->pdcp = gnb_cu_pdcp(s);
	up->ue = s->ue;
	up->bearers++;
	s->ue->up = up;
	return true;
}

static void nas_drop(struct gnb_cu *cu, struct gnb_bearer *b)
{
	if (b->nas)
		sdu_free(&cu->pool, b->nas);
	b->nas = NULL;
}

/* The last one takes what is known of the UE's bearer context along, and gives the context. */
static struct cucp_e1_context *bearer_free(struct gnb_cu *cu, struct gnb_session *s)
{
	struct gnb_up *up = s->ue->up;
	struct cucp_e1_context *context = up->context;

	nas_drop(cu, s->bearer);
	free(s->bearer);
	s->bearer = NULL;
	if (--up->bearers > 0)
		return NULL;
	s->ue->up = NULL;
	s->ue->data_active = false;
	free(up);
	return context;
}

void gnb_cu_session_ended(struct gnb *gnb, struct gnb_session *s)
{
	struct gnb_ue *ue = s->ue;
	struct cucp_e1_context *last;

	if (!s->bearer)
		return;
	if (s->bearer->there || s->bearer->asking)
		ue->up->gone |= 1u << s->psi;
	last = bearer_free(gnb->cu, s);
	if (last)
		cucp_e1_context_release(last);
	if (ue->up)
		may_fail(gnb_cu_order(gnb, ue)); /* else with the next */
}

void gnb_cu_sessions_free(struct gnb_cu *cu)
{
	for (uint32_t i = 0;; i++) {
		struct gnb_session *s = pool_next(&cu->gnb->sessions, &i);

		if (!s)
			break;
		if (s->bearer)
			(void)bearer_free(cu, s);
	}
}

/* To DU and UE. */
static bool order_at_cp(struct gnb *gnb, struct gnb_session *s)
{
	struct gnb_bearer *b = s->bearer;
	struct cucp_ue *at = gnb_cu_connection(s->ue);
	struct cucp_bearer describes;

	gnb_cu_describe(s, &describes);
	b->due = false;
	b->ordered = at && cucp_bearer_set(at, &describes, b->nas ? sdu_bytes(b->nas) : BYTES_NONE);
	nas_drop(gnb->cu, b);
	return b->ordered;
}

/* Nothing is told above before this returns. */
bool gnb_cu_set_bearer(struct gnb *gnb, struct gnb_session *s, struct bytes nas)
{
	struct gnb_ue *ue = s->ue;
	struct gnb_bearer *b = s->bearer;
	bool is_new = !b;

	if (!gnb_cu_connection(ue) || (ue->up && ue->up->lost) ||
		(b && (b->due || b->ordered || b->accepted)) || (is_new && !bearer_begin(gnb, s)))
		return false;
	b = s->bearer;
	b->due = true;
	if (nas.len > 0)
		b->nas = sdu_of(&gnb->cu->pool, nas);
	if ((nas.len == 0 || b->nas) && gnb_cu_order(gnb, ue) && (!is_at_rest(s) || order_at_cp(gnb, s)))
		return true;
	b->due = false;
	nas_drop(gnb->cu, b);
	if (is_new)
		gnb_cu_session_ended(gnb, s);
	return false;
}

/* The CU-UP would not. What it has and is not as it is to be cannot stay. */
static void refused(struct gnb *gnb, struct gnb_session *s)
{
	struct gnb_ue *ue = s->ue;
	struct gnb_bearer *b = s->bearer;
	uint8_t psi = s->psi;
	bool waited = b->due || b->ordered || b->accepted;

	b->refused = b->due = b->accepted = false;
	if (waited)
		gnb->rrc->bearer_answered(gnb, ue, s->drb, false);
	s = ue->sessions[psi];
	if (s && s->bearer == b && (!waited || !is_at_rest(s)))
		gnb_session_lost(gnb, s);
}

static void go_on(struct gnb *gnb, struct gnb_session *s)
{
	struct gnb_bearer *b = s->bearer;

	if (b->refused) {
		refused(gnb, s);
	} else if (is_at_rest(s) && b->due) {
		if (!order_at_cp(gnb, s))
			gnb->rrc->bearer_answered(gnb, s->ue, s->drb, false);
	} else if (is_at_rest(s) && b->accepted) {
		b->accepted = false;
		gnb->rrc->bearer_answered(gnb, s->ue, s->drb, true);
	}
}

void gnb_cu_settle(struct gnb *gnb, struct gnb_ue *ue)
{
	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++)
		if (ue->sessions[psi] && ue->sessions[psi]->bearer)
			go_on(gnb, ue->sessions[psi]);
	if (ue->up && !gnb_cu_order(gnb, ue))
		gnb_ue_release_request(
			gnb, ue, NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_NGRAN_GENERATED_REASON);
}

void gnb_cu_bearer_answered(struct gnb *gnb, struct gnb_ue *ue, uint8_t drb, const struct cucp_tunnel *dl)
{
	struct gnb_session *s = gnb_session_of_drb(ue, drb);
	struct gnb_bearer *b = s ? s->bearer : NULL;
	struct cucp_ue *at = gnb_cu_connection(ue);

	if (!b || !b->ordered) { /* its session is gone */
		if (dl && at)
			may_fail(cucp_bearer_release(at, drb, BYTES_NONE));
		return;
	}
	b->ordered = false;
	b->accepted = dl != NULL;
	if (dl)
		b->du = *dl;
	else
		gnb->rrc->bearer_answered(gnb, ue, drb, false);
	gnb_cu_settle(gnb, ue);
}
