/* RRCReconfiguration with sync (38.331 5.3.5.3, 6.2.2) as this UE's radio obeys it. */
#pragma once

#include "base/arena.h"
#include "base/cursor.h"
#include "wire/id.h"

struct ue_bearer {
	uint8_t psi, drb;
	bool integrity, ciphering; /* of its packets */
};

struct ue_reconfiguration {
	uint16_t pci, c_rnti;
	uint32_t t304_ms;
	bool has_ncc;         /* masterKeyUpdate: the key is another one */
	bool key_set_changed; /* of the K_AMF in use, not of the keys before */
	uint8_t ncc;
	uint8_t ea, ia;
	uint8_t count;
	struct ue_bearer bearers[PDU_SESSIONS_MAX]; /* all that there are */
};

/* False: it is none, has no reconfiguration with sync, or asks for what this UE cannot do (5.3.5.8.2). */
MUST_USE bool ue_reconfiguration_read(struct bytes rrc, struct arena *arena, struct ue_reconfiguration *out);
