/* Keys and algorithms of the access stratum (33.501 6.7.3, 6.9.2). */
#include "crypto/kdf.h"
#include "gnb/handover.h"

_Static_assert((int)GNB_KEY_LEN == (int)KDF_KEY_LEN, "K_gNB is a key of 33.501");

/* Bit n of a capability (38.413 9.3.1.86) stands for algorithm n + 1; the null one is had by all. */
static bool is_capable(uint16_t capability, uint8_t alg)
{
	return alg == 0 || capability >> (16 - alg) & 1;
}

static bool choose(const uint8_t *order, uint8_t count, uint16_t capability, uint8_t *out)
{
	for (uint8_t i = 0; i < count; i++) {
		if (!is_capable(capability, order[i]))
			continue;
		*out = order[i];
		return true;
	}
	return false;
}

bool gnb_algorithms_choose(struct gnb *gnb, struct gnb_ue *ue)
{
	const struct gnb_config *c = &gnb->config;
	uint8_t ea, ia;

	/* 33.501 10.2.2.2, D.1: null integrity where the AMF wants nothing else, and the operator allows it.
	 */
	if (c->null_integrity && !ue->capability[0] && !ue->capability[1]) {
		ue->ea = ue->ia = 0;
		return true;
	}
	if (!choose(c->ciphering_order, c->ciphering_count, ue->capability[0], &ea) ||
		!choose(c->integrity_order, c->integrity_count, ue->capability[1], &ia))
		return false;
	ue->ea = ea;
	ue->ia = ia;
	return true;
}

static bool is_in(const uint8_t *order, uint8_t count, uint8_t alg)
{
	for (uint8_t i = 0; i < count; i++)
		if (order[i] == alg)
			return true;
	return false;
}

bool gnb_algorithms_allowed(const struct gnb *gnb, const struct gnb_ue *ue)
{
	const struct gnb_config *c = &gnb->config;

	if (c->null_integrity && !ue->capability[0] && !ue->capability[1])
		return ue->ea == 0 && ue->ia == 0;
	return is_in(c->ciphering_order, c->ciphering_count, ue->ea) &&
	       is_in(c->integrity_order, c->integrity_count, ue->ia) &&
	       is_capable(ue->capability[0], ue->ea) && is_capable(ue->capability[1], ue->ia);
}

/* The leading 16 bits; later algorithms are none that we have. */
static uint16_t bits16(struct per_bits b)
{
	struct cursor c = cursor_of(bytes_of(b.data, (b.len_bits + 7) / 8));

	return cursor_u16(&c);
}

void gnb_capabilities_take(struct gnb_ue *ue, const struct ngap_ue_security_capabilities *c)
{
	ue->capability[0] = bits16(c->nr_encryption_algorithms);
	ue->capability[1] = bits16(c->nr_integrity_protection_algorithms);
	ue->capability[2] = bits16(c->eutra_encryption_algorithms);
	ue->capability[3] = bits16(c->eutra_integrity_protection_algorithms);
}

struct ngap_ue_security_capabilities gnb_capabilities(const struct gnb_ue *ue, uint8_t octets[4][2])
{
	for (size_t i = 0; i < 4; i++) {
		struct writer w = writer_of(octets[i], 2);

		writer_u16(&w, ue->capability[i]);
	}
	return (struct ngap_ue_security_capabilities){ { octets[0], 16 }, { octets[1], 16 },
		{ octets[2], 16 }, { octets[3], 16 } };
}

bool gnb_key_next(
	struct gnb_ue *ue, const uint8_t from[GNB_KEY_LEN], uint16_t pci, uint32_t ssb_arfcn, uint8_t ncc)
{
	if (!kdf_k_ngran_star(from, pci, ssb_arfcn, ue->k_gnb))
		return false;
	ue->ncc = ncc;
	return true;
}
