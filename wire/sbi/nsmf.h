/* Nsmf_PDUSession, TS 29.502. */
#pragma once

#include "wire/sbi/namf.h"

/* POST /sm-contexts: SmContextCreateData */
struct nsmf_create_sm_context_req {
	struct supi supi;
	uint8_t pdu_session_id;
	char dnn[DNN_STR_SIZE];
	struct snssai snssai;
	struct plmn serving_network;
	struct guami guami;
	char serving_nf_id[UUID_STR_SIZE];
	bool existing_pdu_session; /* requestType EXISTING_PDU_SESSION, else INITIAL_REQUEST */
	struct nr_location ue_location;
	struct bytes n1_sm_msg;
	char sm_context_status_uri[128];
};

/* 201: the Location's last segment. An error may carry an N1 message (SmContextCreateError). */
struct nsmf_create_sm_context_rsp {
	char sm_context_ref[SM_CONTEXT_REF_SIZE];
	struct bytes n1_sm_msg; /* with an error only: PDU SESSION ESTABLISHMENT REJECT */
};

enum up_cnx_state { UP_CNX_UNCHANGED, UP_CNX_ACTIVATED, UP_CNX_DEACTIVATED, UP_CNX_ACTIVATING };

/* POST /sm-contexts/{smContextRef}/modify: SmContextUpdateData */
struct nsmf_update_sm_context_req {
	char sm_context_ref[SM_CONTEXT_REF_SIZE];
	struct bytes n1_sm_msg;
	enum n2_sm_info_type n2_sm_info_type;
	struct bytes n2_sm_info;
	enum up_cnx_state up_cnx_state;
	bool release; /* release the session, telling the UE and the RAN by N1 and N2 in the answer */
};

/* SmContextUpdatedData */
struct nsmf_update_sm_context_rsp {
	struct bytes n1_sm_msg;
	enum n2_sm_info_type n2_sm_info_type;
	struct bytes n2_sm_info;
	enum up_cnx_state up_cnx_state;
};

/* POST /sm-contexts/{smContextRef}/release: SmContextReleaseData; nothing is sent to UE or RAN */
struct nsmf_release_sm_context_req {
	char sm_context_ref[SM_CONTEXT_REF_SIZE];
};

/* POST {smContextStatusUri}: SmContextStatusNotification, SMF to AMF; resourceStatus RELEASED */
struct nsmf_sm_context_status_notify_req {
	char callback[SBI_CALLBACK_SIZE];
};
