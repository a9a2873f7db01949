/* Npcf_AMPolicyControl (TS 29.507) and Npcf_SMPolicyControl (TS 29.512). */
#pragma once

#include "wire/sbi/common.h"

enum { POLICY_ID_SIZE = 40 };

/* POST /policies: PolicyAssociationRequest */
struct npcf_am_policy_create_req {
	struct supi supi;
	struct guami guami;
	struct plmn serving_plmn;
	struct nssai allowed_snssais;
	char notification_uri[128];
};

/* PolicyAssociation */
struct npcf_am_policy_create_rsp {
	char policy_id[POLICY_ID_SIZE];
	uint16_t rfsp; /* 1 to 256, 0: none */
	bool has_ue_ambr;
	struct ambr ue_ambr;
};

/* DELETE /policies/{polAssoId} */
struct npcf_am_policy_delete_req {
	char policy_id[POLICY_ID_SIZE];
};

/* POST /sm-policies: SmPolicyContextData */
struct npcf_sm_policy_create_req {
	struct supi supi;
	uint8_t pdu_session_id;
	enum pdu_session_type pdu_session_type;
	char dnn[DNN_STR_SIZE];
	struct snssai slice_info;
	struct ambr subs_sess_ambr;
	struct default_qos subs_def_qos;
	char notification_uri[128];
};

/* SmPolicyDecision: its one session rule */
struct npcf_sm_policy_create_rsp {
	char policy_id[POLICY_ID_SIZE];
	struct ambr auth_sess_ambr;
	struct default_qos auth_def_qos;
};

/* POST /sm-policies/{smPolicyId}/delete: SmPolicyDeleteData with accumulated usage */
struct npcf_sm_policy_delete_req {
	char policy_id[POLICY_ID_SIZE];
	uint64_t uplink_octets, downlink_octets; /* accuUsageReports */
};
