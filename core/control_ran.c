/*
 * What operators have gNBs do, at the control port: a request is the command, the IMSI, then a line for each
 * word.
 *
 *   locate       last, now, page, follow or stop; then area=TAC,TAC,... with follow
 *   ran-trace    stop, or start; then collector=ADDRESS, depth=minimum, medium or maximum
 */
#include <inttypes.h>

#include "base/text.h"
#include "core/internal.h"
#include "wire/ngap/ngap.h"

enum { INTERFACES_ALL = 0xff }; /* 38.413 9.3.1.14: those that there are, and will be */

static bool word_is(struct bytes word, const char *text)
{
	return bytes_equal(word, bytes_of_str(text));
}

/* What follows key=; false: the word begins otherwise. */
static bool value_of(struct bytes word, const char *key, struct bytes *out)
{
	size_t n = strlen(key);

	if (word.len <= n || !bytes_equal(bytes_of(word.data, n), bytes_of_str(key)))
		return false;
	*out = bytes_of(word.data + n, word.len - n);
	return true;
}

/* TACs between commas. */
static bool read_tacs(struct bytes text, struct amf_locate *out)
{
	size_t from = 0;

	for (size_t i = 0; i <= text.len; i++) {
		uint64_t tac;

		if (i < text.len && text.data[i] != ',')
			continue;
		if (out->area_count == AMF_AREA_TACS_MAX ||
			!text_uint(bytes_of(text.data + from, i - from), UINT32_C(0xffffff), &tac))
			return false;
		out->area[out->area_count++] = (uint32_t)tac;
		from = i + 1;
	}
	return true;
}

static const char *read_locate(struct cursor *in, struct amf_locate *out)
{
	static const struct {
		const char *word;
		struct amf_locate how;
	} words[] = { { "last", { .how = AMF_LOCATE_LAST } }, { "now", { .how = AMF_LOCATE_NOW } },
		{ "page", { .how = AMF_LOCATE_NOW, .page = true } },
		{ "follow", { .how = AMF_LOCATE_FOLLOW } }, { "stop", { .how = AMF_LOCATE_STOP } } };
	struct bytes how = core_control_line(in), area = core_control_line(in), tacs;

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!word_is(how, words[i].word))
			continue;
		*out = words[i].how;
		if (area.len == 0)
			return NULL;
		return out->how == AMF_LOCATE_FOLLOW && value_of(area, "area=", &tacs) && read_tacs(tacs, out)
			       ? NULL
			       : "area: expected up to 16 tracking areas with follow";
	}
	return "expected last, now, page, follow or stop";
}

/* Where a subscriber is are personal data. */
static void locate(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct amf_locate l = { 0 };
	struct amf_location at = { 0 };
	const char *refusal;
	struct supi supi;

	if (!core_control_supi(in, &supi, w))
		return;
	refusal = read_locate(in, &l);
	if (refusal) {
		text_put(w, "error\n%s\n", refusal);
		return;
	}
	if (!core_locate(core, &supi, &l, &at)) {
		text_put(w, "error\nimsi-%s is not registered\n", supi.imsi);
		return;
	}
	if (l.how != AMF_LOCATE_LAST)
		log_access(core->env->log, LOG_ROOM, "personal data: uid %u (pid %u) locates imsi-%s", m->uid,
			m->pid, supi.imsi);
	text_put(w, "ok\ncell=%09" PRIx64 " tac=%" PRIu32, at.nci, at.tac);
	if (at.known)
		text_put(w, " age_s=%" PRIu64, at.age_s);
	text_put(w, " connection=%s awaited=%s followed=%s\n", at.connected ? "connected" : "idle",
		at.awaited ? "yes" : "no", at.followed ? "yes" : "no");
}

static const char *read_trace(struct cursor *in, struct amf_ran_trace *out)
{
	static const char *const depths[] = { "minimum", "medium", "maximum" };
	char address[64];
	struct bytes value;

	*out = (struct amf_ran_trace){ .depth = NGAP_TRACE_DEPTH_MEDIUM, .interfaces = INTERFACES_ALL };
	while (cursor_left(in) > 0) {
		struct bytes word = core_control_line(in);
		bool known = word.len == 0;

		if (value_of(word, "collector=", &value) && value.len < sizeof(address)) {
			str_copy(address, value.len + 1, (const char *)value.data);
			known = addr_parse(address, &out->collector);
		}
		for (uint8_t i = 0; value_of(word, "depth=", &value) && i < ARRAY_LEN(depths); i++)
			if (word_is(value, depths[i])) {
				out->depth = i;
				known = true;
			}
		if (!known)
			return "expected collector=ADDRESS and depth=minimum, medium or maximum";
	}
	return out->collector.len > 0 ? NULL : "expected collector=ADDRESS";
}

static void ran_trace(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct amf_ran_trace t;
	const char *refusal = NULL;
	struct bytes what;
	struct supi supi;

	if (!core_control_supi(in, &supi, w))
		return;
	what = core_control_line(in);
	if (word_is(what, "start"))
		refusal = read_trace(in, &t);
	else if (!word_is(what, "stop"))
		refusal = "expected start or stop";
	if (refusal) {
		text_put(w, "error\n%s\n", refusal);
		return;
	}
	log_access(core->env->log, LOG_ROOM, "personal data: uid %u (pid %u) %s the trace of imsi-%s by gNBs",
		m->uid, m->pid, word_is(what, "start") ? "starts" : "stops", supi.imsi);
	if (core_ran_trace(core, &supi, word_is(what, "start") ? &t : NULL))
		text_put(w, "ok\n");
	else
		text_put(w, "error\nimsi-%s is not registered\n", supi.imsi);
}

const struct core_command core_ran_commands[CORE_RAN_COMMANDS] = {
	{ "locate", locate },
	{ "ran-trace", ran_trace },
};
