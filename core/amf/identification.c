/*
 * Identification, 24.501 5.4.3.
 *
 *   AMF -> UE  IDENTITY REQUEST    5.4.3.2: T3570
 *   UE -> AMF  IDENTITY RESPONSE   5.4.3.3, 5.4.3.4: then authentication
 */
#include "base/text.h"
#include "core/amf/emergency.h"

static void suci_output_text(const struct nas_suci *s, struct writer *w)
{
	char msin[16];

	if (s->protection_scheme != NAS_SUCI_NULL_SCHEME)
		text_hex(w, s->scheme_output);
	else if (nas_suci_msin(s, msin, sizeof(msin)))
		text_put(w, "%s", msin);
	else
		w->failed = true;
}

bool amf_identity_text(const struct nas_mobile_identity *identity, char out[SUPI_OR_SUCI_SIZE])
{
	const struct nas_suci *s = &identity->suci;
	struct writer w = writer_of(out, SUPI_OR_SUCI_SIZE);
	char mcc[4], mnc[4];

	if (identity->type != NAS_IDENTITY_SUCI || s->supi_format != NAS_SUPI_IMSI)
		return false;
	plmn_digits(&s->plmn, mcc, mnc);
	text_put(&w, "suci-0-%s-%s-%s-%u-%u-", mcc, mnc, s->routing_indicator, s->protection_scheme,
		s->home_network_key_id);
	suci_output_text(s, &w);
	writer_u8(&w, 0);
	return !w.failed;
}

enum fsm_outcome amf_identification_start(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	struct amf_procedure *p = amf_procedure_begin(amf, ue, AMF_IDENTIFICATION);
	struct nas_msg m = { .type = NAS_IDENTITY_REQUEST,
		.identity_request.identity_type = NAS_IDENTITY_SUCI };

	amf_registration_of(ue)->identity_asked = true;
	/* T3570 has the length of T3560 (24.501 table 10.2.2). */
	if (!p || !amf_n1_send_and_wait(amf, p, NAS_PLAIN, &m, amf->config.t3560_ms))
		return amf_registration_reject(amf, ue, NAS_5GMM_CONGESTION);
	return FSM_OK;
}

enum fsm_outcome amf_identification_response(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	const struct amf_nas *nas = arg;

	amf_procedure_end(amf, amf_procedure_find(ue, AMF_IDENTIFICATION));
	if (amf_identity_text(
		    &nas->msg->identity_response.mobile_identity, amf_registration_of(ue)->supi_or_suci))
		return amf_mm_event(amf, ue, MM_EV_AUTHENTICATE, NULL);
	if (amf_emergency_needs_no_proof(amf, ue))
		return amf_mm_event(amf, ue, MM_EV_UNPROVED, NULL);
	return amf_registration_reject(amf, ue, NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK);
}
