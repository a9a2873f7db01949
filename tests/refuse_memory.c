/*
 * Preloaded into a process: refuses it memory. The file that REFUSE_MEMORY names, mapped by both, says when:
 * of all allocations, counted from 1, those from `from` on and before `to`. For tests/memory_test.py.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct refusal {
	uint64_t count; /* allocations so far */
	uint64_t from, to;
	uint64_t refused;
};

/* glibc's own, behind the names that are taken here. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static struct refusal *refusal;

__attribute__((constructor)) static void refusal_begin(void)
{
	const char *path = getenv("REFUSE_MEMORY");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *at =
		fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*refusal), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (fd >= 0)
		close(fd);
	if (at != MAP_FAILED)
		refusal = at;
}

static int refuses(void)
{
	uint64_t n;

	if (!refusal)
		return 0;
	n = __atomic_add_fetch(&refusal->count, 1, __ATOMIC_RELAXED);
	if (n < __atomic_load_n(&refusal->from, __ATOMIC_RELAXED) ||
		n >= __atomic_load_n(&refusal->to, __ATOMIC_RELAXED))
		return 0;
	__atomic_add_fetch(&refusal->refused, 1, __ATOMIC_RELAXED);
	errno = ENOMEM;
	return 1;
}

#pragma GCC visibility push(default)

void *malloc(size_t size)
{
	return refuses() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return refuses() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return refuses() ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return refuses() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	*out = refuses() ? NULL : __libc_memalign(alignment, size);
	return *out ? 0 : ENOMEM;
}
