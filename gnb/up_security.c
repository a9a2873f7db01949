/* The user plane security policy of a session (23.501 5.10.3, 33.501 6.6.1): of the SMF, decided here. */
#include "gnb/user_plane.h"

static bool is_required(const struct gnb_protection *p)
{
	return p->integrity == NGAP_INTEGRITY_PROTECTION_INDICATION_REQUIRED ||
	       p->ciphering == NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED;
}

/* The simulated link protects nothing. */
static bool is_possible(const struct gnb *gnb, const struct gnb_protection *p, uint8_t *cause)
{
	if (gnb->config.radio == GNB_RADIO_DUS || !p->wanted || !is_required(p))
		return true;
	*cause = p->integrity == NGAP_INTEGRITY_PROTECTION_INDICATION_REQUIRED
			 ? NGAP_CAUSE_RADIO_NETWORK_UP_INTEGRITY_PROTECTION_NOT_POSSIBLE
			 : NGAP_CAUSE_RADIO_NETWORK_UP_CONFIDENTIALITY_PROTECTION_NOT_POSSIBLE;
	return false;
}

bool gnb_protection_read(const struct gnb *gnb, const struct ngap_security_indication *in,
	struct gnb_protection *out, uint8_t *cause)
{
	const struct ngap_security_indication_ext_ies *ext = in ? in->ie_extensions : NULL;

	*out = (struct gnb_protection){ .wanted = in != NULL,
		.integrity = NGAP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED,
		.ciphering = NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED,
		.has_ciphering = true };
	if (!in)
		return true;
	out->integrity = (uint8_t)in->integrity_protection_indication;
	out->ciphering = (uint8_t)in->confidentiality_protection_indication;
	out->slow_ul = in->has_maximum_integrity_protected_data_rate_ul &&
		       in->maximum_integrity_protected_data_rate_ul ==
			       NGAP_MAXIMUM_INTEGRITY_PROTECTED_DATA_RATE_BITRATE64KBS;
	out->slow_dl = ext && ext->has_maximum_integrity_protected_data_rate_dl &&
		       ext->maximum_integrity_protected_data_rate_dl ==
			       NGAP_MAXIMUM_INTEGRITY_PROTECTED_DATA_RATE_BITRATE64KBS;
	out->has_integrity = out->integrity == NGAP_INTEGRITY_PROTECTION_INDICATION_REQUIRED;
	out->has_ciphering = out->ciphering == NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED;
	return is_possible(gnb, out, cause);
}

static enum ngap_maximum_integrity_protected_data_rate rate_of(bool slow)
{
	return slow ? NGAP_MAXIMUM_INTEGRITY_PROTECTED_DATA_RATE_BITRATE64KBS
		    : NGAP_MAXIMUM_INTEGRITY_PROTECTED_DATA_RATE_MAXIMUM_UE_RATE;
}

bool gnb_protection_write(
	const struct gnb_protection *p, struct arena *arena, struct ngap_security_indication *out)
{
	struct ngap_security_indication_ext_ies *ext;

	*out = (struct ngap_security_indication){
		(enum ngap_integrity_protection_indication)p->integrity,
		(enum ngap_confidentiality_protection_indication)p->ciphering,
		.maximum_integrity_protected_data_rate_ul = rate_of(p->slow_ul),
	};
	if (p->integrity == NGAP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED)
		return true;
	ext = arena_alloc(arena, sizeof(*ext));
	if (!ext)
		return false;
	*ext = (struct ngap_security_indication_ext_ies){ true, rate_of(p->slow_dl) };
	out->has_maximum_integrity_protected_data_rate_ul = true;
	out->ie_extensions = ext;
	return true;
}

/* Who protects little would rather be fast. */
enum ngap_integrity_protection_indication gnb_protection_integrity(const struct gnb_protection *p)
{
	return (p->slow_ul || p->slow_dl) && p->integrity == NGAP_INTEGRITY_PROTECTION_INDICATION_PREFERRED
		       ? NGAP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED
		       : (enum ngap_integrity_protection_indication)p->integrity;
}

struct ngap_security_result gnb_protection_done(const struct gnb_protection *p)
{
	return (struct ngap_security_result){ p->has_integrity
						      ? NGAP_INTEGRITY_PROTECTION_RESULT_PERFORMED
						      : NGAP_INTEGRITY_PROTECTION_RESULT_NOT_PERFORMED,
		p->has_ciphering ? NGAP_CONFIDENTIALITY_PROTECTION_RESULT_PERFORMED
				 : NGAP_CONFIDENTIALITY_PROTECTION_RESULT_NOT_PERFORMED };
}

bool gnb_protection_result(const struct gnb_protection *p, struct ngap_security_result *out)
{
	*out = gnb_protection_done(p);
	return p->wanted && (p->integrity == NGAP_INTEGRITY_PROTECTION_INDICATION_PREFERRED ||
				    p->ciphering == NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_PREFERRED);
}
