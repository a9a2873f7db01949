/*
 * Threads that must not be late: a radio's. They go before all others of the machine, also before each other
 * by rank, and nothing of the process is ever paged in while they work.
 */
#pragma once

#include "base/must_use.h"

enum realtime_rank { /* priorities of SCHED_FIFO: below those of the kernel's own threads (50) */
	REALTIME_SLOTS = 10,
	REALTIME_DEVICE = 20, /* what it has to do is short, and due first */
};

/* The calling thread, and those it makes; before the process is confined. False (errno): it may not
 * (CAP_SYS_NICE, or a limit of RLIMIT_RTPRIO). */
MUST_USE bool realtime_raise(enum realtime_rank rank);
/* Back to what any thread has; those that it has made meanwhile stay. */
void realtime_lower(void);
/* All memory that the process has, and without a limit of RLIMIT_MEMLOCK will have, stays in the machine's.
 * False (errno): it may not (CAP_IPC_LOCK, or a limit that is enough). */
MUST_USE bool realtime_lock_memory(void);
