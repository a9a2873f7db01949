/*
 * Whom a change of the configuration would interrupt: for each line of the request, which names something
 * that goes, how many UEs lose registration or connection, and how many sessions end. Counts alone are asked,
 * so it costs the same however many they are. ops/network_change.c writes these lines.
 */
#include "base/text.h"
#include "core/internal.h"

struct lost {
	uint64_t ues, sessions;
};

static void all(const struct core *core, struct bytes value, struct lost *l)
{
	l->ues = core_amf_numbers(core).registered;
	l->sessions = smf_numbers(core->smf).sessions;
}

static void dnn(const struct core *core, struct bytes value, struct lost *l)
{
	l->sessions = smf_sessions_of(core->smf, SMF_OF_DNN, value);
}

static void upf(const struct core *core, struct bytes value, struct lost *l)
{
	l->sessions = smf_sessions_of(core->smf, SMF_OF_UPF, value);
}

/* UEs that are allowed it stay registered, and are told. */
static void slice(const struct core *core, struct bytes value, struct lost *l)
{
	l->sessions = smf_sessions_of(core->smf, SMF_OF_SLICE, value);
	for (uint8_t i = 0; i < core->config.amf_count; i++)
		l->ues += amf_ues_of_slice(core->amfs[i], value);
}

static void gnb(const struct core *core, struct bytes value, struct lost *l)
{
	for (uint8_t i = 0; i < core->config.amf_count; i++)
		l->ues += amf_ues_at_gnb(core->amfs[i], value);
}

static bool text_of(struct bytes b, char *out, size_t size)
{
	if (b.len >= size)
		return false;
	bytes_copy(out, size, b);
	out[b.len] = '\0';
	return true;
}

static struct bytes field(struct bytes *line)
{
	const uint8_t *end = line->len ? memchr(line->data, '\t', line->len) : NULL;
	struct bytes f = end ? bytes_of(line->data, (size_t)(end - line->data)) : *line;

	*line = end ? bytes_of(end + 1, line->len - f.len - 1) : BYTES_NONE;
	return f;
}

/* The name of an AMF, and each prefix of gNBs that it will take. */
static void gnbs(const struct core *core, struct bytes value, struct lost *l)
{
	struct prefix4 allowed[AMF_GNB_PREFIXES_MAX];
	struct bytes name = field(&value);
	uint8_t count = 0;
	char text[PREFIX_STR_SIZE];

	while (value.len > 0 && count < AMF_GNB_PREFIXES_MAX)
		count += text_of(field(&value), text, sizeof(text)) && prefix4_parse(text, &allowed[count]);
	for (uint8_t i = 0; i < core->config.amf_count; i++)
		if (bytes_equal(name, bytes_of_str(core->config.amfs[i].name)))
			l->ues += amf_ues_not_of(core->amfs[i], allowed, count);
}

/* The tracking areas that there will be. */
static void tacs(const struct core *core, struct bytes value, struct lost *l)
{
	uint32_t stay[AMF_TACS_MAX];
	uint8_t count = 0;
	uint64_t tac;

	while (value.len > 0 && count < AMF_TACS_MAX)
		if (text_uint(field(&value), UINT32_MAX, &tac))
			stay[count++] = (uint32_t)tac;
	for (uint8_t i = 0; i < core->config.amf_count; i++)
		l->ues += amf_ues_outside(core->amfs[i], stay, count);
}

/* A pool, and each prefix of it that stays. */
static void pool(const struct core *core, struct bytes value, struct lost *l)
{
	struct prefix is, stays[SMF_DNN_POOLS_MAX];
	char text[PREFIX_STR_SIZE];
	uint8_t count = 0;

	if (!text_of(field(&value), text, sizeof(text)) || !prefix_parse(text, &is))
		return;
	while (value.len > 0 && count < SMF_DNN_POOLS_MAX)
		count += text_of(field(&value), text, sizeof(text)) && prefix_parse(text, &stays[count]);
	l->sessions = smf_sessions_of_pool(core->smf, &is, stays, count);
}

static const struct {
	const char *name;
	void (*count)(const struct core *core, struct bytes value, struct lost *l);
} kinds[] = { { "all", all }, { "dnn", dnn }, { "pool", pool }, { "upf", upf }, { "slice", slice },
	{ "gnb", gnb }, { "gnbs", gnbs }, { "tacs", tacs } };

static void interrupted(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct bytes line;

	text_put(w, "ok\n");
	while ((line = core_control_line(in)).len > 0) {
		struct bytes kind = field(&line);
		struct lost l = { 0 };

		for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
			if (bytes_equal(kind, bytes_of_str(kinds[i].name)))
				kinds[i].count(core, line, &l);
		text_put(w, "%llu\t%llu\n", (unsigned long long)l.ues, (unsigned long long)l.sessions);
	}
}

const struct core_command core_change_commands[CORE_CHANGE_COMMANDS] = { { "interrupted", interrupted } };
