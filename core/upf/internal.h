/* What the files of the UPF's control plane share. */
#pragma once

#include "base/list.h"
#include "base/pool.h"
#include "base/timers.h"
#include "core/upf/draft.h"
#include "core/upf/lan.h"
#include "core/upf/session.h"
#include "core/upf/worker.h"
#include "proto/pfcp.h"

#define LOG_ROOM "upf"

/* 29.244 8.2.134, 8.2.136 */
enum { PFCP_ASRSP_PSREI = 1 << 0, PFCP_SEREQ_RESTI = 1 << 0 };
/* 29.244 8.2.32 */
enum { PFCP_SRRSP_DROBU = 1 << 0 };

/* 29.244 8.2.25: what the UPF serves of what is optional. */
enum {
	UPF_FEATURES = PFCP_UP_BUCP | PFCP_UP_DDND | PFCP_UP_DLBD | PFCP_UP_FTUP | PFCP_UP_EMPU |
		       PFCP_UP_UDBC | PFCP_UP_FRRT
};

/* An SMF that may command. */
/* 29.244 8.2.45: a set of sessions. */
struct upf_csid {
	uint8_t node_type, node[16];
	uint16_t id;
	uint32_t sessions; /* 0: its place is free */
};

struct upf_smf {
	struct pfcp_peer *peer;
	struct link sessions;
	uint32_t session_count;
	bool lets_go; /* it knows that the UPF is to end */
	bool associated;
	struct upf_csid csids[UPF_CSIDS_MAX];
};

enum upf_gauge { UPF_GAUGE_SESSIONS_MAX, UPF_GAUGE_SMFS, UPF_GAUGE_MEMORY, UPF_GAUGE_COUNT };

/* stats.c */
struct upf_figures {
	uint64_t gauge[UPF_GAUGE_COUNT];
	uint64_t by_row[UPF_ROWS_MAX][UPF_ROW_STAT_COUNT]; /* but for the sessions sums, as last asked for */
	uint64_t shown[UPF_ROWS_MAX][UPF_ROW_STAT_COUNT];
	uint64_t by_qfi[UPF_QFIS][UPF_DIRECTIONS];
	uint64_t by_cause[STAT_CAUSES];
};

struct upf {
	struct env *env;
	struct upf_config config;
	struct timers timers;
	struct timer announcement;  /* to the SMFs, at the start */
	bool leaving;               /* it is to end */
	struct timer leaving_again; /* for SMFs that have not heard of it */
	struct pfcp_node *pfcp;
	struct upf_smf smfs[UPF_SMFS_MAX];
	uint32_t recovery;
	struct pool sessions, meters, urrs, macs;
	struct timer mac_ageing; /* lan_learn.c */
	uint32_t mac_at;
	uint32_t route_counts[129]; /* by their bits of 128 */
	uint64_t rules_octets;
	uint64_t collect_at_ns; /* something retired waits for the workers */
	uint64_t due_ns;        /* packets that came as messages have waited for their rate */
	bool threaded;          /* the workers have threads of their own */
	uint32_t changed;       /* bit n: worker n is to look at its rules again */
	uint8_t next_worker;    /* owner of the next session */
	uint8_t next_receiver;  /* of the next packet that comes as a message */
	struct upf_plane data;
	struct link pending; /* sessions with something to report */
	uint32_t reports_pending;
	uint64_t stat[UPF_STAT_COUNT], sum[UPF_STAT_COUNT];
	struct upf_figures figures;
	struct upf_draft draft;
};

static inline struct pfcp_node_id upf_node_id(const struct upf *upf)
{
	struct pfcp_node_id id = { .type = PFCP_NODE_IPV4 };

	bytes_copy(id.ipv4, sizeof(id.ipv4), bytes_of(upf->config.n4_address.ip, sizeof(id.ipv4)));
	return id;
}

static inline struct upf_smf *upf_smf_of(const struct pfcp_peer *p)
{
	return p->user;
}

/* stats.c: the row of a data network in a slice (NULL: not named); all that are not configured have one. */
uint8_t upf_row(const struct upf_config *c, const char *dnn, const struct snssai *snssai);

/* n4.c: the PFCP node and its peers; requests to the procedures. */
bool upf_n4_init(struct upf *upf);

/* association.c */
void upf_on_association_setup(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *m);
void upf_announce(struct upf *upf);
void upf_on_association_response(struct upf *upf, struct pfcp_peer *peer, const struct pfcp_msg *m);
void upf_on_association_release(struct upf *upf, const struct pfcp_origin *from);
void upf_on_smf(struct upf *upf, struct pfcp_peer *peer, enum pfcp_peer_event event);

/* leaving.c */
/* It has just associated. */
void upf_leave_smf(struct upf *upf, struct upf_smf *smf);
void upf_on_leaving_response(struct upf *upf, struct pfcp_peer *peer, const struct pfcp_msg *m);
/* One has released it: says so when it was the last. */
void upf_tell_left(struct upf *upf);

/* establishment.c, modification.c, deletion.c */
void upf_on_establishment(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *m);
void upf_on_modification(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *m);
void upf_on_deletion(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *m);
/* session_set.c */
void upf_on_session_set_deletion(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *m);
void upf_on_session_set_modification(
	struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *m);
/* The set that a new session is in, for upf_csid_count; false: it is refused. */
bool upf_csid_of(struct upf_draft *d, const struct bytes *list, size_t count, uint8_t *csid);
/* Ends all sessions of an SMF. */
void upf_delete_all(struct upf *upf, struct upf_smf *smf);
/* Created PDR elements of the draft's allocated F-TEIDs into list of cap; the count. */
size_t upf_created_pdrs(const struct upf_draft *d, struct pfcp_created_pdr *list, size_t cap);

/* usage.c */
/* Fills usage reports of what was measured since the last one: one, or two where the monitoring time has
 * passed (UPF_URR_REPORTS); the count. */
enum { UPF_URR_REPORTS = 2 };
size_t upf_urr_report(struct upf *upf, struct upf_urr *u, uint64_t trigger, struct pfcp_usage_report *out);
/* usage_limits.c */
struct upf_count upf_urr_read(const struct upf_urr *u);
bool upf_urr_has_threshold(const struct upf_urr_config *c, int volume);
/* Where nothing passes any more; quotas of 0 in all volumes: at once. */
void upf_urr_set_quota(struct upf_urr *u);
/* Sets what the worker leaves a note for, and when the time threshold is reached; both. */
void upf_urr_limits(struct upf_urr *u);
void upf_urr_time_threshold(struct upf_urr *u);
void upf_urr_arm(struct upf_urr *u);
static inline bool upf_urr_has_packet(const struct upf_urr *u)
{
	return UPF_READ(u->mark_seen) == u->mark;
}
/* Takes over the changed configuration of a URR, which is created, or has got a new quota. */
void upf_urr_configure(struct upf *upf, struct upf_urr *u, bool created, bool new_quota);
/* Sees what has been counted, after a note. */
void upf_urr_look(struct upf *upf, struct upf_urr *u);
/* What is to be reported now (usage report trigger); 0: nothing. */
uint64_t upf_urr_trigger(const struct upf_urr *u, uint64_t now_ns);
/* Times that are over come again, whatever the threshold is: never at once. */
void upf_urr_later(struct upf_urr *u, uint64_t now_ns);

/* usage_more.c: what struct upf_urr_more is for */
/* It is there; false: no memory. */
bool upf_urr_more_begin(struct upf_urr *u);
/* Takes over what the draft has of it, after upf_urr_configure. */
void upf_urr_more_configure(struct upf *upf, struct upf_urr *u, const struct upf_draft_urr *d);
/* When upf_urr_more_look() is to be called next. */
uint64_t upf_urr_more_next_ns(const struct upf_urr_more *m);
/* What has come to be due, or was counted. */
void upf_urr_more_look(struct upf *upf, struct upf_urr *u);
/* A measurement begins with a packet, or ends with a report. */
void upf_urr_more_started(struct upf_urr *u, uint64_t now_ns);
void upf_urr_more_reported(struct upf_urr *u);
/* It is linked to another, of which there is a report. */
bool upf_urr_is_linked(const struct upf_urr *u, uint32_t id);

/* answer.c: the response to a modification or deletion, which may have to wait until no worker counts into
 * what it takes away. */
struct upf_answer;
/* NULL when memory is refused. */
struct upf_answer *upf_answer_new(struct upf *upf, const struct pfcp_origin *to, uint64_t seid);
void upf_answer_free(struct upf_answer *a);
void upf_answer_created(struct upf_answer *a, const struct upf_draft *d);
/* A report of u with this trigger; reference NULL: none (29.244 8.2.90). */
void upf_answer_usage(struct upf_answer *a, struct upf_urr *u, uint64_t trigger, const uint32_t *reference);
/* An end marker goes out into the tunnel before the response. */
void upf_answer_end_marker(struct upf_answer *a, struct ip ip, uint32_t teid);
/* Sends it, once no worker sees any more what is unpublished by now. */
void upf_answer_send(struct upf_answer *a);

/* report.c */
/* Sends the SMFs what is to be reported. */
void upf_report_all(struct upf *upf);
void upf_on_report_response(
	struct upf *upf, struct pfcp_peer *peer, struct pfcp_token token, const struct pfcp_msg *m);

/* session.c: gives back what no worker sees any more. */
void upf_collect(struct upf *upf);
