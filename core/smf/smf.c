#include "core/smf/data_networks.h"
#include "core/smf/modification.h"
#include "core/smf/teid.h"

#include <stdlib.h>

/* The Recovery Time Stamp is that of the sessions, which outlive the process as the store does. */
static void smf_take_recovery(struct smf *smf)
{
	struct bytes key = bytes_of_str(SMF_RECOVERY_KEY), value;

	if (store_get(smf->nf.env->store, STORE_META, key, &value) && value.len == 4) {
		smf->recovery = v4_of(value.data);
		smf->kept = true;
		return;
	}
	smf->recovery = pfcp_time(smf->nf.env);
	mark_set(&smf->times_to_store, &smf->recovery_mark);
}

static uint32_t or_default(uint32_t v, uint32_t otherwise)
{
	return v ? v : otherwise;
}

static bool smf_configure(struct smf *smf, const struct smf_config *config)
{
	struct smf_config *c = &smf->config;

	if (config->dnn_count > SMF_DNNS_MAX || config->upf_count > SMF_UPFS_MAX ||
		config->n4_address.len != 4 || (config->n4u_address.len && config->n4u_address.len != 4))
		return false;
	*c = *config;
	c->t3591_ms = or_default(c->t3591_ms, SMF_T3591_MS);
	c->t3592_ms = or_default(c->t3592_ms, SMF_T3592_MS);
	c->setup_guard_ms = or_default(c->setup_guard_ms, SMF_SETUP_GUARD_MS);
	c->association_retry_ms = or_default(c->association_retry_ms, SMF_ASSOCIATION_RETRY_MS);
	c->paging_pause_ms = or_default(c->paging_pause_ms, SMF_PAGING_PAUSE_MS);
	for (uint8_t i = 0; i < c->dnn_count; i++)
		if (!smf_data_network_begin(smf, i))
			return false;
	for (uint8_t i = 0; i < c->upf_count; i++)
		if (c->upfs[i].dnn_count > SMF_UPF_DNNS_MAX || c->upfs[i].address.len != 4)
			return false;
	return true;
}

static void smf_on_request(void *self, const struct sbi_request *r)
{
	struct smf *smf = self;

	switch (r->op) {
	case SBI_SMF_CREATE_SM_CONTEXT:
		smf_establish_request(smf, r);
		break;
	case SBI_SMF_UPDATE_SM_CONTEXT:
		smf_n11_update(smf, r);
		break;
	case SBI_SMF_RELEASE_SM_CONTEXT:
		smf_n11_release(smf, r);
		break;
	case SBI_SMF_N1N2_TRANSFER_FAILURE_NOTIFY:
		smf_n11_transfer_failure(smf, r);
		break;
	case SBI_SMF_SM_POLICY_NOTIFY:
		smf_policy_notify(smf, r);
		break;
	default:
		sbi_answer(smf->nf.bus, r->id, SBI_INVALID_MSG_FORMAT, NULL);
	}
}

static void smf_on_answer(void *self, const struct sbi_answer *a)
{
	struct smf *smf = self;

	if (!nf_on_answer(&smf->nf, a))
		smf_n11_on_answer(smf, a);
}

struct smf *smf_new(const struct smf_config *config, struct env *env, struct sbi_bus *bus)
{
	static const struct sbi_nf_ops ops = { smf_on_request, smf_on_answer };
	struct smf *smf = calloc(1, sizeof(*smf));

	if (!smf)
		return NULL;
	list_init(&smf->held);
	marks_init(&smf->sessions_to_store);
	marks_init(&smf->times_to_store);
	arena_init(&smf->arena, NULL, 0, 1 << 20);
	arena_init(&smf->n4_arena, NULL, 0, 1 << 20);
	smf->life = &smf_session_machine;
	smf->user_plane = &smf_user_plane_machine;
	smf->modification = &smf_modification_machine;
	pool_init(&smf->sessions, sizeof(struct smf_session),
		config->sessions_max ? config->sessions_max : SMF_SESSIONS);
	pool_init(&smf->teids, sizeof(struct smf_teid), SMF_SESSION_TEIDS_MAX * smf->sessions.max);
	nf_init(&smf->nf, NF_SMF, NULL, &config->plmn, env, bus, &ops);
	smf_take_recovery(smf);
	if (!smf_configure(smf, config) || !hash_init(&smf->by_supi, env_random_u32(env)) ||
		!hash_init(&smf->by_seid, env_random_u32(env)) ||
		!hash_init(&smf->by_teid, env_random_u32(env)) || !smf_n4_init(smf) ||
		!smf_session_restore_all(smf)) {
		smf_free(smf);
		return NULL;
	}
	smf_profile(smf);
	smf_advertise_init(smf);
	return smf;
}

void smf_free(struct smf *smf)
{
	struct smf_session *s;

	if (!smf)
		return;
	for (uint32_t i = 0; (s = pool_next(&smf->sessions, &i)); i++) {
		smf_flows_fini(&s->flows);
		smf_modification_end(smf, s);
		smf_handover_free(smf, s);
		smf_held_drop(smf, s);
		smf_relocation_end(smf, s);
		free(s->ethernet);
		free(s->routes);
		free(s->secondary);
	}
	pfcp_node_free(smf->pfcp);
	for (uint8_t i = 0; i < SMF_POOLS_MAX; i++)
		smf_address_pool_fini(&smf->pools[i]);
	hash_fini(&smf->by_supi);
	hash_fini(&smf->by_seid);
	hash_fini(&smf->by_teid);
	pool_fini(&smf->sessions);
	pool_fini(&smf->teids);
	arena_fini(&smf->arena);
	arena_fini(&smf->n4_arena);
	free(smf);
}

void smf_set_n4_tap(struct smf *smf, pfcp_tap_fn *fn, void *arg)
{
	pfcp_node_set_tap(smf->pfcp, fn, arg);
}

struct nf *smf_nf(struct smf *smf)
{
	return &smf->nf;
}

void smf_store(struct smf *smf)
{
	marks_put(&smf->times_to_store, smf->nf.env, smf_recovery_put, smf);
	marks_put(&smf->sessions_to_store, smf->nf.env, smf_session_put, smf);
}

void smf_on_committed(struct smf *smf, uint64_t epoch)
{
	marks_committed(&smf->times_to_store, epoch, NULL, smf);
	marks_committed(&smf->sessions_to_store, epoch, smf_session_kept, smf);
}

uint64_t smf_store_next_ns(const struct smf *smf)
{
	const struct turn *t = smf->nf.env->turn;
	uint64_t sessions = marks_next_ns(&smf->sessions_to_store, t),
		 times = marks_next_ns(&smf->times_to_store, t);

	return sessions < times ? sessions : times;
}

void smf_on_n4(struct smf *smf, const struct msg *m)
{
	if (m->kind == MSG_DATA)
		pfcp_receive(smf->pfcp, m);
}
