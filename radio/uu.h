/*
 * The simulated Uu link between a UE and its gNB: one message a datagram, or a virtual link of the
 * simulator. It stands where RRC and the layers below will stand: what RRC would say is a message here,
 * and the radio itself is perfect. No key is ever sent. A UE is named by its peer address and an index
 * of 32 bits that it chose itself: the lower UU_UE_BITS stay the same, the others change with each
 * connection, so that late messages of an earlier one are told apart.
 */
#pragma once

#include "base/cursor.h"
#include "wire/id.h"

enum uu_type {
	UU_SETUP_REQUEST = 1, /* up: RRCSetupRequest to RRCSetupComplete in one */
	UU_UPLINK_NAS = 2,
	UU_DOWNLINK_NAS = 3,
	UU_SECURITY_ACTIVATE = 4,     /* down: AS security is on, with these algorithms */
	UU_SECURITY_COMPLETE = 5,     /* up */
	UU_CAPABILITY_ENQUIRY = 6,    /* down */
	UU_CAPABILITY = 7,            /* up: the UE says that it has no radio capabilities to tell */
	UU_BEARER_SETUP = 8,          /* down: also changes a bearer that there is */
	UU_BEARER_SETUP_RESPONSE = 9, /* up */
	UU_BEARER_RELEASE = 10,       /* down */
	UU_RELEASE = 11,              /* down: RRCReject, RRCRelease; up: the UE leaves without a word */
	UU_KEEPALIVE = 12,            /* up, and echoed */
	UU_DATA = 13,                 /* both ways: a user packet */
};

/* RRC establishment causes, 38.331 EstablishmentCause in its order, as 38.413 9.3.1.111 has them too. */
enum uu_establishment_cause {
	UU_EMERGENCY = 0,
	UU_HIGH_PRIORITY_ACCESS = 1,
	UU_MT_ACCESS = 2,
	UU_MO_SIGNALLING = 3,
	UU_MO_DATA = 4,
	UU_ESTABLISHMENT_CAUSE_MAX = 9,
};

enum uu_release_cause {
	UU_RELEASE_NORMAL = 0,
	UU_RELEASE_REJECTED = 1, /* no core network, or no room */
	UU_RELEASE_FAILURE = 2,  /* the connection failed: the gNB does not (any more) know it */
};

enum {
	UU_UE_BITS = 20,
	UU_HEADER_LEN = 5,      /* type, UE index */
	UU_DATA_HEADER_LEN = 7, /* and PDU session identity, QFI */
	UU_QFIS_MAX = 64,       /* 38.413 maxnoofQosFlows */
	UU_QFI_MAX = 63,
	UU_DRB_MAX = 32,      /* 38.331 maxDRB is 29; 33 to 255 are never used */
	UU_NAS_MAX = 9000,    /* 24.501 7.2.2 */
	UU_OVERHEAD_MAX = 96, /* octets of a message besides its NAS PDU or user packet */
};

/* The lasting part of a UE index. */
static inline uint32_t uu_ue_of(uint32_t ue)
{
	return ue & ((1u << UU_UE_BITS) - 1);
}

/* 5G-S-TMSI, 23.003 2.11 */
struct uu_s_tmsi {
	uint16_t amf_set_id; /* 10 bits */
	uint8_t amf_pointer; /* 6 bits */
	uint32_t tmsi;
};

/* Members count for the types named; views are into the datagram. */
struct uu_msg {
	enum uu_type type;
	uint32_t ue;
	uint8_t cause;   /* setup request: uu_establishment_cause; release: uu_release_cause */
	bool has_s_tmsi; /* setup request */
	struct uu_s_tmsi s_tmsi;
	uint8_t ea, ia;         /* security activate: NEA and NIA numbers */
	bool accepted;          /* bearer setup response */
	uint8_t pdu_session_id; /* bearers and data: 1 to 15 */
	uint8_t drb;            /* bearer setup: 1 to UU_DRB_MAX */
	uint8_t qfi_count;      /* bearer setup: 1 to UU_QFIS_MAX */
	uint8_t qfis[UU_QFIS_MAX];
	uint8_t qfi;          /* data */
	struct bytes payload; /* NAS PDU (may be empty with bearers), or the user packet */
};

/* False on anything that is not exactly one message. */
bool uu_decode(struct bytes datagram, struct uu_msg *out);

/* False when w is full or a value is outside its range. */
bool uu_encode(const struct uu_msg *m, struct writer *w);

/* Writes the header of a user packet at p, which has room for UU_DATA_HEADER_LEN octets. */
static inline void uu_data_header_write(uint8_t *p, uint32_t ue, uint8_t pdu_session_id, uint8_t qfi)
{
	struct writer w = writer_of(p, UU_DATA_HEADER_LEN);

	writer_u8(&w, UU_DATA);
	writer_u32(&w, ue);
	writer_u8(&w, pdu_session_id);
	writer_u8(&w, qfi);
}

/* True, with type and UE index, when the datagram has a header at all. */
static inline bool uu_peek(struct bytes datagram, uint8_t *type, uint32_t *ue)
{
	struct cursor c = cursor_of(datagram);

	*type = cursor_u8(&c);
	*ue = cursor_u32(&c);
	return !c.failed;
}

/* The short way for user packets; false on other messages and malformed ones. */
static inline bool uu_data_read(struct bytes datagram, uint32_t *ue, uint8_t *pdu_session_id, uint8_t *qfi)
{
	struct cursor c = cursor_of(datagram);
	uint8_t type = cursor_u8(&c);

	*ue = cursor_u32(&c);
	*pdu_session_id = cursor_u8(&c);
	*qfi = cursor_u8(&c);
	return !c.failed && type == UU_DATA && *pdu_session_id >= 1 && *pdu_session_id <= PDU_SESSIONS_MAX &&
	       *qfi <= UU_QFI_MAX && cursor_left(&c) > 0;
}
