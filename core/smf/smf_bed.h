/* The SMF among scripted functions: AMF, UDM and PCF on a real bus, a UPF that sends PFCP octets. For tests.
 */
#pragma once

#include "base/test_env.h"

#include "base/commit.h"
#include "base/store_mem.h"
#include "core/smf/smf.h"
#include "proto/pfcp.h"
#include "wire/nas/nas.h"
#include "wire/ngap/ngap.h"

enum { BED_TRANSFERS = 32, BED_OCTETS = 1024, BED_UPF_SESSIONS = 64, BED_TYPES = 64, BED_FARS = 16 };

struct bed_octets {
	size_t len;
	uint8_t data[BED_OCTETS];
};

/* What the AMF got by N1N2MessageTransfer, or as an answer to what it asked. */
struct bed_delivery {
	enum sbi_op_id op;
	enum sbi_cause cause;
	enum n2_sm_info_type n2_type;
	enum up_cnx_state up_cnx_state;
	enum ho_state ho_state;
	struct bed_octets n1, n2;
};

/* A PFCP session of the scripted UPF. */
struct bed_n4 {
	uint64_t cp_seid, up_seid;
	uint32_t teid;
	bool forwards;
	uint64_t action; /* of its downlink FAR, when it was established */
	bool dl_to_smf;  /* and so is the downlink */
	uint32_t dl_ip, dl_teid, ue_ip;
	bool restored;
	uint64_t mbr_uplink_kbps;
	uint32_t upf; /* N4 address */
	/* of IPv6: the prefix, what goes to the SMF and where, the TEID for what comes from it; 0: there are
	 * none */
	uint64_t ue_prefix;
	char to_smf[256];
	uint32_t smf_ip, smf_teid, control_teid;
	uint8_t qfi;
	uint32_t end_markers;              /* into the tunnels that it left */
	uint32_t fwd_teid, fwd_ip, fwd_to; /* forwarding: its F-TEID (0: none), and where to */
};

struct bed {
	struct test_env t;
	struct outbox sent; /* of the turn that ended */
	struct turn turn;
	struct store *store;
	struct sbi_bus *bus;
	struct sbi_nf *amf; /* the bed, on the bus */
	struct smf *smf;
	struct smf_config config;
	struct arena arena;
	/* the functions: what they answer */
	enum sbi_cause udm_data_cause, udm_registration_cause, pcf_cause, transfer_cause;
	enum presence_state presence; /* of the UE in a local area data network, in the AMF's requests */
	uint32_t static_ipv4;
	const char *gpsi; /* in the AMF's requests */
	const char *static_ipv6;
	enum pdu_session_type session_type; /* the only one subscribed, with IPv4v6 all of IP; 0: IPv4 */
	bool hold_registration;             /* the UDM answers it later: bed_udm_registered() */
	uint64_t held;
	enum nf_type mute; /* does not answer */
	/* and what they saw */
	uint32_t registrations, deregistrations, policies, policies_deleted, notifications;
	uint64_t usage_uplink, usage_downlink;
	uint32_t policy_updates;
	char policy_asked[2048]; /* the body of the last one */
	enum sbi_cause policy_update_cause;
	const struct sm_policy_decision *policy_update; /* what the PCF answers; NULL: nothing */
	char failed_rule[SMF_PCC_RULE_ID_SIZE];         /* of the last update; empty: none */
	char policy_callback[SBI_CALLBACK_SIZE];        /* by which the PCF notifies */
	struct bed_delivery transfers[BED_TRANSFERS];
	uint32_t transfer_count;
	enum n1_n2_message_transfer_cause transfer_how; /* in the answer; 0: initiated */
	char failure[SBI_CALLBACK_SIZE]; /* of the last transfer: by which a failure is reported */
	struct bed_delivery answer;      /* to the AMF's last request */
	uint32_t answers;
	char ref[SM_CONTEXT_REF_SIZE], notified[SBI_CALLBACK_SIZE]; /* the last one's callback */
	/* the UPF */
	struct addr upf_addr;
	uint32_t upf_recovery;
	bool upf_off, upf_not_retained;
	bool upf_no_ftup, upf_teids; /* it chooses no TEIDs; but says which are its own: those of 0xa... */
	uint64_t upf_features;       /* beside FTUP */
	uint8_t upf_cause;           /* of session responses; 0: accepted */
	uint32_t upf_lacks;          /* this FAR: it refuses what changes it; 0: none */
	uint32_t upf_drop;           /* bit n: the nth datagram from now, either way, is lost */
	uint32_t n4_datagrams;
	uint32_t upf_requests[BED_TYPES]; /* received, by type */
	bool retention_asked;
	/* the last packet that the SMF sent to a UE, and by what TEID */
	struct bed_octets n4u;
	uint32_t n4u_teid, n4u_count;
	/* of the last session establishment or modification: rules made, changed and removed, of all kinds */
	uint32_t created, updated, removed;
	bool chose_once; /* its F-TEIDs are chosen with one CHOOSE ID */
	char sdf_filter[128];
	/* of FARs by their identity: marking and DSCP as last asked for */
	uint16_t marking[BED_FARS];
	uint8_t suggested,
		notification_delay; /* packets, and 50 ms, of the last BAR that a FAR was made with */
	/* how the last transfer wants the UE paged */
	uint8_t paged_arp, paged_five_qi;
	int paged_ppi;        /* -1: none */
	uint8_t report_cause; /* of the last Session Report Response */
	uint64_t report_seid;
	uint8_t setup_cause; /* of the last Association Setup Response */
	struct bed_n4 sessions[BED_UPF_SESSIONS];
	uint32_t session_count;
	uint64_t next_seid;
};

struct bed *bed_new(void);
void bed_free(struct bed *b);
int bed_setup(void **state);
int bed_teardown(void **state);

/* A new process on what the store has committed. */
void bed_restart(struct bed *b);
/* The UPF begins again, without sessions. */
void bed_upf_restart(struct bed *b);

/* Everything that can happen without time passing; then ms go by. */
void bed_run(struct bed *b);
void bed_pass(struct bed *b, uint32_t ms);

uint64_t bed_stat(struct bed *b, enum smf_stat s);

/* The AMF asks. The last answer is in b->answer. */
void bed_create(struct bed *b, const char *dnn, uint8_t pdu_session_id, const char *n1_hex);
void bed_update_n1(struct bed *b, const char *n1_hex);
void bed_update_n2(struct bed *b, enum n2_sm_info_type type, struct bytes info);
/* UP_CNX_ABSENT: the presence alone. */
void bed_update_cnx(struct bed *b, enum up_cnx_state state);
/* A step of a handover; type N2_SM_ABSENT: without N2 information. */
void bed_update_handover(struct bed *b, enum ho_state state, enum n2_sm_info_type type, struct bytes info);
void bed_update_path(struct bed *b, bool failed, enum n2_sm_info_type type, struct bytes info);
/* A transfer of 38.413 9.3.4. */
struct bytes bed_n2(struct bed *b, const struct per_type *type, const void *value);
void bed_release(struct bed *b);

/* The PCF notifies of another policy; the cause of the answer. */
enum sbi_cause bed_policy_notify(struct bed *b, const struct sm_policy_decision *d);
/* PDUSessionResourceSetupResponseTransfer with this tunnel, SetupUnsuccessful, ReleaseResponse. */
struct bytes bed_setup_response(struct bed *b, uint32_t ip, uint32_t teid);
struct bytes bed_setup_failure(struct bed *b);
struct bytes bed_release_response(struct bed *b);

/* An IPv4 session, established and active. */
void bed_establish(struct bed *b);

/* The UDM answers the registration that it holds. */
void bed_udm_registered(struct bed *b, enum sbi_cause cause);
/* N1 and N2 in one request. */
void bed_update_both(struct bed *b, const char *n1_hex, enum n2_sm_info_type type, struct bytes info);

/* Decoded; fails the test on octets that are not such a message. */
struct nas_msg bed_nas(struct bed *b, const struct bed_octets *n1);
const struct bed_delivery *bed_last_transfer(struct bed *b);

/* A datagram for the UPF, and a message of the UPF as it is. */
void bed_upf_receive(struct bed *b, const struct msg *dgram);
void bed_upf_packet(struct bed *b, const struct msg *dgram);
void bed_upf_send(struct bed *b, struct pfcp_msg *m);

/* A packet of a UE for the SMF, at that TEID, of the UPF at that address. */
void bed_n4u(struct bed *b, uint32_t upf, uint32_t teid, struct bytes packet);

/* IPv4, PTI 5, PDU session 1, ePCO asking for DNS and MTU. */
#define BED_REQUEST "2e 01 05 c1 ff ff 91 7b 00 07 80 00 0d 00 00 10 00"
