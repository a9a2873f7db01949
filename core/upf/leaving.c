/*
 * The UPF is to end: PFCP association update and release, 29.244 6.2.7.3 and 6.2.8.
 *
 *   SMF                                   UPF
 *    |<- Association Update Request --------|    SARR, without a graceful release period
 *    |-- Association Update Response ------>|
 *    |-- Session Deletion Request --------->|    as its UEs go
 *    |-- Association Release Request ------>|    association.c; when the last has left, it may be stopped
 */
#include "core/upf/internal.h"

/* 8.2.77 */
enum { PFCP_RELEASE_SARR = 1 << 0 };

enum { LEAVE_AGAIN_MS = 1000 };

static void leave_later(struct upf *upf);

void upf_leave_smf(struct upf *upf, struct upf_smf *smf)
{
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_UPDATE_REQUEST };
	struct pfcp_association_update_request *r = &m.association_update_request;

	r->node_id = upf_node_id(upf);
	r->has_association_release_request = true;
	r->association_release_request = (struct tlv_flags){ PFCP_RELEASE_SARR, 1 };
	smf->lets_go = false;
	if (!pfcp_request(smf->peer, &m, (struct pfcp_token){ 0 }))
		leave_later(upf);
}

static void leave_again(void *owner, struct timer *t)
{
	struct upf *upf = owner;

	for (uint8_t i = 0; i < upf->config.smf_count; i++)
		if (upf->smfs[i].associated && !upf->smfs[i].lets_go)
			upf_leave_smf(upf, &upf->smfs[i]);
}

static void leave_later(struct upf *upf)
{
	timer_set(&upf->timers, &upf->leaving_again,
		env_now_ns(upf->env) + (uint64_t)LEAVE_AGAIN_MS * NS_PER_MS, leave_again);
}

void upf_leave(struct upf *upf)
{
	log_warn(upf->env->log, "this UPF leaves its SMFs, which release what it has: %u sessions",
		upf_numbers(upf).sessions);
	upf->leaving = true;
	leave_again(upf, &upf->leaving_again);
	upf_tell_left(upf);
}

void upf_on_leaving_response(struct upf *upf, struct pfcp_peer *peer, const struct pfcp_msg *m)
{
	struct upf_smf *smf = upf_smf_of(peer);
	char addr[ADDR_STR_SIZE];

	smf->lets_go = m && m->association_update_response.cause == PFCP_CAUSE_ACCEPTED;
	if (smf->lets_go || !smf->associated)
		return;
	/* It may have restarted, and not have our answer yet that there is an association. */
	log_warn(upf->env->log, "SMF %s does not let this UPF go: %s; it is asked again",
		addr_str(&peer->addr, addr),
		m ? pfcp_cause_name(m->association_update_response.cause) : "it does not answer");
	leave_later(upf);
}

void upf_tell_left(struct upf *upf)
{
	if (upf->leaving && upf_numbers(upf).smfs_associated == 0)
		log_warn(upf->env->log, "this UPF has left its SMFs, and may be stopped");
}
