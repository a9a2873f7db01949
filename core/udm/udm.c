#include "core/udm/internal.h"

#include <stdlib.h>

/* Asks the UDR in the consumer's name; the request's id rides along as the token. */
static void udm_pass_on(struct udm *udm, const struct sbi_request *r, enum sbi_op_id op, const void *body)
{
	nf_call(&udm->nf, op, body, (struct sbi_token){ .context = r->id });
}

/* A UE registers. */
static void udm_get_am_data(struct udm *udm, const struct sbi_request *r)
{
	const struct nudm_sdm_get_req *req = r->body;

	udm_update_due(udm, udm_update_of(udm, &req->supi, UDM_PARAMETERS));
	if (!udm_steering_at_registration(udm, r))
		udm_pass_on(udm, r, SBI_UDR_GET_AM_DATA, req);
}

/* The event is not kept: nothing here asks for it. */
static void udm_confirm_auth(struct udm *udm, const struct sbi_request *r)
{
	const struct nudm_confirm_auth_req *req = r->body;
	struct nudm_confirm_auth_rsp rsp = { req->supi, "1", req->data };

	sbi_answer(udm->nf.bus, r->id, SBI_OK, &rsp);
}

static void udm_on_request(void *self, const struct sbi_request *r)
{
	struct udm *udm = self;

	switch (r->op) {
	case SBI_UDM_GENERATE_AUTH_DATA:
		udm_generate_auth_data(udm, r);
		break;
	case SBI_UDM_CONFIRM_AUTH:
		udm_confirm_auth(udm, r);
		break;
	case SBI_UDM_GET_AM_DATA:
		udm_get_am_data(udm, r);
		break;
	case SBI_UDM_GET_SMF_SELECT_DATA:
		udm_pass_on(udm, r, SBI_UDR_GET_SMF_SELECT_DATA, r->body);
		break;
	case SBI_UDM_GET_SM_DATA:
		udm_pass_on(udm, r, SBI_UDR_GET_SM_DATA, r->body);
		break;
	case SBI_UDM_SOR_ACK:
	case SBI_UDM_UPU_ACK:
		udm_sdm_ack(udm, r);
		break;
	case SBI_UDM_AMF_REGISTRATION:
		udm_amf_registration(udm, r);
		break;
	case SBI_UDM_AMF_PURGE:
		udm_amf_modification(udm, r);
		break;
	case SBI_UDM_SMF_REGISTRATION:
		udm_pass_on(udm, r, SBI_UDR_PUT_SMF_CONTEXT, r->body);
		break;
	case SBI_UDM_SMF_DEREGISTRATION:
		udm_pass_on(udm, r, SBI_UDR_DELETE_SMF_CONTEXT, r->body);
		break;
	default:
		sbi_answer(udm->nf.bus, r->id, SBI_INVALID_MSG_FORMAT, NULL);
	}
}

static void udm_on_answer(void *self, const struct sbi_answer *a)
{
	struct udm *udm = self;

	if (nf_on_answer(&udm->nf, a))
		return;
	switch (a->op) {
	case SBI_UDR_GET_AUTH_SUBSCRIPTION:
		udm_on_auth_subscription(udm, a);
		break;
	case SBI_UDR_PATCH_SQN:
		udm_on_sqn_patched(udm, a);
		break;
	case SBI_UDR_GET_AMF_CONTEXT:
		if (!udm_update_on_amf_context(udm, a))
			udm_on_amf_context(udm, a);
		break;
	case SBI_UDR_PUT_AMF_CONTEXT:
	case SBI_UDR_DELETE_AMF_CONTEXT:
		udm_on_amf_context_changed(udm, a);
		break;
	case SBI_AUSF_SOR_PROTECTION:
		udm_on_sor_protected(udm, a);
		break;
	case SBI_AUSF_UPU_PROTECTION:
		udm_on_upu_protected(udm, a);
		break;
	case SBI_AMF_SDM_NOTIFY:
		udm_on_sdm_notified(udm, a);
		break;
	case SBI_AMF_DEREGISTRATION_NOTIFY:
		break;
	case SBI_UDR_GET_AM_DATA:
		if (a->token.generation) {
			udm_steering_on_am_data(udm, a);
			break;
		} /* fall through */
	default:
		sbi_answer(udm->nf.bus, a->token.context, a->cause, a->body);
	}
}

static const struct udm_update_def *const update_defs[UDM_UPDATE_KINDS] = {
	[UDM_PARAMETERS] = &udm_parameters_update,
	[UDM_STEERING] = &udm_steering_of_roaming,
};

struct udm *udm_new(const struct udm_config *config, struct env *env, struct sbi_bus *bus)
{
	static const struct sbi_nf_ops ops = { udm_on_request, udm_on_answer };
	struct udm *udm = calloc(1, sizeof(*udm));
	uint64_t seed;

	if (!udm)
		return NULL;
	udm->config = *config;
	udm->update_defs = update_defs;
	if (!udm->config.sqn.ind_bits)
		udm->config.sqn.ind_bits = UDM_SQN_IND_BITS;
	pool_init(&udm->auths, sizeof(struct udm_auth), UDM_AUTH_PENDING_MAX);
	pool_init(&udm->uecms, sizeof(struct udm_uecm), UDM_UECM_PENDING_MAX);
	pool_init(&udm->updates, sizeof(struct udm_update), UDM_UPDATES_MAX);
	nf_init(&udm->nf, NF_UDM, NULL, &config->plmn, env, bus, &ops);
	env_random(env, &seed, sizeof(seed));
	if (!hash_init(&udm->uecm_by_supi, seed) || !hash_init(&udm->update_by_supi, seed) ||
		!udm_updates_restore(udm)) {
		udm_free(udm);
		return NULL;
	}
	for (uint8_t i = 0; i < config->hn_key_count; i++) {
		udm->hn_keys[i] = suci_key_new(config->hn_keys[i].scheme, config->hn_keys[i].private_key);
		if (!udm->hn_keys[i]) {
			udm_free(udm);
			return NULL;
		}
		explicit_bzero(udm->config.hn_keys[i].private_key, SUCI_PRIVATE_LEN);
	}
	return udm;
}

void udm_free(struct udm *udm)
{
	if (!udm)
		return;
	for (uint8_t i = 0; i < udm->config.hn_key_count; i++)
		suci_key_free(udm->hn_keys[i]);
	for (uint32_t i = 0;; i++) {
		struct udm_uecm *u = pool_next(&udm->uecms, &i);

		if (!u)
			break;
		arena_fini(&u->arena);
	}
	hash_fini(&udm->uecm_by_supi);
	hash_fini(&udm->update_by_supi);
	pool_fini(&udm->updates);
	pool_fini(&udm->uecms);
	pool_fini(&udm->auths);
	explicit_bzero(udm, sizeof(*udm));
	free(udm);
}

struct nf *udm_nf(struct udm *udm)
{
	return &udm->nf;
}

struct bytes udm_hn_public_key(const struct udm *udm, uint8_t i)
{
	return suci_key_public(udm->hn_keys[i]);
}

static const struct stat_def stat_defs[UDM_STAT_COUNT] = {
	[UDM_STAT_AUTH_DATA] = { "auth_data", "authentication vectors made" },
	[UDM_STAT_RESYNC] = { "resync", "SQN re-synchronisations" },
	[UDM_STAT_RESYNC_REFUSED] = { "resync_refused", "AUTS with a wrong MAC-S" },
	[UDM_STAT_SUCI_REFUSED] = { "suci_refused", "identities that did not yield a SUPI" },
	[UDM_STAT_UNKNOWN_SUBSCRIBER] = { "unknown_subscriber", "SUPIs without a subscription" },
	[UDM_STAT_AMF_CHANGED] = { "amf_changed", "UEs that another AMF registered" },
	[UDM_STAT_INVALID_GUAMI] = { "invalid_guami",
		"modifications by an AMF that is not the registered one" },
	[UDM_STAT_STEERINGS_SENT] = { "steerings_sent", "lists of preferred PLMNs given to AMFs" },
	[UDM_STAT_STEERINGS_ACKNOWLEDGED] = { "steerings_acknowledged",
		"lists of preferred PLMNs that UEs acknowledged" },
	[UDM_STAT_STEERINGS_NOT_PROVED] = { "steerings_not_proved", "acknowledgements with a wrong MAC" },
	[UDM_STAT_UPDATES_SENT] = { "updates_sent", "updates of UE parameters given to AMFs" },
	[UDM_STAT_UPDATES_ACKNOWLEDGED] = { "updates_acknowledged", "updates that UEs acknowledged" },
	[UDM_STAT_UPDATES_NOT_PROVED] = { "updates_not_proved", "acknowledgements with a wrong MAC" },
};
const struct stat_group udm_stat_group = { "udm", stat_defs, UDM_STAT_COUNT };

void udm_stats(const struct udm *udm, struct stats *out)
{
	*out = (struct stats){ &udm_stat_group, udm->stat };
}
