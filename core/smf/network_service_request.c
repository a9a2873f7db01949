/*
 * Network triggered service request, 23.502 4.2.3.3: downlink data for an idle UE.
 *
 *   AMF                            SMF                 UPF
 *    |                              |<- Report (DLDR) --|    29.244 7.5.8; its rules are BUFF and NOCP
 *    |<- N1N2MessageTransfer -------|                   |    29.518 5.2.2.3.1: setup request, whom to tell
 *    |-- 200 (ATTEMPTING) --------->|                   |    the UE is paged; it comes by service_request.c
 *    |-- 200 (INITIATED) ---------->|                   |    or it is connected: the gNB answers
 *    |-- N1N2 Failure Notify ------>|-- Mod (DROP) ---->|    or it does not answer: drop for a while, step 3c
 */
#include "core/smf/internal.h"

/* No action where the gNB has to be asked and there is no AMF or UPF for that: the next packet is reported
 * again. */
enum fsm_outcome smf_network_service_start(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_downlink *d = arg;
	struct bytes setup = smf_n2_sm_setup_request(smf, s);

	smf->stat[SMF_STAT_DOWNLINK_DATA] += !d->begins;
	if (setup.len == 0)
		return FSM_REFUSED;
	smf_session_ask_gnb(s);
	smf_n11_page(smf, s, d, setup);
	smf_session_guard(smf, s, SMF_PAGING_MS);
	smf_session_dirty(smf, s);
	return FSM_OK;
}

/* The UE is connected: the gNB has the setup request. */
enum fsm_outcome smf_network_service_connected(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	smf_session_guard(smf, s, smf->config.setup_guard_ms);
	s->gnb_has = true;
	smf_session_dirty(smf, s);
	return FSM_OK;
}

void smf_session_pause(struct smf *smf, struct smf_session *s)
{
	smf_session_set_access(smf, s, ACCESS_DROP);
	smf_session_dirty(smf, s);
	smf_session_guard(smf, s, smf->config.paging_pause_ms);
	smf_n4_modify(smf, s);
}

enum fsm_outcome smf_network_service_failed(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	smf->stat[SMF_STAT_UNREACHED]++;
	log_info(smf->nf.env->log, "imsi-%s: the UE was not reached for downlink data of PDU session %u",
		s->supi.imsi, s->pdu_session_id);
	smf_session_pause(smf, s);
	return FSM_OK;
}

/* What comes now is reported again. */
enum fsm_outcome smf_network_service_listen(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	if (s->n4_modifying) { /* it may not have been told to drop yet */
		smf_session_guard(smf, s, smf->config.paging_pause_ms);
		return FSM_OK;
	}
	s->n4_reported = false;
	smf_session_set_access(smf, s, ACCESS_NOTIFY);
	smf_session_dirty(smf, s);
	smf_n4_modify(smf, s);
	return FSM_OK;
}
