/*
 * What operators have a UE told by its home network - UE parameters (23.502 4.20.2, 33.501 6.15.2) and
 * preferred PLMNs (23.122 annex C, 33.501 6.14.2) - lasts until the UE has acknowledged it. Each try has a
 * counter of its own.
 *
 *   UDM -> AUSF  Nausf_UPUProtection, Nausf_SoRProtection
 *                                          29.509: MAC, counter, and the MAC that the UE is to answer
 *   UDM -> UDR   the registered AMF
 *   UDM -> AMF   Nudm_SDM_Notification     29.503 5.2.2.5: UpuInfo, SorInfo
 *   AMF -> UDM   Nudm_SDM_Info             5.2.2.9: the UE's MAC, or that it is not reachable
 *
 * Without an answer it begins again; after some times it waits until the AMF asks for the subscription, as it
 * does when the UE registers.
 */
#include <stdio.h>

#include "base/list.h"
#include "base/record.h"
#include "core/nf/sor.h"
#include "core/udm/internal.h"
#include "crypto/equal.h"

#define LOG_ROOM "udm"

enum {
	JSON_MAX = NF_STEERING_JSON_MAX + 512,
	ORDER_RECORD_MAX = sizeof(struct udm_order) + 256,
	TRIES_MAX = 5,
	REPEAT_MS = 30000,
	REGISTERING_MS = 3000
};

struct udm_update *udm_update_of(const struct udm *udm, const struct supi *supi, enum udm_update_kind kind)
{
	return hash_get(&udm->update_by_supi, supi_key(supi), kind, struct udm_update, by_supi);
}

static void tell(struct udm *udm, const struct udm_update *u, enum event_kind kind, enum event_reason reason)
{
	struct event e = { .supi = u->supi, .kind = (uint8_t)kind, .reason = (uint8_t)reason };

	nf_event(&udm->nf, &e);
}

/* The AMF that waits for am-data is to have it as it is. */
static void am_data_without(struct udm *udm, struct udm_update *u)
{
	struct nudm_sdm_get_req req = { u->supi, u->plmn };

	if (u->request_id)
		nf_call(&udm->nf, SBI_UDR_GET_AM_DATA, &req, (struct sbi_token){ .context = u->request_id });
	u->request_id = 0;
}

/* Late answers find another generation. */
void udm_update_rest(struct udm *udm, struct udm_update *u)
{
	u->generation = ++udm->generation;
	u->tried = 0;
	u->sent = false;
	timer_stop(&udm->nf.timers, &u->timer);
	am_data_without(udm, u);
}

static void given_up(struct udm *udm, struct udm_update *u, enum event_reason reason)
{
	udm_update_rest(udm, u);
	tell(udm, u, udm->update_defs[u->kind]->not_done, reason);
}

struct sbi_token udm_update_token(const struct udm *udm, const struct udm_update *u)
{
	return (struct sbi_token){ pool_index(&udm->updates, u), u->generation, 0, supi_key(&u->supi) };
}

struct udm_update *udm_update_of_token(const struct udm *udm, const struct sbi_token *t)
{
	struct udm_update *u = pool_at(&udm->updates, (uint32_t)t->context);

	return u && u->generation == t->generation ? u : NULL;
}

static void expired(void *owner, struct timer *t);

void udm_update_begin(struct udm *udm, struct udm_update *u)
{
	u->generation = ++udm->generation;
	u->tried++;
	u->sent = false;
	timer_set(&udm->nf.timers, &u->timer, env_now_ns(udm->nf.env) + REPEAT_MS * (uint64_t)NS_PER_MS,
		expired);
	am_data_without(udm, u);
	udm->update_defs[u->kind]->protect(udm, u);
}

static void expired(void *owner, struct timer *t)
{
	struct udm *udm = owner;
	struct udm_update *u = container_of(t, struct udm_update, timer);

	if (u->tried < TRIES_MAX)
		udm_update_begin(udm, u);
	else
		given_up(udm, u, EVENT_NO_REASON);
}

void udm_update_protected(struct udm *udm, const struct sbi_answer *a, const struct udm_protection *p)
{
	struct udm_update *u = udm_update_of_token(udm, &a->token);
	struct nudm_sdm_get_req get;
	struct nudr_supi_req ask;

	if (!u)
		return;
	if (!p) {
		log_info(udm->nf.env->log, "imsi-%s: what it is to be told cannot be protected: %s",
			u->supi.imsi, sbi_cause_name(a->cause));
		given_up(udm, u, EVENT_FAULT);
		return;
	}
	u->protection = *p;
	get = (struct nudm_sdm_get_req){ u->supi, u->plmn };
	ask.supi = u->supi;
	if (u->request_id)
		nf_call(&udm->nf, SBI_UDR_GET_AM_DATA, &get, udm_update_token(udm, u));
	else
		nf_call(&udm->nf, SBI_UDR_GET_AMF_CONTEXT, &ask, udm_update_token(udm, u));
}

static void notify(struct udm *udm, struct udm_update *u, const struct amf3_gpp_access_registration *amf)
{
	uint8_t json[JSON_MAX];
	char callback[SBI_CALLBACK_SIZE], resource[SBI_URI_SIZE];
	struct writer w = writer_of(json, sizeof(json));
	struct change_item change = { .op = CHANGE_TYPE_REPLACE, .path = udm->update_defs[u->kind]->path };
	struct notify_item item = { resource, { 1, &change } };
	struct nudm_sdm_notify_req req = { callback, { { 1, &item } } };

	snprintf(resource, sizeof(resource), "/nudm-sdm/v2/imsi-%s/am-data", u->supi.imsi);
	if (!udm->update_defs[u->kind]->value(u, &w) ||
		!sbi_callback_segment(amf->dereg_callback_uri, callback))
		return; /* our own bug, or an AMF that cannot be told: the timer gives it up */
	change.new_value = writer_bytes(&w);
	u->sent = true;
	udm->stat[udm->update_defs[u->kind]->sent]++;
	sbi_call(udm->nf.self, sbi_instance(udm->nf.bus, NF_AMF, amf->amf_instance_id), SBI_AMF_SDM_NOTIFY,
		&req, udm_update_token(udm, u));
}

bool udm_update_on_amf_context(struct udm *udm, const struct sbi_answer *a)
{
	const struct nudr_amf_context_rsp *rsp = a->body;
	struct udm_update *u = udm_update_of_token(udm, &a->token);

	if (!u)
		return false;
	if (a->cause == SBI_OK)
		notify(udm, u, &rsp->data);
	else
		udm_update_rest(udm, u); /* it is not registered */
	return true;
}

/* The AMF has it; or not the UE, any more. */
void udm_on_sdm_notified(struct udm *udm, const struct sbi_answer *a)
{
	struct udm_update *u = udm_update_of_token(udm, &a->token);

	if (u && a->cause == SBI_CONTEXT_NOT_FOUND)
		udm_update_rest(udm, u);
}

static bool forget(struct udm *udm, struct udm_update *u)
{
	uint8_t name[8];
	bool ok = store_del(
		udm->nf.env->store, udm->update_defs[u->kind]->table, nf_supi_store_key(&u->supi, name));

	udm_update_rest(udm, u);
	hash_remove(&udm->update_by_supi, &u->by_supi);
	explicit_bzero(&u->protection, sizeof(u->protection));
	pool_free(&udm->updates, u);
	return ok;
}

static bool is_proof(const struct udm_update *u, const struct acknowledge_info *info)
{
	bool has = u->kind == UDM_STEERING ? info->has_sor_mac_iue : info->has_upu_mac_iue;
	struct bytes mac = u->kind == UDM_STEERING ? BYTES(info->sor_mac_iue) : BYTES(info->upu_mac_iue);

	return has && crypto_equal(mac, BYTES(u->protection.xmac));
}

void udm_sdm_ack(struct udm *udm, const struct sbi_request *r)
{
	const struct nudm_acknowledge_req *req = r->body;
	struct udm_update *u =
		udm_update_of(udm, &req->supi, r->op == SBI_UDM_SOR_ACK ? UDM_STEERING : UDM_PARAMETERS);

	sbi_answer(udm->nf.bus, r->id, SBI_OK, NULL);
	if (!u || !u->sent || req->data.provisioning_time != u->order.provisioned_ms)
		return; /* of one before */
	if (req->data.ue_not_reachable) {
		given_up(udm, u, EVENT_UNREACHABLE);
	} else if (is_proof(u, &req->data)) {
		udm->stat[udm->update_defs[u->kind]->acknowledged]++;
		tell(udm, u, udm->update_defs[u->kind]->done, EVENT_NO_REASON);
		may_fail(forget(udm, u)); /* the turn is lost then, and the UE told once more */
	} else {
		udm->stat[udm->update_defs[u->kind]->not_proved]++;
	}
}

static struct udm_update *update_new(struct udm *udm, const struct supi *supi, enum udm_update_kind kind)
{
	struct udm_update *u = pool_alloc(&udm->updates);

	if (u) {
		u->supi = *supi;
		u->kind = kind;
		hash_insert(&udm->update_by_supi, &u->by_supi, supi_key(supi), kind);
	}
	return u;
}

bool udm_update_order(
	struct udm *udm, const struct supi *supi, enum udm_update_kind kind, const struct udm_order *order)
{
	struct udm_order o = *order;
	struct udm_update *u = udm_update_of(udm, supi, kind);
	uint8_t name[8], octets[ORDER_RECORD_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	o.provisioned_ms = env_utc_ms(udm->nf.env);
	if (u && o.provisioned_ms <= u->order.provisioned_ms)
		o.provisioned_ms = u->order.provisioned_ms + 1; /* its name among the UE's updates */
	if ((!u && udm->updates.used == UDM_UPDATES_MAX) ||
		!record_encode(udm->update_defs[kind]->record, &o, &w) ||
		!store_put(udm->nf.env->store, udm->update_defs[kind]->table, nf_supi_store_key(supi, name),
			writer_bytes(&w)))
		return false;
	if (!u)
		u = update_new(udm, supi, kind);
	if (!u)
		return false;
	u->order = o;
	u->tried = 0;
	udm_update_begin(udm, u);
	return true;
}

bool udm_update_cancel(struct udm *udm, const struct supi *supi, enum udm_update_kind kind)
{
	struct udm_update *u = udm_update_of(udm, supi, kind);

	return u && forget(udm, u);
}

const struct udm_order *udm_update_pending(
	const struct udm *udm, const struct supi *supi, enum udm_update_kind kind)
{
	const struct udm_update *u = udm_update_of(udm, supi, kind);

	return u ? &u->order : NULL;
}

void udm_update_due(struct udm *udm, struct udm_update *u)
{
	if (!u)
		return;
	udm_update_rest(udm, u);
	timer_set(&udm->nf.timers, &u->timer, env_now_ns(udm->nf.env) + REGISTERING_MS * (uint64_t)NS_PER_MS,
		expired);
}

struct restoring {
	struct udm *udm;
	enum udm_update_kind kind;
};

static bool restore_one(void *arg, struct bytes key, struct bytes value)
{
	const struct restoring *r = arg;
	struct udm *udm = r->udm;
	struct cursor c = cursor_of(key);
	struct supi supi;
	struct udm_update *u;

	if (!supi_of_key(cursor_u64(&c), &supi))
		return true;
	u = update_new(udm, &supi, r->kind);
	if (u && record_decode(udm->update_defs[r->kind]->record, value, &u->order)) {
		udm_update_due(udm, u);
	} else if (u) {
		log_error(udm->nf.env->log,
			"imsi-%s: what it was to be told is damaged in the store; dropped", supi.imsi);
		may_fail(forget(udm, u));
	}
	return u != NULL;
}

bool udm_updates_restore(struct udm *udm)
{
	struct restoring r = { udm, UDM_PARAMETERS };
	bool ok = true;

	for (; ok && r.kind < UDM_UPDATE_KINDS; r.kind++)
		ok = store_scan(udm->nf.env->store, udm->update_defs[r.kind]->table, restore_one, &r);
	return ok;
}
