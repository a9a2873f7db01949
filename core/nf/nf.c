#include "core/nf/nf.h"

#include <ctype.h>
#include <stdio.h>

#define LOG_ROOM "nf"

static void nf_beat(void *owner, struct timer *t);

/* RFC 9562 version 4. */
static void uuid_make(struct env *env, char out[UUID_STR_SIZE])
{
	uint8_t r[16];

	env_random(env, r, sizeof(r));
	r[6] = (uint8_t)((r[6] & 0x0f) | 0x40);
	r[8] = (uint8_t)((r[8] & 0x3f) | 0x80);
	snprintf(out, UUID_STR_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[10], r[11], r[12], r[13], r[14],
		r[15]);
}

/* The stored instance id, or a fresh one stored now. */
static void nf_identify(struct nf *nf, const char *name)
{
	char key[STORE_KEY_MAX];
	struct bytes id;

	snprintf(key, sizeof(key), "nf_instance_id/%s%s%.63s", nf_type_name(nf->profile.nf_type),
		name ? "/" : "", name ? name : "");
	if (store_get(nf->env->store, STORE_META, bytes_of_str(key), &id) && id.len == UUID_STR_SIZE - 1) {
		bytes_copy(nf->nf_instance_id, UUID_STR_SIZE, id);
		return;
	}
	uuid_make(nf->env, nf->nf_instance_id);
	if (!store_put(nf->env->store, STORE_META, bytes_of_str(key), bytes_of_str(nf->nf_instance_id)))
		log_error(nf->env->log,
			"%s: the store refuses the instance id; the next start takes a new one",
			nf_type_name(nf->profile.nf_type));
}

/* "amf.5gc.mnc001.mcc001.3gppnetwork.org", in the home network domain of 23.003 28.2. */
static void nf_name(struct nf *nf)
{
	char mcc[4], mnc[4], type[8];
	size_t i = 0;

	for (const char *name = nf_type_name(nf->profile.nf_type); name[i] && i + 1 < sizeof(type); i++)
		type[i] = (char)tolower((unsigned char)name[i]);
	type[i] = '\0';
	plmn_digits(&nf->plmn, mcc, mnc);
	snprintf(nf->fqdn, sizeof(nf->fqdn), "%s.5gc.mnc%s%s.mcc%s.3gppnetwork.org", type, mnc[2] ? "" : "0",
		mnc, mcc);
}

void nf_init(struct nf *nf, enum nf_type type, const char *name, const struct plmn *plmn, struct env *env,
	struct sbi_bus *bus, const struct sbi_nf_ops *ops)
{
	*nf = (struct nf){ .env = env, .bus = bus };
	timers_init(&nf->timers, nf);
	nf->plmn = *plmn;
	nf->profile = (struct nf_profile){
		.nf_instance_id = nf->nf_instance_id,
		.nf_type = type,
		.nf_status = NF_REGISTERED,
		.heart_beat_timer = NF_HEARTBEAT_S,
		.plmn_list = { 1, &nf->plmn },
		.fqdn = nf->fqdn,
		.has_capacity = true,
		.capacity = 100,
	};
	nf_name(nf);
	nf_identify(nf, name);
	nf->self = sbi_attach(bus, type, nf->profile.nf_instance_id, ops, nf);
}

void nf_call(struct nf *nf, enum sbi_op_id op, const void *req, struct sbi_token token)
{
	sbi_call(nf->self, sbi_any(nf->bus, sbi_ops[op].server), op, req, token);
}

void nf_start(struct nf *nf)
{
	struct nnrf_nf_register_req req = { nf->nf_instance_id, nf->profile };

	nf_call(nf, SBI_NRF_NF_REGISTER, &req, (struct sbi_token){ 0 });
}

void nf_stop(struct nf *nf)
{
	struct nnrf_nf_deregister_req req = { nf->nf_instance_id };

	timer_stop(&nf->timers, &nf->heartbeat);
	nf->registered = false;
	nf_call(nf, SBI_NRF_NF_DEREGISTER, &req, (struct sbi_token){ 0 });
}

static void nf_beat(void *owner, struct timer *t)
{
	struct nf *nf = owner;
	/* 29.510 5.2.2.3.2: the status as it is means that the function lives. */
	static const struct patch_item alive = {
		.op = PATCH_OPERATION_REPLACE,
		.path = "/nfStatus",
		.value = { (const uint8_t *)"\"REGISTERED\"", 12 },
	};
	struct nnrf_nf_update_req req = { nf->nf_instance_id, { 1, &alive } };

	if (!nf->registered) {
		nf_start(nf);
		return;
	}
	nf_call(nf, SBI_NRF_NF_HEARTBEAT, &req, (struct sbi_token){ 0 });
}

bool nf_on_answer(struct nf *nf, const struct sbi_answer *a)
{
	const struct nnrf_nf_register_rsp *rsp = a->body;
	uint64_t next_s;

	switch (a->op) {
	case SBI_NRF_NF_REGISTER:
	case SBI_NRF_NF_HEARTBEAT:
		break;
	case SBI_NRF_NF_DEREGISTER:
		return true;
	default:
		return false;
	}
	if (a->cause == SBI_OK && a->op == SBI_NRF_NF_REGISTER) {
		nf->registered = true;
		nf->profile.heart_beat_timer = rsp->data.heart_beat_timer;
	}
	next_s = nf->profile.heart_beat_timer; /* the NRF's, from the first beat on */
	if (a->cause != SBI_OK) {
		nf->registered = false;
		next_s = NF_REGISTER_RETRY_S;
		log_warn(nf->env->log, "%s: the NRF answers %s; registering again in %d s",
			nf_type_name(nf->profile.nf_type), sbi_cause_name(a->cause), NF_REGISTER_RETRY_S);
	}
	timer_set(&nf->timers, &nf->heartbeat, env_now_ns(nf->env) + next_s * NS_PER_S, nf_beat);
	return true;
}

struct bytes nf_supi_store_key(const struct supi *supi, uint8_t buf[8])
{
	struct writer w = writer_of(buf, 8);

	writer_u64(&w, supi_key(supi));
	return writer_bytes(&w);
}

struct bytes nf_session_store_key(const struct supi *supi, uint8_t pdu_session_id, uint8_t buf[9])
{
	nf_supi_store_key(supi, buf);
	buf[8] = pdu_session_id;
	return bytes_of(buf, pdu_session_id ? 9 : 8);
}
