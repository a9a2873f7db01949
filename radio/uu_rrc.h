/*
 * What RRC would send over the simulated link, as PDUs of its signalling bearers: a coding of its own until
 * RRC (whose codec is wire/rrc) takes its place. Each message belongs to one bearer; SRB2 and SRB3 are not
 * set up, so NAS goes over SRB1 (38.331 5.7.1.2, 5.7.2.2).
 */
#pragma once

#include "base/cursor.h"
#include "wire/id.h"

enum uu_rrc_type {
	UU_RRC_SETUP_REQUEST = 1, /* up, SRB0: RRCSetupRequest to RRCSetupComplete in one */
	UU_RRC_REJECT = 2,        /* down, SRB0 */
	UU_RRC_UPLINK_NAS = 3,
	UU_RRC_DOWNLINK_NAS = 4,
	UU_RRC_SECURITY_MODE_COMMAND = 5,  /* down: AS security is on, with these algorithms */
	UU_RRC_SECURITY_MODE_COMPLETE = 6, /* up */
	UU_RRC_CAPABILITY_ENQUIRY = 7,     /* down */
	UU_RRC_CAPABILITY = 8,             /* up: the UE reports that it has no radio capabilities */
	UU_RRC_BEARER_SETUP = 9,           /* down: also changes a bearer that there is */
	UU_RRC_BEARER_SETUP_RESPONSE = 10, /* up */
	UU_RRC_BEARER_RELEASE = 11,        /* down */
	UU_RRC_RELEASE = 12,               /* down */
	UU_RRC_PAGING = 13,                /* down, SRB0: to all UEs that listen, whatever its UE index */
	UU_RRC_RECONFIGURATION = 14,       /* down: an RRCReconfiguration with sync, as the target made it */
	UU_RRC_RECONFIGURATION_COMPLETE = 15, /* up, at the target: with the C-RNTI, which is MAC's */
	UU_RRC_REESTABLISHMENT_REQUEST = 16,  /* up, SRB0 */
	UU_RRC_REESTABLISHMENT = 17,          /* down */
	UU_RRC_REESTABLISHMENT_COMPLETE = 18, /* up */
	UU_RRC_WARNING =
		19, /* down, SRB0: what SIB6 to SIB8 would have of a public warning, likewise to all */
	UU_RRC_TYPE_COUNT
};

/* RRC establishment causes, 38.331 EstablishmentCause in its order, as 38.413 9.3.1.111 has them too. */
enum uu_rrc_cause {
	UU_RRC_EMERGENCY = 0,
	UU_RRC_MT_ACCESS = 2,
	UU_RRC_MO_SIGNALLING = 3,
	UU_RRC_MO_DATA = 4,
	UU_RRC_CAUSE_MAX = 9,
};

enum { UU_RRC_WAIT_MAX_S = 16 }; /* 38.331 RejectWaitTime */

enum {
	UU_RRC_QFIS_MAX = 64,     /* 38.413 maxnoofQosFlows */
	UU_RRC_NAS_MAX = 9000,    /* 24.501 7.2.2 */
	UU_RRC_OVERHEAD_MAX = 80, /* octets of a message besides its NAS PDU */
};

/* Members count for the types named; views are into the PDU. */
struct uu_rrc_msg {
	enum uu_rrc_type type;
	uint8_t cause;   /* setup request: establishment cause */
	uint8_t wait_s;  /* reject: T302, 1 to UU_RRC_WAIT_MAX_S; 0: none */
	bool has_s_tmsi; /* setup request; paging always has one */
	struct s_tmsi s_tmsi;
	uint8_t ea, ia;         /* security mode command: NEA and NIA numbers */
	uint8_t drb;            /* bearers: 1 to UU_DRB_MAX */
	bool accepted;          /* bearer setup response */
	uint8_t pdu_session_id; /* bearer setup: 1 to 15 */
	uint8_t qfi_count;      /* bearer setup: 1 to UU_RRC_QFIS_MAX */
	uint8_t qfis[UU_RRC_QFIS_MAX];
	struct bytes nas;   /* may be empty with bearers */
	struct bytes rrc;   /* reconfiguration: an RRCReconfiguration of 38.331 6.2.2 */
	uint16_t c_rnti;    /* reconfiguration complete, reestablishment request */
	uint16_t pci;       /* reestablishment request: of the cell that the C-RNTI is of */
	uint16_t short_mac; /* the same: ShortMAC-I */
	uint32_t mac;       /* reconfiguration and reestablishment complete: MAC-I, of PDCP */
	uint16_t warning_id, warning_serial; /* warning; rrc is its contents, perhaps none */
	uint8_t warning_dcs;
	uint8_t ncc; /* reestablishment: nextHopChainingCount */
};

/* The signalling bearer of a message, enum uu_bearer. */
uint8_t uu_rrc_srb(enum uu_rrc_type type);

/* NULL for what is no type. */
const char *uu_rrc_name(uint8_t type);

/* False on anything that is not exactly one message, or not one of this bearer. */
bool uu_rrc_decode(uint8_t srb, struct bytes pdu, struct uu_rrc_msg *out);

/* False when w is full or a value is outside its range. */
bool uu_rrc_encode(const struct uu_rrc_msg *m, struct writer *w);
