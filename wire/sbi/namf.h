/* Namf_Communication, TS 29.518. */
#pragma once

#include "wire/sbi/common.h"

/* N2SmInformationType of TS 29.502 6.1.6.3.10, as far as spoken */
enum n2_sm_info_type {
	N2_SM_NONE,
	N2_SM_PDU_RES_SETUP_REQ,
	N2_SM_PDU_RES_SETUP_RSP,
	N2_SM_PDU_RES_SETUP_FAIL,
	N2_SM_PDU_RES_REL_CMD,
	N2_SM_PDU_RES_REL_RSP,
	N2_SM_PDU_RES_MOD_REQ,
	N2_SM_PDU_RES_MOD_RSP,
	N2_SM_PDU_RES_MOD_FAIL,
	N2_SM_PDU_RES_NTY,
	N2_SM_PDU_RES_NTY_REL,
	N2_SM_PDU_RES_MOD_IND,
	N2_SM_PDU_RES_MOD_CFM,
	N2_SM_PATH_SWITCH_REQ,
	N2_SM_PATH_SWITCH_SETUP_FAIL,
	N2_SM_PATH_SWITCH_REQ_ACK,
	N2_SM_PATH_SWITCH_REQ_FAIL,
	N2_SM_INFO_TYPE_COUNT
};

/* POST /ue-contexts/{ueContextId}/n1-n2-messages: N1N2MessageTransferReqData for session management */
struct namf_n1n2_message_transfer_req {
	struct supi supi;
	uint8_t pdu_session_id;
	struct snssai snssai;
	struct bytes n1_sm_msg; /* n1MessageContainer, class SM; empty: none */
	enum n2_sm_info_type n2_sm_info_type;
	struct bytes n2_sm_info; /* n2InfoContainer, class SM; empty: none */
	bool skip_ind;           /* do not page for it */
};

enum n1n2_transfer_cause {
	N1_N2_TRANSFER_INITIATED,
	ATTEMPTING_TO_REACH_UE,
	N1_MSG_NOT_TRANSFERRED,
	N2_MSG_NOT_TRANSFERRED,
	N1_N2_TRANSFER_CAUSE_COUNT
};

struct namf_n1n2_message_transfer_rsp {
	enum n1n2_transfer_cause cause;
};
