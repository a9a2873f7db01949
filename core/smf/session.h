/*
 * A PDU session as the SMF has it: its QoS flows, addresses and tunnels, and the two states it is in: that of
 * its life and that of its user plane. What is sent to UPF, gNB and UE is made from these, flow by flow.
 */
#pragma once

#include "base/hash.h"
#include "base/ip.h"
#include "base/timers.h"
#include "base/turn.h"
#include "core/smf/flows.h"
#include "wire/nas/nas.h"

/* Stored: never renumber. Sessions in the making (below SM_ACCEPTING) are not. */
enum sm_state {
	SM_SUBSCRIBING,  /* the UDM is asked for the subscription */
	SM_REGISTERING,  /* the UDM registers the SMF */
	SM_AUTHORIZING,  /* the PCF is asked */
	SM_ESTABLISHING, /* the AMF has the context; PFCP session establishment */
	SM_ACCEPTING,    /* accept and setup request are with the AMF; the gNB's first answer is awaited */
	SM_ESTABLISHED,  /* the user plane has its own state from here on */
	SM_RELEASING,    /* T3592 runs: PDU SESSION RELEASE COMMAND is sent */
	SM_DELETING,     /* PFCP session deletion; not in the index by SUPI any more */
	SM_STATE_COUNT
};

/* Of a session in SM_ESTABLISHED; before that UP_INACTIVE. Stored: never renumber. */
enum up_state {
	UP_INACTIVE,   /* the UE is idle */
	UP_ACTIVATING, /* a setup request is with the AMF; the gNB's answer is awaited */
	UP_CONNECTING, /* PFCP session modification to forward to the gNB */
	UP_ACTIVE,
	UP_DEACTIVATING, /* PFCP session modification to keep what comes */
	UP_PAGING,       /* the AMF was asked to reach the UE for downlink data */
	/* Of handovers: the source has the UE until the switch. */
	UP_PREPARING,          /* the target is asked to set up */
	UP_TUNNELLING,         /* it has; PFCP session modification for what the source is to forward */
	UP_PREPARED,           /* the AMF has the command; the UE goes */
	UP_HANDOVER_SWITCHING, /* the UE is there: PFCP session modification to the target's tunnel */
	UP_PATH_SWITCHING,     /* likewise, after a path switch request */
	UP_MOVING,             /* the gNB has another tunnel: PFCP session modification to it */
	UP_STATE_COUNT
};

/* The modification of an established session (24.501 6.3.2, 6.4.2). Not stored: what is under way begins
 * again. */
enum md_state {
	MD_NONE,
	MD_AUTHORIZING, /* the PCF is asked for what the UE asks */
	MD_COMMANDED,   /* the UE's COMPLETE, and the gNB's response, are awaited; T3591 */
	MD_STATE_COUNT
};

/* What the life does not list goes to the user plane of an established session, and then to its modification
 * (event.c). */
enum sm_event {
	SM_EV_ANSWER,            /* of UDM or PCF: struct sbi_answer */
	SM_EV_EMERGENCY,         /* it is an emergency session: nobody's subscription is asked */
	SM_EV_N4_DONE,           /* the last PFCP request was accepted */
	SM_EV_N4_FAILED,         /* it was not, or not answered */
	SM_EV_TRANSFER_FAILED,   /* the AMF cannot bring to UE or gNB what it was given */
	SM_EV_TRANSFERRED,       /* it has sent it to the gNB: the UE is connected */
	SM_EV_SETUP_RESPONSE,    /* struct sm_update */
	SM_EV_FIRST_RESPONSE,    /* the establishment's setup response: struct sm_update */
	SM_EV_SETUP_FAILURE,     /* struct sm_update */
	SM_EV_ACTIVATE,          /* struct sm_update */
	SM_EV_DEACTIVATE,        /* struct sm_update; NULL: the gNB's tunnel is gone */
	SM_EV_RELEASE_REQUEST,   /* by UE or AMF: struct sm_update */
	SM_EV_RELEASE_COMMAND,   /* by the network itself */
	SM_EV_RELEASE_COMPLETE,  /* of the UE: struct sm_update */
	SM_EV_RELEASE_RESPONSE,  /* of the gNB: struct sm_update */
	SM_EV_UE_LACKS,          /* the UE has no such session: struct sm_update */
	SM_EV_STATUS,            /* it does not know the transaction under way: struct sm_update */
	SM_EV_HANDOVER_REQUIRED, /* and these: struct sm_update */
	SM_EV_HANDOVER_ADMITTED, /* the target has set up */
	SM_EV_HANDOVER_FAILED,   /* it has not */
	SM_EV_HANDOVER_COMPLETE,
	SM_EV_HANDOVER_CANCEL,
	SM_EV_PATH_SWITCH,
	SM_EV_MODIFY_INDICATED,   /* the gNB has another tunnel: struct sm_update */
	SM_EV_PATH_SWITCH_FAILED, /* the UE's new gNB has not set it up */
	SM_EV_DOWNLINK_DATA,      /* there is something for an idle UE: struct sm_downlink */
	SM_EV_RESTORE,            /* the UPF is there, and has not got what it should */
	SM_EV_END,                /* local release: nothing is signalled */
	SM_EV_TIMER,
	/* of its modification: session_modification.c */
	SM_EV_MODIFY,          /* flows or AMBR are other ones than UPF, gNB and UE have */
	SM_EV_MODIFY_REQUEST,  /* of the UE: struct sm_update */
	SM_EV_AUTHORIZED,      /* what the PCF says of that: struct sbi_answer */
	SM_EV_MODIFY_COMPLETE, /* of the UE: struct sm_update */
	SM_EV_MODIFY_REJECT,   /* of the UE: struct sm_update */
	SM_EV_MODIFY_RESPONSE, /* of the gNB: struct sm_update */
	SM_EV_MODIFY_FAILURE,  /* of the gNB: struct sm_update */
	SM_EV_NOTIFIED,        /* by the gNB, of flows: struct sm_update */
	SM_EV_COMMAND_FAILED,  /* the AMF cannot bring what was sent */
	SM_EV_T3591,
	SM_EV_MODIFY_END,
	SM_EV_COUNT
};

/* What an idle UE is wanted for. */
struct sm_downlink {
	const struct smf_flow *flow;
	bool begins;  /* the flow is to be set up; else a packet of it has come */
	bool has_ppi; /* 23.501 5.4.3.2 */
	uint8_t ppi;
};

/* Of the UE. */
enum smf_family { SMF_V4 = NAS_PDU_IPV4, SMF_V6 = NAS_PDU_IPV6 }; /* bits of an IP session's type */

struct smf_addresses {
	uint32_t ipv4;         /* host order; 0: none */
	uint8_t prefix_bits;   /* of what is the session's around that /64; 0 (or 64): nothing more */
	uint64_t ipv6_prefix;  /* the high 64 bits; 0: none */
	uint64_t interface_id; /* sent to the UE for its link-local address, 23.501 5.8.2.2 */
};

/* An F-TEID; teid 0: none. */
struct smf_tunnel {
	struct ip ip;
	uint32_t teid;
};

/* What a session has while a handover lasts, and what the source forwards goes by way of the UPF. */
struct smf_handover {
	struct smf_tunnel target; /* of the gNB that is to have the UE; teid 0: it has not answered */
	struct smf_tunnel direct; /* its tunnel for what the source sends to it; teid 0: none */
	struct smf_tunnel
		forward_to; /* the same where the UPF is to send it; teid 0: it is to forward nothing */
	struct smf_tunnel forward_at_upf; /* where the UPF has confirmed to send it */
	struct smf_tunnel forwarding;     /* of the UPF, for what the source forwards; persistent */
	uint64_t asked, accepted;         /* the target's flows, bit n: QFI n */
	uint64_t forwarded;               /* those of which it takes what the source has */
	size_t drbs_len;
	uint8_t *drbs;    /* owned: its DataForwardingResponseDRBList, for a source that reaches it itself */
	uint8_t at;       /* the forwarding rules: FLOW_AT_UPF, FLOW_ASKED */
	bool direct_path; /* the source reaches the target itself */
	bool under_way;   /* else only the rules are left */
};

/* What the UPF does with packets for the UE. */
enum smf_access {
	ACCESS_DROP,
	ACCESS_FORWARD,
	ACCESS_NOTIFY,  /* it keeps them, and reports the first: the UE is paged */
	ACCESS_IN_DOUBT /* of n4_access only */
};

/* What the UPF has confirmed, beside n4_access and the flows, which have it themselves. */
struct n4_confirmed {
	struct smf_tunnel downlink; /* that it was last asked to forward to; teid 0: not to forward */
	struct ambr ambr;
};

enum { SMF_UPF_NONE = 0xff };

/* What only a session of Ethernet has: what the UPF has reported behind the UE (29.244 5.13.3). */
struct smf_ethernet {
	uint8_t mac_count;
	uint64_t macs[SMF_MACS_MAX];
};

/* Networks behind the UE, of the subscription. */
struct smf_routes {
	uint8_t count;
	struct prefix list[SMF_ROUTES_MAX];
};

/* What gNBs with dual connectivity have reported, 38.413 9.3.4.23. */
struct smf_secondary_usage {
	uint64_t uplink_octets, downlink_octets;
};

/* Of a session of SSC mode 3 in whose place its UE is to ask for another one (relocation.c). */
struct smf_relocation {
	struct smf_session *s;
	struct timer timer;
	uint64_t until_s; /* when it ends, UTC; 0: the UE is still to be told */
};

/* A PDU session: an SM context. */
/* 23.501 5.10.3 in one octet: enum smf_protection of integrity and of ciphering, and which ways the UE
 * protects 64 kbit/s at most (24.501 9.11.4.7). */
static inline uint8_t smf_protection_of(uint8_t integrity, uint8_t ciphering, bool slow_up, bool slow_down)
{
	return (uint8_t)(integrity | ciphering << 2 | slow_up << 4 | slow_down << 5);
}

static inline enum smf_protection smf_protection_integrity(uint8_t protection)
{
	return (enum smf_protection)(protection & 3);
}

static inline enum smf_protection smf_protection_ciphering(uint8_t protection)
{
	return (enum smf_protection)(protection >> 2 & 3);
}

struct smf_session {
	struct hash_node by_supi; /* (SUPI, PDU session id), but in SM_DELETING */
	struct hash_node by_seid; /* (SEID, 0) */
	struct mark mark;         /* the store must follow */
	struct timer timer;       /* setup guard, T3592 */
	const struct smf_dnn *dnn;
	uint64_t msisdn;        /* msisdn_key(), as the AMF has it, while it is established; 0: none */
	uint64_t request_id;    /* of the service request to be answered when the step is done; 0: none */
	uint32_t generation;    /* of questions asked; late answers find another one */
	uint32_t asked_us;      /* when the UE asked for it, modulo 2^32; 0: before the process began */
	uint32_t n4_generation; /* of the PFCP request whose response is awaited */
	uint8_t state, up;      /* enum sm_state, up_state; written by the state machines only */
	uint16_t pco_asked;     /* containers of the request: bits of epco.c */
	uint8_t ssc_asked, ssc_allowed; /* enum nas_ssc_mode, 0: none; bits for the refusal */
	uint8_t type_asked;             /* enum nas_pdu_session_type; 0: none */
	uint8_t always_on_asked;
	uint8_t ipcp_id; /* of its IPCP Configure-Request */
	uint8_t retries;
	uint8_t n4_access;        /* enum smf_access: in doubt while, and after, a request was not answered */
	uint8_t pti;              /* of the procedure under way; 0: the network's */
	uint8_t n1_cause;         /* 5GSM cause of the accept (0: none) or of the release */
	bool indexed : 1;         /* in by_supi */
	bool stored : 1;          /* has, or may have, a record */
	bool gone : 1;            /* freed, but for its record */
	bool n4_establishing : 1; /* the response to the establishment is awaited */
	bool n4_again : 1;        /* rules changed since, or a request may have been lost with the process */
	bool n4_modifying : 1;    /* the response to a modification is awaited */
	bool n4_reported : 1; /* the UPF has reported a packet, and reports no other until it was told to drop
			       */
	bool n4_batch : 1;    /* the next PFCP request counts among smf_upf.restoring */
	bool protection_wrong : 1; /* the gNB that asks for a path switch has another policy than protection
				    */
	bool reactivate : 1;       /* the gNB lost the tunnel: set up again once it has released the rest */
	bool notify : 1;           /* notify the AMF that the session ends */
	uint8_t md;                /* enum md_state; written by the state machine only */
	bool registered;           /* at the UDM, or it was asked to */
	bool accepted;             /* the UE has, or had, the session */
	uint8_t address_taken;     /* enum smf_family, bits */
	uint32_t advertised_s; /* when the UE was last sent a router advertisement, monotonic + 1; 0: never */
	uint32_t solicited_s;  /* and one that it had solicited */
	struct n4_confirmed n4_have;
	struct smf_modification *modification; /* owned; NULL in MD_NONE */
	struct smf_ethernet *ethernet;         /* owned; NULL: none was reported */
	struct smf_routes *routes;             /* owned; NULL: none */
	struct smf_relocation *relocation;     /* owned; NULL: it stays */
	struct smf_secondary_usage *secondary; /* owned; NULL: none was reported (secondary_rat.c) */
	struct smf_held_queue *held;           /* owned; NULL: no downlink waits here (held.c) */
	struct smf_handover *handover;         /* owned; NULL: none, and nothing of one at the UPF */
	/* persistent, see session_record.c */
	bool ambr_gnb_old, ambr_ue_old; /* they have another AMBR */
	struct supi supi;
	uint8_t pdu_session_id;
	uint8_t upf;      /* index of smf->upfs */
	uint8_t access;   /* enum smf_access: what the UPF is to do with packets for the UE */
	uint8_t type;     /* enum nas_pdu_session_type */
	uint8_t ssc_mode; /* enum nas_ssc_mode; 0: 1, of before there were others */
	bool always_on;
	uint8_t protection;     /* smf_protection_of(): of user data on the air, for as long as it lives */
	bool reflective;        /* the UE derives rules by reflection (24.501 9.11.4.1 RqoS) */
	bool smf_teids;         /* the SMF has chosen its F-TEIDs, not the UPF */
	bool smf_buffers;       /* downlink for the idle UE waits in the SMF, not in the UPF */
	bool dhcp_asked;        /* IPv4 address by DHCPv4 (24.008 10.5.6.3): the SMF answers it */
	uint8_t static_address; /* enum smf_family, bits: of the subscription */
	bool gnb_has;           /* the gNB has, or may have, resources of the session */
	bool n1_done, n2_done;  /* of the release */
	struct snssai snssai;
	uint32_t association; /* smf_upf.association that up_seid is of; 0: the UPF has forgotten it alone */
	uint64_t seid, up_seid;
	struct smf_addresses ue;
	struct smf_tunnel uplink;   /* of the UPF on N3 */
	struct smf_tunnel control;  /* of the UPF, for what the SMF sends the UE; teid 0: it sends nothing */
	struct smf_tunnel downlink; /* of the gNB */
	struct ambr ambr;
	struct smf_flows flows;
	uint64_t uplink_octets, downlink_octets;
	uint64_t accepted_s;            /* when the UE got the session, UTC */
	char policy_id[POLICY_ID_SIZE]; /* empty: none */
	const struct sbi_peer *pcf;     /* which has it */
	const struct sbi_peer *amf; /* which serves the UE, and by what it wants to be notified of the end */
	uint8_t status_callback[SBI_CALLBACK_OCTETS]; /* sbi_callback_octets() */
};

/* The families that its UE has addresses of. */
static inline uint8_t smf_session_families(const struct smf_session *s)
{
	return s->type <= NAS_PDU_IPV4V6 ? s->type : 0;
}

static inline uint8_t smf_dnn_far_end_family(const struct smf_dnn *dnn)
{
	return dnn->far_end.len == 0 ? 0 : dnn->far_end.len == 16 ? SMF_V6 : SMF_V4;
}

/* All of IPv6 that is the session's: its /64, or the shorter prefix that it may delegate from (23.501
 * 5.8.2.2.4). */
static inline struct prefix smf_session_prefix(const struct smf_session *s)
{
	uint8_t bits = s->ue.prefix_bits ? s->ue.prefix_bits : 64;

	return (struct prefix){ ip_masked((struct ip){ s->ue.ipv6_prefix, 0 }, bits), bits };
}

static inline bool smf_session_delegates(const struct smf_session *s)
{
	return smf_session_families(s) & SMF_V6 && smf_session_prefix(s).bits < 64;
}

/* Those that it has addresses of: an unstructured session one on N6, of which its UE does not know (23.501
 * 5.6.10.3). */
static inline uint8_t smf_session_address_families(const struct smf_session *s)
{
	return s->type == NAS_PDU_UNSTRUCTURED ? smf_dnn_far_end_family(s->dnn) : smf_session_families(s);
}

static inline bool smf_tunnel_equal(const struct smf_tunnel *a, const struct smf_tunnel *b)
{
	return a->teid == b->teid && ip_equal(a->ip, b->ip);
}

/* The setup request with all that the session has goes to the gNB. */
static inline void smf_session_ask_gnb(struct smf_session *s)
{
	smf_flows_ask_gnb(&s->flows);
	s->ambr_gnb_old = false;
}

/* By which UPFs send what is for the SMF, or waits here. */
static inline uint32_t smf_session_teid(const struct smf_session *s)
{
	return (uint32_t)s->seid;
}
