#include "core/nrf/nrf.h"

#include <stdlib.h>

#define LOG_ROOM "nrf"

struct nrf_instance {
	struct nf_profile profile;
	uint64_t last_beat_ns;
};

struct nrf {
	struct nf nf;
	uint8_t count;
	struct nrf_instance instances[NRF_PROFILES_MAX];
};

static struct nrf_instance *nrf_find(struct nrf *nrf, const char *nf_instance_id)
{
	for (uint8_t i = 0; i < nrf->count; i++)
		if (!strcmp(nrf->instances[i].profile.nf_instance_id, nf_instance_id))
			return &nrf->instances[i];
	return NULL;
}

static void nrf_register(struct nrf *nrf, const struct sbi_request *r)
{
	const struct nnrf_nf_register_req *req = r->body;
	struct nnrf_nf_register_rsp rsp;
	struct nrf_instance *i = nrf_find(nrf, req->profile.nf_instance_id);

	if (!i && nrf->count == NRF_PROFILES_MAX) {
		log_error(nrf->nf.env->log, "no room for another %s: %d instances are registered",
			nf_type_name(req->profile.nf_type), NRF_PROFILES_MAX);
		sbi_answer(nrf->nf.bus, r->id, SBI_INSUFFICIENT_RESOURCES, NULL);
		return;
	}
	if (!i)
		i = &nrf->instances[nrf->count++];
	i->profile = req->profile;
	i->profile.nf_status = NF_REGISTERED;
	i->profile.heart_beat_timer_s = NF_HEARTBEAT_S;
	i->last_beat_ns = env_now_ns(nrf->nf.env);
	log_debug(nrf->nf.env->log, "%s %s registered", nf_type_name(i->profile.nf_type),
		i->profile.nf_instance_id);
	rsp.profile = i->profile;
	sbi_answer(nrf->nf.bus, r->id, SBI_OK, &rsp);
}

static void nrf_heartbeat(struct nrf *nrf, const struct sbi_request *r)
{
	const struct nnrf_nf_instance_req *req = r->body;
	struct nrf_instance *i = nrf_find(nrf, req->nf_instance_id);

	if (i) {
		i->last_beat_ns = env_now_ns(nrf->nf.env);
		i->profile.nf_status = NF_REGISTERED;
	}
	sbi_answer(nrf->nf.bus, r->id, i ? SBI_OK : SBI_CONTEXT_NOT_FOUND, NULL);
}

static void nrf_deregister(struct nrf *nrf, const struct sbi_request *r)
{
	const struct nnrf_nf_instance_req *req = r->body;
	struct nrf_instance *i = nrf_find(nrf, req->nf_instance_id);

	if (i)
		*i = nrf->instances[--nrf->count];
	sbi_answer(nrf->nf.bus, r->id, i ? SBI_OK : SBI_CONTEXT_NOT_FOUND, NULL);
}

static bool nrf_is_alive(struct nrf *nrf, struct nrf_instance *i)
{
	uint64_t silent_ns = env_now_ns(nrf->nf.env) - i->last_beat_ns;

	if (silent_ns > (uint64_t)NRF_MISSED_BEATS * i->profile.heart_beat_timer_s * NS_PER_S)
		i->profile.nf_status = NF_SUSPENDED;
	return i->profile.nf_status == NF_REGISTERED;
}

static bool nrf_matches(const struct nf_profile *p, const struct nnrf_nf_discover_req *req)
{
	bool slice = !req->has_snssai || p->snssais.count == 0, dnn = !req->dnn[0] || p->dnn_count == 0;

	if (p->nf_type != req->target_nf_type)
		return false;
	for (uint8_t i = 0; i < p->snssais.count && !slice; i++)
		slice = snssai_equal(&p->snssais.items[i], &req->snssai);
	for (uint8_t i = 0; i < p->dnn_count && !dnn; i++)
		dnn = !strcmp(p->dnns[i], req->dnn);
	return slice && dnn;
}

static void nrf_discover(struct nrf *nrf, const struct sbi_request *r)
{
	const struct nnrf_nf_discover_req *req = r->body;
	struct nnrf_nf_discover_rsp rsp = { .validity_period_s = NF_HEARTBEAT_S };

	for (uint8_t i = 0; i < nrf->count && rsp.count < NF_DISCOVERY_MAX; i++)
		if (nrf_is_alive(nrf, &nrf->instances[i]) && nrf_matches(&nrf->instances[i].profile, req))
			rsp.instances[rsp.count++] = nrf->instances[i].profile;
	sbi_answer(nrf->nf.bus, r->id, SBI_OK, &rsp);
}

static void nrf_on_request(void *self, const struct sbi_request *r)
{
	struct nrf *nrf = self;

	switch (r->op) {
	case SBI_NRF_NF_REGISTER:
		nrf_register(nrf, r);
		break;
	case SBI_NRF_NF_HEARTBEAT:
		nrf_heartbeat(nrf, r);
		break;
	case SBI_NRF_NF_DEREGISTER:
		nrf_deregister(nrf, r);
		break;
	case SBI_NRF_NF_DISCOVER:
		nrf_discover(nrf, r);
		break;
	default:
		sbi_answer(nrf->nf.bus, r->id, SBI_INVALID_MSG_FORMAT, NULL);
	}
}

struct nrf *nrf_new(const struct plmn *plmn, struct env *env, struct sbi_bus *bus)
{
	static const struct sbi_nf_ops ops = { nrf_on_request, NULL };
	struct nrf *nrf = calloc(1, sizeof(*nrf));

	if (nrf)
		nf_init(&nrf->nf, NF_NRF, plmn, env, bus, &ops);
	return nrf;
}

void nrf_free(struct nrf *nrf)
{
	if (!nrf)
		return;
	nf_fini(&nrf->nf);
	free(nrf);
}

struct nf *nrf_nf(struct nrf *nrf)
{
	return &nrf->nf;
}
