/* What passes inside a gNB process, as PDUs for tshark and Wireshark: F1AP of its DUs, RRC in plain. */
#pragma once

#include "gnb/gnb.h"

#include "io/bind.h"
#include "io/pcapng.h"

struct gnb_trace {
	struct loop *loop;
	struct pcapng file;
	int f1ap, rrc; /* interfaces of the file */
};

/* Before the process is confined. False, said on stderr. */
MUST_USE bool gnb_trace_begin(struct gnb_trace *t, struct loop *loop, const char *path);
/* What passes this binding and gNB. False: it has too many taps. */
MUST_USE bool gnb_trace_bind(struct gnb_trace *t, struct bind *bind, struct gnb *gnb);
void gnb_trace_end(struct gnb_trace *t);
