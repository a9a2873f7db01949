/*
 * Emergency services, 23.501 5.16.4 and 24.501 5.5.1.2, 6.4.1.
 *
 *   UE  -> AMF  REGISTRATION REQUEST (emergency)     the UE registers for them alone: no subscription to
 *                                                    slices, areas or data networks is asked for
 *   AMF -> UE   SECURITY MODE COMMAND (NIA0, NEA0)     where the UE has no SUPI, or its authentication fails,
 *                                                    and the operator wants it served (33.501 10.2.2.2)
 *   UE  -> AMF  UL NAS TRANSPORT (initial emergency) the session, of any registered UE
 *   AMF -> SMF  Nsmf_PDUSession_CreateSMContext      in the slice and DNN of the configuration (5.16.4.1)
 */
#include "core/amf/emergency.h"

bool amf_emergency_is_served(const struct amf *amf)
{
	return amf->config.emergency != AMF_EMERGENCY_NO && amf->config.emergency_dnn[0];
}

bool amf_emergency_is_asked(const struct amf_registration *p)
{
	return p && p->registration_type == NAS_REGISTRATION_EMERGENCY;
}

static bool is_for_all(const struct amf *amf)
{
	return amf->config.emergency == AMF_EMERGENCY_ALL && amf_emergency_is_served(amf);
}

bool amf_emergency_is_only(const struct amf_ue *ue)
{
	const struct amf_registration *p = amf_registration_of(ue);

	return amf_emergency_is_asked(p) ||
	       (ue->emergency && p && p->registration_type != NAS_REGISTRATION_INITIAL);
}

uint8_t amf_emergency_refusal(const struct amf *amf, const struct amf_ue *ue)
{
	bool unproved = supi_is_imei(&ue->supi), asked = amf_emergency_is_asked(amf_registration_of(ue));

	if (unproved && !amf_emergency_is_only(ue)) /* the UE begins over, as who it is */
		return NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK;
	if (unproved ? !is_for_all(amf)
		     : asked && (amf->config.emergency < AMF_EMERGENCY_AUTHENTICATED ||
					!amf_emergency_is_served(amf)))
		return NAS_5GMM_PEI_NOT_ACCEPTED;
	return 0;
}

bool amf_emergency_needs_no_proof(const struct amf *amf, const struct amf_ue *ue)
{
	return amf_emergency_is_asked(amf_registration_of(ue)) && is_for_all(amf) && !ue->security.active;
}

bool amf_emergency_takes_pei(
	const struct amf *amf, struct amf_ue *ue, const struct nas_mobile_identity *identity)
{
	struct supi equipment;

	if (!amf_emergency_needs_no_proof(amf, ue) ||
		(identity->type != NAS_IDENTITY_IMEI && identity->type != NAS_IDENTITY_IMEISV) ||
		!supi_of_imei(identity->imei, &equipment))
		return false;
	supi_str(&equipment, amf_registration_of(ue)->supi_or_suci);
	return true;
}

bool amf_emergency_equipment(
	const struct amf_ue *ue, const struct nas_mobile_identity *imeisv, struct supi *out)
{
	if (imeisv && imeisv->type == NAS_IDENTITY_IMEISV && supi_of_imei(imeisv->imei, out))
		return true;
	return supi_from_str(amf_registration_of(ue)->supi_or_suci, out) && supi_is_imei(out);
}

bool amf_emergency_has(const struct amf_ue *ue)
{
	for (const struct amf_session *s = ue->sessions; s; s = s->next)
		if (s->emergency)
			return true;
	return ue->emergency;
}

struct snssai amf_emergency_slice(const struct amf *amf)
{
	return amf->config.emergency_slice.sst ? amf->config.emergency_slice : amf->config.slices[0];
}

void amf_emergency_allow(const struct amf *amf, struct amf_ue *ue)
{
	ue->allowed_nssai = (struct nssai){ 1, { amf_emergency_slice(amf) } };
	ue->ambr = (struct ambr){ AMF_EMERGENCY_AMBR_BPS, AMF_EMERGENCY_AMBR_BPS };
}

/* Each: its length, the category (none in particular), the digits, two an octet, the first below. */
struct bytes amf_emergency_numbers(const struct amf *amf, uint8_t octets[AMF_EMERGENCY_LIST_MAX])
{
	struct writer w = writer_of(octets, AMF_EMERGENCY_LIST_MAX);

	for (uint8_t i = 0; amf_emergency_is_served(amf) && i < amf->config.emergency_number_count; i++) {
		const char *digits = amf->config.emergency_numbers[i].digits;
		size_t len = strlen(digits);

		writer_u8(&w, (uint8_t)(1 + (len + 1) / 2));
		writer_u8(&w, 0);
		for (size_t k = 0; k < len; k += 2)
			writer_u8(&w, (uint8_t)((digits[k] - '0') | (k + 1 < len ? digits[k + 1] - '0' : 0xf)
									    << 4));
	}
	return writer_bytes(&w);
}
