/*
 * Emergency services, 23.501 5.16.4 and 24.501 5.5.1.2, 6.4.1.
 *
 *   UE  -> AMF  REGISTRATION REQUEST (emergency)     the UE registers for them alone: no subscription to
 *                                                    slices, areas or data networks is asked for
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

bool amf_emergency_admits(const struct amf *amf, const struct amf_registration *p)
{
	return !amf_emergency_is_asked(p) ||
	       (amf->config.emergency >= AMF_EMERGENCY_AUTHENTICATED && amf_emergency_is_served(amf));
}

bool amf_emergency_is_only(const struct amf_ue *ue)
{
	const struct amf_registration *p = amf_registration_of(ue);

	return amf_emergency_is_asked(p) ||
	       (ue->emergency && p && p->registration_type != NAS_REGISTRATION_INITIAL);
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
