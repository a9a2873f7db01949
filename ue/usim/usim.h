/*
 * The USIM application: who the subscriber is, the secret it shares with the home network, and which
 * sequence numbers it has seen (TS 33.102 clause 6.3.3 and Annex C). Pure; the secret leaves it only as
 * keys derived.
 */
#pragma once

#include "crypto/aka.h"
#include "crypto/kdf.h"
#include "crypto/suci.h"
#include "wire/id.h"

enum usim_limit {
	USIM_IND_BITS = 5, /* 33.102 C.3: SQN = SEQ || IND, an array of 32 entries */
	USIM_SQN_ENTRIES = 1 << USIM_IND_BITS,
	USIM_SUCI_OUTPUT_MAX = SUCI_PUBLIC_MAX + 5 + SUCI_TAG_LEN, /* an MSIN has at most 5 octets */
};

/* 33.102 C.2.1: how far SEQ may jump ahead at a time. */
#define USIM_DELTA (UINT64_C(1) << 28)

struct usim {
	struct supi supi;
	struct plmn home;
	uint8_t msin_at; /* offset of the MSIN in the IMSI: 5 or 6 */
	struct aka_key key;
	uint64_t seq[USIM_SQN_ENTRIES]; /* the highest SEQ accepted, by IND */
};

/* The public parameters of concealment, provisioned by the home network (33.501 6.12.2). */
struct usim_suci_profile {
	enum suci_scheme scheme;
	uint8_t home_network_key_id;
	uint8_t home_network_key_len; /* 32 (A) or 33 (B) */
	uint8_t home_network_key[SUCI_PUBLIC_MAX];
	char routing_indicator[5]; /* one to four digits */
};

/* key is copied: wipe it. False when the IMSI is none of the home network's, or the key is malformed. */
bool usim_init(struct usim *u, const struct supi *supi, const struct plmn *home, const struct aka_key *key);

/* Wipes it. */
void usim_fini(struct usim *u);

/* A UE without one goes by its equipment, in the SUPI's place: it has emergency services only. */
static inline bool usim_is_present(const struct usim *u)
{
	return !supi_is_imei(&u->supi);
}

enum usim_result {
	USIM_OK,
	USIM_MAC_FAILURE,
	USIM_NON_5G,        /* the separation bit of AMF is not set: 24.501 5.4.1.3.6 c, cause #26 */
	USIM_SYNCH_FAILURE, /* auts is set */
};

/* What an accepted challenge yields. The owner wipes it. */
struct usim_keys {
	uint8_t res_star[KDF_RES_STAR_LEN];
	uint8_t k_ausf[KDF_KEY_LEN], k_seaf[KDF_KEY_LEN];
	uint8_t auts[AKA_AUTS_LEN];
};

/* Likewise for EAP-AKA' (33.501 6.1.3.1): CK' and IK' of A.3, and RES. The owner wipes it. */
struct usim_eap_keys {
	uint8_t ck_prime[16], ik_prime[16];
	uint8_t res_len, res[AKA_RES_MAX];
	uint8_t auts[AKA_AUTS_LEN];
};

/* Authenticates the network and answers it (33.501 6.1.3.2.0). An accepted SQN is remembered. */
enum usim_result usim_authenticate(struct usim *u, const uint8_t rand[AKA_RAND_LEN],
	const uint8_t autn[AKA_AUTN_LEN], const char *serving_network_name, struct usim_keys *out);

enum usim_result usim_authenticate_eap(struct usim *u, const uint8_t rand[AKA_RAND_LEN],
	const uint8_t autn[AKA_AUTN_LEN], struct bytes network_name, struct usim_eap_keys *out);

/* 33.102 C.2: whether SQN is fresh. */
bool usim_sqn_is_fresh(const struct usim *u, uint64_t sqn);

/* The highest SQN accepted so far: SQN_MS of AUTS. */
uint64_t usim_sqn_ms(const struct usim *u);

/* Writes the scheme output of the SUCI; eph_private is fresh random, wiped by the caller. */
bool usim_suci(const struct usim *u, const struct usim_suci_profile *profile,
	const uint8_t eph_private[SUCI_PRIVATE_LEN], struct writer *out);
