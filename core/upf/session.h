/* A PFCP session: rules published to the data path, and whose it is. */
#pragma once

#include "base/list.h"
#include "base/timers.h"
#include "core/upf/rules.h"

struct upf_smf;

/* What workers note for the control plane, and what it remembers itself. */
enum upf_event {
	UPF_EVENT_USAGE = 1,
	UPF_EVENT_DL_DATA = 2,
	UPF_EVENT_TUNNEL_GONE = 4,
	UPF_EVENT_TIME = 8,  /* a report is due by time */
	UPF_EVENT_MACS = 16, /* Ethernet addresses came or went */
};

/* A gNB's end of a tunnel. */
struct upf_tunnel {
	struct ip ip;
	uint32_t teid;
};

struct upf_session {
	struct upf_rules *rules; /* read by the data path; replaced as a whole */
	uint64_t seid;
	/* The worker that alone applies the rules, counts and takes from buckets; the same as long as it
	 * lives. */
	uint8_t worker;
	uint8_t row; /* by which its packets are counted (upf_row) */
	/* Noted by the owner worker and not yet looked at (enum upf_event); what goes with a note is written
	 * before it and not again until the control plane has taken the note away. */
	uint8_t notes;
	uint8_t dl_dscp, dl_qfi; /* qfi: 0 none */
	uint8_t events;          /* the control plane's: enum upf_event, while on the list */
	uint8_t csid;            /* likewise: 1 more than the place of its set at its SMF; 0: in none */
	bool macs_told;          /* likewise: addresses were reported, and that is not answered yet */
	uint16_t dl_pdr;
	uint16_t queue;            /* the worker's: what waits, + 1; 0: nothing */
	uint32_t dl_noticed;       /* the worker's: rules->dl_notice that it has noted */
	struct upf_lan_port *port; /* of its LAN (owned); NULL: it is of IP */
	struct upf_tunnel gone;
	/* The control plane's own. */
	struct link pending;
	struct upf_smf *smf;
	struct link by_smf;
	uint64_t cp_seid;
	union {
		struct timer timer;         /* the next report by time */
		struct upf_retired retired; /* once it is no session any more */
	};
	uint64_t dl_at_ns; /* when downlink data is reported, after the BAR's delay; 0: none is noted */
};

struct upf;
struct upf_draft;
struct upf_answer;

/* NULL: there is none, or it is another SMF's. */
struct upf_session *upf_session_find(struct upf *upf, const struct upf_smf *smf, uint64_t seid);
/* A session without rules; NULL at the limit. */
struct upf_session *upf_session_new(
	struct upf *upf, struct upf_smf *smf, uint64_t cp_seid, uint8_t worker, uint8_t row);
/* Takes its rules from the data path and frees it once nobody looks at it. The answer, if any, is sent then.
 */
void upf_session_free(struct upf *upf, struct upf_session *s, struct upf_answer *answer);
/* The session is in that set of its SMF's from now on; 0: in none. */
void upf_csid_count(struct upf_session *s, uint8_t csid);
/* Publishes the finished draft as the session's rules; the answer, if any, is sent when the former have been
 * left. False, with nothing changed and the draft refused, when memory is. */
bool upf_session_publish(
	struct upf *upf, struct upf_session *s, struct upf_draft *d, struct upf_answer *answer);
/* Something of the session is to be reported: it goes on the list that upf_report_all works off. */
void upf_session_pend(struct upf *upf, struct upf_session *s, enum upf_event event);
/* When its next report by time is due; sets its timer. */
void upf_session_arm(struct upf *upf, struct upf_session *s);
