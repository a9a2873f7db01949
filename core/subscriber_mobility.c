#include "core/subscriber_mobility.h"

#include "base/text.h"

enum {
	T3512_MAX_S = 1116000,     /* 24.501 9.11.2.5: the longest that its coding has */
	ACTIVE_TIME_MAX_S = 11160, /* 24.008 10.5.7.3 */
	TAC_MAX = 0xffffff,
};

static bool read_seconds(const char *text, uint32_t max, uint32_t *out)
{
	uint64_t v;

	if (!text_uint(bytes_of_str(text), max, &v))
		return false;
	*out = (uint32_t)v;
	return true;
}

bool subscriber_read_t3512(const char *text, struct subscriber_mobility *out)
{
	return read_seconds(text, T3512_MAX_S, &out->t3512_s);
}

bool subscriber_read_active_time(const char *text, struct subscriber_mobility *out)
{
	return read_seconds(text, ACTIVE_TIME_MAX_S, &out->active_time_s);
}

bool subscriber_read_mico(const char *text, struct subscriber_mobility *out)
{
	out->mico = !strcmp(text, "yes");
	return out->mico || !strcmp(text, "no");
}

/* The next of a list with + between; false at its end. *ok: it is not an empty word, nor too long. */
static bool next_word(const char **at, char word[16], bool *ok)
{
	bool between = **at == '+';
	size_t len;

	*at += between;
	len = strcspn(*at, "+");
	*ok = len < 16 && (len > 0 || !between);
	if (len == 0 || !*ok)
		return false;
	str_copy(word, len + 1, *at);
	*at += len;
	return true;
}

bool subscriber_read_no_access(const char *text, struct subscriber_mobility *out)
{
	char word[16];
	bool ok = true;

	out->no_nr = out->no_5gc = false;
	if (!strcmp(text, "none"))
		return true;
	while (next_word(&text, word, &ok)) {
		if (strcmp(word, "nr") != 0 && strcmp(word, "5gc") != 0)
			return false;
		out->no_nr |= word[0] == 'n';
		out->no_5gc |= word[0] == '5';
	}
	return ok && (out->no_nr || out->no_5gc);
}

static bool read_tacs(const char *text, struct subscriber_tac out[SUBSCRIBER_AREAS_MAX], uint8_t *count)
{
	char word[16];
	bool ok = true;
	uint64_t tac;

	*count = 0;
	while (next_word(&text, word, &ok)) {
		if (*count == SUBSCRIBER_AREAS_MAX || !text_uint(bytes_of_str(word), TAC_MAX, &tac))
			return false;
		out[(*count)++].tac = (uint32_t)tac;
	}
	return ok && *count > 0;
}

bool subscriber_read_allowed_areas(const char *text, struct subscriber_mobility *out)
{
	out->areas_are = strcmp(text, "all") ? SUBSCRIBER_AREAS_ALLOWED : SUBSCRIBER_AREAS_ALL;
	out->area_count = 0;
	return !strcmp(text, "all") || !strcmp(text, "none") || read_tacs(text, out->areas, &out->area_count);
}

bool subscriber_read_non_allowed_areas(const char *text, struct subscriber_mobility *out)
{
	out->areas_are = strcmp(text, "none") ? SUBSCRIBER_AREAS_NOT_ALLOWED : SUBSCRIBER_AREAS_ALL;
	out->area_count = 0;
	return !strcmp(text, "none") || read_tacs(text, out->areas, &out->area_count);
}

bool subscriber_read_forbidden_areas(const char *text, struct subscriber_mobility *out)
{
	out->forbidden_count = 0;
	return !strcmp(text, "none") || read_tacs(text, out->forbidden, &out->forbidden_count);
}

bool subscriber_read_areas_max(const char *text, struct subscriber_mobility *out)
{
	uint64_t v = 0;

	out->has_areas_max = strcmp(text, "all") != 0;
	if (out->has_areas_max && !text_uint(bytes_of_str(text), SUBSCRIBER_AREAS_MAX, &v))
		return false;
	out->areas_max = (uint8_t)v;
	return true;
}

static void print_tacs(const char *key, const struct subscriber_tac *tacs, uint8_t count, struct writer *w)
{
	text_put(w, " %s=", key);
	if (count == 0)
		text_put(w, "none");
	for (uint8_t i = 0; i < count; i++)
		text_put(w, "%s%u", i ? "+" : "", tacs[i].tac);
}

void subscriber_print_mobility(const struct subscriber_mobility *m, struct writer *w)
{
	if (m->t3512_s)
		text_put(w, " t3512_s=%u", m->t3512_s);
	if (m->active_time_s)
		text_put(w, " active_time_s=%u", m->active_time_s);
	if (m->mico)
		text_put(w, " mico=yes");
	if (m->no_nr || m->no_5gc)
		text_put(w, " no_access=%s%s%s", m->no_nr ? "nr" : "", m->no_nr && m->no_5gc ? "+" : "",
			m->no_5gc ? "5gc" : "");
	if (m->areas_are == SUBSCRIBER_AREAS_ALLOWED)
		print_tacs("allowed_areas", m->areas, m->area_count, w);
	else if (m->areas_are == SUBSCRIBER_AREAS_NOT_ALLOWED)
		print_tacs("non_allowed_areas", m->areas, m->area_count, w);
	if (m->has_areas_max)
		text_put(w, " areas_max=%u", m->areas_max);
	if (m->forbidden_count)
		print_tacs("forbidden_areas", m->forbidden, m->forbidden_count, w);
}
