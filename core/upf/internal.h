/* What the files of the UPF share. */
#pragma once

#include "base/list.h"
#include "base/pool.h"
#include "base/timers.h"
#include "core/upf/data.h"
#include "core/upf/draft.h"
#include "core/upf/session.h"
#include "proto/pfcp.h"

#define LOG_ROOM "upf"

/* 29.244 8.2.134, 8.2.136 */
enum { PFCP_ASRSP_PSREI = 1 << 0, PFCP_SEREQ_RESTI = 1 << 0 };

/* An SMF that may command. */
struct upf_smf {
	struct pfcp_peer *peer;
	struct link sessions;
	uint32_t session_count;
	bool associated;
};

struct upf {
	struct env *env;
	struct upf_config config;
	struct timers timers;
	struct pfcp_node *pfcp;
	struct upf_smf smfs[UPF_SMFS_MAX];
	uint32_t recovery;
	uint64_t start_ns;
	struct pool sessions, meters, urrs;
	uint64_t rules_octets;
	struct upf_plane data;
	struct link pending; /* sessions of which the data path has something to tell */
	uint32_t reports_pending;
	uint64_t stat[UPF_STAT_COUNT];
	struct upf_draft draft;
};

/* association.c */
struct pfcp_node_id upf_node_id(const struct upf *upf);
bool upf_associations_init(struct upf *upf);
struct upf_smf *upf_smf_of(const struct pfcp_peer *p);

/* establishment.c, modification.c, deletion.c */
void upf_on_establishment(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *m);
void upf_on_modification(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *m);
void upf_on_deletion(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *m);
/* Ends all sessions of an SMF. */
void upf_delete_all(struct upf *upf, struct upf_smf *smf);
/* Created PDR elements of the draft's allocated F-TEIDs into list of cap; the count. */
size_t upf_created_pdrs(const struct upf_draft *d, struct pfcp_created_pdr *list, size_t cap);

/* report.c */
/* Fills a usage report of what was measured since the last one and begins anew. */
void upf_urr_report(struct upf *upf, struct upf_urr *u, uint64_t trigger, struct pfcp_usage_report *out);
/* Takes over the changed configuration of a URR, which is created, or has got a new quota. */
void upf_urr_configure(struct upf *upf, struct upf_urr *u, bool created, bool new_quota);
/* The data path met a first packet or a limit; true when the control plane is to look. */
bool upf_urr_noted(struct upf *upf, struct upf_urr *u);
/* When the session's next report by time is due; sets its timer. */
void upf_session_arm(struct upf *upf, struct upf_session *s);
/* Tells the SMFs what the data path noted. */
void upf_tell(struct upf *upf);
void upf_on_report_response(
	struct upf *upf, struct pfcp_peer *peer, struct pfcp_token token, const struct pfcp_msg *m);

/* gtpu.c: a message of a known or unknown tunnel that is no G-PDU; the packet becomes the answer, if any. */
void upf_gtpu_signalling(struct upf *upf, struct upf_packet *p, const struct gtpu_header *h);
void upf_gtpu_not_comprehended(struct upf *upf, struct upf_packet *p, const struct gtpu_header *h);
void upf_gtpu_error_indication(struct upf *upf, struct upf_packet *p, uint32_t teid);
void upf_gtpu_send_end_marker(struct upf *upf, uint32_t ip, uint32_t teid);
