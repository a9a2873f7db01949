/* What the kernel knows of this process, as figures. */
#pragma once

#include "base/stats.h"

enum io_process_figure {
	IO_PROCESS_START,
	IO_PROCESS_CPU,
	IO_PROCESS_RESIDENT,
	IO_PROCESS_VIRTUAL,
	IO_PROCESS_FDS,
	IO_PROCESS_FIGURES
};

struct io_process {
	int statm; /* /proc/self/statm, open before the process is confined; -1: it cannot be read */
	uint32_t fds_max;
	uint64_t values[IO_PROCESS_FIGURES];
};

extern const struct stat_group io_process_group;

void io_process_open(struct io_process *p);
void io_process_close(struct io_process *p);
/* Valid until the next call. */
void io_process_figures(struct io_process *p, struct stats_list *l);
