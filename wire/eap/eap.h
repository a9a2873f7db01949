/*
 * EAP packets (RFC 3748 clause 4) and what EAP-AKA' puts into them (RFC 4187 clause 8, RFC 9048 clause 3), as
 * NAS and the AUSF exchange them. Of EAP-AKA' nothing else is here: 5GS has neither identity requests of the
 * method nor fast re-authentication (TS 33.501 Annex F).
 */
#pragma once

#include "base/cursor.h"
#include "base/printer.h"

enum eap_code { EAP_REQUEST = 1, EAP_RESPONSE, EAP_SUCCESS, EAP_FAILURE };
enum eap_type {
	EAP_TYPE_NONE,
	EAP_TYPE_IDENTITY,
	EAP_TYPE_NOTIFICATION,
	EAP_TYPE_NAK,
	EAP_TYPE_AKA_PRIME = 50
};

/* RFC 4187 clause 11 */
enum eap_aka_subtype {
	EAP_AKA_CHALLENGE = 1,
	EAP_AKA_AUTHENTICATION_REJECT = 2,
	EAP_AKA_SYNCHRONIZATION_FAILURE = 4,
	EAP_AKA_IDENTITY = 5,
	EAP_AKA_NOTIFICATION = 12,
	EAP_AKA_REAUTHENTICATION = 13,
	EAP_AKA_CLIENT_ERROR = 14,
};

enum eap_limit {
	EAP_HEADER_LEN = 4,
	EAP_PACKET_MAX = 1500, /* TS 24.501 9.11.2.2 */
	EAP_AKA_RES_MIN = 4,
	EAP_AKA_RES_MAX = 16,
	EAP_AKA_AUTS_LEN = 14,
	EAP_AKA_MAC_LEN = 16,
	EAP_AKA_KDFS_MAX = 8, /* that are read; an offer of more is no offer of this network's kind */
	EAP_AKA_KDF_3GPP = 1, /* RFC 9048 clause 3.3 */
	EAP_AKA_UNABLE = 0,   /* AT_CLIENT_ERROR_CODE: unable to process packet */
	EAP_AKA_NAME_MAX = 255,
};

/* Attributes; views into the packet. */
struct eap_aka {
	uint8_t subtype; /* enum eap_aka_subtype */
	bool has_rand, has_autn, has_auts, has_mac, has_network_name, has_notification, has_client_error;
	uint8_t rand[16], autn[16], auts[EAP_AKA_AUTS_LEN];
	uint8_t res_len; /* 0: there is none */
	uint8_t res[EAP_AKA_RES_MAX];
	uint8_t kdf_count;
	uint16_t kdfs[EAP_AKA_KDFS_MAX]; /* the first is preferred, or chosen */
	struct bytes network_name;       /* AT_KDF_INPUT */
	uint16_t notification, client_error;
};

struct eap_packet {
	uint8_t code; /* enum eap_code */
	uint8_t identifier;
	uint8_t type;      /* of requests and responses */
	struct bytes data; /* behind the type, but of AKA': a view into the packet */
	struct eap_aka aka;
	/* Offset of the MAC's octets in the packet; it is computed over the whole, with zeros there. */
	size_t mac_at;
};

enum eap_fault {
	EAP_OK,
	EAP_MALFORMED,        /* RFC 3748 4.1: it is discarded */
	EAP_NOT_COMPREHENDED, /* an attribute that may not be skipped, RFC 4187 8.1 */
};

MUST_USE enum eap_fault eap_decode(struct bytes in, struct eap_packet *out);

/* has_mac reserves the MAC's octets: zeros, at mac_at. False when w is full or a value is outside its range.
 */
MUST_USE bool eap_encode(struct eap_packet *p, struct writer *w);

const char *eap_code_name(uint8_t code);
const char *eap_aka_subtype_name(uint8_t subtype);
