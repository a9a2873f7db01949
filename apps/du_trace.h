/* What a DU's MAC does, for Wireshark and spreadsheets: its PDUs and those of RLC, and each decision of its
 * scheduler. */
#pragma once

#include <stdio.h>

#include "gnb/du/node.h"
#include "io/loop.h"
#include "io/pcapng.h"

struct du_trace {
	struct loop *loop;
	struct pcapng *file; /* NULL: none */
	FILE *schedule;      /* NULL: none */
	int interface;
	struct du_node *node;
};

/* A file for decisions, with its first line. NULL, said. */
MUST_USE FILE *du_trace_schedule_open(const char *path);
/* False, said: it is not whole. */
bool du_trace_schedule_close(FILE *schedule);
/* To file, on an interface of its own, and to schedule, until the DU ends. */
void du_trace_begin(struct du_trace *t);
