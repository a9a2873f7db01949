/* What of a UE's capabilities (38.331 UE-NR-Capability) its DU goes by. */
#pragma once

#include "base/bytes.h"

struct du_capability {
	bool pdsch_256qam, pusch_256qam;
};

/* Of a UE-CapabilityRAT-ContainerList, in this band of frequency range 1; nothing of octets that are none. */
struct du_capability du_capability_read(struct bytes containers, uint16_t band);
