/*
 * NR RRC (TS 38.331): octets of one message to and from structs. The structs, made from wire/asn1/rrc,
 * are in wire/rrc/rrc_asn1.h (in the build directory); wire/per/per.h describes how ASN.1 becomes C. A
 * message is named by the type of its logical channel: rrc_ul_ccch_message_type, rrc_dl_dcch_message_type,
 * rrc_bcch_dl_sch_message_type; a container within one by its own type: rrc_cell_group_config_type.
 */
#pragma once

#include "wire/rrc/rrc_asn1.h"

/* One value of type; what follows it is padding (TS 38.331 8.5). diag has where decoding stopped. */
MUST_USE static inline bool rrc_decode(
	const struct per_type *type, struct bytes in, struct arena *arena, void *out, struct per_diag *diag)
{
	return per_decode(type, PER_UNALIGNED, in, arena, out, diag);
}

MUST_USE static inline bool rrc_encode(const struct per_type *type, const void *value, struct writer *w)
{
	return per_encode(type, PER_UNALIGNED, value, w);
}

static inline void rrc_print(const struct per_type *type, const void *value, struct printer *p)
{
	per_print(type, PER_UNALIGNED, value, p);
}
