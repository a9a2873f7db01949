/*
 * Nnrf_NFManagement and Nnrf_NFDiscovery, 29.510.
 *
 *   NF  -> NRF  PUT nf-instances       5.2.2.2 NFRegister: a profile, and how often to beat
 *   NF  -> NRF  PATCH nf-instances     5.2.2.3.2: the heart-beat; who is silent is suspended
 *   NF  -> NRF  DELETE nf-instances    5.2.2.4 NFDeregister
 *   AMF -> NRF  GET nf-instances       5.3.2.2 NFDiscover: those alive that serve the slice and DNN
 */
#include "core/nrf/nrf.h"

#include <stdlib.h>

#include "wire/sbi/sbi_json.h"

#define LOG_ROOM "nrf"

enum { NRF_PROFILE_OCTETS_MAX = 256 << 10 };

/* The profile lies in an arena of its own: instances come and go one by one. */
struct nrf_instance {
	struct arena arena;
	struct nf_profile *profile;
	uint64_t last_beat_ns;
};

struct nrf {
	struct nf nf;
	uint8_t count;
	struct nrf_instance instances[NRF_PROFILES_MAX];
	uint64_t stat[NRF_STAT_COUNT];
};

static struct nrf_instance *nrf_find(struct nrf *nrf, const char *nf_instance_id)
{
	for (uint8_t i = 0; i < nrf->count; i++)
		if (!strcmp(nrf->instances[i].profile->nf_instance_id, nf_instance_id))
			return &nrf->instances[i];
	return NULL;
}

static void nrf_remove(struct nrf *nrf, struct nrf_instance *i)
{
	arena_fini(&i->arena);
	*i = nrf->instances[--nrf->count];
}

/* An instance with a copy of the profile, in place of an older one; NULL when there is no room. */
static struct nrf_instance *nrf_keep(struct nrf *nrf, const struct nnrf_nf_register_req *req)
{
	struct nrf_instance fresh = { .last_beat_ns = env_now_ns(nrf->nf.env) };
	struct nrf_instance *i = nrf_find(nrf, req->nf_instance_id);
	struct nnrf_nf_register_req *kept;

	if (!i && nrf->count == NRF_PROFILES_MAX)
		return NULL;
	arena_init(&fresh.arena, NULL, 0, NRF_PROFILE_OCTETS_MAX);
	kept = sbi_request_copy(SBI_NRF_NF_REGISTER, req, &fresh.arena);
	if (!kept) {
		arena_fini(&fresh.arena);
		return NULL;
	}
	if (i)
		arena_fini(&i->arena);
	else
		i = &nrf->instances[nrf->count++];
	*i = fresh;
	i->profile = &kept->data;
	i->profile->nf_instance_id = kept->nf_instance_id; /* the path's stands */
	i->profile->nf_status = NF_REGISTERED;
	i->profile->heart_beat_timer = NF_HEARTBEAT_S;
	return i;
}

static void nrf_register(struct nrf *nrf, const struct sbi_request *r)
{
	const struct nnrf_nf_register_req *req = r->body;
	const struct nrf_instance *i = nrf_keep(nrf, req);
	struct nnrf_nf_register_rsp rsp;

	nrf->stat[NRF_STAT_REG_REQ]++;
	nrf->stat[i ? NRF_STAT_REG_SUCC : NRF_STAT_REG_FAIL]++;
	if (!i) {
		log_error(nrf->nf.env->log, "no room for another %s: %d instances are registered",
			nf_type_name(req->data.nf_type), nrf->count);
		sbi_answer(nrf->nf.bus, r->id, SBI_INSUFFICIENT_RESOURCES, NULL);
		return;
	}
	log_debug(nrf->nf.env->log, "%s %s registered", nf_type_name(i->profile->nf_type),
		i->profile->nf_instance_id);
	rsp = (struct nnrf_nf_register_rsp){ i->profile->nf_instance_id, *i->profile };
	sbi_answer(nrf->nf.bus, r->id, SBI_OK, &rsp);
}

/* Any patch of a profile is taken as a sign of life and no more. */
static void nrf_heartbeat(struct nrf *nrf, const struct sbi_request *r)
{
	const struct nnrf_nf_update_req *req = r->body;
	struct nrf_instance *i = nrf_find(nrf, req->nf_instance_id);

	if (i) {
		i->last_beat_ns = env_now_ns(nrf->nf.env);
		i->profile->nf_status = NF_REGISTERED;
	}
	sbi_answer(nrf->nf.bus, r->id, i ? SBI_OK : SBI_CONTEXT_NOT_FOUND, NULL);
}

static void nrf_deregister(struct nrf *nrf, const struct sbi_request *r)
{
	const struct nnrf_nf_deregister_req *req = r->body;
	struct nrf_instance *i = nrf_find(nrf, req->nf_instance_id);

	if (i)
		nrf_remove(nrf, i);
	sbi_answer(nrf->nf.bus, r->id, i ? SBI_OK : SBI_CONTEXT_NOT_FOUND, NULL);
}

static bool nrf_is_alive(struct nrf *nrf, struct nrf_instance *i)
{
	uint64_t silent_ns = env_now_ns(nrf->nf.env) - i->last_beat_ns;

	if (silent_ns > (uint64_t)NRF_MISSED_BEATS * i->profile->heart_beat_timer * NS_PER_S)
		i->profile->nf_status = NF_SUSPENDED;
	return i->profile->nf_status == NF_REGISTERED;
}

static bool nrf_serves_slice(const struct snssai_list *list, const struct snssai *s)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (snssai_equal(&list->items[i], s))
			return true;
	return list->count == 0;
}

static bool nrf_has_dnn(const struct dnn_smf_info_item_list *list, const char *dnn)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (dnn_equal(list->items[i].dnn, dnn))
			return true;
	return false;
}

/* 29.510 6.1.6.2.12: the DNN within the slice. */
static bool nrf_smf_serves(const struct smf_info *info, const struct snssai *s, const char *dnn)
{
	for (uint32_t i = 0; info && i < info->s_nssai_smf_info_list.count; i++) {
		const struct snssai_smf_info_item *slice = &info->s_nssai_smf_info_list.items[i];

		if ((!s || snssai_equal(&slice->s_nssai, s)) && nrf_has_dnn(&slice->dnn_smf_info_list, dnn))
			return true;
	}
	return !info;
}

/* All of the slices asked for; the DNN in one of them. */
static bool nrf_matches(const struct nf_profile *p, const struct nnrf_nf_discover_req *req)
{
	bool dnn = !req->dnn || (req->snssais.count == 0 && nrf_smf_serves(p->smf_info, NULL, req->dnn));

	if (p->nf_type != req->target_nf_type)
		return false;
	for (uint32_t i = 0; i < req->snssais.count; i++) {
		if (!nrf_serves_slice(&p->s_nssais, &req->snssais.items[i]))
			return false;
		dnn |= req->dnn && nrf_smf_serves(p->smf_info, &req->snssais.items[i], req->dnn);
	}
	return dnn;
}

static void nrf_discover(struct nrf *nrf, const struct sbi_request *r)
{
	const struct nnrf_nf_discover_req *req = r->body;
	struct nf_profile found[NRF_PROFILES_MAX];
	struct nnrf_nf_discover_rsp rsp = { .data = { .validity_period = NF_HEARTBEAT_S,
						    .nf_instances = { 0, found } } };

	for (uint8_t i = 0; i < nrf->count; i++)
		if (nrf_is_alive(nrf, &nrf->instances[i]) && nrf_matches(nrf->instances[i].profile, req))
			found[rsp.data.nf_instances.count++] = *nrf->instances[i].profile;
	nrf->stat[NRF_STAT_DISC_REQ]++;
	nrf->stat[NRF_STAT_DISC_SUCC]++;
	nrf->stat[NRF_STAT_DISC_NONE] += rsp.data.nf_instances.count == 0;
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
		nf_init(&nrf->nf, NF_NRF, NULL, plmn, env, bus, &ops);
	return nrf;
}

void nrf_free(struct nrf *nrf)
{
	if (!nrf)
		return;
	while (nrf->count > 0)
		nrf_remove(nrf, &nrf->instances[0]);
	free(nrf);
}

struct nf *nrf_nf(struct nrf *nrf)
{
	return &nrf->nf;
}

static const struct stat_def stat_defs[NRF_STAT_COUNT] = {
	[NRF_STAT_REG_REQ] = { "nfs_reg_req", "NF registrations asked for", "NFS.RegReq 5.10.1.1" },
	[NRF_STAT_REG_SUCC] = { "nfs_reg_succ", "NF registrations stored", "NFS.RegSucc 5.10.1.2" },
	[NRF_STAT_REG_FAIL] = { "nfs_reg_fail_nrf_err", "NF registrations without room",
		"NFS.RegFailNrfErr 5.10.1.4" },
	[NRF_STAT_DISC_REQ] = { "nfs_disc_req", "discoveries asked for", "NFS.DiscReq 5.10.3.1" },
	[NRF_STAT_DISC_SUCC] = { "nfs_disc_succ", "discoveries answered", "NFS.DiscSucc 5.10.3.2" },
	[NRF_STAT_DISC_NONE] = { "discoveries_of_none", "discoveries that found no instance" },
};
const struct stat_group nrf_stat_group = { "nrf", stat_defs, NRF_STAT_COUNT };

void nrf_stats(const struct nrf *nrf, struct stats *out)
{
	*out = (struct stats){ &nrf_stat_group, nrf->stat };
}
