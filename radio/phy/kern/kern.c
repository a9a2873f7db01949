#include "radio/phy/kern/kern.h"

static void set_reference(struct kern *k)
{
	kern_ref_crc(k);
	kern_ref_ldpc(k);
	kern_ref_ldpc_decode(k);
	kern_ref_polar(k);
	kern_ref_demap(k);
	kern_ref_polar_list(k);
	kern_ref_map(k);
	kern_ref_gold(k);
	kern_ref_fft16(k);
	kern_ref_cf(k);
	kern_ref_fft(k);
	kern_ref_ratematch(k);
	kern_ref_chest(k);
	kern_ref_mmse(k);
	kern_ref_search(k);
}

#ifdef KERN_X86
static bool have_avx2(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
	       __builtin_cpu_supports("fma") && __builtin_cpu_supports("pclmul");
}

static void set_avx2(struct kern *k)
{
	kern_avx2_crc(k);
	kern_avx2_ldpc(k);
	kern_avx2_ldpc_decode(k);
	kern_avx2_polar(k);
	kern_avx2_demap(k);
	kern_avx2_polar_list(k);
	kern_avx2_map(k);
	kern_avx2_gold(k);
	kern_avx2_fft16(k);
	kern_avx2_cf(k);
	kern_avx2_fft(k);
	kern_avx2_ratematch(k);
	kern_avx2_chest(k);
	kern_avx2_mmse(k);
	kern_avx2_search(k);
}

static bool have_avx512(void)
{
	return have_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
	       __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
	       __builtin_cpu_supports("gfni") && __builtin_cpu_supports("vpclmulqdq");
}

/* What it does not replace stays as AVX2 has it. */
static void set_avx512(struct kern *k)
{
	kern_avx512_crc(k);
	kern_avx512_ldpc(k);
	kern_avx512_ldpc_decode(k);
	kern_avx512_demap(k);
	kern_avx512_polar(k);
	kern_avx512_polar_list(k);
	kern_avx512_map(k);
	kern_avx512_gold(k);
	kern_avx512_fft16(k);
	kern_avx512_cf(k);
	kern_avx512_fft(k);
	kern_avx512_ratematch(k);
	kern_avx512_chest(k);
	kern_avx512_mmse(k);
	kern_avx512_search(k);
}
#endif

enum kern_level kern_init(struct kern *k, enum kern_level max)
{
	set_reference(k);
	if (max < KERN_AVX2)
		return KERN_REFERENCE;
#ifdef KERN_X86
	if (!have_avx2())
		return KERN_REFERENCE;
	set_avx2(k);
	if (max < KERN_AVX512 || !have_avx512())
		return KERN_AVX2;
	set_avx512(k);
	return KERN_AVX512;
#elif defined(KERN_ARM)
	/* what it does not replace stays as the reference has it */
	kern_neon_cf(k);
	kern_neon_ldpc_decode(k);
	kern_neon_polar(k);
	return KERN_NEON;
#else
	return KERN_REFERENCE;
#endif
}

const char *kern_level_name(enum kern_level level)
{
#ifdef KERN_ARM
	static const char *const names[KERN_LEVELS] = { "reference", "neon" };
#else
	static const char *const names[KERN_LEVELS] = { "reference", "avx2", "avx512" };
#endif

	return level < KERN_LEVELS && names[level] ? names[level] : "?";
}
