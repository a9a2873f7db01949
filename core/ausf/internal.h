/* The authentications of the AUSF. */
#pragma once

#include "base/pool.h"
#include "core/ausf/ausf.h"
#include "crypto/kdf.h"
#include "wire/eap/eap.h"

/* One authentication, from the challenge to its end. */
struct ausf_auth {
	struct timer expiry;
	uint64_t request_id; /* of the consumer while the UDM is asked */
	uint64_t secret;     /* makes the context's name unguessable */
	uint32_t generation;
	bool challenged;
	enum auth_type type;
	struct supi supi;
	char serving_network_name[SNN_STR_SIZE];
	uint8_t kausf[32];
	union {
		uint8_t xres_star[16];
		struct {
			uint8_t rand[16], k_aut[32];
			uint8_t xres_len, xres[EAP_AKA_RES_MAX];
			uint8_t identifier, resyncs;
		} eap;
	};
};

enum { AUSF_SEALED_MAX = 12 + KDF_KEY_LEN + 16, AUSF_COUNTER_FIRST = 1 };

/* CounterSoR and CounterUPU, 33.501 6.14.2.3 and 6.15.2.2 */
enum ausf_counter { AUSF_COUNTER_SOR, AUSF_COUNTER_UPU, AUSF_COUNTERS };

/* In the store. */
struct ausf_key {
	uint8_t sealed[AUSF_SEALED_MAX];  /* K_AUSF */
	uint16_t counters[AUSF_COUNTERS]; /* the next ones; 0: all are used up */
	uint32_t since;                   /* the AUSF's when it was kept */
};

struct ausf {
	struct nf nf;
	struct pool auths;
	uint32_t generation;
	char serving_network_name[SNN_STR_SIZE];
	uint8_t seal_key[SEAL_KEY_LEN];
	uint32_t since; /* keys of another one do not count */
	uint64_t stat[AUSF_STAT_COUNT];
};

/* context.c */
/* The context of that name and method that waits for an answer of the UE; NULL: there is none. */
struct ausf_auth *ausf_auth_by_name(struct ausf *ausf, const char *name, enum auth_type type);
void ausf_auth_name(struct ausf *ausf, const struct ausf_auth *auth, char out[AUTH_CTX_ID_SIZE]);
void ausf_auth_free(struct ausf *ausf, struct ausf_auth *auth);
/* The UDM is asked for a vector, after a failed synchronization with resync. The context's time begins again.
 */
void ausf_ask_udm(struct ausf *ausf, struct ausf_auth *auth, const char *supi_or_suci,
	const struct resynchronization_info *resync);
/* Counted, and reported to the UDM (29.503 5.4.2.3); the context ends. */
void ausf_auth_end(struct ausf *ausf, struct ausf_auth *auth, bool success);

/* eap_aka_prime.c */
/* The UDM's vector: the challenge is the answer to the consumer. False: it cannot be made. */
bool ausf_eap_challenge(struct ausf *ausf, struct ausf_auth *auth, const struct authentication_vector *v);
void ausf_eap_session(struct ausf *ausf, const struct sbi_request *r);

/* key.c */
/* False: the store refuses. */
MUST_USE bool ausf_keys_restore(struct ausf *ausf, bool counts_lost);
/* In place of the one before; counters begin again. False: the store refuses. */
MUST_USE bool ausf_key_put(struct ausf *ausf, const struct supi *supi, const uint8_t k_ausf[KDF_KEY_LEN]);
/* K_AUSF, which the caller wipes, and a counter that nobody had or will have. */
enum sbi_cause ausf_key_use(struct ausf *ausf, const struct supi *supi, enum ausf_counter which,
	uint8_t k_ausf[KDF_KEY_LEN], uint16_t *counter);

/* sor_protection.c */
void ausf_sor_protection(struct ausf *ausf, const struct sbi_request *r);

/* upu_protection.c */
void ausf_upu_protection(struct ausf *ausf, const struct sbi_request *r);
