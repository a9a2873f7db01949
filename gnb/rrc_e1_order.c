/* Bearer contexts of UEs at CU-UPs (37.483 8.3, 38.401 8.9): one order at a time, of all that differs. */
#include "gnb/rrc_cucp.h"

#include "radio/rrc/security.h"

enum { INACTIVITY_MAX_S = 7200 /* 37.483 9.3.1.54 */ };

_Static_assert((int)E1AP_PDU_SESSION_TYPE_UNSTRUCTURED == (int)NGAP_PDU_SESSION_TYPE_UNSTRUCTURED,
	"37.483 9.3.1.22 has the types of 38.413 9.3.1.52");
_Static_assert((int)E1AP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED ==
			       (int)NGAP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED &&
		       (int)E1AP_CONFIDENTIALITY_PROTECTION_INDICATION_NOT_NEEDED ==
			       (int)NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_NOT_NEEDED,
	"37.483 9.3.1.23 has the indications of 38.413 9.3.1.27");

/* What an order points to. */
struct parts {
	struct cucp_bearer bearers[PDU_SESSIONS_MAX];
	struct cucp_e1_attachment attach[PDU_SESSIONS_MAX];
	struct cucp_e1_change change[PDU_SESSIONS_MAX];
	struct cucp_e1_session add[PDU_SESSIONS_MAX], modify[PDU_SESSIONS_MAX];
	uint8_t gone[PDU_SESSIONS_MAX];
	struct pdcp_security keys;
};

static void add(struct parts *p, struct cucp_e1_order *o, struct gnb_session *s)
{
	struct cucp_bearer *b = &p->bearers[s->psi - 1];

	gnb_cu_describe(s, b);
	s->bearer->asked = gnb_cu_wanted(s);
	s->bearer->asking = true;
	p->add[o->add_count++] = (struct cucp_e1_session){ .psi = s->psi,
		.type = (enum e1ap_pdu_session_type)s->type,
		.snssai = s->snssai,
		.integrity =
			(enum e1ap_integrity_protection_indication)gnb_protection_integrity(&s->protection),
		.ciphering = (enum e1ap_confidentiality_protection_indication)s->protection.ciphering,
		.n3_ul = s->bearer->asked.upf,
		.add = b,
		.add_count = 1 };
}

/* A DRB is in an order once: where the DU has it comes first, what else is new of it next. */
static void modify(struct parts *p, struct cucp_e1_order *o, struct gnb_session *s, bool rekey)
{
	struct gnb_bearer *b = s->bearer;
	struct gnb_up_session wanted = gnb_cu_wanted(s);
	struct cucp_e1_session out = { .psi = s->psi };
	struct cucp_e1_attachment *attach = &p->attach[s->psi - 1];
	struct cucp_e1_change *change = &p->change[s->psi - 1];

	b->asked = b->has;
	if (!gnb_cu_tunnel_equal(&wanted.upf, &b->has.upf))
		out.n3_ul = b->asked.upf = wanted.upf;
	if (rekey || (wanted.flows != b->has.flows && gnb_cu_tunnel_equal(&wanted.du, &b->has.du))) {
		gnb_cu_describe(s, &p->bearers[s->psi - 1]);
		*change = (struct cucp_e1_change){ .bearer = &p->bearers[s->psi - 1], .reestablish = rekey };
		b->asked.flows = wanted.flows;
		out.change = change;
		out.change_count = 1;
	} else if (!gnb_cu_tunnel_equal(&wanted.du, &b->has.du)) {
		*attach = (struct cucp_e1_attachment){ s->drb, wanted.du };
		b->asked.du = wanted.du;
		out.attach = attach;
		out.attach_count = 1;
	}
	b->asking = out.n3_ul.address_len + out.change_count + out.attach_count > 0;
	if (b->asking)
		p->modify[o->modify_count++] = out;
}

static void fill(struct parts *p, struct cucp_e1_order *o, struct gnb_ue *ue)
{
	const struct gnb_up *up = ue->up;

	o->add = p->add;
	o->modify = p->modify;
	o->remove = p->gone;
	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++) {
		struct gnb_session *s = ue->sessions[psi];

		if (up->gone >> psi & 1)
			p->gone[o->remove_count++] = psi;
		if (s && s->bearer && s->bearer->there)
			modify(p, o, s, up->rekey);
		else if (s && s->bearer && !s->bearer->refused)
			add(p, o, s);
	}
	if (up->set_up && up->suspend != up->suspended)
		o->status = up->suspend ? CUCP_E1_SUSPEND : CUCP_E1_RESUME;
}

static uint32_t inactivity_s(const struct gnb *gnb)
{
	uint64_t s = (gnb->config.inactivity_ms + (uint64_t)MS_PER_S - 1) / MS_PER_S;

	return s < INACTIVITY_MAX_S ? (uint32_t)s : INACTIVITY_MAX_S;
}

static bool send(struct gnb *gnb, struct gnb_up *up, const struct cucp_e1_order *o)
{
	if (up->set_up) {
		up->suspended = up->suspend;
		return cucp_e1_context_modify(up->context, o);
	}
	up->inactivity_s = o->inactivity_s;
	up->context = cucp_e1_context_setup(gnb->cu->e1ap, up, o);
	return up->context != NULL;
}

void gnb_cu_order_over(struct gnb_ue *ue, bool refused)
{
	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++) {
		struct gnb_bearer *b = ue->sessions[psi] ? ue->sessions[psi]->bearer : NULL;

		if (b) {
			b->refused = b->refused || (b->asking && refused);
			b->asking = false;
		}
	}
}

bool gnb_cu_order(struct gnb *gnb, struct gnb_ue *ue)
{
	struct gnb_up *up = ue->up;
	struct parts p = { 0 };
	struct cucp_e1_order o = {
		.plmn = gnb->config.plmn, .inactivity_s = inactivity_s(gnb), .dl_ambr_bps = ue->ambr_dl_bps
	};
	bool ok;

	if (up->busy || up->lost)
		return true;
	fill(&p, &o, ue);
	if (o.add_count + o.modify_count + o.remove_count == 0 && o.status == CUCP_E1_GOES_ON)
		return true;
	o.keys = !up->set_up || up->rekey ? &p.keys : NULL;
	ok = rrc_drb_security(ue->k_gnb, (enum nea_alg)ue->ea, (enum nia_alg)ue->ia, &p.keys) &&
	     send(gnb, up, &o);
	explicit_bzero(&p.keys, sizeof(p.keys));
	up->busy = ok;
	up->rekey = up->rekey && !ok;
	up->gone = ok ? 0 : up->gone;
	if (!ok)
		gnb_cu_order_over(ue, false);
	return ok;
}
