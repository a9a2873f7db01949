/*
 * When the UE may ask for a session again: 24.501 6.2.7, 6.2.8, 6.2.12, 6.4.1.4 and 6.4.2.4. What the network
 * puts off stands for a DNN (T3396), for a DNN in a slice (T3584), for a slice (T3585), or for both in a PLMN
 * (other causes), as the UE had asked: to have named none is a DNN and a slice of its own. What it allows
 * instead of a PDU session type, or of an SSC mode, stands until the UE is switched off.
 */
#include <stdlib.h>

#include "ue/internal.h"

static struct plmn plmn_of(const struct ue *ue)
{
	const struct ue_cell *cell = ue_cell_of(ue);

	return cell ? cell->tai.plmn : ue->usim.home;
}

static bool same_dnn(const struct ue_backoff *b, const char *dnn)
{
	return b->dnn[0] ? dnn && dnn_equal(b->dnn, dnn) : !dnn;
}

static bool same_slice(const struct ue_backoff *b, const struct snssai *snssai)
{
	return b->has_snssai ? snssai && snssai_equal(&b->snssai, snssai) : !snssai;
}

/* It is about sessions like this one, now, here. */
static bool applies(const struct ue *ue, const struct ue_backoff *b, const struct ue_session_order *o)
{
	struct plmn here = plmn_of(ue);

	return b->until_ns > env_now_ns(ue->host->env) && (b->any_plmn || plmn_equal(&b->plmn, &here)) &&
	       (b->scope == BACKOFF_T3585 || same_dnn(b, o->dnn)) &&
	       (b->scope == BACKOFF_T3396 || same_slice(b, o->snssai));
}

static uint64_t until_ns(const struct ue *ue, const struct ue_session_order *o, uint8_t refused)
{
	uint64_t until = 0;

	for (uint8_t i = 0; ue->backoffs && !o->emergency && i < ue->backoffs->count; i++) {
		const struct ue_backoff *b = &ue->backoffs->items[i];

		if ((b->scope <= BACKOFF_T3585 || b->scope == refused) && b->until_ns > until &&
			applies(ue, b, o))
			until = b->until_ns;
	}
	return until;
}

uint64_t ue_backoff_until_ns(const struct ue *ue, const struct ue_session_order *o)
{
	return until_ns(ue, o, BACKOFF_ESTABLISHMENT);
}

bool ue_backoff_modifies(const struct ue_session *s)
{
	struct ue_session_order o = ue_session_order_of(s);

	return until_ns(s->ue, &o, BACKOFF_MODIFICATION) == 0;
}

static uint8_t instead(const struct ue *ue, const struct ue_session_order *o, uint8_t scope, uint8_t wanted)
{
	for (uint8_t i = 0; ue->backoffs && !o->emergency && i < ue->backoffs->count; i++) {
		const struct ue_backoff *b = &ue->backoffs->items[i];

		if (b->scope == scope && applies(ue, b, o) && !(b->allowed >> wanted & 1))
			return (uint8_t)(31 - __builtin_clz(b->allowed));
	}
	return wanted;
}

uint8_t ue_backoff_type(const struct ue *ue, const struct ue_session_order *o, uint8_t wanted)
{
	return instead(ue, o, BACKOFF_TYPE, wanted);
}

uint8_t ue_backoff_ssc_mode(const struct ue *ue, const struct ue_session_order *o, uint8_t wanted)
{
	return instead(ue, o, BACKOFF_SSC_MODE, wanted);
}

/* Without the i-th. */
static void drop(struct ue_backoffs *l, uint8_t i)
{
	for (l->count--; i < l->count; i++)
		l->items[i] = l->items[i + 1];
}

/* In place of what was there for the same; of a full list the one that ends first gives way. */
static void put(struct ue *ue, const struct ue_session_order *o, const struct ue_backoff *new)
{
	struct ue_backoffs *l = ue->backoffs ? ue->backoffs : calloc(1, sizeof(*l));
	uint8_t first = 0;

	if (!l)
		return; /* then the network refuses again */
	ue->backoffs = l;
	for (uint8_t i = l->count; i-- > 0;)
		if (l->items[i].scope == new->scope && applies(ue, &l->items[i], o))
			drop(l, i);
	for (uint8_t i = 1; i < l->count; i++)
		if (l->items[i].until_ns < l->items[first].until_ns)
			first = i;
	if (l->count == UE_BACKOFFS_MAX)
		drop(l, first);
	l->items[l->count++] = *new;
}

/* Of a session that is asked for, or there: until then, or for as long as the UE is on. */
static void put_off(struct ue *ue, const struct ue_session_order *o, enum ue_backoff_scope scope,
	const struct ue_refusal *r, uint8_t allowed)
{
	struct ue_backoff b = { .scope = (uint8_t)scope,
		.allowed = allowed,
		.any_plmn = scope == BACKOFF_T3396 || (scope <= BACKOFF_T3585 && r->all_plmns),
		.plmn = plmn_of(ue),
		.has_snssai = o->snssai != NULL,
		.until_ns = UINT64_MAX };

	if (o->snssai)
		b.snssai = *o->snssai;
	if (o->dnn)
		str_copy(b.dnn, sizeof(b.dnn), o->dnn);
	if (!allowed && r->s != NAS_TIMER_DEACTIVATED)
		b.until_ns = env_now_ns(ue->host->env) + r->s * NS_PER_S;
	put(ue, o, &b);
}

/* 6.4.1.4.3, 6.4.2.4.3: without a timer of the network's, what will not pass soon. */
static bool bars(const struct ue_refusal *r)
{
	switch (r->cause) {
	case NAS_5GSM_OPERATOR_DETERMINED_BARRING:
	case NAS_5GSM_MISSING_OR_UNKNOWN_DNN:
	case NAS_5GSM_USER_AUTHENTICATION_OR_AUTHORIZATION_FAILED:
	case NAS_5GSM_MISSING_OR_UNKNOWN_DNN_IN_A_SLICE:
		return !r->modification;
	case NAS_5GSM_SERVICE_OPTION_NOT_SUPPORTED:
	case NAS_5GSM_REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED:
		return true;
	default:
		return false;
	}
}

/* The types that a cause leaves, bit n: type n of NAS; 0: it is about something else. */
static uint8_t types_left(uint8_t cause)
{
	switch (cause) {
	case NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED:
		return 1 << NAS_PDU_IPV4;
	case NAS_5GSM_PDU_SESSION_TYPE_IPV6_ONLY_ALLOWED:
		return 1 << NAS_PDU_IPV6;
	case NAS_5GSM_PDU_SESSION_TYPE_IPV4V6_ONLY_ALLOWED:
		return 1 << NAS_PDU_IPV4 | 1 << NAS_PDU_IPV6 | 1 << NAS_PDU_IPV4V6;
	case NAS_5GSM_PDU_SESSION_TYPE_UNSTRUCTURED_ONLY_ALLOWED:
		return 1 << NAS_PDU_UNSTRUCTURED;
	case NAS_5GSM_PDU_SESSION_TYPE_ETHERNET_ONLY_ALLOWED:
		return 1 << NAS_PDU_ETHERNET;
	default:
		return 0;
	}
}

static enum ue_backoff_scope scope_of(const struct ue_refusal *r)
{
	switch (r->cause) {
	case NAS_5GSM_INSUFFICIENT_RESOURCES:
		return BACKOFF_T3396;
	case NAS_5GSM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE_AND_DNN:
		return BACKOFF_T3584;
	case NAS_5GSM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE:
		return BACKOFF_T3585;
	default:
		return r->modification ? BACKOFF_MODIFICATION : BACKOFF_ESTABLISHMENT;
	}
}

void ue_backoff_take(struct ue *ue, const struct ue_session_order *o, const struct ue_refusal *refusal)
{
	enum ue_backoff_scope scope = scope_of(refusal);
	struct ue_refusal r = *refusal;

	if (o->emergency)
		return;
	switch (r.cause) {
	case NAS_5GSM_OUT_OF_LADN_SERVICE_AREA:
		ue_ladn_refused(ue, o->dnn);
		return;
	case NAS_5GSM_NOT_SUPPORTED_SSC_MODE:
		if (r.ssc_allowed)
			put_off(ue, o, BACKOFF_SSC_MODE, &r, r.ssc_allowed);
		return;
	/* The timer counts nothing with these (6.4.1.4.3). */
	case NAS_5GSM_UNKNOWN_PDU_SESSION_TYPE:
	case NAS_5GSM_REACTIVATION_REQUESTED:
	case NAS_5GSM_PDU_SESSION_DOES_NOT_EXIST:
	case NAS_5GSM_UAS_SERVICES_NOT_ALLOWED:
		return;
	default:
		break;
	}
	if (types_left(r.cause)) {
		put_off(ue, o, BACKOFF_TYPE, &r, types_left(r.cause));
		return;
	}
	if (!r.has_timer && bars(&r))
		r = (struct ue_refusal){ .cause = r.cause, .has_timer = true, .s = SESSION_BARRED_S };
	if (r.has_timer)
		put_off(ue, o, scope, &r, 0);
}

/* 6.3.1.2.2, 6.3.2.3, 6.3.3.3: the network deals with a session of that DNN and slice of its own will. */
void ue_backoff_stop(struct ue *ue, const struct ue_session_order *o)
{
	for (uint8_t i = ue->backoffs ? ue->backoffs->count : 0; i-- > 0;)
		if (ue->backoffs->items[i].scope <= BACKOFF_T3585 && applies(ue, &ue->backoffs->items[i], o))
			drop(ue->backoffs, i);
}

void ue_backoff_forget(struct ue *ue)
{
	free(ue->backoffs);
	ue->backoffs = NULL;
}
