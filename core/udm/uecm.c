/*
 * Nudm_UEContextManagement, 29.503 5.3.2: which AMF serves a UE. A request asks the UDR for the AMF that is
 * registered, then changes it; requests of one SUPI go one after the other, so each sees what the one before
 * left.
 *
 *   AMF -> UDM      Amf3GppAccessRegistration    5.3.2.2.2; or its modification, 5.3.2.6
 *   UDM -> UDR      the registered AMF; then the new one, or, for the registered GUAMI, the purge
 *                   (29.505 5.2.12)
 *   UDM -> old AMF  Nudm_UECM_DeregistrationNotification    5.3.2.3, when it is another one
 *                   (23.502 4.2.2.2.2 step 14d)
 *   UDM -> AMF      the answer
 */
#include "core/udm/internal.h"
#include "wire/sbi/sbi_json.h"

#define LOG_ROOM "udm"

enum { UECM_BODY_OCTETS_MAX = 64 << 10 };

static struct sbi_token uecm_token(const struct udm *udm, const struct udm_uecm *u)
{
	return (struct sbi_token){ pool_index(&udm->uecms, u), u->generation, 0 };
}

static struct udm_uecm *uecm_find(const struct udm *udm, const struct sbi_token *t)
{
	struct udm_uecm *u = pool_at(&udm->uecms, (uint32_t)t->context);

	return u && u->generation == t->generation ? u : NULL;
}

/* Whose turn it is: the only one of its SUPI that asks the UDR. */
static void uecm_start(struct udm *udm, struct udm_uecm *u)
{
	struct nudr_supi_req ask = { u->supi };

	hash_insert(&udm->uecm_by_supi, &u->by_supi, supi_key(&u->supi), 0);
	nf_call(&udm->nf, SBI_UDR_GET_AMF_CONTEXT, &ask, uecm_token(udm, u));
}

static void uecm_end(struct udm *udm, struct udm_uecm *u, enum sbi_cause cause, const void *rsp)
{
	struct udm_uecm *next = u->waiting;

	sbi_answer(udm->nf.bus, u->request_id, cause, rsp);
	hash_remove(&udm->uecm_by_supi, &u->by_supi);
	arena_fini(&u->arena);
	pool_free(&udm->uecms, u);
	if (next)
		uecm_start(udm, next);
}

static void uecm_begin(struct udm *udm, const struct sbi_request *r, const struct supi *supi)
{
	struct udm_uecm *u = pool_alloc(&udm->uecms), *first;

	if (!u) {
		sbi_answer(udm->nf.bus, r->id, SBI_NF_CONGESTION, NULL);
		return;
	}
	arena_init(&u->arena, NULL, 0, UECM_BODY_OCTETS_MAX);
	u->body = sbi_request_copy(r->op, r->body, &u->arena);
	if (!u->body) {
		arena_fini(&u->arena);
		pool_free(&udm->uecms, u);
		sbi_answer(udm->nf.bus, r->id, SBI_INSUFFICIENT_RESOURCES, NULL);
		return;
	}
	u->op = r->op;
	u->request_id = r->id;
	u->generation = ++udm->generation;
	u->supi = *supi;
	first = hash_get(&udm->uecm_by_supi, supi_key(supi), 0, struct udm_uecm, by_supi);
	if (!first) {
		uecm_start(udm, u);
		return;
	}
	while (first->waiting)
		first = first->waiting;
	first->waiting = u;
}

void udm_amf_registration(struct udm *udm, const struct sbi_request *r)
{
	uecm_begin(udm, r, &((const struct nudm_amf_registration_req *)r->body)->supi);
}

void udm_amf_modification(struct udm *udm, const struct sbi_request *r)
{
	uecm_begin(udm, r, &((const struct nudm_amf_modification_req *)r->body)->supi);
}

static void uecm_notify(struct udm *udm, const struct supi *supi, const char *amf_instance_id,
	const char *dereg_callback_uri, enum deregistration_reason reason)
{
	char callback[SBI_CALLBACK_SIZE];
	struct nudm_deregistration_notify_req req = { callback,
		{ .dereg_reason = reason, .access_type = ACCESS_TYPE_THREE_GPP_ACCESS } };

	if (sbi_callback_segment(dereg_callback_uri, callback))
		sbi_call(udm->nf.self, sbi_instance(udm->nf.bus, NF_AMF, amf_instance_id),
			SBI_AMF_DEREGISTRATION_NOTIFY, &req, (struct sbi_token){ .whose = supi_key(supi) });
}

void udm_withdraw(
	struct udm *udm, const struct supi *supi, const char *amf_instance_id, const char *dereg_callback_uri)
{
	for (int kind = 0; kind < UDM_UPDATE_KINDS; kind++)
		may_fail(udm_update_cancel(udm, supi, (enum udm_update_kind)kind));
	uecm_notify(udm, supi, amf_instance_id, dereg_callback_uri, DEREG_SUBSCRIPTION_WITHDRAWN);
}

/* The AMF to be registered in place of registered, if that is another one. */
static void registration_put(
	struct udm *udm, struct udm_uecm *u, const struct amf3_gpp_access_registration *registered)
{
	const struct nudm_amf_registration_req *req = u->body;

	u->moved = registered && strcmp(registered->amf_instance_id, req->data.amf_instance_id) != 0;
	if (u->moved) {
		str_copy(u->old_instance_id, sizeof(u->old_instance_id), registered->amf_instance_id);
		str_copy(u->old_callback_uri, sizeof(u->old_callback_uri), registered->dereg_callback_uri);
	}
	nf_call(&udm->nf, SBI_UDR_PUT_AMF_CONTEXT, req, uecm_token(udm, u));
}

/* 29.503 table 6.2.7.3-1: only the registered AMF may change its registration. */
static void modification_check(
	struct udm *udm, struct udm_uecm *u, const struct amf3_gpp_access_registration *registered)
{
	static const struct patch_item purge = {
		.op = PATCH_OPERATION_ADD,
		.path = "/purgeFlag",
		.value = { (const uint8_t *)"true", 4 },
	};
	const struct nudm_amf_modification_req *req = u->body;
	struct nudr_patch_req patch = { u->supi, { 1, &purge } };

	if (!registered) {
		uecm_end(udm, u, SBI_CONTEXT_NOT_FOUND, NULL);
	} else if (!guami_equal(&registered->guami, &req->data.guami)) {
		udm->stat[UDM_STAT_INVALID_GUAMI]++;
		uecm_end(udm, u, SBI_INVALID_GUAMI, NULL);
	} else if (req->data.purge_flag) {
		nf_call(&udm->nf, SBI_UDR_DELETE_AMF_CONTEXT, &patch, uecm_token(udm, u));
	} else {
		uecm_end(udm, u, SBI_OK, NULL); /* other modifications change nothing that is kept */
	}
}

void udm_on_amf_context(struct udm *udm, const struct sbi_answer *a)
{
	const struct nudr_amf_context_rsp *rsp = a->body;
	const struct amf3_gpp_access_registration *registered = a->cause == SBI_OK ? &rsp->data : NULL;
	struct udm_uecm *u = uecm_find(udm, &a->token);

	if (!u)
		return;
	if (a->cause != SBI_OK && a->cause != SBI_DATA_NOT_FOUND)
		uecm_end(udm, u, a->cause, NULL);
	else if (u->op == SBI_UDM_AMF_REGISTRATION)
		registration_put(udm, u, registered);
	else
		modification_check(udm, u, registered);
}

void udm_on_amf_context_changed(struct udm *udm, const struct sbi_answer *a)
{
	struct udm_uecm *u = uecm_find(udm, &a->token);
	const struct nudm_amf_registration_req *req;

	if (!u)
		return;
	req = u->body;
	if (a->cause == SBI_OK && u->moved) {
		udm->stat[UDM_STAT_AMF_CHANGED]++;
		log_info(udm->nf.env->log, "imsi-%s: its AMF is now %s", u->supi.imsi,
			req->data.amf_instance_id);
		/* 29.503 5.3.2.2.2: the reason follows from initialRegistrationInd. */
		uecm_notify(udm, &u->supi, u->old_instance_id, u->old_callback_uri,
			req->data.initial_registration_ind ? DEREG_UE_INITIAL_REGISTRATION
							   : DEREG_UE_REGISTRATION_AREA_CHANGE);
	}
	uecm_end(udm, u, a->cause, a->body);
}
