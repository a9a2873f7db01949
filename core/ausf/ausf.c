/*
 * Nausf_UEAuthentication, 29.509 5.2.2.2.2 and 33.501 6.1.3.2: 5G-AKA of the home network.
 *
 *   AMF  -> AUSF  ue-authentications     the serving network's name must be its own (33.501 6.1.2)
 *   AUSF -> UDM   generate-auth-data     29.503 5.4.2.2: XRES* and K_AUSF stay here
 *   AUSF -> AMF   201                    RAND, AUTN, HXRES*; an authCtxId that nobody guesses
 *   AMF  -> AUSF  5g-aka-confirmation    RES*, once; 33.501 6.1.3.2 step 10
 *   AUSF -> AMF   200                    SUPI and K_SEAF, or AUTHENTICATION_FAILURE
 *   AUSF -> UDM   auth-events            29.503 5.4.2.3, 33.501 6.1.4.1
 */
#include "core/ausf/ausf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/list.h"
#include "base/pool.h"
#include "base/text.h"
#include "crypto/equal.h"
#include "crypto/kdf.h"

#define LOG_ROOM "ausf"

/* One authentication, from the challenge to its confirmation. */
struct ausf_auth {
	struct timer expiry;
	uint64_t request_id; /* of the consumer while the UDM is asked */
	uint64_t secret;     /* makes the context's name unguessable */
	uint32_t generation;
	bool challenged;
	struct supi supi;
	char serving_network_name[SNN_STR_SIZE];
	uint8_t xres_star[16];
	uint8_t kausf[32];
};

struct ausf {
	struct nf nf;
	struct pool auths;
	uint32_t generation;
	char serving_network_name[SNN_STR_SIZE];
	uint64_t stat[AUSF_STAT_COUNT];
};

static void ausf_auth_free(struct ausf *ausf, struct ausf_auth *auth)
{
	timer_stop(&ausf->nf.timers, &auth->expiry);
	pool_free(&ausf->auths, auth);
}

static void ausf_auth_expired(void *owner, struct timer *t)
{
	struct ausf *ausf = owner;

	ausf->stat[AUSF_STAT_EXPIRED]++;
	ausf_auth_free(ausf, container_of(t, struct ausf_auth, expiry));
}

_Static_assert(8 + 16 < AUTH_CTX_ID_SIZE, "an authCtxId has room");
_Static_assert(sizeof(((struct ausf_auth *)0)->kausf) == KDF_KEY_LEN &&
		       sizeof(((struct ausf_auth *)0)->xres_star) == KDF_RES_STAR_LEN,
	"keys as crypto makes them");

/* authCtxId: index, then the secret. */
static void ausf_auth_name(struct ausf *ausf, const struct ausf_auth *auth, char out[AUTH_CTX_ID_SIZE])
{
	snprintf(out, AUTH_CTX_ID_SIZE, "%08x%016" PRIx64, pool_index(&ausf->auths, auth), auth->secret);
}

static struct ausf_auth *ausf_auth_by_name(struct ausf *ausf, const char *name)
{
	uint8_t octets[12];
	struct cursor c = cursor_of(BYTES(octets));
	struct ausf_auth *auth;
	size_t len;

	if (!text_unhex(bytes_of_str(name), octets, sizeof(octets), &len) || len != sizeof(octets))
		return NULL;
	auth = pool_at(&ausf->auths, cursor_u32(&c));
	return auth && auth->challenged && auth->secret == cursor_u64(&c) ? auth : NULL;
}

static void ausf_authenticate(struct ausf *ausf, const struct sbi_request *r)
{
	const struct nausf_authenticate_req *req = r->body;
	struct nudm_generate_auth_data_req ask = {
		.supi_or_suci = req->data.supi_or_suci,
		.data = {
			.serving_network_name = req->data.serving_network_name,
			.ausf_instance_id = ausf->nf.nf_instance_id,
			.resynchronization_info = req->data.resynchronization_info,
		},
	};
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
	timer_set(&ausf->nf.timers, &auth->expiry, env_now_ns(ausf->nf.env) + AUSF_AUTH_TIMEOUT_S * NS_PER_S,
		ausf_auth_expired);
	auth->request_id = r->id;
	auth->generation = ++ausf->generation;
	env_random(ausf->nf.env, &auth->secret, sizeof(auth->secret));
	str_copy(auth->serving_network_name, SNN_STR_SIZE, req->data.serving_network_name);
	nf_call(&ausf->nf, SBI_UDM_GENERATE_AUTH_DATA, &ask,
		(struct sbi_token){ pool_index(&ausf->auths, auth), auth->generation, 0 });
}

static bool ausf_challenge(struct ausf *ausf, const struct ausf_auth *auth, const struct av5_g_he_aka *v)
{
	char name[AUTH_CTX_ID_SIZE], href[AUTH_CTX_ID_SIZE + 64];
	struct ue_authentication_ctx__links_entry link = { "5g-aka", { href } };
	struct nausf_authenticate_rsp rsp = {
		.auth_ctx_id = name,
		.data = { .auth_type = AUTH_TYPE_FIVE_G_AKA, ._links = { 1, &link } },
	};

	ausf_auth_name(ausf, auth, name);
	snprintf(href, sizeof(href), "/nausf-auth/v1/ue-authentications/%s/5g-aka-confirmation", name);
	bytes_copy(rsp.data.five_g_auth_data.rand, sizeof(v->rand), BYTES(v->rand));
	bytes_copy(rsp.data.five_g_auth_data.autn, sizeof(v->autn), BYTES(v->autn));
	if (!kdf_hres_star(v->rand, v->xres_star, rsp.data.five_g_auth_data.hxres_star))
		return false;
	sbi_answer(ausf->nf.bus, auth->request_id, SBI_OK, &rsp);
	return true;
}

static void ausf_on_auth_data(struct ausf *ausf, const struct sbi_answer *a)
{
	const struct nudm_generate_auth_data_rsp *v = a->body;
	struct ausf_auth *auth = pool_at(&ausf->auths, (uint32_t)a->token.context);

	if (!auth || auth->generation != a->token.generation)
		return;
	if (a->cause != SBI_OK) {
		sbi_answer(ausf->nf.bus, auth->request_id, a->cause, NULL);
		ausf_auth_free(ausf, auth);
		return;
	}
	auth->challenged = true;
	auth->supi = v->data.supi;
	bytes_copy(auth->xres_star, sizeof(auth->xres_star), BYTES(v->data.authentication_vector.xres_star));
	bytes_copy(auth->kausf, sizeof(auth->kausf), BYTES(v->data.authentication_vector.kausf));
	if (!ausf_challenge(ausf, auth, &v->data.authentication_vector)) {
		sbi_answer(ausf->nf.bus, auth->request_id, SBI_INSUFFICIENT_RESOURCES, NULL);
		ausf_auth_free(ausf, auth);
		return;
	}
	ausf->stat[AUSF_STAT_CHALLENGES]++;
}

static void ausf_5g_aka_confirm(struct ausf *ausf, const struct sbi_request *r)
{
	const struct nausf_5g_aka_confirm_req *req = r->body;
	struct ausf_auth *auth = ausf_auth_by_name(ausf, req->auth_ctx_id);
	struct nausf_5g_aka_confirm_rsp rsp = { 0 };
	struct nudm_confirm_auth_req event = { .data = {
						       .nf_instance_id = ausf->nf.nf_instance_id,
						       .time_stamp = env_utc_ms(ausf->nf.env),
						       .auth_type = AUTH_TYPE_FIVE_G_AKA,
					       } };
	bool success;

	if (!auth) {
		sbi_answer(ausf->nf.bus, r->id, SBI_CONTEXT_NOT_FOUND, NULL);
		return;
	}
	rsp.data.supi = event.supi = auth->supi;
	success = crypto_equal(BYTES(req->data.res_star), BYTES(auth->xres_star)) &&
		  kdf_k_seaf(auth->kausf, bytes_of_str(auth->serving_network_name), rsp.data.kseaf);
	rsp.data.has_kseaf = event.data.success = success;
	rsp.data.auth_result =
		success ? AUTH_RESULT_AUTHENTICATION_SUCCESS : AUTH_RESULT_AUTHENTICATION_FAILURE;
	ausf->stat[success ? AUSF_STAT_SUCCESSES : AUSF_STAT_FAILURES]++;
	sbi_answer(ausf->nf.bus, r->id, SBI_OK, &rsp);
	event.data.serving_network_name = auth->serving_network_name;
	nf_call(&ausf->nf, SBI_UDM_CONFIRM_AUTH, &event, (struct sbi_token){ 0 });
	explicit_bzero(&rsp, sizeof(rsp));
	ausf_auth_free(ausf, auth);
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

struct ausf *ausf_new(const struct plmn *plmn, struct env *env, struct sbi_bus *bus)
{
	static const struct sbi_nf_ops ops = { ausf_on_request, ausf_on_answer };
	struct ausf *ausf = calloc(1, sizeof(*ausf));

	if (!ausf)
		return NULL;
	nf_init(&ausf->nf, NF_AUSF, NULL, plmn, env, bus, &ops);
	pool_init(&ausf->auths, sizeof(struct ausf_auth), AUSF_AUTH_MAX);
	serving_network_name(plmn, ausf->serving_network_name);
	return ausf;
}

void ausf_free(struct ausf *ausf)
{
	if (!ausf)
		return;
	nf_fini(&ausf->nf);
	pool_fini(&ausf->auths);
	free(ausf);
}

struct nf *ausf_nf(struct ausf *ausf)
{
	return &ausf->nf;
}

static const struct stat_def stat_defs[AUSF_STAT_COUNT] = {
	[AUSF_STAT_CHALLENGES] = { "challenges", "5G-AKA challenges handed to the AMF" },
	[AUSF_STAT_SUCCESSES] = { "successes", "confirmations with the right RES*" },
	[AUSF_STAT_FAILURES] = { "failures", "confirmations with a wrong RES*" },
	[AUSF_STAT_EXPIRED] = { "expired", "challenges never confirmed" },
};
const struct stat_group ausf_stat_group = { "ausf", stat_defs, AUSF_STAT_COUNT };

void ausf_stats(const struct ausf *ausf, struct stats *out)
{
	*out = (struct stats){ &ausf_stat_group, ausf->stat };
}
