/* A function in as many forms as there are widths of vectors, of which the loader takes the widest that the
 * machine has: for loops that a compiler makes vectors of. What it calls is to be always_inline. GCC's alone,
 * and not with the address sanitizer, whose runtime is not there yet when the loader chooses. */
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&     \
	!defined(__SANITIZE_THREAD__)
#define WIDEST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDEST
#endif
