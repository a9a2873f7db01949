/* Inside the DU's end of F1-U. */
#pragma once

#include "base/hash.h"
#include "base/pool.h"
#include "gnb/du/f1u.h"
#include "proto/gtpu_path.h"

enum {
	DU_F1U_REPORT_MS = 10, /* at the latest, once something has changed */
	DU_F1U_DATAGRAM_MAX = 9200,
};

/* A PDU from the CU-UP, in the order of its coming; its place is its tag's. */
struct du_f1u_pdu {
	uint32_t sn : 24, done : 1; /* PDCP's; done: the UE has it, or it was given up */
	uint16_t len;
};

struct du_f1u_bearer {
	struct hash_node by_teid;
	struct du_f1u *f;
	void *user;
	uint32_t teid, cu_teid;
	struct addr cu;
	uint8_t sn_bits;
	bool am, outage;
	bool ranges_wanted; /* of what is delivered before those before it */
	uint32_t expected;  /* NR-U sequence number */
	bool began;         /* the first has come: before it nothing is lost */
	uint64_t first,
		next; /* tags: from the first that is not done, in order, up to, not including, next */
	struct nr_up_sn delivered; /* PDCP */
	struct nr_up_sn wanted;    /* is to be reported once it is delivered */
	struct nr_up_list lost;
	uint64_t octets;     /* between first and next */
	uint64_t unreported; /* octets that are done since */
	uint64_t reported_ns;
	bool changed;
	struct du_f1u_pdu pdus[DU_F1U_PDUS_MAX];
};

struct du_f1u {
	struct du_f1u_config config;
	struct pool bearers;
	struct hash by_teid;
	struct gtpu_path path;
	uint8_t packet[DU_F1U_DATAGRAM_MAX];
	struct du_f1u_stats stats;
};

/* f1u_status.c */
void du_f1u_report(struct du_f1u_bearer *b, bool final);
void du_f1u_sequence(struct du_f1u_bearer *b, uint32_t sn);
void du_f1u_advance(struct du_f1u_bearer *b);
/* f1u_send.c */
void du_f1u_put(struct du_f1u_bearer *b, struct bytes container, struct bytes pdu);
