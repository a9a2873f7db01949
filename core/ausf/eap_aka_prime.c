/*
 * EAP-AKA' as the home network's EAP server, 33.501 6.1.3.1, RFC 9048.
 *
 *   AMF  -> AUSF  ue-authentications      29.509 5.2.2.2.3 (ausf.c)
 *   AUSF -> UDM   generate-auth-data      CK' and IK', XRES: they stay here
 *   AUSF -> AMF   201                     EAP-Request/AKA'-Challenge: RAND, AUTN, the network's name, MAC
 *   AMF  -> AUSF  eap-session             EAP-Response of the UE
 *   AUSF -> AMF   200                     AKA'-Challenge:                EAP-Success, SUPI, K_SEAF; or
 * EAP-Failure AKA'-Synchronization-Failure:  a new challenge, once what else there is:            EAP-Failure
 *   AUSF -> UDM   auth-events             29.503 5.4.2.3
 *
 * Not here: identity requests and fast re-authentication, which 5GS has not (33.501 Annex F).
 */
#include <stdio.h>

#include "core/ausf/internal.h"
#include "crypto/equal.h"
#include "proto/eap_aka_prime.h"

#define LOG_ROOM "ausf"

enum { RESYNCS_MAX = 1, CHALLENGE_MAX = 256, RESULT_MAX = 8 };

/* 33.501 A.3 and Annex F.3: the identity is the IMSI. K_AUSF is the first half of EMSK. */
static bool keys_take(struct ausf_auth *auth, const struct authentication_vector *v)
{
	struct kdf_eap_keys keys;
	bool ok = v->has_ck_prime && v->has_ik_prime && v->xres.len >= EAP_AKA_RES_MIN &&
		  v->xres.len <= EAP_AKA_RES_MAX &&
		  kdf_eap_keys(v->ck_prime, v->ik_prime, bytes_of_str(auth->supi.imsi), &keys);

	if (ok) {
		bytes_copy(auth->kausf, sizeof(auth->kausf), bytes_of(keys.emsk, sizeof(auth->kausf)));
		bytes_copy(auth->eap.k_aut, sizeof(auth->eap.k_aut), BYTES(keys.k_aut));
		bytes_copy(auth->eap.rand, sizeof(auth->eap.rand), BYTES(v->rand));
		bytes_copy(auth->eap.xres, sizeof(auth->eap.xres), v->xres);
		auth->eap.xres_len = (uint8_t)v->xres.len;
		auth->eap.identifier++;
	}
	explicit_bzero(&keys, sizeof(keys));
	return ok;
}

static bool challenge_write(
	const struct ausf_auth *auth, const struct authentication_vector *v, struct writer *w)
{
	struct eap_packet p = { .code = EAP_REQUEST,
		.identifier = auth->eap.identifier,
		.type = EAP_TYPE_AKA_PRIME,
		.aka = { .subtype = EAP_AKA_CHALLENGE,
			.has_rand = true,
			.has_autn = true,
			.kdf_count = 1,
			.kdfs = { EAP_AKA_KDF_3GPP },
			.has_network_name = true,
			.network_name = bytes_of_str(auth->serving_network_name) } };

	bytes_copy(p.aka.rand, sizeof(p.aka.rand), BYTES(v->rand));
	bytes_copy(p.aka.autn, sizeof(p.aka.autn), BYTES(v->autn));
	return eap_aka_prime_write(&p, auth->eap.k_aut, w);
}

/* 201 of ue-authentications. */
static void answer_created(struct ausf *ausf, const struct ausf_auth *auth, struct bytes payload)
{
	char name[AUTH_CTX_ID_SIZE], href[AUTH_CTX_ID_SIZE + 64];
	struct ue_authentication_ctx__links_entry link = { "eap-session", { href } };
	struct nausf_authenticate_rsp rsp = { .auth_ctx_id = name,
		.data = { .auth_type = AUTH_TYPE_EAP_AKA_PRIME,
			.five_g_auth_data.eap_payload = payload,
			._links = { 1, &link } } };

	ausf_auth_name(ausf, auth, name);
	snprintf(href, sizeof(href), "/nausf-auth/v1/ue-authentications/%s/eap-session", name);
	sbi_answer(ausf->nf.bus, auth->request_id, SBI_OK, &rsp);
}

bool ausf_eap_challenge(struct ausf *ausf, struct ausf_auth *auth, const struct authentication_vector *v)
{
	uint8_t octets[CHALLENGE_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct nausf_eap_session_rsp rsp = { 0 };

	if (!keys_take(auth, v) || !challenge_write(auth, v, &w))
		return false;
	rsp.data.eap_payload = writer_bytes(&w);
	if (auth->eap.resyncs == 0)
		answer_created(ausf, auth, rsp.data.eap_payload);
	else
		sbi_answer(ausf->nf.bus, auth->request_id, SBI_OK, &rsp);
	return true;
}

/* RFC 3748 4.2: with the identifier of what it answers. */
static void finish(struct ausf *ausf, struct ausf_auth *auth, const struct sbi_request *r, bool success)
{
	struct eap_packet p = { .code = success ? EAP_SUCCESS : EAP_FAILURE,
		.identifier = auth->eap.identifier };
	uint8_t octets[RESULT_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct nausf_eap_session_rsp rsp = { 0 };
	bool made;

	rsp.data.supi = auth->supi;
	rsp.data.has_k_seaf = success;
	rsp.data.auth_result =
		success ? AUTH_RESULT_AUTHENTICATION_SUCCESS : AUTH_RESULT_AUTHENTICATION_FAILURE;
	made = eap_encode(&p, &w) &&
	       (!success || (ausf_key_put(ausf, &auth->supi, auth->kausf) &&
				    kdf_k_seaf(auth->kausf, bytes_of_str(auth->serving_network_name),
					    rsp.data.k_seaf)));
	rsp.data.eap_payload = writer_bytes(&w);
	sbi_answer(ausf->nf.bus, r->id, made ? SBI_OK : SBI_INSUFFICIENT_RESOURCES, made ? &rsp : NULL);
	explicit_bzero(&rsp, sizeof(rsp));
	ausf_auth_end(ausf, auth, success && made);
}

/* RFC 4187 9.6 and 33.102 6.3.5: AUTS goes to the UDM with the RAND it belongs to. */
static void synchronize(
	struct ausf *ausf, struct ausf_auth *auth, const struct eap_aka *a, uint64_t request_id)
{
	struct resynchronization_info resync;
	char supi[sizeof("imsi-") + sizeof(auth->supi.imsi)];

	bytes_copy(resync.rand, sizeof(resync.rand), BYTES(auth->eap.rand));
	bytes_copy(resync.auts, sizeof(resync.auts), BYTES(a->auts));
	snprintf(supi, sizeof(supi), "imsi-%s", auth->supi.imsi);
	auth->eap.resyncs++;
	auth->request_id = request_id;
	ausf_ask_udm(ausf, auth, supi, &resync);
}

/* The answer to our challenge, whoever sent it: what does not prove itself fails, and there is one try. */
static bool proves(const struct ausf_auth *auth, const struct eap_packet *p, struct bytes in)
{
	return p->aka.subtype == EAP_AKA_CHALLENGE && eap_aka_prime_proved(p, in, auth->eap.k_aut) &&
	       crypto_equal(
		       bytes_of(p->aka.res, p->aka.res_len), bytes_of(auth->eap.xres, auth->eap.xres_len));
}

void ausf_eap_session(struct ausf *ausf, const struct sbi_request *r)
{
	const struct nausf_eap_session_req *req = r->body;
	struct ausf_auth *auth = ausf_auth_by_name(ausf, req->auth_ctx_id, AUTH_TYPE_EAP_AKA_PRIME);
	struct bytes in = req->data.eap_payload;
	struct eap_packet p;
	bool ours;

	if (!auth) {
		sbi_answer(ausf->nf.bus, r->id, SBI_CONTEXT_NOT_FOUND, NULL);
		return;
	}
	ours = eap_decode(in, &p) == EAP_OK && p.code == EAP_RESPONSE && p.type == EAP_TYPE_AKA_PRIME &&
	       p.identifier == auth->eap.identifier;
	if (ours && p.aka.subtype == EAP_AKA_SYNCHRONIZATION_FAILURE && p.aka.has_auts &&
		auth->eap.resyncs < RESYNCS_MAX)
		synchronize(ausf, auth, &p.aka, r->id);
	else
		finish(ausf, auth, r, ours && proves(auth, &p, in));
}
