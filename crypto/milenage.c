#include "crypto/milenage.h"

#include "crypto/aes.h"

/* Rotation r1 to r5 (in octets) and the last octet of c1 to c5, clause 4.1. */
static const uint8_t milenage_r[5] = { 8, 0, 4, 8, 12 };
static const uint8_t milenage_c[5] = { 0, 1, 2, 4, 8 };

/* dst = a xor b */
static void block_xor(uint8_t dst[16], const uint8_t a[16], const uint8_t b[16])
{
	for (int i = 0; i < 16; i++)
		dst[i] = a[i] ^ b[i];
}

/* TEMP = E_K(RAND xor OPc); the key stays loaded. */
static bool milenage_temp(
	const uint8_t k[16], const uint8_t opc[16], const uint8_t rand[16], uint8_t temp[16])
{
	block_xor(temp, rand, opc);
	return aes_key(k) && aes_blocks(temp, temp, 16);
}

/* IN1 = SQN || AMF || SQN || AMF */
static void milenage_in1(const uint8_t sqn[6], const uint8_t amf[2], uint8_t in1[16])
{
	memcpy(in1, sqn, 6);
	memcpy(in1 + 6, amf, 2);
	memcpy(in1 + 8, in1, 8);
}

/* The input of OUTn's encryption: rot(x xor OPc, rn) xor cn, and for OUT1 TEMP on top. */
static void milenage_input(int n, const uint8_t x[16], const uint8_t opc[16], uint8_t in[16])
{
	for (int i = 0; i < 16; i++) {
		int from = (i + milenage_r[n]) % 16;

		in[i] = x[from] ^ opc[from];
	}
	in[15] ^= milenage_c[n];
}

/* OUT[first] to OUT[last] (0 is OUT1); in1 is used by OUT1 only. */
static bool milenage_outs(int first, int last, const uint8_t temp[16], const uint8_t *in1,
	const uint8_t opc[16], uint8_t out[5][16])
{
	for (int n = first; n <= last; n++)
		milenage_input(n, n == 0 ? in1 : temp, opc, out[n]);
	if (first == 0)
		block_xor(out[0], out[0], temp);
	if (!aes_blocks(out[first], out[first], (size_t)(last - first + 1) * 16))
		return false;
	for (int n = first; n <= last; n++)
		block_xor(out[n], out[n], opc);
	return true;
}

static bool milenage_run(int first, int last, const uint8_t k[16], const uint8_t opc[16],
	const uint8_t rand[16], const uint8_t *in1, struct milenage *m)
{
	uint8_t temp[16], out[5][16] = { 0 };
	bool ok;

	ok = milenage_temp(k, opc, rand, temp) && milenage_outs(first, last, temp, in1, opc, out);
	aes_forget(AES_MODE_ECB); /* K is the long-term key: its schedule must not stay */
	if (!ok)
		explicit_bzero(out, sizeof(out));
	memcpy(m->mac_a, out[0], 8);
	memcpy(m->mac_s, out[0] + 8, 8);
	memcpy(m->res, out[1] + 8, 8);
	memcpy(m->ak, out[1], 6);
	memcpy(m->ck, out[2], 16);
	memcpy(m->ik, out[3], 16);
	memcpy(m->ak_star, out[4], 6);
	explicit_bzero(temp, sizeof(temp));
	explicit_bzero(out, sizeof(out));
	return ok;
}

bool milenage_opc(const uint8_t k[16], const uint8_t op[16], uint8_t opc[16])
{
	uint8_t e[16];
	bool ok = aes_key(k) && aes_blocks(op, e, 16);

	aes_forget(AES_MODE_ECB);
	if (ok)
		block_xor(opc, e, op);
	explicit_bzero(e, sizeof(e));
	return ok;
}

bool milenage_all(const uint8_t k[16], const uint8_t opc[16], const uint8_t rand[16], const uint8_t sqn[6],
	const uint8_t amf[2], struct milenage *out)
{
	uint8_t in1[16];

	milenage_in1(sqn, amf, in1);
	return milenage_run(0, 4, k, opc, rand, in1, out);
}

bool milenage_f2345(const uint8_t k[16], const uint8_t opc[16], const uint8_t rand[16], struct milenage *out)
{
	return milenage_run(1, 4, k, opc, rand, NULL, out);
}

bool milenage_f1(const uint8_t k[16], const uint8_t opc[16], const uint8_t rand[16], const uint8_t sqn[6],
	const uint8_t amf[2], struct milenage *out)
{
	uint8_t in1[16];

	milenage_in1(sqn, amf, in1);
	return milenage_run(0, 0, k, opc, rand, in1, out);
}
