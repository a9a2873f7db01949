/*
 * The bandwidth parts of a cell that a UE has been configured with (38.213 12, 38.331 BWP-Downlink,
 * BWP-Uplink, ServingCellConfig): each is the cell as its BWP-DownlinkCommon and BWP-UplinkCommon have it,
 * and the UE's own part. Part 0 is the initial one. All are of one numerology.
 */
#pragma once

#include "radio/cell/grant.h"

enum { CELL_PARTS = 5, CELL_PART_STAYS = 0xff };

struct cell_parts {
	struct cell cell[CELL_PARTS];
	struct cell_own own[CELL_PARTS];
	uint8_t downlinks, uplinks; /* bit i: BWP-Id i is configured; 0 always is */
	/* firstActive of the message read last: what it has become active, or stays as it is. */
	uint8_t first_downlink, first_uplink;
	uint8_t default_downlink; /* the initial one without a word */
	uint32_t inactivity_ms;   /* bwp-InactivityTimer; 0: there is none */
};

/* Nothing but the initial part, with nothing of the UE's own. */
void cell_parts_init(struct cell_parts *p, const struct cell *initial);

/*
 * A delta (38.331 5.3.5.5.7, 5.3.5.5.9). NULL, or what of it cannot be complied with; *p is then as it was.
 * What changes nothing of how this UE receives and sends is passed over.
 */
MUST_USE const char *cell_parts_read(struct cell_parts *p, const struct rrc_cell_group_config *group);

/* What holds while these two are active: of the downlink what is the one's, of the uplink the other's. */
void cell_parts_join(
	struct cell *c, struct cell_own *o, const struct cell_parts *p, unsigned downlink, unsigned uplink);

/* 38.331 5.3.12: resources of scheduling requests, of reports on PUCCH and of sounding go. */
void cell_parts_release_uplink(struct cell_parts *p);

/* Whether requests of this SchedulingRequestId have PUCCH in any part. */
bool cell_parts_have_sr(const struct cell_parts *p, uint8_t id);

/* 38.212 7.3.1.1.2: the part that a DCI's indicator means, among those of a mask; CELL_PART_STAYS: none. */
unsigned cell_parts_indicated(uint8_t configured, unsigned indicator);

/* 38.213 12: the fields of a DCI 1_1 or 0_1 as the part that it indicates would have them; tci: of the
 * CORESET that it came in. */
void cell_dci_fit(struct phy_dci *d, const struct cell *c, const struct cell_own *own, bool tci);
