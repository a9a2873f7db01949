#include "apps/load_mix.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

enum { RATE_MAX = 1000000, SECONDS_MAX = 864000, PER_1000_S = 1000 };

static const char *skip_spaces(const char *at)
{
	while (isspace((unsigned char)*at))
		at++;
	return at;
}

/* "service=200" or "service=0.2". */
static bool task_read(const char **at, struct crowd_mix *out)
{
	const char *name = *at;
	size_t len = strcspn(name, "= ;:");
	char *end;
	double rate;

	if (name[len] != '=' || !isdigit((unsigned char)name[len + 1]))
		return false;
	rate = strtod(name + len + 1, &end);
	*at = end;
	if (!(rate > 0 && rate <= RATE_MAX) || (*end && *end != ';' && !isspace((unsigned char)*end)))
		return false;
	for (unsigned i = 0; i < CROWD_TASKS; i++)
		if (strlen(crowd_task_names[i]) == len && !memcmp(crowd_task_names[i], name, len)) {
			out->per_1000_s[i] = (uint64_t)(rate * PER_1000_S + 0.5);
			return out->per_1000_s[i] > 0;
		}
	return false;
}

static bool phase_read(const char **text, struct crowd_mix *out)
{
	const char *at = skip_spaces(*text);
	size_t digits = strspn(at, "0123456789");
	uint64_t seconds;

	if (!text_uint(bytes_of(at, digits), SECONDS_MAX, &seconds) || seconds == 0)
		return false;
	at = skip_spaces(at + digits);
	if (*at++ != ':')
		return false;
	out->seconds = (uint32_t)seconds;
	for (at = skip_spaces(at); *at && *at != ';'; at = skip_spaces(at))
		if (!task_read(&at, out))
			return false;
	*text = *at == ';' ? at + 1 : at;
	return true;
}

bool load_mix_read(const char *text, struct load_mix *out)
{
	*out = (struct load_mix){ 0 };
	do {
		if (out->count == LOAD_PHASES_MAX || !phase_read(&text, &out->phases[out->count++]))
			return false;
	} while (*text);
	return true;
}

/*
 * How often a UE does what, in a million seconds. Phones look at something every minute or two and are called
 * now and then; commuters move through cells meanwhile; sensors wake, report and sleep, and some come and go.
 */
static const struct {
	const char *name;
	uint64_t per_million_s[CROWD_TASKS];
} profiles[] = {
	{ "phones", { [CROWD_IDLE] = 12000,
			    [CROWD_SERVICE] = 9000,
			    [CROWD_PAGE] = 3000,
			    [CROWD_HANDOVER] = 500,
			    [CROWD_TRAFFIC] = 60000,
			    [CROWD_DEREGISTER] = 50,
			    [CROWD_REGISTER] = 50 } },
	{ "commuters", { [CROWD_IDLE] = 12000,
			       [CROWD_SERVICE] = 9000,
			       [CROWD_PAGE] = 3000,
			       [CROWD_HANDOVER] = 15000,
			       [CROWD_TRAFFIC] = 60000,
			       [CROWD_DEREGISTER] = 100,
			       [CROWD_REGISTER] = 100 } },
	{ "sensors", { [CROWD_IDLE] = 4000,
			     [CROWD_SERVICE] = 3900,
			     [CROWD_PAGE] = 100,
			     [CROWD_TRAFFIC] = 4000,
			     [CROWD_DEREGISTER] = 1000,
			     [CROWD_REGISTER] = 1000 } },
};

bool load_mix_profile(const char *name, uint32_t ues, uint32_t seconds, struct load_mix *out)
{
	for (size_t i = 0; i < ARRAY_LEN(profiles); i++) {
		if (strcmp(name, profiles[i].name) != 0)
			continue;
		*out = (struct load_mix){ .count = 1, .phases = { { .seconds = seconds } } };
		for (unsigned task = 0; task < CROWD_TASKS; task++)
			out->phases[0].per_1000_s[task] = profiles[i].per_million_s[task] * ues / 1000;
		return true;
	}
	return false;
}

bool load_mix_has(const struct load_mix *m, enum crowd_task task)
{
	for (unsigned i = 0; i < m->count; i++)
		if (m->phases[i].per_1000_s[task])
			return true;
	return false;
}
