/*
 * What stands above the UE's RRC and below it: the NAS, and whoever has RLC, MAC, the physical layer and
 * DRBs.
 */
#pragma once

#include "radio/rrc/security.h"
#include "ue/rrc/cell_group.h"
#include "wire/id.h"

enum { UE_RRC_DRBS_MAX = 32, UE_RRC_NSSAI_MAX = 8 };

/* 5.3.3: the connection, and the NAS PDU that wants it. */
struct ue_rrc_establishment {
	uint8_t access_category;    /* 24.501 4.5.2, of 0 to 63 */
	uint16_t access_identities; /* bit n: access identity n */
	enum rrc_establishment_cause cause;
	const struct s_tmsi *s_tmsi;    /* NULL: the UE has none */
	const struct guami *registered; /* NULL: no registered AMF is named */
	bool registered_mapped;         /* the GUAMI comes from the EPC */
	const struct snssai *nssai;     /* allowed in this access, told to the network */
	uint8_t nssai_count;
	struct bytes nas;
};

/* How one ended (5.3.11). */
enum ue_rrc_cause {
	UE_RRC_RELEASED,
	UE_RRC_REJECTED,
	UE_RRC_FAILURE, /* RRC connection failure */
	UE_RRC_OTHER,   /* before AS security, or by what cannot be complied with */
	UE_RRC_CAUSES
};

struct ue_rrc_ending {
	enum ue_rrc_cause cause;
	uint8_t wait_s;  /* T302 runs so long; 0: it does not */
	bool redirected; /* to a carrier of NR */
	uint32_t carrier_arfcn;
};

struct ue_rrc_drb;

/* SIB6 to SIB8 (5.2.2.4.7 to 5.2.2.4.9). */
struct ue_rrc_public_warning {
	uint16_t id, serial;
	uint8_t dcs;
	struct bytes contents; /* none: the primary notification of ETWS */
};

struct ue_rrc_upper {
	void *arg;
	/* 33.501 6.7.3.2: the present K_AMF, and the K_gNB that it gives. False: the NAS has none. */
	bool (*k_gnb)(void *arg, uint8_t k_amf[KDF_KEY_LEN], uint8_t k_gnb[KDF_KEY_LEN]);
	/* The NAS has null integrity: only then may AS have it too (33.501 10.2.2.2). */
	bool (*is_unproved)(void *arg);
	void (*connected)(void *arg);
	/* 5.3.3.4: the network sets up a new connection where the old one should have been re-established.
	 * NULL members of *e are of no consequence but nas; false: the NAS wants none. */
	bool (*fell_back)(void *arg, struct ue_rrc_establishment *e);
	void (*nas_received)(void *arg, struct bytes nas);
	/* A DRB of a session was set up or changed: RRC has no word for a session that there is not. */
	void (*bearer_set)(void *arg, const struct ue_rrc_drb *drb);
	void (*bearer_released)(void *arg, uint8_t drb);
	/* 5.3.2.3: each record heard while idle; whether it is this UE is the NAS' to say. */
	void (*paged)(void *arg, const struct s_tmsi *s_tmsi, bool non_3gpp);
	void (*connection_ended)(void *arg, const struct ue_rrc_ending *e);
	/* 5.3.14.4: a category may try again. */
	void (*barring_alleviated)(void *arg, uint8_t access_category);
	/* Whole, perhaps once more. */
	void (*warned)(void *arg, const struct ue_rrc_public_warning *w);
};

/* A DRB with its PDCP and SDAP as configured, and its keys (5.3.5.6.5). */
struct ue_rrc_drb {
	bool there;
	uint8_t drb, psi;
	struct pdcp_config pdcp; /* tx_direction, SDAP headers and all */
	bool is_default;
	uint64_t flows; /* bit n: uplink QFI n is mapped to it */
};

enum ue_rrc_drb_change {
	UE_RRC_DRB_NEW,
	UE_RRC_DRB_MODIFIED,
	UE_RRC_DRB_REESTABLISHED, /* 38.323 5.1.2: the keys are new */
	UE_RRC_DRB_RECOVERED      /* 38.323 5.5 */
};

struct ue_rrc_lower {
	void *arg;
	/* 38.321 5.1 with a CCCH SDU, that of SRB0; the cell is the one told last. */
	void (*random_access)(void *arg, struct bytes ccch_sdu);
	void (*srb_send)(void *arg, uint8_t srb, struct sdu *pdu); /* to its RLC; its own from there on */
	/* The cell group as applied; config: as it came, NULL: no word of it. False: it cannot be complied
	 * with, and nothing has changed. */
	bool (*cell_group_set)(void *arg, const struct ue_cell_group *group,
		const struct ue_cell_group_change *change, const struct rrc_cell_group_config *config);
	bool (*drb_set)(void *arg, const struct ue_rrc_drb *drb, enum ue_rrc_drb_change change,
		const struct pdcp_security *keys);
	void (*drb_released)(void *arg, uint8_t drb);
	void (*mac_reset)(void *arg);
	/* 5.3.7.2: SpCellConfig goes, DRBs are at rest (38.331's suspended) until drb_resumed(). */
	void (*suspended)(void *arg);
	void (*drb_resumed)(void *arg, uint8_t drb);
	/* COUNTs of the last SDU sent and received (38.331 5.3.6.3: TX_NEXT - 1, RX_NEXT - 1); 0: none was.
	 */
	void (*drb_counts)(void *arg, uint8_t drb, uint32_t *uplink, uint32_t *downlink);
	void (*all_released)(void *arg); /* 5.3.11 */
	/* Find a suitable cell, and tell it by ue_rrc_cell_selected(). */
	void (*cell_select)(void *arg);
};

/* An SS/PBCH block of the serving cell: of a resource element the power, and that of noise and interference.
 */
struct ue_rrc_block {
	double power_mw, noise_mw;
	uint8_t ssb_index;
};

/* Where the UE camps or is connected. */
struct ue_rrc_cell {
	uint16_t pci;
	uint32_t ssb_arfcn;          /* absoluteFrequencySSB */
	uint8_t plmn;                /* selectedPLMN-Identity, 1 to 12 */
	const struct rrc_sib1 *sib1; /* during the call */
};
