/* Identities (wire/id.h) to and from their NGAP structs, for both ends of N2. */
#pragma once

#include "wire/id.h"
#include "wire/ngap/ngap.h"

/* To NGAP: views are of the argument or in arena; false when the arena is full. */
struct bytes ngap_plmn_of(const struct plmn *p, struct arena *arena); /* BYTES_NONE when it is full */
MUST_USE bool ngap_s_nssai_of(const struct snssai *s, struct arena *arena, struct ngap_s_nssai *out);
MUST_USE bool ngap_tai_of(const struct tai *t, struct arena *arena, struct ngap_tai *out);
MUST_USE bool ngap_guami_of(const struct guami *g, struct arena *arena, struct ngap_guami *out);
MUST_USE bool ngap_nr_location_of(const struct tai *tai, const struct ncgi *ncgi, struct arena *arena,
	struct ngap_user_location_information *out);

/* From NGAP, as decoded (sizes are already checked). */
struct plmn ngap_plmn(struct bytes plmn_identity);
uint32_t ngap_tac(struct bytes tac);
struct snssai ngap_snssai(const struct ngap_s_nssai *s);
struct tai ngap_tai(const struct ngap_tai *t);
struct guami ngap_guami(const struct ngap_guami *g);

/* False when the location is not an NR one. */
MUST_USE bool ngap_nr_location(
	const struct ngap_user_location_information *u, struct tai *tai, struct ncgi *ncgi);

static inline struct ngap_cause ngap_cause_radio(enum ngap_cause_radio_network c)
{
	return (struct ngap_cause){ NGAP_CAUSE_TAG_RADIO_NETWORK, { .radio_network = c } };
}

static inline struct ngap_cause ngap_cause_of_nas(enum ngap_cause_nas c)
{
	return (struct ngap_cause){ NGAP_CAUSE_TAG_NAS, { .nas = c } };
}

static inline struct ngap_cause ngap_cause_of_misc(enum ngap_cause_misc c)
{
	return (struct ngap_cause){ NGAP_CAUSE_TAG_MISC, { .misc = c } };
}

static inline struct ngap_cause ngap_cause_of_protocol(enum ngap_cause_protocol c)
{
	return (struct ngap_cause){ NGAP_CAUSE_TAG_PROTOCOL, { .protocol = c } };
}
