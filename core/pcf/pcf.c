/*
 * Npcf_AMPolicyControl and Npcf_SMPolicyControl: 29.507 4.2, 29.512 4.2.
 *
 *   AMF -> PCF  POST policies           29.507 4.2.2
 *   AMF -> PCF  DELETE policies         29.507 4.2.5
 *   SMF -> PCF  POST sm-policies, ...   29.512: sm_policy.c
 *   AF -> PCF   POST app-sessions, ...  29.514: policy_authorization.c
 */
#include "core/pcf/internal.h"

#include <stdio.h>
#include <stdlib.h>

static void pcf_am_policy_create(struct pcf *pcf, const struct sbi_request *r)
{
	const struct npcf_am_policy_create_req *req = r->body;
	char policy_id[POLICY_ID_SIZE];
	struct npcf_am_policy_create_rsp rsp = { .policy_id = policy_id, .data = { .supp_feat = "0" } };

	/* The policy follows from the configuration alone, so the association's name is all its state. */
	snprintf(policy_id, sizeof(policy_id), "am-%s", req->data.supi.imsi);
	pcf->stat[PCF_STAT_AM_REQ]++;
	pcf->stat[PCF_STAT_AM_SUCC]++;
	sbi_answer(pcf->nf.bus, r->id, SBI_OK, &rsp);
}

static void pcf_on_request(void *self, const struct sbi_request *r)
{
	struct pcf *pcf = self;

	switch (r->op) {
	case SBI_PCF_AM_POLICY_CREATE:
		pcf_am_policy_create(pcf, r);
		break;
	case SBI_PCF_AM_POLICY_DELETE:
		sbi_answer(pcf->nf.bus, r->id, SBI_OK, NULL);
		break;
	case SBI_PCF_SM_POLICY_CREATE:
		pcf_sm_policy_create(pcf, r);
		break;
	case SBI_PCF_SM_POLICY_UPDATE:
		pcf_sm_policy_update(pcf, r);
		break;
	case SBI_PCF_SM_POLICY_DELETE:
		pcf_sm_policy_delete(pcf, r);
		break;
	case SBI_PCF_APP_SESSION_CREATE:
		pcf_app_session_create(pcf, r);
		break;
	case SBI_PCF_APP_SESSION_UPDATE:
		pcf_app_session_update(pcf, r);
		break;
	case SBI_PCF_APP_SESSION_DELETE:
		pcf_app_session_delete(pcf, r);
		break;
	case SBI_PCF_APP_SESSION_SUBSCRIBE:
		pcf_app_session_subscribe(pcf, r);
		break;
	case SBI_PCF_APP_SESSION_UNSUBSCRIBE:
		pcf_app_session_unsubscribe(pcf, r);
		break;
	default:
		sbi_answer(pcf->nf.bus, r->id, SBI_INVALID_MSG_FORMAT, NULL);
	}
}

static void pcf_on_answer(void *self, const struct sbi_answer *a)
{
	if (nf_on_answer(self, a))
		return;
	if (a->op == SBI_SMF_SM_POLICY_NOTIFY)
		pcf_sm_policy_notified(self, a);
}

struct pcf *pcf_new(const struct pcf_config *config, struct env *env, struct sbi_bus *bus)
{
	static const struct sbi_nf_ops ops = { pcf_on_request, pcf_on_answer };
	struct pcf *pcf = calloc(1, sizeof(*pcf));

	if (!pcf)
		return NULL;
	pcf->config = *config;
	nf_init(&pcf->nf, NF_PCF, NULL, &config->plmn, env, bus, &ops);
	if (!pcf_bindings_init(pcf)) {
		pcf_free(pcf);
		return NULL;
	}
	return pcf;
}

void pcf_free(struct pcf *pcf)
{
	if (!pcf)
		return;
	pcf_bindings_fini(pcf);
	free(pcf);
}

struct nf *pcf_nf(struct pcf *pcf)
{
	return &pcf->nf;
}

void pcf_usage(const struct pcf *pcf, uint64_t *uplink_octets, uint64_t *downlink_octets)
{
	*uplink_octets = pcf->stat[PCF_STAT_UPLINK_OCTETS];
	*downlink_octets = pcf->stat[PCF_STAT_DOWNLINK_OCTETS];
}

static const struct stat_def stat_defs[PCF_STAT_COUNT] = {
	[PCF_STAT_AM_REQ] = { "pa_policy_am_asso_req", "AM policy associations asked for",
		"PA.PolicyAMAssoReq 5.5" },
	[PCF_STAT_AM_SUCC] = { "pa_policy_am_asso_succ", "AM policy associations made",
		"PA.PolicyAMAssoSucc 5.5" },
	[PCF_STAT_SM_REQ] = { "pa_policy_sm_asso_req", "SM policy associations asked for",
		"PA.PolicySMAssoReq 5.5" },
	[PCF_STAT_SM_SUCC] = { "pa_policy_sm_asso_succ", "SM policy associations made",
		"PA.PolicySMAssoSucc 5.5" },
	[PCF_STAT_SM_DELETED] = { "sm_policies_deleted", "SM policy associations that ended" },
	[PCF_STAT_SM_UPDATE_REQ] = { "sm_policy_updates", "updates of SM policy associations asked for" },
	[PCF_STAT_SM_UPDATE_SUCC] = { "sm_policy_updates_made", "updates made" },
	[PCF_STAT_SM_NOTIFY_REQ] = { "sm_policy_notifications", "policy changes sent to SMFs" },
	[PCF_STAT_SM_NOTIFY_SUCC] = { "sm_policy_notifications_taken", "policy changes taken" },
	[PCF_STAT_FLOWS_ADDED] = { "flows_added", "PCC rules made or changed in sessions" },
	[PCF_STAT_FLOWS_REMOVED] = { "flows_removed", "PCC rules taken out of sessions" },
	[PCF_STAT_FLOWS_FAILED] = { "flows_failed", "PCC rules that SMF, UPF, gNB or UE did not take" },
	[PCF_STAT_UE_REFUSED] = { "ue_requests_refused", "flows that UEs asked for and may not have" },
	[PCF_STAT_APP_CREATE_REQ] = { "pa_policy_authorization_create_req",
		"application sessions asked for" },
	[PCF_STAT_APP_CREATE_SUCC] = { "pa_policy_authorization_create_succ", "application sessions made" },
	[PCF_STAT_APP_UPDATE_REQ] = { "pa_policy_authorization_update_req", "changes of them asked for" },
	[PCF_STAT_APP_UPDATE_SUCC] = { "pa_policy_authorization_update_succ", "changes made" },
	[PCF_STAT_APP_DELETED] = { "application_sessions_deleted",
		"application sessions that applications ended" },
	[PCF_STAT_APP_UNBOUND] = { "application_sessions_unbound",
		"application sessions asked for, for an address of no PDU session" },
	[PCF_STAT_APP_NOTIFIED] = { "application_notifications", "events sent to applications" },
	[PCF_STAT_APP_TERMINATED] = { "application_sessions_terminated",
		"application sessions that the network ended" },
	[PCF_STAT_UPLINK_OCTETS] = { "reported_uplink_bytes",
		"volume of ended sessions, as the SMF reports it", NULL, STAT_COUNTER, "bytes" },
	[PCF_STAT_DOWNLINK_OCTETS] = { "reported_downlink_bytes", "the same, downlink", NULL, STAT_COUNTER,
		"bytes" },
};
const struct stat_group pcf_stat_group = { "pcf", stat_defs, PCF_STAT_COUNT };

void pcf_stats(const struct pcf *pcf, struct stats *out)
{
	*out = (struct stats){ &pcf_stat_group, pcf->stat };
}
