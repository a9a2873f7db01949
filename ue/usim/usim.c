#include "ue/usim/usim.h"

#include "crypto/aka_function.h"

enum { AMF_SEPARATION_BIT = 0x80, SQN_BITS = 48 }; /* 33.102 Annex H, 33.501 6.1.3.2 */

bool usim_init(struct usim *u, const struct supi *supi, const struct plmn *home, const struct aka_key *key)
{
	const struct aka_function *f = aka_function(key->alg);
	char mcc[4], mnc[4];
	size_t mnc_len;

	plmn_digits(home, mcc, mnc);
	mnc_len = strlen(mnc);
	if (strncmp(supi->imsi, mcc, 3) != 0 || strncmp(supi->imsi + 3, mnc, mnc_len) != 0 ||
		!supi->imsi[3 + mnc_len])
		return false;
	if (!f || !aka_lengths_valid(key->alg, key->k_len, f->opc_len))
		return false;
	*u = (struct usim){ .supi = *supi, .home = *home, .msin_at = (uint8_t)(3 + mnc_len), .key = *key };
	return true;
}

void usim_fini(struct usim *u)
{
	explicit_bzero(u, sizeof(*u));
}

static uint64_t seq_highest(const struct usim *u, unsigned *ind)
{
	unsigned best = 0;

	for (unsigned i = 1; i < USIM_SQN_ENTRIES; i++)
		if (u->seq[i] > u->seq[best])
			best = i;
	if (ind)
		*ind = best;
	return u->seq[best];
}

uint64_t usim_sqn_ms(const struct usim *u)
{
	unsigned ind;
	uint64_t seq = seq_highest(u, &ind);

	return seq << USIM_IND_BITS | ind;
}

bool usim_sqn_is_fresh(const struct usim *u, uint64_t sqn)
{
	uint64_t seq = sqn >> USIM_IND_BITS, highest = seq_highest(u, NULL);

	if (sqn >> SQN_BITS)
		return false;
	/* C.2.1: not too far ahead, or the counter could be made to wrap. */
	if (seq > highest && seq - highest > USIM_DELTA)
		return false;
	return seq > u->seq[sqn % USIM_SQN_ENTRIES];
}

/* 33.501 A.2, A.4, A.6: from the vector to RES* and K_SEAF. */
static bool derive(
	const struct aka_vector *v, const uint8_t rand[AKA_RAND_LEN], struct bytes snn, struct usim_keys *out)
{
	return kdf_res_star(v->ck, v->ik, snn, rand, bytes_of(v->res, v->res_len), out->res_star) &&
	       kdf_k_ausf(v->ck, v->ik, snn, v->autn, out->k_ausf) &&
	       kdf_k_seaf(out->k_ausf, snn, out->k_seaf);
}

/* 33.102 6.3.3: the network by its MAC, then the SQN, which is remembered. */
static enum usim_result verify(struct usim *u, const uint8_t rand[AKA_RAND_LEN],
	const uint8_t autn[AKA_AUTN_LEN], struct aka_vector *v, uint8_t auts[AKA_AUTS_LEN])
{
	if (!aka_challenge_verify(&u->key, rand, autn, v))
		return USIM_MAC_FAILURE;
	if (!(v->amf[0] & AMF_SEPARATION_BIT))
		return USIM_NON_5G;
	if (!usim_sqn_is_fresh(u, v->sqn))
		return aka_auts_build(&u->key, usim_sqn_ms(u), rand, auts) ? USIM_SYNCH_FAILURE
									   : USIM_MAC_FAILURE;
	u->seq[v->sqn % USIM_SQN_ENTRIES] = v->sqn >> USIM_IND_BITS;
	return USIM_OK;
}

enum usim_result usim_authenticate(struct usim *u, const uint8_t rand[AKA_RAND_LEN],
	const uint8_t autn[AKA_AUTN_LEN], const char *serving_network_name, struct usim_keys *out)
{
	struct aka_vector v;
	enum usim_result result = verify(u, rand, autn, &v, out->auts);

	if (result == USIM_OK && !derive(&v, rand, bytes_of_str(serving_network_name), out))
		result = USIM_MAC_FAILURE;
	explicit_bzero(&v, sizeof(v));
	return result;
}

enum usim_result usim_authenticate_eap(struct usim *u, const uint8_t rand[AKA_RAND_LEN],
	const uint8_t autn[AKA_AUTN_LEN], struct bytes network_name, struct usim_eap_keys *out)
{
	struct aka_vector v;
	enum usim_result result = verify(u, rand, autn, &v, out->auts);

	if (result == USIM_OK) {
		out->res_len = (uint8_t)v.res_len;
		if (!bytes_copy(out->res, sizeof(out->res), bytes_of(v.res, v.res_len)) ||
			!kdf_ck_ik_prime(v.ck, v.ik, network_name, autn, out->ck_prime, out->ik_prime))
			result = USIM_MAC_FAILURE;
	}
	explicit_bzero(&v, sizeof(v));
	return result;
}

bool usim_suci(const struct usim *u, const struct usim_suci_profile *profile,
	const uint8_t eph_private[SUCI_PRIVATE_LEN], struct writer *out)
{
	uint8_t msin[8];
	struct writer w = writer_of(msin, sizeof(msin));

	return suci_msin_encode(u->supi.imsi + u->msin_at, &w) &&
	       suci_conceal(profile->scheme,
		       bytes_of(profile->home_network_key, profile->home_network_key_len), eph_private,
		       writer_bytes(&w), out);
}
