/*
 * Memory that pools and arenas hold but have not given out is off limits under AddressSanitizer: a use after
 * pool_free or arena_reset, or past the end of an allocation, is found where it happens. Else these do
 * nothing.
 */
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BASE_POISON 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define BASE_POISON 1
#endif

#ifdef BASE_POISON
#include <sanitizer/asan_interface.h>
#define memory_poison(at, len)   ASAN_POISON_MEMORY_REGION((at), (len))
#define memory_unpoison(at, len) ASAN_UNPOISON_MEMORY_REGION((at), (len))
#else
#define memory_poison(at, len)   ((void)(at), (void)(len))
#define memory_unpoison(at, len) ((void)(at), (void)(len))
#endif
