/* What passes inside a gNB process, as PDUs for tshark and Wireshark: F1AP of its DUs, RRC in plain, MAC and
 * RLC; and what its schedulers decide, as a table. */
#pragma once

#include "apps/du_trace.h"
#include "apps/gnb_radio.h"
#include "gnb/gnb.h"

#include "io/bind.h"
#include "io/pcapng.h"

struct gnb_trace {
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
/* Those of its DUs for which there is room. */
void gnb_trace_dus(struct gnb_trace *t, const struct gnb_radio *r);
void gnb_trace_end(struct gnb_trace *t);
