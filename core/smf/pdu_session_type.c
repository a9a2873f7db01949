/* Which type a PDU session gets: 23.501 5.8.2.2.1, 24.501 6.4.1.3 and 6.4.1.4.1. */
#include "core/smf/internal.h"

/* Sets of types: bit n stands for the type n of NAS (24.501 9.11.4.11). */
enum {
	TYPE_V4 = 1 << NAS_PDU_IPV4,
	TYPE_V6 = 1 << NAS_PDU_IPV6,
	TYPE_V4V6 = 1 << NAS_PDU_IPV4V6,
	TYPES_IP = TYPE_V4 | TYPE_V6 | TYPE_V4V6,
	TYPE_UNSTRUCTURED = 1 << NAS_PDU_UNSTRUCTURED,
	TYPE_ETHERNET = 1 << NAS_PDU_ETHERNET
};

uint8_t smf_dnn_families(const struct smf_dnn *dnn)
{
	uint8_t families = 0;

	for (uint8_t i = 0; i < dnn->pool_count; i++)
		families |= ip_family(dnn->pools[i].ip) == IP_FAMILY_V4 ? SMF_V4 : SMF_V6;
	return families;
}

uint8_t smf_types_served(const struct smf_dnn *dnn)
{
	uint8_t families = smf_dnn_families(dnn), other = dnn->ethernet ? TYPE_ETHERNET : 0;

	other |= families & smf_dnn_far_end_family(dnn) ? TYPE_UNSTRUCTURED : 0;
	switch (families) {
	case SMF_V4:
		return TYPE_V4 | other;
	case SMF_V6:
		return TYPE_V6 | other;
	case SMF_V4 | SMF_V6:
		return TYPES_IP | other;
	default:
		return other;
	}
}

uint8_t smf_types_subscribed(const struct pdu_session_types *t)
{
	uint8_t types = 0;

	for (uint32_t i = 0; i < t->allowed_session_types.count; i++)
		types |= (uint8_t)(1u << t->allowed_session_types.items[i]);
	return types | (uint8_t)(1u << t->default_session_type);
}

/* Why a type out of another set is refused: the only one that is allowed, if it is one. */
static uint8_t type_refusal(uint8_t allowed)
{
	switch (allowed & TYPES_IP ? allowed & TYPES_IP : allowed) {
	case TYPE_UNSTRUCTURED:
		return NAS_5GSM_PDU_SESSION_TYPE_UNSTRUCTURED_ONLY_ALLOWED;
	case TYPE_ETHERNET:
		return NAS_5GSM_PDU_SESSION_TYPE_ETHERNET_ONLY_ALLOWED;
	case TYPE_V4:
		return NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED;
	case TYPE_V6:
		return NAS_5GSM_PDU_SESSION_TYPE_IPV6_ONLY_ALLOWED;
	case TYPE_V4V6:
		return NAS_5GSM_PDU_SESSION_TYPE_IPV4V6_ONLY_ALLOWED;
	default:
		return NAS_5GSM_UNKNOWN_PDU_SESSION_TYPE;
	}
}

/* Of a UE that leaves it to the network: the default, else both families, else what there is. */
static uint8_t type_unasked(uint8_t allowed, uint8_t otherwise)
{
	if (allowed >> otherwise & 1)
		return otherwise;
	if (allowed & TYPES_IP)
		return NAS_PDU_IPV4V6;
	return allowed & TYPE_ETHERNET       ? NAS_PDU_ETHERNET
	       : allowed & TYPE_UNSTRUCTURED ? NAS_PDU_UNSTRUCTURED
					     : 0;
}

/* One of both families instead of both. */
static uint8_t type_instead(uint8_t allowed, uint8_t otherwise)
{
	if ((otherwise == NAS_PDU_IPV4 || otherwise == NAS_PDU_IPV6) && allowed >> otherwise & 1)
		return otherwise;
	return allowed & TYPE_V4 ? NAS_PDU_IPV4 : allowed & TYPE_V6 ? NAS_PDU_IPV6 : 0;
}

bool smf_type_select(uint8_t asked, uint8_t allowed, uint8_t otherwise, uint8_t *type, uint8_t *cause)
{
	uint8_t wanted = asked ? asked : type_unasked(allowed, otherwise);

	*cause = 0;
	*type = wanted;
	if (wanted && wanted <= NAS_PDU_ETHERNET && allowed >> wanted & 1)
		return true;
	*type = wanted == NAS_PDU_IPV4V6 ? type_instead(allowed, otherwise) : 0;
	if (!*type)
		*cause = wanted > NAS_PDU_ETHERNET || (wanted > NAS_PDU_IPV4V6 && allowed & TYPES_IP)
				 ? NAS_5GSM_UNKNOWN_PDU_SESSION_TYPE
				 : type_refusal(allowed);
	else if (asked)
		*cause = *type == NAS_PDU_IPV4 ? NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED
					       : NAS_5GSM_PDU_SESSION_TYPE_IPV6_ONLY_ALLOWED;
	return *type != 0;
}
