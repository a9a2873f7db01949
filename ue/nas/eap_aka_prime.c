/*
 * EAP-AKA' from the UE's side, 24.501 5.4.1.2.2, 33.501 6.1.3.1, RFC 9048.
 *
 *   UE                            AMF
 *    |<- AUTHENTICATION REQUEST ---|    EAP-Request/AKA'-Challenge: RAND, AUTN, network name, MAC
 *    |-- AUTHENTICATION RESPONSE ->|    EAP-Response: AKA'-Challenge with RES and MAC; or
 *    |                             |    AKA'-Synchronization-Failure, -Authentication-Reject, -Client-Error
 *    |<- SECURITY MODE COMMAND ----|    EAP-Success (security_mode.c); AUTHENTICATION RESULT has it with some
 * AMFs
 *    |<- AUTHENTICATION REJECT ----|    EAP-Failure
 */
#include "proto/eap_aka_prime.h"
#include "ue/internal.h"

static struct eap_packet response_to(const struct eap_packet *request, enum eap_aka_subtype subtype)
{
	return (struct eap_packet){ .code = EAP_RESPONSE,
		.identifier = request->identifier,
		.type = EAP_TYPE_AKA_PRIME,
		.aka = { .subtype = subtype } };
}

static bool send_octets(struct ue *ue, struct bytes octets)
{
	struct nas_msg m = { .type = NAS_AUTHENTICATION_RESPONSE };

	m.authentication_response.has_eap_message = true;
	m.authentication_response.eap_message = octets;
	return ue_nas_send(ue, &m);
}

static bool send_packet(struct ue *ue, struct eap_packet *p)
{
	uint8_t octets[UE_EAP_RESPONSE_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	return eap_aka_prime_write(p, NULL, &w) && send_octets(ue, writer_bytes(&w));
}

/* RFC 4187 6.3.1: a packet that cannot be processed. */
static bool client_error(struct ue *ue, const struct eap_packet *request)
{
	struct eap_packet p = response_to(request, EAP_AKA_CLIENT_ERROR);

	p.aka.has_client_error = true;
	p.aka.client_error = EAP_AKA_UNABLE;
	return send_packet(ue, &p);
}

/* The network is not what it says, or its challenge not for 5G (RFC 4187 6.3.1, RFC 9048 3.1 and 3.2). */
static bool authentication_reject(struct ue *ue, const struct eap_packet *request)
{
	struct eap_packet p = response_to(request, EAP_AKA_AUTHENTICATION_REJECT);

	ue->host->stat[UE_STAT_AUTHENTICATION_FAILURES]++;
	log_warn(ue->host->env->log, "imsi-%s: the network's EAP challenge is refused", ue->usim.supi.imsi);
	return send_packet(ue, &p);
}

/* RFC 9048 3.2: with the key derivation functions that were offered. */
static bool synchronization_failure(struct ue *ue, const struct eap_packet *request, const uint8_t *auts)
{
	struct eap_packet p = response_to(request, EAP_AKA_SYNCHRONIZATION_FAILURE);

	ue->host->stat[UE_STAT_AUTHENTICATION_FAILURES]++;
	p.aka.has_auts = true;
	bytes_copy(p.aka.auts, sizeof(p.aka.auts), bytes_of(auts, AKA_AUTS_LEN));
	p.aka.kdf_count = request->aka.kdf_count;
	bytes_copy(p.aka.kdfs, sizeof(p.aka.kdfs), BYTES(request->aka.kdfs));
	return send_packet(ue, &p);
}

/* RFC 9048 3.2: the function of 3GPP is not the first that is offered, but there: it is asked for. */
static bool negotiate(struct ue *ue, const struct eap_packet *request)
{
	struct eap_packet p = response_to(request, EAP_AKA_CHALLENGE);

	for (uint8_t i = 1; i < request->aka.kdf_count; i++)
		if (request->aka.kdfs[i] == EAP_AKA_KDF_3GPP) {
			p.aka.kdf_count = 1;
			p.aka.kdfs[0] = EAP_AKA_KDF_3GPP;
			return send_packet(ue, &p);
		}
	return authentication_reject(ue, request);
}

/* 33.501 6.1.3.1, A.6, A.7: K_AUSF is the first half of EMSK; the rest as with 5G-AKA. */
static bool context_take(
	struct ue *ue, const struct nas_authentication_request *r, const uint8_t *emsk, struct bytes snn)
{
	uint8_t k_seaf[KDF_KEY_LEN], k_amf[KDF_KEY_LEN];
	bool ok = kdf_k_seaf(emsk, snn, k_seaf) &&
		  kdf_k_amf(k_seaf, bytes_of_str(ue->usim.supi.imsi), r->abba, k_amf);

	if (ok)
		nas_security_start(&ue->fresh, k_amf, r->ngksi & NAS_KSI_MASK, 0, 0);
	bytes_copy(ue->home.fresh_k_ausf, sizeof(ue->home.fresh_k_ausf), bytes_of(emsk, KDF_KEY_LEN));
	explicit_bzero(k_seaf, sizeof(k_seaf));
	explicit_bzero(k_amf, sizeof(k_amf));
	return ok;
}

/* The network has proved itself by AUTN: now the packet by its MAC. The answer is kept for a repeated
 * request. */
static bool challenge_answer(struct ue *ue, const struct nas_authentication_request *r,
	const struct eap_packet *request, const struct usim_eap_keys *from_usim, struct bytes snn)
{
	struct eap_packet p = response_to(request, EAP_AKA_CHALLENGE);
	struct writer w = writer_of(ue->eap_response, sizeof(ue->eap_response));
	struct kdf_eap_keys keys;
	bool proved, ok = false;

	proved = kdf_eap_keys(
			 from_usim->ck_prime, from_usim->ik_prime, bytes_of_str(ue->usim.supi.imsi), &keys) &&
		 eap_aka_prime_proved(request, r->eap_message, keys.k_aut);
	if (proved) {
		p.aka.res_len = from_usim->res_len;
		bytes_copy(p.aka.res, sizeof(p.aka.res), bytes_of(from_usim->res, from_usim->res_len));
		ok = eap_aka_prime_write(&p, keys.k_aut, &w) && context_take(ue, r, keys.emsk, snn);
	}
	explicit_bzero(&keys, sizeof(keys));
	if (!proved)
		return client_error(ue, request);
	if (!ok)
		return false;
	ue->authentication_failures = 0;
	ue->eap_response_len = (uint8_t)w.len;
	bytes_copy(ue->rand, sizeof(ue->rand), BYTES(request->aka.rand));
	ue->challenge_until_ns = env_now_ns(ue->host->env) + T3516_MS * (uint64_t)NS_PER_MS;
	return send_octets(ue, writer_bytes(&w));
}

static bool challenge(
	struct ue *ue, const struct nas_authentication_request *r, const struct eap_packet *request)
{
	const struct eap_aka *a = &request->aka;
	char name[SNN_STR_SIZE];
	struct bytes snn = bytes_of_str(serving_network_name(&ue->usim.home, name));
	struct usim_eap_keys keys;
	enum usim_result result;
	bool sent;

	if (!a->has_rand || !a->has_autn || !a->has_mac || a->kdf_count == 0)
		return client_error(ue, request);
	if (a->kdfs[0] != EAP_AKA_KDF_3GPP)
		return negotiate(ue, request);
	/* 33.501 6.1.1.4: the name is that of the network it is spoken with. */
	if (!a->has_network_name || !bytes_equal(a->network_name, snn))
		return authentication_reject(ue, request);
	result = usim_authenticate_eap(&ue->usim, a->rand, a->autn, snn, &keys);
	if (result == USIM_SYNCH_FAILURE)
		sent = synchronization_failure(ue, request, keys.auts);
	else if (result != USIM_OK)
		sent = authentication_reject(ue, request);
	else
		sent = challenge_answer(ue, r, request, &keys, snn);
	explicit_bzero(&keys, sizeof(keys));
	return sent;
}

bool ue_eap_request(struct ue *ue, const struct nas_authentication_request *r)
{
	struct eap_packet request;
	enum eap_fault fault = eap_decode(r->eap_message, &request);

	/* RFC 3748 4.1: discarded without a word; so is the end of EAP, which comes in other messages. */
	if (fault == EAP_MALFORMED || request.code != EAP_REQUEST) {
		ue->host->stat[UE_STAT_NAS_REFUSED]++;
		return false;
	}
	if (request.type != EAP_TYPE_AKA_PRIME || fault != EAP_OK || request.aka.subtype != EAP_AKA_CHALLENGE)
		return client_error(ue, &request);
	if (ue->challenge_until_ns > env_now_ns(ue->host->env) && ue->eap_response_len > 0 &&
		request.aka.has_rand && bytes_equal(BYTES(request.aka.rand), BYTES(ue->rand)))
		return send_octets(ue, bytes_of(ue->eap_response, ue->eap_response_len));
	return challenge(ue, r, &request);
}

/* 5.4.1.2.2.9: some AMFs send EAP-Success ahead of the security mode command. The keys are there. */
enum fsm_outcome ue_authentication_result(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	const struct mm_message *m = arg;
	struct eap_packet p;

	if (eap_decode(m->msg->authentication_result.eap_message, &p) != EAP_OK || p.code != EAP_SUCCESS)
		ue->host->stat[UE_STAT_NAS_REFUSED]++;
	return FSM_OK;
}
