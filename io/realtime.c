#include "io/realtime.h"

#include <malloc.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

bool realtime_raise(enum realtime_rank rank)
{
	return sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = (int)rank }) == 0;
}

void realtime_lower(void)
{
	(void)sched_setscheduler(0, SCHED_OTHER, &(struct sched_param){ .sched_priority = 0 });
}

enum { KEPT_OCTETS = 32 << 20, STACK_OCTETS = 1 << 20, PAGE_OCTETS = 4096 };

/* A stack that is locked does not grow beyond the limit any more, which ends the process: it is grown first.
 */
static __attribute__((noinline)) void deepen_stack(void)
{
	volatile uint8_t deep[STACK_OCTETS];

	for (size_t i = 0; i < sizeof(deep); i += PAGE_OCTETS)
		deep[i] = 0;
}

/* With a limit, memory to come would be refused at it once the capability is given up: then that which there
 * is now, which is all that slots need. */
bool realtime_lock_memory(void)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

	deepen_stack();
	/* What is given back stays the process's, and is taken again without asking the kernel. */
	(void)mallopt(M_MMAP_THRESHOLD, KEPT_OCTETS);
	(void)mallopt(M_TRIM_THRESHOLD, 4 * KEPT_OCTETS);
	if (setrlimit(RLIMIT_MEMLOCK, &limit) != 0 &&
		(getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY))
		return mlockall(MCL_CURRENT) == 0;
	return mlockall(MCL_CURRENT | MCL_FUTURE) == 0;
}
