/* A PFCP session: rules published to the data path, and whose it is. */
#pragma once

#include "base/list.h"
#include "base/record.h"
#include "base/timers.h"
#include "core/upf/rules.h"

struct upf_smf;

/* What the data path noted for the control plane. */
enum upf_event { UPF_EVENT_USAGE = 1, UPF_EVENT_DL_DATA = 2, UPF_EVENT_TUNNEL_GONE = 4 };

struct upf_session {
	struct upf_rules *rules; /* read by the data path; replaced as a whole */
	uint8_t events;          /* enum upf_event */
	bool dl_notified;        /* the SMF knows of waiting downlink data */
	uint16_t dl_pdr;
	uint32_t gone_ip, gone_teid; /* the gNB's tunnel of UPF_EVENT_TUNNEL_GONE */
	struct link pending;
	struct upf_retired retired;
	struct upf_smf *smf;
	struct link by_smf;
	uint64_t seid, cp_seid;
	struct timer timer; /* the next report by time */
};

/* What of it is shown to operators. */
extern const struct record_def upf_session_record;

struct upf;
struct upf_draft;

/* NULL: there is none, or it is another SMF's. */
struct upf_session *upf_session_find(struct upf *upf, const struct upf_smf *smf, uint64_t seid);
/* A session without rules; NULL at the limit. */
struct upf_session *upf_session_new(struct upf *upf, struct upf_smf *smf, uint64_t cp_seid);
/* Takes its rules from the data path and frees it once nobody looks at it. */
void upf_session_free(struct upf *upf, struct upf_session *s);
/* Publishes the finished draft as the session's rules. False, with nothing changed and the draft refused,
 * when memory is. */
bool upf_session_publish(struct upf *upf, struct upf_session *s, struct upf_draft *d);
/* Puts the session on the list of those with something to tell. */
void upf_session_note(struct upf *upf, struct upf_session *s, enum upf_event event);
