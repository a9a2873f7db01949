/*
 * Nudm_UEAuthentication (TS 29.503 5.4): a request asks the UDR for the sealed credential, makes the
 * vector, has the new SQN stored, and only then answers.
 */
#include "core/udm/internal.h"
#include "crypto/aka.h"
#include "crypto/kdf.h"

#define LOG_ROOM "udm"

enum { SQN_IND_BITS = 5 }; /* 33.102 C.3.2: SQN = SEQ || IND */
#define SQN_MASK ((UINT64_C(1) << 48) - 1)

static struct sbi_token udm_auth_token(struct udm *udm, const struct udm_auth *auth)
{
	return (struct sbi_token){ pool_index(&udm->auths, auth), auth->generation, 0 };
}

static struct udm_auth *udm_auth_find(struct udm *udm, const struct sbi_token *t)
{
	struct udm_auth *auth = pool_at(&udm->auths, (uint32_t)t->context);

	return auth && auth->generation == t->generation ? auth : NULL;
}

static void udm_auth_end(struct udm *udm, struct udm_auth *auth, enum sbi_cause cause)
{
	sbi_answer(udm->nf.bus, auth->request_id, cause, cause == SBI_OK ? &auth->rsp : NULL);
	pool_free(&udm->auths, auth);
}

void udm_generate_auth_data(struct udm *udm, const struct sbi_request *r)
{
	const struct nudm_generate_auth_data_req *req = r->body;
	struct nudr_supi_req ask;
	struct udm_auth *auth;
	enum sbi_cause cause = sidf_supi(udm, req->supi_or_suci, &ask.supi);

	if (cause != SBI_OK) {
		udm->stat[UDM_STAT_SUCI_REFUSED]++;
		log_info(udm->nf.env->log, "%.64s: identity refused: %s", req->supi_or_suci,
			sbi_cause_name(cause));
		sbi_answer(udm->nf.bus, r->id, cause, NULL);
		return;
	}
	auth = pool_alloc(&udm->auths);
	if (!auth) {
		sbi_answer(udm->nf.bus, r->id, SBI_NF_CONGESTION, NULL);
		return;
	}
	auth->request_id = r->id;
	auth->generation = ++udm->generation;
	auth->has_resync = req->has_resynchronization_info;
	auth->resync = req->resynchronization_info;
	auth->rsp.supi = ask.supi;
	str_copy(auth->serving_network_name, SNN_STR_SIZE, req->serving_network_name);
	nf_call(&udm->nf, SBI_UDR_GET_AUTH_SUBSCRIPTION, &ask, udm_auth_token(udm, auth));
}

/* 33.102 6.3.5: takes SQN_MS over when AUTS is genuine; a forged AUTS changes nothing. */
static uint64_t udm_resync(
	struct udm *udm, const struct udm_auth *auth, const struct aka_key *key, uint64_t sqn)
{
	uint64_t sqn_ms;

	if (!aka_auts_verify(key, auth->resync.rand, auth->resync.auts, &sqn_ms)) {
		udm->stat[UDM_STAT_RESYNC_REFUSED]++;
		log_warn(udm->nf.env->log, "imsi-%s: AUTS with a wrong MAC-S; SQN kept", auth->rsp.supi.imsi);
		return sqn;
	}
	udm->stat[UDM_STAT_RESYNC]++;
	return sqn_ms;
}

/* 33.102 C.1.1.1: the next SEQ, and the next IND. */
static uint64_t sqn_next(uint64_t sqn)
{
	uint64_t ind_mask = (1u << SQN_IND_BITS) - 1;
	uint64_t seq = (sqn >> SQN_IND_BITS) + 1, ind = (sqn + 1) & ind_mask;

	return (seq << SQN_IND_BITS | ind) & SQN_MASK;
}

/* 33.501 6.1.3.2: the 5G HE AV. */
static bool udm_make_vector(
	struct udm *udm, struct udm_auth *auth, const struct aka_key *key, uint64_t sqn, const uint8_t amf[2])
{
	struct bytes snn = bytes_of_str(auth->serving_network_name);
	struct nudm_generate_auth_data_rsp *rsp = &auth->rsp;
	uint8_t amf_separation[2] = { amf[0] | 0x80, amf[1] }; /* 33.501 6.1.3.2: the separation bit is 1 */
	struct aka_vector v;
	bool ok;

	env_random(udm->nf.env, rsp->rand, sizeof(rsp->rand));
	ok = aka_vector_generate(key, sqn, amf_separation, rsp->rand, &v) &&
	     kdf_k_ausf(v.ck, v.ik, snn, v.autn, rsp->kausf) &&
	     kdf_res_star(v.ck, v.ik, snn, rsp->rand, bytes_of(v.res, v.res_len), rsp->xres_star);
	bytes_copy(rsp->autn, sizeof(rsp->autn), BYTES(v.autn));
	explicit_bzero(&v, sizeof(v));
	return ok;
}

void udm_on_auth_subscription(struct udm *udm, const struct sbi_answer *a)
{
	const struct nudr_auth_subscription_rsp *s = a->body;
	struct udm_auth *auth = udm_auth_find(udm, &a->token);
	struct nudr_patch_sqn_req patch;
	struct writer w = writer_of(patch.sqn, sizeof(patch.sqn));
	struct cursor c;
	struct aka_key key;
	uint64_t sqn;
	bool ok;

	if (!auth)
		return;
	if (a->cause != SBI_OK) {
		udm->stat[UDM_STAT_UNKNOWN_SUBSCRIBER]++;
		log_info(udm->nf.env->log, "imsi-%s: %s; add it with `freehold subscriber add`",
			auth->rsp.supi.imsi, sbi_cause_name(a->cause));
		udm_auth_end(udm, auth, a->cause);
		return;
	}
	if (!arpf_open(udm, &auth->rsp.supi, s, &key)) {
		log_error(udm->nf.env->log,
			"imsi-%s: the sealed key does not open; was the seal key replaced?",
			auth->rsp.supi.imsi);
		udm_auth_end(udm, auth, SBI_AUTHENTICATION_REJECTED);
		return;
	}
	c = cursor_of(BYTES(s->sqn));
	sqn = cursor_uint(&c, 6);
	if (auth->has_resync)
		sqn = udm_resync(udm, auth, &key, sqn);
	sqn = sqn_next(sqn);
	ok = udm_make_vector(udm, auth, &key, sqn, s->amf);
	explicit_bzero(&key, sizeof(key));
	if (!ok) {
		udm_auth_end(udm, auth, SBI_AUTHENTICATION_REJECTED);
		return;
	}
	patch.supi = auth->rsp.supi;
	writer_uint(&w, sqn, 6);
	nf_call(&udm->nf, SBI_UDR_PATCH_SQN, &patch, udm_auth_token(udm, auth));
}

void udm_on_sqn_patched(struct udm *udm, const struct sbi_answer *a)
{
	struct udm_auth *auth = udm_auth_find(udm, &a->token);

	if (!auth)
		return;
	if (a->cause == SBI_OK)
		udm->stat[UDM_STAT_AUTH_DATA]++;
	udm_auth_end(udm, auth, a->cause);
}
