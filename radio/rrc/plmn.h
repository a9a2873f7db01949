/* PLMN-Identity of 38.331 6.3.2. */
#pragma once

#include "wire/id.h"
#include "wire/rrc/rrc.h"

/* io: the one before it in the list, whose MCC stands where this one has none. */
static inline void rrc_plmn_read(const struct rrc_plmn_identity *in, struct plmn *io)
{
	for (size_t i = 0; in->mcc && i < 3; i++)
		io->mcc[i] = in->mcc->items[i];
	for (size_t i = 0; i < 3; i++)
		io->mnc[i] = i < in->mnc.count ? in->mnc.items[i] : PLMN_NO_DIGIT;
}
