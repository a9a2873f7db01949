/*
 * Nausf_UEAuthentication, 29.509 5.2.2.2.2 and 33.501 6.1.3.2: 5G-AKA of the home network; and what EAP-AKA'
 * (eap_aka_prime.c) has in common with it. The UDM chooses, by subscriber.
 *
 *   AMF  -> AUSF  ue-authentications     the serving network's name must be its own (33.501 6.1.2)
 *   AUSF -> UDM   generate-auth-data     29.503 5.4.2.2: XRES* and K_AUSF stay here
 *   AUSF -> AMF   201                    RAND, AUTN, HXRES*; an authCtxId that nobody guesses
 *   AMF  -> AUSF  5g-aka-confirmation    RES*, once; 33.501 6.1.3.2 step 10
 *   AUSF -> AMF   200                    SUPI and K_SEAF, or AUTHENTICATION_FAILURE
 *   AUSF -> UDM   auth-events            29.503 5.4.2.3, 33.501 6.1.4.1
 */
#include "core/ausf/internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "crypto/equal.h"

#define LOG_ROOM "ausf"

static void ausf_authenticate(struct ausf *ausf, const struct sbi_request *r)
{
	const struct nausf_authenticate_req *req = r->body;
	struct ausf_auth *auth;

	/* 33.501 6.1.2: the serving network name must be that of the network that asks. */
	if (strcmp(req->data.serving_network_name, ausf->serving_network_name) != 0) {
		sbi_answer(ausf->nf.bus, r->id, SBI_SERVING_NETWORK_NOT_AUTHORIZED, NULL);
		return;
	}
	auth = pool_alloc(&ausf->auths);
	if (!auth) {
		sbi_answer(ausf->nf.bus, r->id, SBI_NF_CONGESTION, NULL);
		return;
	}
	auth->request_id = r->id;
	env_random(ausf->nf.env, &auth->secret, sizeof(auth->secret));
	str_copy(auth->serving_network_name, SNN_STR_SIZE, req->data.serving_network_name);
	ausf_ask_udm(ausf, auth, req->data.supi_or_suci, req->data.resynchronization_info);
}

static bool ausf_5g_aka_challenge(
	struct ausf *ausf, struct ausf_auth *auth, const struct authentication_vector *v)
{
	char name[AUTH_CTX_ID_SIZE], href[AUTH_CTX_ID_SIZE + 64];
	struct ue_authentication_ctx__links_entry link = { "5g-aka", { href } };
	struct nausf_authenticate_rsp rsp = {
		.auth_ctx_id = name,
		.data = { .auth_type = AUTH_TYPE_FIVE_G_AKA, ._links = { 1, &link } },
	};
	struct av5g_aka *av = &rsp.data.five_g_auth_data;

	bytes_copy(auth->xres_star, sizeof(auth->xres_star), BYTES(v->xres_star));
	bytes_copy(auth->kausf, sizeof(auth->kausf), BYTES(v->kausf));
	ausf_auth_name(ausf, auth, name);
	snprintf(href, sizeof(href), "/nausf-auth/v1/ue-authentications/%s/5g-aka-confirmation", name);
	av->has_rand = av->has_autn = av->has_hxres_star = true;
	bytes_copy(av->rand, sizeof(v->rand), BYTES(v->rand));
	bytes_copy(av->autn, sizeof(v->autn), BYTES(v->autn));
	if (!v->has_xres_star || !v->has_kausf || !kdf_hres_star(v->rand, v->xres_star, av->hxres_star))
		return false;
	sbi_answer(ausf->nf.bus, auth->request_id, SBI_OK, &rsp);
	return true;
}

static void ausf_on_auth_data(struct ausf *ausf, const struct sbi_answer *a)
{
	const struct nudm_generate_auth_data_rsp *v = a->body;
	struct ausf_auth *auth = pool_at(&ausf->auths, (uint32_t)a->token.context);
	const struct authentication_vector *av;
	enum auth_type type;
	bool ok;

	if (!auth || auth->generation != a->token.generation)
		return;
	if (a->cause != SBI_OK) {
		sbi_answer(ausf->nf.bus, auth->request_id, a->cause, NULL);
		ausf_auth_free(ausf, auth);
		return;
	}
	av = &v->data.authentication_vector;
	type = av->av_type == AV_TYPE_EAP_AKA_PRIME ? AUTH_TYPE_EAP_AKA_PRIME : AUTH_TYPE_FIVE_G_AKA;
	/* A session of EAP stays one, though the subscriber's method was changed meanwhile. */
	ok = auth->type == AUTH_TYPE_ABSENT || auth->type == type;
	auth->challenged = true;
	auth->supi = v->data.supi;
	auth->type = type;
	ok = ok && (type == AUTH_TYPE_EAP_AKA_PRIME ? ausf_eap_challenge(ausf, auth, av)
						    : ausf_5g_aka_challenge(ausf, auth, av));
	if (!ok) {
		sbi_answer(ausf->nf.bus, auth->request_id, SBI_INSUFFICIENT_RESOURCES, NULL);
		ausf_auth_free(ausf, auth);
		return;
	}
	ausf->stat[AUSF_STAT_CHALLENGES]++;
}

static void ausf_5g_aka_confirm(struct ausf *ausf, const struct sbi_request *r)
{
	const struct nausf_5g_aka_confirm_req *req = r->body;
	struct ausf_auth *auth = ausf_auth_by_name(ausf, req->auth_ctx_id, AUTH_TYPE_FIVE_G_AKA);
	struct nausf_5g_aka_confirm_rsp rsp = { 0 };
	bool success;

	if (!auth) {
		sbi_answer(ausf->nf.bus, r->id, SBI_CONTEXT_NOT_FOUND, NULL);
		return;
	}
	rsp.data.supi = auth->supi;
	success = crypto_equal(BYTES(req->data.res_star), BYTES(auth->xres_star)) &&
		  ausf_key_put(ausf, &auth->supi, auth->kausf) &&
		  kdf_k_seaf(auth->kausf, bytes_of_str(auth->serving_network_name), rsp.data.kseaf);
	rsp.data.has_kseaf = success;
	rsp.data.auth_result =
		success ? AUTH_RESULT_AUTHENTICATION_SUCCESS : AUTH_RESULT_AUTHENTICATION_FAILURE;
	sbi_answer(ausf->nf.bus, r->id, SBI_OK, &rsp);
	explicit_bzero(&rsp, sizeof(rsp));
	ausf_auth_end(ausf, auth, success);
}

static void ausf_on_request(void *self, const struct sbi_request *r)
{
	struct ausf *ausf = self;

	switch (r->op) {
	case SBI_AUSF_AUTHENTICATE:
		ausf_authenticate(ausf, r);
		break;
	case SBI_AUSF_5G_AKA_CONFIRM:
		ausf_5g_aka_confirm(ausf, r);
		break;
	case SBI_AUSF_EAP_SESSION:
		ausf_eap_session(ausf, r);
		break;
	case SBI_AUSF_SOR_PROTECTION:
		ausf_sor_protection(ausf, r);
		break;
	case SBI_AUSF_UPU_PROTECTION:
		ausf_upu_protection(ausf, r);
		break;
	default:
		sbi_answer(ausf->nf.bus, r->id, SBI_INVALID_MSG_FORMAT, NULL);
	}
}

static void ausf_on_answer(void *self, const struct sbi_answer *a)
{
	struct ausf *ausf = self;

	if (!nf_on_answer(&ausf->nf, a) && a->op == SBI_UDM_GENERATE_AUTH_DATA)
		ausf_on_auth_data(ausf, a);
}

struct ausf *ausf_new(const struct plmn *plmn, const uint8_t seal_key[SEAL_KEY_LEN], bool counts_lost,
	struct env *env, struct sbi_bus *bus)
{
	static const struct sbi_nf_ops ops = { ausf_on_request, ausf_on_answer };
	struct ausf *ausf = calloc(1, sizeof(*ausf));

	if (!ausf)
		return NULL;
	nf_init(&ausf->nf, NF_AUSF, NULL, plmn, env, bus, &ops);
	pool_init(&ausf->auths, sizeof(struct ausf_auth), AUSF_AUTH_MAX);
	serving_network_name(plmn, ausf->serving_network_name);
	bytes_copy(ausf->seal_key, sizeof(ausf->seal_key), bytes_of(seal_key, SEAL_KEY_LEN));
	if (ausf_keys_restore(ausf, counts_lost))
		return ausf;
	ausf_free(ausf);
	return NULL;
}

void ausf_free(struct ausf *ausf)
{
	if (!ausf)
		return;
	pool_fini(&ausf->auths);
	explicit_bzero(ausf->seal_key, sizeof(ausf->seal_key));
	free(ausf);
}

struct nf *ausf_nf(struct ausf *ausf)
{
	return &ausf->nf;
}

static const struct stat_def stat_defs[AUSF_STAT_COUNT] = {
	[AUSF_STAT_CHALLENGES] = { "challenges", "challenges handed to the AMF" },
	[AUSF_STAT_SUCCESSES] = { "successes", "answers of UEs that were right" },
	[AUSF_STAT_FAILURES] = { "failures", "answers of UEs that were not" },
	[AUSF_STAT_EXPIRED] = { "expired", "challenges never answered" },
	[AUSF_STAT_STEERINGS_PROTECTED] = { "steerings_protected",
		"lists of preferred PLMNs protected by K_AUSF" },
	[AUSF_STAT_UPDATES_PROTECTED] = { "updates_protected", "UE parameters updates protected by K_AUSF" },
};
const struct stat_group ausf_stat_group = { "ausf", stat_defs, AUSF_STAT_COUNT };

void ausf_stats(const struct ausf *ausf, struct stats *out)
{
	*out = (struct stats){ &ausf_stat_group, ausf->stat };
}
