/*
 * The 5G NAS security context of one access, as both UE and AMF hold it (24.501 4.4): keys, algorithms,
 * counts. The UE sends uplink and receives downlink; the AMF the other way round.
 */
#pragma once

#include "crypto/kdf.h"
#include "wire/nas/nas.h"

enum nas_direction { NAS_UPLINK = 0, NAS_DOWNLINK = 1 };

/* 24.501 4.4.3.1: NAS COUNT has 24 bits, overflow (16) and sequence number (8). */
/* 24.501 4.4.3.5: the key must be new before a COUNT is used up; so many messages before, it is asked for. */
enum { NAS_COUNT_RENEW = 0x10000 };

enum { NAS_COUNT_MAX = 0xffffff, NAS_BEARER_3GPP = 1, NAS_PROTECTION_OCTETS = 7 };

struct nas_security {
	bool active;
	uint8_t ngksi;  /* 0 to 6 */
	uint8_t ea, ia; /* 5G-EA and 5G-IA in use */
	uint8_t k_nas_enc[KDF_ALG_KEY_LEN];
	uint8_t k_nas_int[KDF_ALG_KEY_LEN];
	uint8_t k_amf[KDF_KEY_LEN];
	/* The next count to send, or the lowest still accepted, by direction; NAS_COUNT_MAX + 1: used up. */
	uint32_t count[2];
};

static inline bool nas_security_wears_out(const struct nas_security *s)
{
	return s->count[0] > NAS_COUNT_MAX - NAS_COUNT_RENEW || s->count[1] > NAS_COUNT_MAX - NAS_COUNT_RENEW;
}

/* Takes k_amf into a fresh context with counts of zero and the keys of the chosen algorithms. */
void nas_security_start(
	struct nas_security *s, const uint8_t k_amf[KDF_KEY_LEN], uint8_t ngksi, uint8_t ea, uint8_t ia);

/*
 * Chooses other algorithms for the same K_AMF; the counts go on (24.501 5.4.2.2). Without keys (memory is
 * out) the context is not active: nothing is protected or accepted with it.
 */
void nas_security_select(struct nas_security *s, uint8_t ea, uint8_t ia);

/* Wipes it. */
void nas_security_clear(struct nas_security *s);

/*
 * Appends `plain` protected in the direction it is sent, and counts. False when the count is used up (a
 * new authentication is needed), w is full or the context not active; then nothing is counted.
 */
MUST_USE bool nas_protect(struct nas_security *s, enum nas_direction direction,
	enum nas_security_header_type type, struct bytes plain, struct writer *w);

/*
 * Checks the MAC of a received message with the count that its sequence number stands for (24.501
 * 4.4.3.2: each count is accepted once). On success the count is taken, and *plain holds the deciphered
 * message in `arena`. *count gets the message's NAS COUNT. False: changes nothing.
 */
MUST_USE bool nas_unprotect(struct nas_security *s, enum nas_direction direction,
	const struct nas_security_header *h, struct arena *arena, struct bytes *plain, uint32_t *count);

/* The contents of a ciphered NAS message container (24.501 4.4.6) of a message with this count. */
MUST_USE bool nas_decipher_container(const struct nas_security *s, enum nas_direction direction,
	uint32_t count, struct bytes container, struct arena *arena, struct bytes *plain);
