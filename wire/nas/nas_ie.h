/* Values of TS 24.501 clause 9.11 information elements, decoded. For the life of lists and views see
 * nas_decode. */
#pragma once

#include "wire/id.h"
#include "wire/tlv/tlv.h"

/* PLMN identities and TAIs are those of wire/id.h, shared by all protocols (struct plmn, struct tai). */
struct nas_plmn_list {
	size_t count;
	struct plmn *items;
};

enum nas_identity_type {
	NAS_IDENTITY_NONE = 0,
	NAS_IDENTITY_SUCI = 1,
	NAS_IDENTITY_5G_GUTI = 2,
	NAS_IDENTITY_IMEI = 3,
	NAS_IDENTITY_5G_S_TMSI = 4,
	NAS_IDENTITY_IMEISV = 5,
	NAS_IDENTITY_MAC_ADDRESS = 6,
	NAS_IDENTITY_EUI_64 = 7,
};

enum nas_supi_format { NAS_SUPI_IMSI = 0, NAS_SUPI_NSI = 1, NAS_SUPI_GCI = 2, NAS_SUPI_GLI = 3 };
enum nas_suci_scheme { NAS_SUCI_NULL_SCHEME = 0, NAS_SUCI_PROFILE_A = 1, NAS_SUCI_PROFILE_B = 2 };

struct nas_suci {
	uint8_t supi_format; /* enum nas_supi_format */
	struct plmn plmn;
	char routing_indicator[5]; /* one to four digits */
	uint8_t protection_scheme; /* enum nas_suci_scheme */
	uint8_t home_network_key_id;
	struct bytes scheme_output; /* of the null scheme: the MSIN in BCD, see nas_suci_msin() */
	struct bytes nai;           /* the whole SUCI, when supi_format is not NAS_SUPI_IMSI */
};

struct nas_s_tmsi {
	uint16_t amf_set_id;
	uint8_t amf_pointer;
	uint32_t tmsi;
};

struct nas_mac_identity {
	uint8_t address[6];
	bool restricted; /* MAURI: the address is not usable as equipment identifier */
};

struct nas_mobile_identity {
	uint8_t type; /* enum nas_identity_type, chooses which member of the union is set */
	union {
		struct nas_suci suci;
		struct guti guti;
		struct nas_s_tmsi s_tmsi;
		char imei[17]; /* IMEI (15 digits) and IMEISV (16) */
		struct nas_mac_identity mac;
		uint8_t eui_64[8];
	};
};

/* mapped is the S-NSSAI of the home network this one stands for. */
struct nas_s_nssai {
	struct snssai snssai;
	bool has_mapped;
	struct snssai mapped;
};

struct nas_nssai {
	size_t count;
	struct nas_s_nssai *items;
};

enum nas_rejected_nssai_cause {
	NAS_NSSAI_REJECTED_IN_PLMN = 0,
	NAS_NSSAI_REJECTED_IN_REGISTRATION_AREA = 1,
	NAS_NSSAI_REJECTED_BY_NSSAA = 2,
};

struct nas_rejected_s_nssai {
	uint8_t cause; /* enum nas_rejected_nssai_cause */
	struct snssai snssai;
};

struct nas_rejected_nssai {
	size_t count;
	struct nas_rejected_s_nssai *items;
};

/* A rejected S-NSSAI with, when roaming, the home network's (9.11.3.75). */
struct nas_extended_rejected {
	uint8_t cause; /* enum nas_rejected_nssai_cause, or 3 for maximum number of UEs reached */
	struct nas_s_nssai s_nssai;
};

struct nas_extended_rejected_list {
	bool has_backoff_timer;
	uint8_t backoff_timer; /* GPRS timer 3 */
	size_t count;          /* 1 to 8 */
	struct nas_extended_rejected *items;
};

struct nas_extended_rejected_nssai {
	size_t count;
	struct nas_extended_rejected_list *lists;
};

enum nas_tai_list_type {
	NAS_TAI_LIST_ONE_PLMN = 0,    /* one PLMN, any TACs */
	NAS_TAI_LIST_CONSECUTIVE = 1, /* one PLMN, consecutive TACs */
	NAS_TAI_LIST_MANY_PLMNS = 2,
	NAS_TAI_LIST_WHOLE_PLMN = 3, /* service area list only: tais[0].plmn */
};

/* A partial list, always spelt out as TAIs; type is how it is or will be encoded. */
struct nas_tai_partial {
	uint8_t type;     /* enum nas_tai_list_type */
	bool not_allowed; /* service area list only */
	size_t count;     /* 1 to 16 */
	struct tai *tais;
};

struct nas_tai_list {
	size_t count;
	struct nas_tai_partial *items;
};

struct nas_ladn {
	const char *dnn;
	struct nas_tai_list tai_list;
};

struct nas_ladns {
	size_t count;
	struct nas_ladn *items;
};

struct nas_dnns {
	size_t count;
	const char **items;
};

struct nas_cag_entry {
	struct plmn plmn;
	bool cag_only;
	size_t cag_count;
	uint32_t *cags;
};

struct nas_cag_list {
	size_t count;
	struct nas_cag_entry *items;
};

/* GPRS timers, see nas_timer2_s(). */
struct nas_wait_range {
	uint8_t minimum, maximum;
};

/* As received, so that it can be replayed; octets in the order 5G-EA, 5G-IA, EEA, EIA, spare. */
struct nas_ue_security_capability {
	uint8_t len; /* 2 to 8 */
	uint8_t octets[8];
};
#define NAS_CAP_EA  0
#define NAS_CAP_IA  1
#define NAS_CAP_EEA 2
#define NAS_CAP_EIA 3

/* True when algorithm n (0 to 7) is in the octet `which` (NAS_CAP_*). */
static inline bool nas_ue_security_capable(
	const struct nas_ue_security_capability *c, unsigned which, unsigned n)
{
	return which < c->len && which < sizeof(c->octets) && n < 8 && c->octets[which] & (0x80 >> n);
}

struct nas_security_algorithms {
	uint8_t ciphering; /* 5G-EA number */
	uint8_t integrity; /* 5G-IA number */
};

struct nas_network_name {
	uint8_t coding; /* 0 GSM 7-bit packed, 1 UCS2 */
	bool add_country_initials;
	uint8_t spare_bits;
	bool no_extension_bit; /* bit 8 of the first octet is 0, as some networks have it */
	struct bytes text;     /* encoded by `coding` */
};

struct nas_psi_cause {
	uint8_t pdu_session_id;
	uint8_t cause; /* 5GMM cause */
};

struct nas_psi_causes {
	size_t count;
	struct nas_psi_cause *items;
};

/* value times the unit (TS 24.501 table 9.11.4.14.1); see nas_bit_rate_kbps(). */
struct nas_bit_rate {
	uint8_t unit;
	uint16_t value;
};

struct nas_session_ambr {
	struct nas_bit_rate downlink, uplink;
};

enum nas_pdu_session_type {
	NAS_PDU_IPV4 = 1,
	NAS_PDU_IPV6 = 2,
	NAS_PDU_IPV4V6 = 3,
	NAS_PDU_UNSTRUCTURED = 4,
	NAS_PDU_ETHERNET = 5,
};

struct nas_pdu_address {
	uint8_t type; /* NAS_PDU_IPV4, IPV6 or IPV4V6 */
	bool has_smf_address;
	uint8_t interface_id[8]; /* IPv6 */
	uint8_t ipv4[4];
	uint8_t smf_address[16]; /* SMF's IPv6 link local address */
};

enum nas_qos_rule_operation {
	NAS_QOS_RULE_CREATE = 1,
	NAS_QOS_RULE_DELETE = 2,
	NAS_QOS_RULE_ADD_FILTERS = 3,
	NAS_QOS_RULE_REPLACE_FILTERS = 4,
	NAS_QOS_RULE_DELETE_FILTERS = 5,
	NAS_QOS_RULE_MODIFY = 6,
};

enum nas_filter_direction { NAS_FILTER_DOWNLINK = 1, NAS_FILTER_UPLINK = 2, NAS_FILTER_BOTH = 3 };

enum nas_filter_component_type {
	NAS_FILTER_MATCH_ALL = 0x01,
	NAS_FILTER_IPV4_REMOTE = 0x10, /* address, mask */
	NAS_FILTER_IPV4_LOCAL = 0x11,
	NAS_FILTER_IPV6_REMOTE = 0x21, /* address, prefix length */
	NAS_FILTER_IPV6_LOCAL = 0x23,
	NAS_FILTER_PROTOCOL = 0x30,
	NAS_FILTER_LOCAL_PORT = 0x40,
	NAS_FILTER_LOCAL_PORT_RANGE = 0x41,
	NAS_FILTER_REMOTE_PORT = 0x50,
	NAS_FILTER_REMOTE_PORT_RANGE = 0x51,
	NAS_FILTER_SPI = 0x60,
	NAS_FILTER_TRAFFIC_CLASS = 0x70, /* class, mask */
	NAS_FILTER_FLOW_LABEL = 0x80,
	NAS_FILTER_DESTINATION_MAC = 0x81,
	NAS_FILTER_SOURCE_MAC = 0x82,
	NAS_FILTER_C_TAG_VID = 0x83,
	NAS_FILTER_S_TAG_VID = 0x84,
	NAS_FILTER_C_TAG_PCP_DEI = 0x85,
	NAS_FILTER_S_TAG_PCP_DEI = 0x86,
	NAS_FILTER_ETHERTYPE = 0x87,
	NAS_FILTER_DESTINATION_MAC_RANGE = 0x88,
	NAS_FILTER_SOURCE_MAC_RANGE = 0x89,
};

struct nas_filter_component {
	uint8_t type;       /* enum nas_filter_component_type */
	struct bytes value; /* of the length the type demands */
};

struct nas_packet_filter {
	uint8_t id;        /* 4 bits */
	uint8_t direction; /* enum nas_filter_direction; not used by NAS_QOS_RULE_DELETE_FILTERS */
	size_t component_count;
	struct nas_filter_component *components;
};

struct nas_qos_rule {
	uint8_t id;
	uint8_t operation; /* enum nas_qos_rule_operation */
	bool is_default;
	bool has_precedence, has_qfi; /* absent from delete and delete filters, and optional in modify */
	uint8_t precedence;
	bool segregation;
	uint8_t qfi;
	size_t filter_count; /* at most 15 */
	struct nas_packet_filter *filters;
};

struct nas_qos_rules {
	size_t count;
	struct nas_qos_rule *items;
};

enum nas_qos_flow_operation { NAS_QOS_FLOW_CREATE = 1, NAS_QOS_FLOW_DELETE = 2, NAS_QOS_FLOW_MODIFY = 3 };

struct nas_qos_flow {
	uint8_t qfi;
	uint8_t operation; /* enum nas_qos_flow_operation */
	bool replaces;     /* the E bit: a parameter list is included, or all parameters are replaced */
	bool has_five_qi, has_gfbr_uplink, has_gfbr_downlink, has_mfbr_uplink, has_mfbr_downlink;
	bool has_averaging_window, has_eps_bearer;
	uint8_t five_qi;
	uint8_t eps_bearer;
	uint16_t averaging_window_ms;
	struct nas_bit_rate gfbr_uplink, gfbr_downlink, mfbr_uplink, mfbr_downlink;
};

struct nas_qos_flows {
	size_t count;
	struct nas_qos_flow *items;
};

/* Container and protocol identifiers of TS 24.008 clause 10.5.6.3 in use here. */
enum nas_pco_id {
	NAS_PCO_P_CSCF_IPV6 = 0x0001,
	NAS_PCO_DNS_IPV6 = 0x0003,
	NAS_PCO_IP_ALLOCATION_VIA_NAS = 0x000a,
	NAS_PCO_IP_ALLOCATION_VIA_DHCPV4 = 0x000b,
	NAS_PCO_P_CSCF_IPV4 = 0x000c,
	NAS_PCO_DNS_IPV4 = 0x000d,
	NAS_PCO_MSISDN = 0x000e,
	NAS_PCO_IPV4_LINK_MTU = 0x0010,
	NAS_PCO_NON_IP_LINK_MTU = 0x0015,
	NAS_PCO_PDU_SESSION_ID = 0x001a,
	NAS_PCO_ADDRESS_LIFETIME = 0x001e, /* of a PDU session, seconds */
	NAS_PCO_ETHERNET_MTU = 0x0020,
	NAS_PCO_UNSTRUCTURED_MTU = 0x0021,
	NAS_PCO_LCP = 0xc021,
	NAS_PCO_PAP = 0xc023,
	NAS_PCO_CHAP = 0xc223,
	NAS_PCO_IPCP = 0x8021,
};

struct nas_pco_item {
	uint16_t id; /* enum nas_pco_id or another */
	struct bytes value;
};

/* Extended protocol configuration options (9.11.4.6), configuration protocol PPP. */
struct nas_pco {
	size_t count;
	struct nas_pco_item *items;
};
