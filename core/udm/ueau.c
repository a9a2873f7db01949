/*
 * Nudm_UEAuthentication, 29.503 5.4: a vector leaves only when its SQN is stored.
 *
 *   AUSF -> UDM  generate-auth-data        5.4.2.2: SUCI to SUPI (sidf.c); AUTS, if there was one
 *   UDM  -> UDR  authentication-subscription, GET      29.505: the credential, sealed (arpf.c), and SQN
 *   UDM  -> UDR  authentication-subscription, PATCH    29.505: the new SQN
 *   UDM  -> AUSF the answer                33.501 6.1.3.2 step 1: RAND, AUTN, XRES*, K_AUSF; or, as the
 *                                          subscriber has it, 6.1.3.1: RAND, AUTN, XRES, CK', IK'
 */
#include <inttypes.h>
#include <stdio.h>

#include "core/udm/internal.h"
#include "crypto/aka.h"
#include "crypto/kdf.h"

#define LOG_ROOM "udm"

enum { SQN_IND_USED = 5 };
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
	struct nudm_generate_auth_data_rsp rsp = { .data = {
							   .auth_type = auth->vector.av_type ==
											AV_TYPE_EAP_AKA_PRIME
										? AUTH_TYPE_EAP_AKA_PRIME
										: AUTH_TYPE_FIVE_G_AKA,
							   .authentication_vector = auth->vector,
							   .supi = auth->supi,
						   } };

	sbi_answer(udm->nf.bus, auth->request_id, cause, cause == SBI_OK ? &rsp : NULL);
	explicit_bzero(&rsp, sizeof(rsp));
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
	auth->has_resync = req->data.resynchronization_info != NULL;
	if (auth->has_resync)
		auth->resync = *req->data.resynchronization_info;
	auth->supi = ask.supi;
	str_copy(auth->serving_network_name, SNN_STR_SIZE, req->data.serving_network_name);
	nf_call(&udm->nf, SBI_UDR_GET_AUTH_SUBSCRIPTION, &ask, udm_auth_token(udm, auth));
}

/* 33.102 6.3.5: takes SQN_MS over when AUTS is genuine; a forged AUTS changes nothing. */
static uint64_t udm_resync(
	struct udm *udm, const struct udm_auth *auth, const struct aka_key *key, uint64_t sqn)
{
	uint64_t sqn_ms;

	if (!aka_auts_verify(key, auth->resync.rand, auth->resync.auts, &sqn_ms)) {
		udm->stat[UDM_STAT_RESYNC_REFUSED]++;
		log_warn(udm->nf.env->log, "imsi-%s: AUTS with a wrong MAC-S; SQN kept", auth->supi.imsi);
		return sqn;
	}
	udm->stat[UDM_STAT_RESYNC]++;
	return sqn_ms;
}

/*
 * 33.102 C.1.1: SQN = SEQ || IND. The next SEQ is one more, or, where it is partly time-based (C.1.1.3), the
 * time in units when that is ahead; the IND goes round. A USIM that takes fewer bits for its IND sees SEQ
 * grow all the same, whatever its IND is: so many bits are safe for all with as many or fewer. Of the IND
 * only values that the smallest array (32 entries, C.3.2) has are used.
 */
uint64_t udm_sqn_next(const struct udm_sqn_scheme *scheme, uint64_t utc_ms, uint64_t sqn)
{
	uint64_t inds = UINT64_C(1) << (scheme->ind_bits < SQN_IND_USED ? scheme->ind_bits : SQN_IND_USED);
	uint64_t seq = (sqn >> scheme->ind_bits) + 1, ind = (sqn + 1) % inds;
	uint64_t time = scheme->time_unit_ms ? utc_ms / scheme->time_unit_ms : 0;

	if (time > seq)
		seq = time;
	return (seq << scheme->ind_bits | ind) & SQN_MASK;
}

/* 33.501 6.1.3.2: the 5G HE AV. */
static bool five_g_he_av(struct udm_auth *auth, const struct aka_vector *v, struct authentication_vector *av)
{
	struct bytes snn = bytes_of_str(auth->serving_network_name);

	av->av_type = AV_TYPE_FIVE_G_HE_AKA;
	av->has_kausf = av->has_xres_star = true;
	return kdf_k_ausf(v->ck, v->ik, snn, v->autn, av->kausf) &&
	       kdf_res_star(v->ck, v->ik, snn, av->rand, bytes_of(v->res, v->res_len), av->xres_star);
}

/* 33.501 6.1.3.1: the transformed AV, with CK' and IK' of A.3. */
static bool eap_aka_prime_av(
	struct udm_auth *auth, const struct aka_vector *v, struct authentication_vector *av)
{
	av->av_type = AV_TYPE_EAP_AKA_PRIME;
	av->has_ck_prime = av->has_ik_prime = true;
	if (!bytes_copy(auth->xres, sizeof(auth->xres), bytes_of(v->res, v->res_len)))
		return false;
	av->xres = bytes_of(auth->xres, v->res_len);
	return kdf_ck_ik_prime(
		v->ck, v->ik, bytes_of_str(auth->serving_network_name), v->autn, av->ck_prime, av->ik_prime);
}

static bool udm_make_vector(struct udm *udm, struct udm_auth *auth, const struct aka_key *key, uint64_t sqn,
	const struct authentication_subscription *s)
{
	const uint8_t *amf = s->authentication_management_field;
	struct authentication_vector *av = &auth->vector;
	uint8_t amf_separation[2] = { amf[0] | 0x80, amf[1] }; /* 33.501 6.1.3.2: the separation bit is 1 */
	struct aka_vector v;
	bool ok;

	env_random(udm->nf.env, av->rand, sizeof(av->rand));
	ok = aka_vector_generate(key, sqn, amf_separation, av->rand, &v) &&
	     (s->authentication_method == AUTH_METHOD_EAP_AKA_PRIME ? eap_aka_prime_av(auth, &v, av)
								    : five_g_he_av(auth, &v, av));
	bytes_copy(av->autn, sizeof(av->autn), BYTES(v.autn));
	explicit_bzero(&v, sizeof(v));
	return ok;
}

/* The new SQN goes to the UDR before the vector goes to anybody. */
static void udm_store_sqn(struct udm *udm, struct udm_auth *auth, uint64_t sqn)
{
	char value[2 + 12 + 1];
	struct patch_item item = { .op = PATCH_OPERATION_REPLACE, .path = "/sequenceNumber/sqn" };
	struct nudr_patch_req patch = { auth->supi, { 1, &item } };

	snprintf(value, sizeof(value), "\"%012" PRIx64 "\"", sqn);
	item.value = bytes_of(value, sizeof(value) - 1);
	nf_call(&udm->nf, SBI_UDR_PATCH_SQN, &patch, udm_auth_token(udm, auth));
}

/* The vector of a credential that was found; SBI_OK or why not. */
static enum sbi_cause udm_authenticate(
	struct udm *udm, struct udm_auth *auth, const struct authentication_subscription *s, uint64_t *sqn)
{
	struct cursor c;
	struct aka_key key = { 0 };
	bool ok;

	if (!s->sequence_number || !s->sequence_number->has_sqn || !arpf_open(udm, &auth->supi, s, &key)) {
		explicit_bzero(&key, sizeof(key)); /* one of the two may have opened */
		log_error(udm->nf.env->log,
			"imsi-%s: the sealed key does not open; was the seal key replaced?", auth->supi.imsi);
		return SBI_UNSPECIFIED_NF_FAILURE;
	}
	c = cursor_of(BYTES(s->sequence_number->sqn));
	*sqn = cursor_uint(&c, 6);
	if (auth->has_resync)
		*sqn = udm_resync(udm, auth, &key, *sqn);
	*sqn = udm_sqn_next(&udm->config.sqn, env_utc_ms(udm->nf.env), *sqn);
	ok = udm_make_vector(udm, auth, &key, *sqn, s);
	explicit_bzero(&key, sizeof(key));
	return ok ? SBI_OK : SBI_UNSPECIFIED_NF_FAILURE;
}

void udm_on_auth_subscription(struct udm *udm, const struct sbi_answer *a)
{
	const struct nudr_auth_subscription_rsp *s = a->body;
	struct udm_auth *auth = udm_auth_find(udm, &a->token);
	enum sbi_cause cause = a->cause;
	uint64_t sqn;

	if (!auth)
		return;
	if (cause != SBI_OK) {
		udm->stat[UDM_STAT_UNKNOWN_SUBSCRIBER]++;
		log_info(udm->nf.env->log, "imsi-%s: %s; add it with `freehold subscriber add`",
			auth->supi.imsi, sbi_cause_name(cause));
	} else {
		cause = udm_authenticate(udm, auth, &s->data, &sqn);
	}
	if (cause == SBI_OK)
		udm_store_sqn(udm, auth, sqn);
	else
		udm_auth_end(udm, auth, cause);
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
