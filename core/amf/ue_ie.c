/* What NGAP messages tell a gNB of a UE, for those that give it the UE's context: views of amf->arena. */
#include "core/amf/handover.h"

/* 38.413 9.3.1.86: the algorithms 1 to 7 of 24.501 9.11.3.54 from bit 1 of a 16-bit string on. */
static struct per_bits capability_bits(uint8_t octet, struct arena *arena)
{
	uint8_t *bits = arena_alloc(arena, 2);

	if (!bits)
		return (struct per_bits){ NULL, 0 };
	bits[0] = (uint8_t)(octet << 1); /* algorithm 0 (null) has no bit there */
	return (struct per_bits){ bits, 16 };
}

struct ngap_ue_security_capabilities amf_ie_security_capabilities(struct amf *amf, const struct amf_ue *ue)
{
	static const struct nas_ue_security_capability none = { 2, { 0 } };
	/* 33.501 10.2.2.2: with null integrity the gNB is to choose the null algorithms too. */
	const struct nas_ue_security_capability *c = supi_is_imei(&ue->supi) ? &none : &ue->capability;

	return (struct ngap_ue_security_capabilities){
		capability_bits(c->octets[NAS_CAP_EA], &amf->arena),
		capability_bits(c->octets[NAS_CAP_IA], &amf->arena),
		capability_bits(c->len > NAS_CAP_EEA ? c->octets[NAS_CAP_EEA] : 0, &amf->arena),
		capability_bits(c->len > NAS_CAP_EIA ? c->octets[NAS_CAP_EIA] : 0, &amf->arena),
	};
}

/* Views of the UE's. Until it is told that no slice is left to it, it has those that it had. */
bool amf_ie_allowed_nssai(struct amf *amf, const struct amf_ue *ue, struct ngap_allowed_nssai *out)
{
	bool all = amf_nssai_left(amf, ue).count == 0;

	out->count = 0;
	out->items = arena_array(&amf->arena, SNSSAI_MAX, sizeof(*out->items));
	if (!out->items)
		return false;
	for (uint8_t i = 0; i < ue->allowed_nssai.count; i++) {
		const struct snssai *s = &ue->allowed_nssai.items[i];

		if (!all && !ue->emergency && !amf_serves_slice(amf, s))
			continue;
		out->items[out->count] = (struct ngap_allowed_nssai_item){ 0 };
		if (!ngap_s_nssai_of(s, &amf->arena, &out->items[out->count++].s_nssai))
			return false;
	}
	return true;
}

/* A digit is four bits, the first one on top; the last four of the serial number (23.003 6.2.2: the 11th to
 * the 14th) are all ones. */
uint64_t amf_ie_masked_imeisv(const struct nas_mobile_identity *imeisv)
{
	uint64_t out = 0;

	if (imeisv->type != NAS_IDENTITY_IMEISV)
		return 0;
	for (int i = 0; i < 16; i++) {
		char digit = imeisv->imei[i];

		if (digit < '0' || digit > '9')
			return 0;
		out = out << 4 | (i >= 10 && i < 14 ? 0xfu : (unsigned)(digit - '0'));
	}
	return out;
}
