#include "crypto/keccak.h"

enum { KECCAK_ROUNDS = 24 };

/* clang-format off */
/* iota's round constants, FIPS 202 clause 3.2.5. */
static const uint64_t keccak_rc[KECCAK_ROUNDS] = {
	0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
	0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
	0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
	0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
	0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
	0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/* rho and pi together, FIPS 202 clauses 3.2.2 and 3.2.3: the walk over the lanes from (1, 0), and how
 * far each is rotated. */
static const uint8_t keccak_lane[24] = {
	10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
};
static const uint8_t keccak_rot[24] = {
	1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
};
/* clang-format on */

static inline uint64_t rotl64(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static void keccak_theta(uint64_t a[25])
{
	uint64_t c[5], d;

	for (int x = 0; x < 5; x++)
		c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
	for (int x = 0; x < 5; x++) {
		d = c[(x + 4) % 5] ^ rotl64(c[(x + 1) % 5], 1);
		for (int y = 0; y < 25; y += 5)
			a[x + y] ^= d;
	}
}

static void keccak_rho_pi(uint64_t a[25])
{
	uint64_t t = a[1], next;

	for (int i = 0; i < 24; i++) {
		next = a[keccak_lane[i]];
		a[keccak_lane[i]] = rotl64(t, keccak_rot[i]);
		t = next;
	}
}

static void keccak_chi(uint64_t a[25])
{
	for (int y = 0; y < 25; y += 5) {
		uint64_t b0 = a[y], b1 = a[y + 1];

		a[y] ^= ~b1 & a[y + 2];
		a[y + 1] ^= ~a[y + 2] & a[y + 3];
		a[y + 2] ^= ~a[y + 3] & a[y + 4];
		a[y + 3] ^= ~a[y + 4] & b0;
		a[y + 4] ^= ~b0 & b1;
	}
}

void keccak_f1600(uint64_t state[25])
{
	for (int round = 0; round < KECCAK_ROUNDS; round++) {
		keccak_theta(state);
		keccak_rho_pi(state);
		keccak_chi(state);
		state[0] ^= keccak_rc[round];
	}
}
