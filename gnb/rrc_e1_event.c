/* What CU-UPs have to say of bearer contexts (37.483 8.3). */
#include "gnb/rrc_cucp.h"

static bool is_complete(const struct gnb_bearer *b, const struct cucp_e1_session_answer *a)
{
	bool ok = a->ok && (b->there || (a->has_n3_dl && a->drb_count > 0 && a->drbs[0].has_ul));

	for (uint8_t i = 0; i < a->drb_count; i++)
		ok = ok && a->drbs[i].ok;
	return ok;
}

static void session_answered(struct gnb *gnb, struct gnb_session *s, const struct cucp_e1_session_answer *a)
{
	struct gnb_bearer *b = s->bearer;

	if (!is_complete(b, a)) {
		b->refused = true;
	} else if (!b->there) {
		b->ul = a->drbs[0].ul;
		if (a->has_result) {
			s->protection.has_integrity = a->integrity;
			s->protection.has_ciphering = a->ciphering;
		}
		b->pdcp.integrity = s->protection.has_integrity;
		b->pdcp.ciphering_disabled = !s->protection.has_ciphering;
		gnb_session_set_dl(gnb, s, bytes_of(a->n3_dl.address, a->n3_dl.address_len), a->n3_dl.teid);
	}
	b->asking = false;
	b->there = b->there || !b->refused;
	if (!b->refused)
		b->has = b->asked;
}

static void answered(void *arg, void *user, const struct cucp_e1_session_answer *sessions, uint8_t count)
{
	struct gnb *gnb = arg;
	struct gnb_up *up = user;
	struct gnb_ue *ue = up->ue;

	ue->data_active = up->set_up ? ue->data_active : up->inactivity_s > 0;
	up->set_up = true;
	up->busy = false;
	for (uint8_t i = 0; i < count; i++) {
		struct gnb_session *s =
			sessions[i].psi <= PDU_SESSIONS_MAX ? ue->sessions[sessions[i].psi] : NULL;

		if (s && s->bearer && s->bearer->asking)
			session_answered(gnb, s, &sessions[i]);
	}
	gnb_cu_order_over(ue, true); /* nor answered */
	gnb_cu_settle(gnb, ue);
}

static void failed(void *arg, void *user, const struct e1ap_cause *cause)
{
	struct gnb_up *up = user;

	up->busy = false;
	if (!up->set_up)
		up->context = NULL;
	gnb_cu_order_over(up->ue, true);
	gnb_cu_settle(arg, up->ue);
}

/* Silence is told when it has lasted; what the gNB itself heard counts as well. */
static void activity(void *arg, void *user, uint8_t psi, uint8_t drb, bool active)
{
	struct gnb *gnb = arg;
	struct gnb_up *up = user;
	struct gnb_ue *ue = up->ue;
	uint64_t since_ns = env_now_ns(gnb->env) - (active ? 0 : up->inactivity_s * NS_PER_S);

	if (psi || drb)
		return;
	ue->data_active = active;
	ue->active_ns = since_ns > ue->active_ns ? since_ns : ue->active_ns;
	if (!ue->releasing)
		gnb_ue_watch(gnb, ue);
}

/* What is suspended here is for moments alone: the UE is on its way back. */
static void downlink(void *arg, void *user, uint8_t psi)
{
}

static void usage(void *arg, void *user, uint8_t drb, uint64_t ul, uint64_t dl)
{
}

/* The other end of a tunnel has forgotten it: the UPF's (23.527 5.3.3.1), or the DU's. */
static void removed(void *arg, void *user, uint8_t psi, uint8_t drb)
{
	struct gnb *gnb = arg;
	struct gnb_up *up = user;
	struct gnb_session *s = psi <= PDU_SESSIONS_MAX ? up->ue->sessions[psi] : NULL;

	if (!s || !s->bearer || !s->bearer->there || (drb && drb != s->drb))
		return;
	gnb->stat[GNB_STAT_N3_ERROR_INDICATIONS] += drb == 0;
	s->bearer->there = drb != 0; /* a session without its DRB goes by an order */
	gnb_session_lost(gnb, s);
}

/* All sessions of the UE have ended at once: it is released, and comes back by a service request when there
 * is something to send. */
static void lost(void *arg, void *user, const struct e1ap_cause *cause)
{
	struct gnb *gnb = arg;
	struct gnb_up *up = user;

	up->context = NULL;
	up->set_up = up->busy = up->ue->data_active = false;
	up->lost = true;
	gnb_ue_release_request(gnb, up->ue, NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_NGRAN_GENERATED_REASON);
}

struct cucp_e1_upper gnb_cu_e1_events(struct gnb *gnb)
{
	return (struct cucp_e1_upper){ gnb, answered, failed, activity, downlink, usage, removed, lost };
}
