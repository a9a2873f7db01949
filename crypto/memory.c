#include "crypto/memory.h"

#include <openssl/crypto.h>

#include "base/reserve.h"

static void *memory_take(size_t size, const char *file, int line)
{
	return size > 0 ? reserve_malloc(size) : NULL;
}

/* As OpenSSL's own: nothing gives size octets, and size 0 nothing. */
static void *memory_change(void *memory, size_t size, const char *file, int line)
{
	if (size > 0)
		return reserve_realloc(memory, size);
	reserve_free(memory);
	return NULL;
}

static void memory_give(void *memory, const char *file, int line)
{
	reserve_free(memory);
}

bool crypto_memory_begin(void)
{
	return CRYPTO_set_mem_functions(memory_take, memory_change, memory_give) == 1;
}
