/*
 * The configuration of a whole network, network.yaml: what it holds and how it is read. apps/ hands the
 * parts to the rooms.
 */
#pragma once

#include "base/config.h"
#include "base/cursor.h"
#include "base/log.h"
#include "wire/id.h"

enum { NETWORK_PATH_SIZE = 108, NETWORK_DNNS_MAX = 8 };

struct network_dnn {
	char name[DNN_STR_SIZE];
	struct prefix4 pool;
	uint8_t dns_count;
	struct addr dns[2];
	uint16_t mtu;
	uint64_t max_uplink_bps, max_downlink_bps; /* of a session, 0: as subscribed */
};

enum network_transport { TRANSPORT_AUTO, TRANSPORT_KERNEL, TRANSPORT_RAW, TRANSPORT_UDP };

struct network_hn_key {
	uint8_t id;
	uint8_t profile; /* 1 A, 2 B */
	uint8_t private_key[32];
};

struct network_amf {
	char name[64];
	uint8_t region, pointer, capacity;
	uint16_t set;
	struct addr n2_address;
	uint16_t n2_port;
	uint8_t n2_transport;   /* enum network_transport */
	uint16_t sctp_udp_port; /* RFC 6951 */
	uint8_t gnb_count;
	struct prefix4 gnbs[16];
	uint8_t ciphering_count, integrity_count;
	uint8_t ciphering[4], integrity[4];
	uint32_t t3512_s;
};

struct network_core {
	char netns[32];                  /* network namespace `freehold up` runs it in; empty: its own */
	char store[NETWORK_PATH_SIZE];   /* directory */
	char control[NETWORK_PATH_SIZE]; /* socket */
	bool sync;                       /* durable against power loss, not only against kill -9 */
	bool null_scheme;
	uint8_t hn_key_count;
	struct network_hn_key home_network_keys[8];
	struct network_amf amf;
	struct addr n4_address; /* the SMF's */
};

struct network_upf {
	char netns[32]; /* network namespace `freehold up` runs it in; empty: its own */
	struct addr n4_address, n3_address;
	uint8_t smf_count;
	struct addr smfs[8];
	uint8_t gnb_count;
	struct prefix4 gnbs[16]; /* whence N3 packets may come */
	char tun[16];            /* name of the N6 interface */
	bool nat;                /* masquerade what leaves for other networks */
	uint8_t workers;         /* data threads */
};

struct network_gnb {
	char netns[32]; /* network namespace `freehold up` runs it in; empty: its own */
	uint32_t id;
	uint8_t id_bits;
	char name[64];
	struct addr amf_address, n2_address, n3_address, air_address;
	uint16_t amf_port, air_port;
	uint8_t transport;
	uint16_t sctp_udp_port;
};

struct network_ue {
	char netns[32]; /* network namespace `freehold up` runs it in; empty: its own */
	char imsi[16];
	uint8_t k[32], k_len, opc[32], opc_len;
	uint8_t algorithm; /* 0 Milenage, 1 TUAK */
	uint8_t profile;   /* of the SUCI: 0 null, 1 A, 2 B */
	uint8_t hn_key_id;
	uint8_t hn_public_key[33], hn_public_key_len;
	char imeisv[17];
	char dnn[DNN_STR_SIZE];
	struct snssai slice;
	struct addr gnb_address, air_address;
	uint16_t gnb_port;
	char tun[16];
	bool default_route;
};

struct network {
	struct plmn plmn;
	uint8_t tac_count;
	uint32_t tacs[16];
	uint8_t slice_count;
	struct snssai slices[SNSSAI_MAX];
	uint8_t dnn_count;
	struct network_dnn dnns[NETWORK_DNNS_MAX];
	struct network_core core;
	struct network_upf upf;
	struct network_gnb gnb;
	struct network_ue ue;
	uint8_t log_level;
};

/* The defaults: a network on one machine's loopback addresses. */
void network_defaults(struct network *n);

/* Reads the text of `file` over the defaults; false with a message "file:line: key: ...". */
bool network_load(const char *file, struct bytes text, struct network *n, char error[CONFIG_ERROR_SIZE]);
