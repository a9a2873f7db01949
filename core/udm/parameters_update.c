/*
 * UE parameters update, 23.502 4.20.2 and 33.501 6.15.2: what operators have a UE told lasts until the UE has
 * acknowledged it. Each try has a counter of its own.
 *
 *   UDM -> AUSF  Nausf_UPUProtection       29.509: MAC, counter, and the MAC that the UE is to answer
 *   UDM -> UDR   the registered AMF
 *   UDM -> AMF   Nudm_SDM_Notification     29.503 5.2.2.5: UpuInfo
 *   AMF -> UDM   Nudm_SDM_Info upu-ack     5.2.2.9: the UE's MAC, or that it is not reachable
 *
 * Without an answer it begins again; after some times it waits until the AMF asks for the subscription, as it
 * does when the UE registers.
 */
#include <stdio.h>

#include "base/list.h"
#include "base/record.h"
#include "core/udm/internal.h"
#include "crypto/equal.h"

#define LOG_ROOM "udm"

enum { JSON_MAX = 1024, TRIES_MAX = 5, REPEAT_MS = 30000, REGISTERING_MS = 3000 };

static const struct record_field snssai_fields[] = { RECORD_U(1, snssai, sst), RECORD_U(2, snssai, sd) };
static const struct record_def snssai_def = { "snssai", snssai_fields, ARRAY_LEN(snssai_fields) };

static const struct record_field fields[] = {
	RECORD_L(1, udm_parameters, default_nssai, default_nssai_count, &snssai_def),
	RECORD_S(2, udm_parameters, routing_indicator),
	RECORD_U(3, udm_parameters, re_register),
	RECORD_U(4, udm_parameters, provisioned_ms),
};
static const struct record_def def = { "ue_parameters", fields, ARRAY_LEN(fields) };

enum { PARAMETERS_RECORD_MAX = sizeof(struct udm_parameters) + 64 };

static struct udm_update *update_of(const struct udm *udm, const struct supi *supi)
{
	return hash_get(&udm->update_by_supi, supi_key(supi), 0, struct udm_update, by_supi);
}

static void tell(struct udm *udm, const struct udm_update *u, enum event_kind kind, enum event_reason reason)
{
	struct event e = { .supi = u->supi, .kind = (uint8_t)kind, .reason = (uint8_t)reason };

	nf_event(&udm->nf, &e);
}

/* Nothing is under way: late answers find another generation. */
static void rest(struct udm *udm, struct udm_update *u)
{
	u->generation = ++udm->generation;
	u->tried = 0;
	u->sent = false;
	timer_stop(&udm->nf.timers, &u->timer);
}

static void given_up(struct udm *udm, struct udm_update *u, enum event_reason reason)
{
	rest(udm, u);
	tell(udm, u, EVENT_PARAMETERS_NOT_UPDATED, reason);
}

static struct sbi_token token(const struct udm *udm, const struct udm_update *u)
{
	return (struct sbi_token){ pool_index(&udm->updates, u), u->generation, 0, supi_key(&u->supi) };
}

static struct udm_update *update_of_token(const struct udm *udm, const struct sbi_token *t)
{
	struct udm_update *u = pool_at(&udm->updates, (uint32_t)t->context);

	return u && u->generation == t->generation ? u : NULL;
}

static struct upu_data_list data_of(const struct udm_update *u, struct upu_data items[2])
{
	const struct udm_parameters *p = &u->parameters;
	struct upu_data_list list = { 0, items };

	if (p->default_nssai_count > 0)
		items[list.count++] = (struct upu_data){ { p->default_nssai_count, p->default_nssai }, NULL };
	if (p->routing_indicator[0])
		items[list.count++] = (struct upu_data){ { 0, NULL }, p->routing_indicator };
	return list;
}

static void expired(void *owner, struct timer *t);

static void begin(struct udm *udm, struct udm_update *u)
{
	struct upu_data items[2];
	struct nausf_upu_protection_req req = { u->supi, { data_of(u, items), .upu_ack_ind = true } };

	u->generation = ++udm->generation;
	u->tried++;
	u->sent = false;
	timer_set(&udm->nf.timers, &u->timer, env_now_ns(udm->nf.env) + REPEAT_MS * (uint64_t)NS_PER_MS,
		expired);
	nf_call(&udm->nf, SBI_AUSF_UPU_PROTECTION, &req, token(udm, u));
}

static void expired(void *owner, struct timer *t)
{
	struct udm *udm = owner;
	struct udm_update *u = container_of(t, struct udm_update, timer);

	if (u->tried < TRIES_MAX)
		begin(udm, u);
	else
		given_up(udm, u, EVENT_NO_REASON);
}

void udm_on_upu_protected(struct udm *udm, const struct sbi_answer *a)
{
	const struct nausf_upu_protection_rsp *rsp = a->body;
	struct udm_update *u = update_of_token(udm, &a->token);
	struct nudr_supi_req ask;

	if (!u)
		return;
	if (a->cause != SBI_OK || !rsp->data.has_upu_xmac_iue) {
		log_info(udm->nf.env->log, "imsi-%s: its parameters cannot be protected: %s", u->supi.imsi,
			sbi_cause_name(a->cause));
		given_up(udm, u, EVENT_FAULT);
		return;
	}
	u->protection = rsp->data;
	ask.supi = u->supi;
	nf_call(&udm->nf, SBI_UDR_GET_AMF_CONTEXT, &ask, token(udm, u));
}

static void notify(struct udm *udm, struct udm_update *u, const struct amf3_gpp_access_registration *amf)
{
	struct upu_data items[2];
	struct upu_info info = { .upu_data_list = data_of(u, items),
		.upu_reg_ind = u->parameters.re_register,
		.upu_ack_ind = true,
		.has_upu_mac_iausf = true,
		.has_counter_upu = true,
		.provisioning_time = u->parameters.provisioned_ms };
	uint8_t json[JSON_MAX];
	char callback[SBI_CALLBACK_SIZE], resource[SBI_URI_SIZE];
	struct writer w = writer_of(json, sizeof(json));
	struct change_item change = { .op = CHANGE_TYPE_REPLACE, .path = "/upuInfo" };
	struct notify_item item = { resource, { 1, &change } };
	struct nudm_sdm_notify_req req = { callback, { { 1, &item } } };

	bytes_copy(info.upu_mac_iausf, sizeof(info.upu_mac_iausf), BYTES(u->protection.upu_mac_iausf));
	bytes_copy(info.counter_upu, sizeof(info.counter_upu), BYTES(u->protection.counter_upu));
	snprintf(resource, sizeof(resource), "/nudm-sdm/v2/imsi-%s/am-data", u->supi.imsi);
	if (!nudm_upu_info_write(&info, &w) || !sbi_callback_segment(amf->dereg_callback_uri, callback))
		return; /* our own bug, or an AMF that cannot be told: the timer gives it up */
	change.new_value = writer_bytes(&w);
	u->sent = true;
	udm->stat[UDM_STAT_UPDATES_SENT]++;
	sbi_call(udm->nf.self, sbi_instance(udm->nf.bus, NF_AMF, amf->amf_instance_id), SBI_AMF_SDM_NOTIFY,
		&req, token(udm, u));
}

bool udm_update_on_amf_context(struct udm *udm, const struct sbi_answer *a)
{
	const struct nudr_amf_context_rsp *rsp = a->body;
	struct udm_update *u = update_of_token(udm, &a->token);

	if (!u)
		return false;
	if (a->cause == SBI_OK)
		notify(udm, u, &rsp->data);
	else
		rest(udm, u); /* it is not registered */
	return true;
}

/* The AMF has it; or not the UE, any more. */
void udm_on_sdm_notified(struct udm *udm, const struct sbi_answer *a)
{
	struct udm_update *u = update_of_token(udm, &a->token);

	if (u && a->cause == SBI_CONTEXT_NOT_FOUND)
		rest(udm, u);
}

static bool forget(struct udm *udm, struct udm_update *u)
{
	uint8_t name[8];
	bool ok = store_del(udm->nf.env->store, STORE_UDM_UPDATE, nf_supi_store_key(&u->supi, name));

	timer_stop(&udm->nf.timers, &u->timer);
	hash_remove(&udm->update_by_supi, &u->by_supi);
	explicit_bzero(&u->protection, sizeof(u->protection));
	pool_free(&udm->updates, u);
	return ok;
}

void udm_upu_ack(struct udm *udm, const struct sbi_request *r)
{
	const struct nudm_upu_ack_req *req = r->body;
	struct udm_update *u = update_of(udm, &req->supi);

	sbi_answer(udm->nf.bus, r->id, SBI_OK, NULL);
	if (!u || !u->sent || req->data.provisioning_time != u->parameters.provisioned_ms)
		return; /* of one before */
	if (req->data.ue_not_reachable) {
		given_up(udm, u, EVENT_UNREACHABLE);
	} else if (req->data.has_upu_mac_iue &&
		   crypto_equal(BYTES(req->data.upu_mac_iue), BYTES(u->protection.upu_xmac_iue))) {
		udm->stat[UDM_STAT_UPDATES_ACKNOWLEDGED]++;
		tell(udm, u, EVENT_PARAMETERS_UPDATED, EVENT_NO_REASON);
		may_fail(forget(udm, u)); /* the turn is lost then, and the UE told once more */
	} else {
		udm->stat[UDM_STAT_UPDATES_NOT_PROVED]++;
	}
}

static struct udm_update *update_new(struct udm *udm, const struct supi *supi)
{
	struct udm_update *u = pool_alloc(&udm->updates);

	if (u) {
		u->supi = *supi;
		hash_insert(&udm->update_by_supi, &u->by_supi, supi_key(supi), 0);
	}
	return u;
}

bool udm_update_order(struct udm *udm, const struct supi *supi, const struct udm_parameters *parameters)
{
	struct udm_parameters p = *parameters;
	struct udm_update *u = update_of(udm, supi);
	uint8_t name[8], octets[PARAMETERS_RECORD_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	p.provisioned_ms = env_utc_ms(udm->nf.env);
	if (u && p.provisioned_ms <= u->parameters.provisioned_ms)
		p.provisioned_ms = u->parameters.provisioned_ms + 1; /* its name among the UE's updates */
	if ((!u && udm->updates.used == UDM_UPDATES_MAX) || !record_encode(&def, &p, &w) ||
		!store_put(udm->nf.env->store, STORE_UDM_UPDATE, nf_supi_store_key(supi, name),
			writer_bytes(&w)))
		return false;
	if (!u)
		u = update_new(udm, supi);
	if (!u)
		return false;
	u->parameters = p;
	u->tried = 0;
	begin(udm, u);
	return true;
}

bool udm_update_cancel(struct udm *udm, const struct supi *supi)
{
	struct udm_update *u = update_of(udm, supi);

	return u && forget(udm, u);
}

const struct udm_parameters *udm_update_pending(const struct udm *udm, const struct supi *supi)
{
	const struct udm_update *u = update_of(udm, supi);

	return u ? &u->parameters : NULL;
}

void udm_update_due(struct udm *udm, const struct supi *supi)
{
	struct udm_update *u = update_of(udm, supi);

	if (!u)
		return;
	rest(udm, u);
	timer_set(&udm->nf.timers, &u->timer, env_now_ns(udm->nf.env) + REGISTERING_MS * (uint64_t)NS_PER_MS,
		expired);
}

static bool restore_one(void *arg, struct bytes key, struct bytes value)
{
	struct udm *udm = arg;
	struct cursor c = cursor_of(key);
	struct supi supi;
	struct udm_update *u;

	if (!supi_of_key(cursor_u64(&c), &supi))
		return true;
	u = update_new(udm, &supi);
	if (u && record_decode(&def, value, &u->parameters)) {
		udm_update_due(udm, &supi);
	} else if (u) {
		log_error(udm->nf.env->log,
			"imsi-%s: the stored update of its parameters is damaged; dropped", supi.imsi);
		may_fail(forget(udm, u));
	}
	return u != NULL;
}

bool udm_updates_restore(struct udm *udm)
{
	return store_scan(udm->nf.env->store, STORE_UDM_UPDATE, restore_one, udm);
}
