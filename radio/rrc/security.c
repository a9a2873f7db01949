#include "radio/rrc/security.h"

enum { NCC_VALUES = 8 };

static bool derive(const uint8_t k_gnb[KDF_KEY_LEN], enum kdf_alg_type enc, enum kdf_alg_type integrity,
	struct pdcp_security *s)
{
	return (unsigned)s->ea < NEA_ALG_COUNT && (unsigned)s->ia < NIA_ALG_COUNT &&
	       kdf_alg_key(k_gnb, enc, (uint8_t)s->ea, s->k_enc) &&
	       kdf_alg_key(k_gnb, integrity, (uint8_t)s->ia, s->k_int);
}

bool rrc_srb_security(
	const uint8_t k_gnb[KDF_KEY_LEN], enum nea_alg ea, enum nia_alg ia, struct pdcp_security *out)
{
	*out = (struct pdcp_security){ .ea = ea, .ia = ia };
	return derive(k_gnb, KDF_RRC_ENC, KDF_RRC_INT, out);
}

bool rrc_drb_security(
	const uint8_t k_gnb[KDF_KEY_LEN], enum nea_alg ea, enum nia_alg ia, struct pdcp_security *out)
{
	*out = (struct pdcp_security){ .ea = ea, .ia = ia };
	return derive(k_gnb, KDF_UP_ENC, KDF_UP_INT, out);
}

bool rrc_key_next(struct rrc_key_chain *chain, uint16_t pci, uint32_t ssb_arfcn, uint8_t ncc)
{
	const uint8_t *from = ncc == chain->ncc ? chain->k_gnb : chain->nh;

	/* NH of each count is made of the one before; counts are of three bits. */
	for (unsigned n = 0; ncc != chain->ncc && chain->nh_ncc != ncc; n++) {
		if (n == NCC_VALUES || !kdf_nh(chain->k_amf, chain->nh, chain->nh))
			return false;
		chain->nh_ncc = (uint8_t)((chain->nh_ncc + 1) % NCC_VALUES);
	}
	chain->ncc = ncc;
	return kdf_k_ngran_star(from, pci, ssb_arfcn, chain->k_gnb);
}
