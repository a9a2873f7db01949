/* The codecs of NAS values, for the message tables. Private to the room. */
#pragma once

#include "wire/nas/nas.h"
#include "wire/tlv/engine.h"

/* A PLMN in the three octets of 24.501 9.11.3.4. */
struct plmn nas_plmn_read(struct cursor *c);
void nas_plmn_write(struct writer *w, const struct plmn *p);

/* BCD digits, low half octet first, into text of cap characters; the filler 15 may only come at the end. */
bool nas_digits_read(struct cursor *c, size_t octets, char *text, size_t cap);
/* Digits in `octets` octets, filled with 15. */
void nas_digits_write(struct writer *w, const char *text, size_t octets);

extern const struct tlv_codec nas_mobile_identity, nas_plmn, nas_plmn_list, nas_tai, nas_tai_list,
	nas_service_area_list;
extern const struct tlv_codec nas_s_nssai, nas_nssai, nas_rejected_nssai;
extern const struct tlv_codec nas_ue_security_capability, nas_security_algorithms, nas_network_name,
	nas_psi_set, nas_psi_causes, nas_dnn;
extern const struct tlv_codec nas_session_ambr, nas_pdu_address, nas_qos_rules, nas_qos_flows, nas_pco;

extern const struct tlv_codec nas_extended_rejected_nssai, nas_ladns, nas_dnns, nas_cag_list, nas_wait_range;

/* Values used inside others. */
extern const struct tlv_codec nas_snssai_shown, nas_bit_rate_shown;

#define NAS_SHOWN_ITEMS(ctype, name)                                                                         \
	{ .kind = TLV_VALUE,                                                                                 \
		.size = sizeof(ctype),                                                                       \
		.fields = name##_fields,                                                                     \
		.field_count = ARRAY_LEN(name##_fields) }
