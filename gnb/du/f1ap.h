/*
 * The DU's end of F1AP (38.473): UEs between the DU's MAC and RLC below and a CU-CP beyond. It makes no
 * CellGroupConfig: whoever configures MAC and RLC does, and hands in the octets.
 */
#pragma once

#include "base/env.h"
#include "wire/f1ap/f1ap.h"
#include "wire/id.h"

enum {
	DU_F1AP_CELLS_MAX = 12,
	DU_F1AP_PLMNS_MAX = 6,
	DU_F1AP_DRBS_MAX = 32,
	DU_F1AP_ADDRESS_MAX = 20,
	DU_F1AP_CELL_GROUP_MAX = 4096
};

/* 38.473 9.3.1.10 and 9.3.1.18. */
struct du_f1ap_cell {
	struct ncgi cgi;
	uint16_t pci;
	uint32_t tac;
	const struct plmn *plmns;
	uint8_t plmn_count;
	bool tdd;
	uint32_t dl_arfcn, ul_arfcn; /* FDD both, TDD the first */
	uint16_t band;
	enum f1ap_nrscs scs;
	enum f1ap_nrnrb prb;
	struct bytes mib, sib1, measurement_timing; /* as 38.331 encodes them */
};

struct du_f1ap_tunnel {
	uint8_t address[DU_F1AP_ADDRESS_MAX];
	uint8_t address_len;
	uint32_t teid;
};

/* A DRB that is to be set up. */
struct du_f1ap_drb {
	uint8_t drb;
	enum f1ap_rlc_mode mode;
	uint8_t dl_sn_bits, ul_sn_bits; /* PDCP; 0: not told */
	uint8_t five_qi;
	struct du_f1ap_tunnel ul;
	/* What the layers below say of it. */
	bool accepted;
	uint8_t lcid;
	struct du_f1ap_tunnel dl;
};

/* What a UE is to have from now on, beside what it has. */
struct du_f1ap_order {
	uint16_t c_rnti;
	bool srb2;                /* set it up */
	struct bytes capability;  /* UE-CapabilityRAT-ContainerList; none: nothing new is known */
	struct bytes measurement; /* MeasConfig; none likewise */
	bool whole; /* all of its configuration is wanted, RLC re-established (38.331 5.3.5.6.3 after 5.3.7)
		     */
	struct du_f1ap_drb drbs[DU_F1AP_DRBS_MAX];
	uint8_t drb_count;
	uint8_t released[DU_F1AP_DRBS_MAX];
	uint8_t released_count;
};

/* 38.473 9.3.1.86: SIBs of one type, each a segment of a warning, as 38.331 encodes them. */
struct du_f1ap_warning {
	uint8_t sib;
	uint16_t id, serial;
	const struct bytes *sibs;
	size_t n;
	uint32_t period_s, times; /* times 0: until it is cancelled */
};

/* The DU's RLC and MAC. None of them may call back at once. */
struct du_f1ap_lower {
	void *arg;
	void (*ccch_send)(void *arg, uint16_t c_rnti, struct bytes rrc);
	void (*srb_send)(void *arg, uint16_t c_rnti, uint8_t srb, struct bytes pdcp_pdu);
	/* Configures RLC and MAC, and writes the CellGroupConfig that tells the UE; nothing written: there is
	 * nothing to tell. False: it cannot, and nothing has changed. */
	bool (*configure)(void *arg, struct du_f1ap_order *order, struct writer *cell_group);
	/* RRCReconfigurationComplete has come, or never will (38.473 9.3.1.30). */
	void (*reconfigured)(void *arg, uint16_t c_rnti, bool completed);
	/* 8.3.5: the answer to du_f1ap_modification_require(). */
	void (*required)(void *arg, uint16_t c_rnti, bool confirmed);
	/* A UE came back under another C-RNTI: the bearers of the old one are its. */
	void (*moved)(void *arg, uint16_t from, uint16_t to);
	/* Once what was sent to it is out. */
	void (*release)(void *arg, uint16_t c_rnti);
	/* 38.304 7.1: pcch is the PCCH-Message, index the UE_ID; drx: radio frames, 0: the cell's. */
	void (*page)(void *arg, const struct ncgi *cell, uint16_t index, uint16_t drx, struct bytes pcch);
	/* 8.5.2.1; false: it is not broadcast in this cell. */
	bool (*warn)(void *arg, const struct ncgi *cell, const struct du_f1ap_warning *w);
	/* 8.5.2.2; one of id and serial, or all; sent: how often it was broadcast. False: there is none. */
	bool (*warn_end)(
		void *arg, const struct ncgi *cell, bool all, uint16_t id, uint16_t serial, uint16_t *sent);
};

struct du_f1ap_config {
	struct env *env;
	uint64_t id; /* gNB-DU ID, 36 bits */
	const char *name;
	const struct du_f1ap_cell *cells;
	uint8_t cell_count;
	uint32_t ues_max;
	struct du_f1ap_lower lower;
	void *f1_arg;
	void (*send)(void *f1_arg, struct bytes pdu);
	/* The CU has agreed to du_f1ap_remove(): the association may end. NULL: nobody wants to know. */
	void (*removed)(void *f1_arg);
};

struct du_f1ap_stats {
	uint64_t faults; /* clause 10 of 38.473 */
	uint64_t unknown_ue, refused, setup_failures;
};

struct du_f1ap;

/* NULL: no memory. What the configuration names must outlive it. */
MUST_USE struct du_f1ap *du_f1ap_new(const struct du_f1ap_config *config);
void du_f1ap_free(struct du_f1ap *f);

/* The association is up: F1 Setup, repeated until it is accepted; or gone: no UE is left. */
void du_f1ap_begin(struct du_f1ap *f);
void du_f1ap_lost(struct du_f1ap *f);
/* 8.2.8: the interface ends, no UE is left. */
void du_f1ap_remove(struct du_f1ap *f);
MUST_USE bool du_f1ap_is_up(const struct du_f1ap *f);
/* F1 is up, and the CU wants the cell, by its place in the configuration, on the air. */
MUST_USE bool du_f1ap_is_active(const struct du_f1ap *f, uint8_t cell);
MUST_USE uint32_t du_f1ap_ues(const struct du_f1ap *f);

void du_f1ap_received(struct du_f1ap *f, struct bytes pdu);
/* 8.4.1: the first of a UE; cell_group: with SRB1, none: the UE cannot be served. False: it is refused, and
 * the C-RNTI is free. */
MUST_USE bool du_f1ap_ccch_received(struct du_f1ap *f, const struct ncgi *cell, uint16_t c_rnti,
	struct bytes rrc, struct bytes cell_group);
void du_f1ap_srb_received(struct du_f1ap *f, uint16_t c_rnti, uint8_t srb, struct bytes pdcp_pdu);
/* 8.3.5: it is to have another CellGroupConfig. False: the CU does not know it, or the interface is down. */
MUST_USE bool du_f1ap_modification_require(
	struct du_f1ap *f, uint16_t c_rnti, enum f1ap_cause_radio_network cause, struct bytes cell_group);
/* 8.3.2: the UE is lost to the layers below. */
void du_f1ap_link_failed(struct du_f1ap *f, uint16_t c_rnti, enum f1ap_cause_radio_network cause);

MUST_USE struct du_f1ap_stats du_f1ap_stats(const struct du_f1ap *f);
MUST_USE uint64_t du_f1ap_deadline_ns(const struct du_f1ap *f);
void du_f1ap_run(struct du_f1ap *f);
