/* What the crypto room costs: prints `name value unit` lines, CPU time, the best of several runs. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "crypto/aka.h"
#include "crypto/kdf.h"
#include "crypto/milenage.h"
#include "crypto/nea.h"
#include "crypto/nia.h"
#include "crypto/seal.h"
#include "crypto/suci.h"

enum { RUNS = 7, SHORT_LEN = 64, LONG_LEN = 1 << 16 };

static uint8_t key[32] = { 0x46, 0x5b, 0x5c }, long_data[LONG_LEN], output[2][64];
static struct suci_key *home[2];
static size_t output_len[2];

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The best CPU time of one call of op, in ns. */
static double measure(bool (*op)(void), int calls)
{
	double best = 0;

	for (int run = 0; run < RUNS; run++) {
		double start = now_ns(), spent;

		for (int i = 0; i < calls; i++) {
			if (!op()) {
				fprintf(stderr, "bench_crypto: an operation failed\n");
				exit(1);
			}
		}
		spent = (now_ns() - start) / calls;
		if (run == 0 || spent < best)
			best = spent;
	}
	return best;
}

static bool deconceal(enum suci_scheme scheme)
{
	uint8_t plain[16];
	struct writer w = writer_of(plain, sizeof(plain));
	int i = scheme - SUCI_PROFILE_A;

	return suci_deconceal(scheme, home[i], bytes_of(output[i], output_len[i]), &w);
}

static bool deconceal_a(void)
{
	return deconceal(SUCI_PROFILE_A);
}

static bool deconceal_b(void)
{
	return deconceal(SUCI_PROFILE_B);
}

static bool conceal_a(void)
{
	uint8_t out[64];
	struct writer w = writer_of(out, sizeof(out));

	return suci_conceal(SUCI_PROFILE_A, suci_key_public(home[0]), key, bytes_of(key, 5), &w);
}

static bool milenage(void)
{
	struct milenage m;

	return milenage_all(key, key + 16, key + 8, key, key, &m);
}

static bool tuak(void)
{
	struct aka_key k = { .alg = AKA_TUAK, .k_len = 16 };
	struct aka_vector v;

	return aka_vector_generate(&k, 1, key, key, &v);
}

static bool kdf_amf(void)
{
	uint8_t out[32];

	return kdf_k_amf(key, bytes_of_str("001010000000001"), bytes_of("\0\0", 2), out);
}

/* All that one 5G AKA registration derives at ARPF, AUSF, SEAF and AMF. */
static bool kdf_chain(void)
{
	const struct bytes sn_name = bytes_of_str("5G:mnc001.mcc001.3gppnetwork.org");
	uint8_t a[32], b[32];

	return kdf_res_star(key, key, sn_name, key, bytes_of(key, 8), a) && kdf_hres_star(key, a, b) &&
	       kdf_k_ausf(key, key, sn_name, key, a) && kdf_k_seaf(a, sn_name, b) &&
	       kdf_k_amf(b, bytes_of_str("001010000000001"), bytes_of("\0\0", 2), a) &&
	       kdf_alg_key(a, KDF_NAS_ENC, 2, b) && kdf_alg_key(a, KDF_NAS_INT, 2, b) &&
	       kdf_k_gnb(a, 0, KDF_ACCESS_3GPP, b) && kdf_nh(a, b, b);
}

#define NEA_NIA(n)                                                                                           \
	static bool nea##n##_short(void)                                                                     \
	{                                                                                                    \
		return nea_crypt(NEA##n, key, 1, 1, 0, long_data, SHORT_LEN * 8);                            \
	}                                                                                                    \
	static bool nea##n##_long(void)                                                                      \
	{                                                                                                    \
		return nea_crypt(NEA##n, key, 1, 1, 0, long_data, LONG_LEN * 8);                             \
	}                                                                                                    \
	static bool nia##n##_short(void)                                                                     \
	{                                                                                                    \
		uint8_t mac[4];                                                                              \
                                                                                                             \
		return nia_mac(NIA##n, key, 1, 1, 0, long_data, SHORT_LEN * 8, mac);                         \
	}                                                                                                    \
	static bool nia##n##_long(void)                                                                      \
	{                                                                                                    \
		uint8_t mac[4];                                                                              \
                                                                                                             \
		return nia_mac(NIA##n, key, 1, 1, 0, long_data, LONG_LEN * 8, mac);                          \
	}

NEA_NIA(1)
NEA_NIA(2)
NEA_NIA(3)

static bool unseal(void)
{
	static uint8_t sealed[64];
	static size_t len;
	uint8_t plain[64];
	struct writer w = writer_of(sealed, sizeof(sealed)), r = writer_of(plain, sizeof(plain));

	if (len == 0) {
		if (!seal_encrypt(key, key, BYTES_NONE, bytes_of(key, 32), &w))
			return false;
		len = w.len;
	}
	return seal_decrypt(key, key, BYTES_NONE, bytes_of(sealed, len), &r);
}

static bool setup(void)
{
	for (int i = 0; i < 2; i++) {
		struct writer w = writer_of(output[i], sizeof(output[i]));
		enum suci_scheme scheme = SUCI_PROFILE_A + i;

		home[i] = suci_key_new(scheme, key);
		if (!home[i] || !suci_conceal(scheme, suci_key_public(home[i]), key, bytes_of(key, 5), &w))
			return false;
		output_len[i] = w.len;
	}
	return true;
}

int main(void)
{
	static const struct {
		const char *name;
		bool (*op)(void);
		int calls;
		bool rate; /* of LONG_LEN octets, in Mb/s */
	} rows[] = {
		{ "suci_deconceal_a", deconceal_a, 2000, false },
		{ "suci_deconceal_b", deconceal_b, 2000, false },
		{ "suci_conceal_a", conceal_a, 1000, false },
		{ "milenage_vector", milenage, 50000, false },
		{ "tuak_vector", tuak, 10000, false },
		{ "kdf_k_amf", kdf_amf, 50000, false },
		{ "kdf_registration", kdf_chain, 10000, false },
		{ "unseal_32_octets", unseal, 50000, false },
		{ "nea1_64_octets", nea1_short, 50000, false },
		{ "nea2_64_octets", nea2_short, 50000, false },
		{ "nea3_64_octets", nea3_short, 50000, false },
		{ "nia1_64_octets", nia1_short, 50000, false },
		{ "nia2_64_octets", nia2_short, 50000, false },
		{ "nia3_64_octets", nia3_short, 50000, false },
		{ "nea1_snow3g", nea1_long, 50, true },
		{ "nea2_aes", nea2_long, 500, true },
		{ "nea3_zuc", nea3_long, 50, true },
		{ "nia1_snow3g", nia1_long, 50, true },
		{ "nia2_aes", nia2_long, 200, true },
		{ "nia3_zuc", nia3_long, 50, true },
	};

	if (!setup())
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		double ns = measure(rows[i].op, rows[i].calls);

		if (rows[i].rate)
			printf("%s %.0f Mb/s\n", rows[i].name, LONG_LEN * 8 * 1e3 / ns);
		else
			printf("%s %.0f ns\n", rows[i].name, ns);
	}
	suci_key_free(home[0]);
	suci_key_free(home[1]);
	return 0;
}
