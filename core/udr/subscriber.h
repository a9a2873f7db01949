/* A subscriber as the UDR keeps it: TS 29.505 subscription data as one described record. */
#pragma once

#include "base/prefix.h"
#include "base/record.h"
#include "wire/sbi/nudr.h"

enum { DNN_PER_SLICE_MAX = 16 };

/* Stored: never renumber. */
enum subscriber_authentication { SUBSCRIBER_5G_AKA, SUBSCRIBER_EAP_AKA_PRIME, SUBSCRIBER_AUTHENTICATIONS };

/* DnnConfiguration */
enum { SUBSCRIBER_ROUTES_MAX = 4 }; /* of a DNN */

struct subscriber_dnn {
	char dnn[DNN_STR_SIZE];
	bool default_dnn;
	uint8_t five_qi;
	uint8_t arp_priority_level;
	bool arp_may_preempt, arp_preemptable;
	uint64_t ambr_uplink_bps, ambr_downlink_bps;
	uint32_t static_ipv4; /* host order, 0: from the pool */
	uint64_t static_ipv6; /* the high 64 bits of a /64; likewise */
	/* Bit n: the PDU session type n of 24.501 9.11.4.11 may be had; 0: all. Without one that is
	 * asked for it is the default; 0: both families. */
	uint8_t session_types, default_session_type;
	/* Likewise bit n: SSC mode n (23.501 5.6.9); 0: mode 1 alone. */
	uint8_t ssc_modes, default_ssc_mode;
	uint8_t route_count;
	struct prefix routes[SUBSCRIBER_ROUTES_MAX]; /* framed ones, 23.501 5.6.14 */
};

struct subscriber_slice {
	uint8_t sst;
	uint32_t sd;
	bool default_slice;
	uint8_t dnn_count;
	struct subscriber_dnn dnns[DNN_PER_SLICE_MAX];
};

enum { SUBSCRIBER_PROFILE_SIZE = 32 };

enum { SUBSCRIBER_AREAS_MAX = 16 }; /* 23.501 5.3.4.1.2 */

/* Stored: never renumber. */
enum subscriber_areas { SUBSCRIBER_AREAS_ALL, SUBSCRIBER_AREAS_ALLOWED, SUBSCRIBER_AREAS_NOT_ALLOWED };

struct subscriber_tac {
	uint32_t tac;
};

/* Of AccessAndMobilitySubscriptionData what restricts the UE, and how it may be reached. */
struct subscriber_mobility {
	uint32_t t3512_s, active_time_s; /* 0: the network's; as the UE asks */
	bool mico;                       /* MICO mode is allowed */
	bool no_nr, no_5gc;              /* restrictions of RAT and of core network */
	uint8_t areas_are;               /* enum subscriber_areas */
	bool has_areas_max;
	uint8_t areas_max; /* of tracking areas that the UE may use */
	uint8_t area_count, forbidden_count;
	struct subscriber_tac areas[SUBSCRIBER_AREAS_MAX], forbidden[SUBSCRIBER_AREAS_MAX];
};

struct subscriber {
	char imsi[16];
	uint8_t algorithm;      /* enum aka_alg */
	uint8_t authentication; /* enum subscriber_authentication */
	uint8_t enc_permanent_key_len, enc_opc_key_len;
	uint8_t enc_permanent_key[SEALED_KEY_SIZE];
	uint8_t enc_opc_key[SEALED_KEY_SIZE];
	uint8_t amf[2];
	uint64_t ambr_uplink_bps, ambr_downlink_bps;
	uint8_t slice_count;
	struct subscriber_slice slices[SNSSAI_MAX];
	struct subscriber_mobility mobility;
	uint64_t msisdn;                       /* msisdn_key(); 0: none */
	char profile[SUBSCRIBER_PROFILE_SIZE]; /* whose line it follows (core/profile.h); empty: none */
};

enum { SUBSCRIBER_RECORD_MAX = 49152 };

extern const struct record_def subscriber_def;

/* As operators write it: "5g-aka". */
extern const char *const subscriber_authentication_names[SUBSCRIBER_AUTHENTICATIONS];

/* Fills in the record's contents; false on octets that are not one. */
bool subscriber_decode(struct bytes in, struct subscriber *out);

static inline struct snssai subscriber_snssai(const struct subscriber_slice *slice)
{
	return (struct snssai){ slice->sst, slice->sd };
}

/* AccessAndMobilitySubscriptionData (29.503 6.1.6.2.4) of a subscription, with what it points to. */
struct subscriber_am_data {
	struct access_and_mobility_subscription_data data;
	struct ambr ambr;
	struct subscribed_nssai nssai;
	struct snssai slices[2][SNSSAI_MAX];
	struct area areas, forbidden;
	struct service_area_restriction restriction;
	uint32_t tacs[2][SUBSCRIBER_AREAS_MAX];
	const char *dnns[SNSSAI_MAX * DNN_PER_SLICE_MAX];
	enum rat_type rat;
	enum core_network_type core;
	char gpsi[GPSI_STR_SIZE];
	const char *gpsis[1];
};

void subscriber_am_data(const struct subscriber *s, struct subscriber_am_data *out);

/* NULL: the DNN is not subscribed in the slice. */
const struct subscriber_dnn *subscriber_dnn_find(
	const struct subscriber *s, const struct snssai *snssai, const char *dnn);
/* Whether both have the same framed routes. */
bool subscriber_routes_same(const struct subscriber_dnn *a, const struct subscriber_dnn *b);
/* Whether a session of the one is as a session of the other. */
bool subscriber_dnn_same(const struct subscriber_dnn *a, const struct subscriber_dnn *b);
