/*
 * CU-CP: RRC (TS 38.331) of the UEs of its DUs, over F1AP (38.473, 38.401 8.1). Verbs from NGAP above, events
 * to it; F1AP bytes below. It has the PDCP entities of SRBs; CellGroupConfig is the DU's, and goes through as
 * octets.
 */
#pragma once

#include "base/env.h"
#include "crypto/kdf.h"
#include "radio/pdcp/pdcp.h"
#include "wire/f1ap/f1ap.h"
#include "wire/id.h"
#include "wire/rrc/rrc.h"

enum {
	CUCP_CELLS_MAX = 12, /* of a DU */
	CUCP_PLMNS_MAX = 6,  /* of a cell, 38.473 maxnoofBPLMNs */
	CUCP_DRBS_MAX = 32,
	CUCP_FLOWS_MAX = 64,
	CUCP_ADDRESS_MAX = 20 /* octets of a transport layer address */
};

struct cucp;
struct cucp_ue; /* valid until its connection_lost or cucp_release() */

struct cucp_cell {
	struct ncgi cgi;
	uint16_t pci;
	uint32_t tac;
	uint32_t ssb_arfcn; /* as its DU tells; 0: it does not, nor what follows */
	enum rrc_subcarrier_spacing ssb_spacing;
	struct rrc_ssb_mtc ssb_window;
	uint8_t plmn_count;
	struct plmn plmns[CUCP_PLMNS_MAX]; /* as served, in the order of selectedPLMN-Identity */
};

/* An end of an F1-U tunnel. */
struct cucp_tunnel {
	uint8_t address[CUCP_ADDRESS_MAX]; /* IPv4, IPv6 or both (38.414 5.3) */
	uint8_t address_len;
	uint32_t teid;
};

struct cucp_flow {
	uint8_t qfi;
	uint8_t five_qi, priority; /* ARP 1 to 15 */
};

struct cucp_bearer {
	uint8_t drb, psi;
	bool is_default;
	struct snssai snssai;
	struct cucp_flow flows[CUCP_FLOWS_MAX];
	uint8_t flow_count;      /* the first is what the DRB's QoS is taken from */
	struct pdcp_config pdcp; /* of the UE's end (radio/rrc/bearer.h) */
	struct cucp_tunnel ul;   /* where the DU sends uplink */
};

/* What a UE measures of its serving cell. */
struct cucp_serving_cell {
	bool has_rsrp, has_rsrq, has_sinr;
	int16_t rsrp_dbm;
	float rsrq_db, sinr_db;
};

/* RRCSetupComplete. */
struct cucp_connection {
	const struct cucp_cell *cell;
	enum rrc_establishment_cause cause;
	struct plmn plmn;
	bool has_s_tmsi;
	struct s_tmsi s_tmsi;
	const struct rrc_registered_amf *registered; /* NULL: none is named */
	struct bytes nas;
};

struct cucp_upper {
	void *arg;
	/* RRCSetupRequest; false: it is rejected, and may ask again after *wait_s (1 to 16; 0: when it
	 * wants). */
	bool (*setup_requested)(
		void *arg, const struct cucp_cell *cell, enum rrc_establishment_cause cause, uint8_t *wait_s);
	/* The UE is the upper's from here on; *user is what the other events name it by. False: it is
	 * refused, and released. */
	bool (*connection_requested)(
		void *arg, struct cucp_ue *ue, const struct cucp_connection *c, void **user);
	void (*nas_received)(void *arg, void *user, struct bytes nas);
	void (*security_completed)(void *arg, void *user, bool completed);
	/* UE-CapabilityRAT-ContainerList as octets; none: the UE has none to tell. */
	void (*capability)(void *arg, void *user, struct bytes containers);
	/* dl: the DU's end; NULL where the bearer was refused. */
	void (*bearer_answered)(void *arg, void *user, uint8_t drb, const struct cucp_tunnel *dl);
	void (*bearer_released)(void *arg, void *user, uint8_t drb);
	/* ShortMAC-I was right: the key of the cell and its chaining count. False: it is not taken back. */
	bool (*reestablishment_requested)(void *arg, void *user, const struct cucp_cell *cell,
		uint8_t k_gnb[KDF_KEY_LEN], uint8_t *ncc);
	void (*reestablished)(void *arg, void *user);
	/* It has its DRBs again, with the new key (38.331 5.3.5.6.5). */
	void (*restored)(void *arg, void *user);
	/* MeasurementReport (38.331 5.5.5). */
	void (*measured)(void *arg, void *user, const struct cucp_serving_cell *cell);
	/* Without an order from above; the last event of this UE. */
	void (*connection_lost)(void *arg, void *user, const struct f1ap_cause *cause);
	/* Whether a cell that a DU offers is one of ours. NULL: all are. */
	bool (*cell_offered)(void *arg, const struct cucp_cell *cell);
};

struct cucp_config {
	struct env *env;
	struct sdu_pool *pool;
	struct burst *engine;
	struct cucp_upper upper;
	void *f1_arg;
	void (*f1ap_send)(void *f1_arg, uint32_t du, struct bytes pdu);
	/* The DU that is at interface `old` comes by `du`. True: it is the same one, begun anew, and old has
	 * ended. NULL: always. */
	bool (*f1_again)(void *f1_arg, uint32_t du, uint32_t old);
	/* cucp_f1_remove() is agreed to: the association may end. NULL: nobody wants to know. */
	void (*f1_removed)(void *f1_arg, uint32_t du);
	const char *name;
	const struct plmn *plmns; /* served */
	size_t plmn_count;
	uint32_t ues_max, dus_max;
	uint32_t report_interval_ms; /* of measurements, 120 to 1,800,000, or what is next above it; 0: none
					are made */
};

/* A DL-DCCH-Message or UL-DCCH-Message in plain: for traces of test networks only. */
typedef void cucp_rrc_tap_fn(void *arg, bool uplink, struct bytes message);

struct cucp_stats {
	uint64_t f1ap_faults;      /* clause 10 of 38.473 */
	uint64_t unknown_ue;       /* no such pair of F1AP IDs on this interface */
	uint64_t not_comprehended; /* RRC that is none, or of no message expected */
	uint64_t integrity_failures, rejected, refused, timeouts, reestablishments, fallbacks;
	uint64_t warnings_refused;           /* by DUs, or too long */
	uint64_t required, required_refused; /* modifications of UE contexts that DUs wanted */
};

/* NULL: no memory. What the configuration names must outlive it. */
MUST_USE struct cucp *cucp_new(const struct cucp_config *config);
void cucp_free(struct cucp *c);

/* Of UEs that come from now on. */
void cucp_set_rrc_tap(struct cucp *c, cucp_rrc_tap_fn *fn, void *arg);

/* From below; du is the caller's name of the interface, below dus_max. */
void cucp_f1ap_received(struct cucp *c, uint32_t du, struct bytes pdu);
void cucp_f1_lost(struct cucp *c, uint32_t du);
/* 38.473 8.2.8: the interface ends, its UEs are lost. */
void cucp_f1_remove(struct cucp *c, uint32_t du);
MUST_USE bool cucp_f1_is_up(const struct cucp *c, uint32_t du);

/* Verbs; false: the UE cannot be reached, or has what was asked for already. What is ordered while AS
 * security is being activated waits for it. */
MUST_USE bool cucp_nas_send(struct cucp_ue *ue, struct bytes nas); /* 5.7.1 */
MUST_USE bool cucp_security_activate(
	struct cucp_ue *ue, const uint8_t k_gnb[KDF_KEY_LEN], enum nea_alg ea, enum nia_alg ia); /* 5.3.4 */
MUST_USE bool cucp_capability_enquire(struct cucp_ue *ue);                                       /* 5.6.1 */
/* What the UE has of NR is known already: a UE-CapabilityRAT-ContainerList. */
void cucp_capability_known(struct cucp_ue *ue, struct bytes containers);
/* Sets up or changes a DRB; nas goes along with it (5.3.5), perhaps none. */
MUST_USE bool cucp_bearer_set(struct cucp_ue *ue, const struct cucp_bearer *b, struct bytes nas);
MUST_USE bool cucp_bearer_release(struct cucp_ue *ue, uint8_t drb, struct bytes nas);
/* 5.3.8, with a wait (0: none) before the next; quiet: the UE is told nothing. */
void cucp_release(struct cucp_ue *ue, uint8_t wait_s, bool quiet);
/* 38.473 8.7.1, in all cells of the tracking area. */
void cucp_page(struct cucp *c, const struct s_tmsi *s_tmsi, const struct tai *tai);

/* A public warning (38.473 8.5): its primary notification (SIB6), or its text (SIB7 of ETWS, SIB8 of others).
 */
struct cucp_warning {
	uint16_t id, serial;
	bool primary;
	uint16_t type; /* warningType, of a primary one */
	uint8_t dcs;
	struct bytes contents;
	uint32_t period_s, times; /* times 0: until it is cancelled */
};
/* False: there is no such cell, or the warning is longer than SIBs can be. */
MUST_USE bool cucp_warn(struct cucp *c, const struct ncgi *cgi, const struct cucp_warning *w);
void cucp_warn_end(struct cucp *c, const struct ncgi *cgi, uint16_t id, uint16_t serial);

/* NULL: there is no cell of this identity, or its DU is not there. */
MUST_USE const struct cucp_cell *cucp_cell_of(const struct cucp *c, const struct ncgi *cgi);
MUST_USE uint32_t cucp_ues(const struct cucp *c);
MUST_USE struct cucp_stats cucp_stats(const struct cucp *c);
MUST_USE uint64_t cucp_deadline_ns(const struct cucp *c);
void cucp_run(struct cucp *c);
