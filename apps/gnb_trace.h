/* What passes inside a gNB process, as PDUs for tshark and Wireshark: F1AP of its DUs, RRC in plain, MAC and
 * RLC; and what its schedulers decide, as a table. */
#pragma once

#include "apps/du_trace.h"
#include "gnb/gnb.h"

#include "io/bind.h"
#include "io/pcapng.h"

struct gnb_trace {
	const char *command; /* whose options they are */
	struct loop *loop;
	const char *path, *schedule_path; /* NULL: none */
	struct pcapng file;
	FILE *schedule;
	int f1ap, rrc; /* interfaces of the file */
	struct du_trace dus[GNB_CELLS_MAX];
	size_t du_count;
};

/* Before the process is confined. False, said on stderr. */
MUST_USE bool gnb_trace_begin(struct gnb_trace *t, struct loop *loop);
/* What passes this binding and gNB. False: it has too many taps. */
MUST_USE bool gnb_trace_bind(struct gnb_trace *t, struct bind *bind, struct gnb *gnb);
/* Also what this DU's MAC does, as long as there is room for it. */
void gnb_trace_du(struct gnb_trace *t, struct du_node *node);
void gnb_trace_end(struct gnb_trace *t);
