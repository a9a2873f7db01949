/* Options of subscribers and UEs: how they may be reached, and where they may be served. */
#include "core/subscriber_mobility.h"
#include "tests/scenario/scenario.h"

static const struct {
	const char *name;
	bool (*read)(const char *text, struct subscriber_mobility *out);
} options[] = {
	{ "t3512_s", subscriber_read_t3512 },
	{ "active_time_s", subscriber_read_active_time },
	{ "mico", subscriber_read_mico },
	{ "no_access", subscriber_read_no_access },
	{ "allowed_areas", subscriber_read_allowed_areas },
	{ "non_allowed_areas", subscriber_read_non_allowed_areas },
	{ "forbidden_areas", subscriber_read_forbidden_areas },
	{ "areas_max", subscriber_read_areas_max },
};

bool scn_mobility_of(struct scn *s, const struct scn_args *a, struct subscriber_mobility *out)
{
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		const char *text = scn_option(a, options[i].name);

		if (text && !options[i].read(text, out))
			return scn_fail(s, "%s has another form", options[i].name);
	}
	return true;
}

uint32_t scn_seconds(const struct scn_args *a, const char *name)
{
	const char *text = scn_option(a, name);
	uint64_t ms;

	return text && scn_duration(text, &ms) ? (uint32_t)(ms / 1000) : 0;
}

void scn_ue_power(const struct scn_args *a, struct ue_profile *p)
{
	const char *mico = scn_option(a, "mico"), *drx = scn_option(a, "drx"), *edrx = scn_option(a, "edrx");
	uint64_t n;

	p->mico = !mico ? UE_MICO_NO : strcmp(mico, "strict") ? UE_MICO_YES : UE_MICO_STRICT;
	p->active_time_s = scn_seconds(a, "active");
	p->t3512_s = scn_seconds(a, "t3512");
	if (drx && scn_number(drx, &n))
		p->drx = (uint8_t)n;
	if (edrx && scn_number(edrx, &n))
		p->edrx = (uint8_t)(n + 1);
}
