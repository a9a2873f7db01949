/*
 * Ciphering and integrity of many packets at a time, those of user bearers: the algorithms of nea.h and nia.h
 * on whole octets, by intel-ipsec-mb where it was there when this was built, otherwise one packet after the
 * other. Each packet has its own keys.
 */
#pragma once

#include "crypto/nea.h"
#include "crypto/nia.h"

enum {
	BURST_MAX = 64,
	BURST_ROOM = 8, /* octets before a packet that burst_mac() may write on */
};

/* Both algorithms of a bearer in one direction, with their keys made ready. Wiped by whoever owns it. */
struct burst_keys {
	enum nea_alg ea;
	enum nia_alg ia;
	uint8_t k_enc[16], k_int[16];
	uint8_t ready_enc[176] __attribute__((aligned(16))); /* round keys, or a key schedule */
	uint8_t ready_int[176] __attribute__((aligned(16)));
	uint8_t sub_int[2][16]; /* of CMAC */
};

struct burst_job {
	const struct burst_keys *keys;
	uint32_t count;
	uint8_t bearer, direction; /* as nea_crypt() has them */
	uint8_t *data;
	uint32_t len;
	uint8_t mac[NIA_MAC_LEN];
};

/* One a thread. */
struct burst;

/* portable: without intel-ipsec-mb, also where it is there. NULL: no memory. */
MUST_USE struct burst *burst_new(bool portable);
void burst_free(struct burst *b);

/* False: no such algorithm. */
MUST_USE bool burst_keys_make(struct burst *b, struct burst_keys *keys, enum nea_alg ea,
	const uint8_t k_enc[16], enum nia_alg ia, const uint8_t k_int[16]);

/* The MACs of the octets of n jobs, at most BURST_MAX. */
void burst_mac(struct burst *b, struct burst_job *jobs, size_t n);

/* Ciphers or deciphers them in place. */
void burst_crypt(struct burst *b, struct burst_job *jobs, size_t n);
