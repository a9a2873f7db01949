#include "console/figures.h"

#define LOG_ROOM "console"

enum { SAMPLE_S = 60, STEP_OCTETS = 8 + 4 + 8 * FIGURES, RAW = FIGURE_RINGS /* a ring of one */ };

const uint32_t figure_step_s[FIGURE_RINGS] = { 60, 600, 3600 };
/* 25 hours, 32 days, 456 days: with what LMDB adds some 5 MiB. */
static const uint32_t places[FIGURE_RINGS + 1] = { 1500, 4608, 10944, 1 };

/* The core's names; those of one figure are added up. */
static const struct {
	const char *name;
	enum figure figure;
} sources[] = {
	{ "amf_rm_reg_init_req", FIGURE_REGISTRATION_REQUESTS },
	{ "amf_rm_reg_mob_req", FIGURE_REGISTRATION_REQUESTS },
	{ "amf_rm_reg_period_req", FIGURE_REGISTRATION_REQUESTS },
	{ "amf_rm_reg_init_succ", FIGURE_REGISTRATIONS },
	{ "amf_rm_reg_mob_succ", FIGURE_REGISTRATIONS },
	{ "amf_rm_reg_period_succ", FIGURE_REGISTRATIONS },
	{ "amf_rm_reg_mob_req", FIGURE_MOBILITY_REQUESTS },
	{ "amf_rm_reg_mob_succ", FIGURE_MOBILITY_UPDATES },
	{ "amf_rm_reg_period_succ", FIGURE_PERIODIC_UPDATES },
	{ "amf_handovers", FIGURE_HANDOVERS },
	{ "amf_handovers_done", FIGURE_HANDOVERS_DONE },
	{ "amf_rm_reg_time_seconds", FIGURE_REGISTRATION_TIMES },
	{ "amf_rm_reg_time_seconds_sum_us", FIGURE_REGISTRATION_US },
	{ "smf_sm_pdu_session_creation_req", FIGURE_SESSION_REQUESTS },
	{ "smf_sm_pdu_session_creation_succ", FIGURE_SESSIONS_CREATED },
	{ "smf_pdu_session_creation_seconds", FIGURE_SESSION_TIMES },
	{ "smf_pdu_session_creation_seconds_sum_us", FIGURE_SESSION_US },
	{ "ues_registered", FIGURE_UES_REGISTERED },
	{ "connections", FIGURE_UES_CONNECTED },
	{ "sessions", FIGURE_SESSIONS },
	{ "smf_addresses_in_use", FIGURE_ADDRESSES_IN_USE },
	{ "smf_addresses", FIGURE_ADDRESSES },
};

static struct bytes key_of(unsigned ring, uint64_t step, uint8_t buf[8])
{
	struct writer w = writer_of(buf, 8);

	writer_u8(&w, (uint8_t)ring);
	writer_u32(&w, (uint32_t)(step % places[ring]));
	return writer_bytes(&w);
}

static bool read_step(struct console *c, unsigned ring, uint64_t step, struct figure_step *out)
{
	struct bytes value;
	struct cursor in;
	uint8_t key[8];

	*out = (struct figure_step){ 0 };
	if (!store_get(c->env->store, STORE_CONSOLE_FIGURES, key_of(ring, step, key), &value))
		return false;
	in = cursor_of(value);
	out->utc_s = cursor_u64(&in);
	out->samples = cursor_u32(&in);
	while (out->known < FIGURES && cursor_left(&in) >= sizeof(out->values[0]))
		out->values[out->known++] = cursor_u64(&in);
	return !in.failed;
}

static bool write_step(struct console *c, unsigned ring, uint64_t step, const struct figure_step *s)
{
	uint8_t octets[STEP_OCTETS], key[8];
	struct writer w = writer_of(octets, sizeof(octets));

	writer_u64(&w, s->utc_s);
	writer_u32(&w, s->samples);
	for (size_t i = 0; i < FIGURES; i++)
		writer_u64(&w, s->values[i]);
	return store_put(c->env->store, STORE_CONSOLE_FIGURES, key_of(ring, step, key), writer_bytes(&w));
}

bool figures_get(struct console *c, enum figure_ring ring, uint64_t utc_s, struct figure_step *out)
{
	uint64_t step = utc_s / figure_step_s[ring];

	return read_step(c, ring, step, out) && out->utc_s == step * figure_step_s[ring] && out->samples > 0;
}

static void take_figure(struct bytes name, uint64_t value, uint64_t now[FIGURES])
{
	for (size_t i = 0; i < ARRAY_LEN(sources); i++)
		if (bytes_equal(name, bytes_of_str(sources[i].name)))
			now[sources[i].figure] += value;
}

/* "name value" lines. */
static void read_status(struct bytes body, uint64_t now[FIGURES])
{
	struct cursor in = cursor_of(body);

	while (cursor_left(&in) > 0) {
		const uint8_t *end = memchr(in.at, '\n', cursor_left(&in)), *blank;
		struct bytes line = cursor_bytes(&in, end ? (size_t)(end - in.at) : cursor_left(&in));
		uint64_t value;
		size_t len;

		cursor_skip(&in, end ? 1 : 0);
		blank = line.len ? memchr(line.data, ' ', line.len) : NULL;
		len = blank ? (size_t)(blank - line.data) : 0;
		if (blank && text_uint(bytes_of(blank + 1, line.len - len - 1), UINT64_MAX, &value))
			take_figure(bytes_of(line.data, len), value, now);
	}
}

/* What was counted since the sample before; a core that began anew has counted from zero. */
static void since(uint64_t now[FIGURES], const struct figure_step *raw)
{
	for (size_t i = 0; i < FIGURES; i++)
		if (figure_is_level(i))
			continue;
		else if (i >= raw->known) /* how old the core's counts are is not known */
			now[i] = 0;
		else
			now[i] = now[i] >= raw->values[i] ? now[i] - raw->values[i] : now[i];
}

static bool add_to(struct console *c, enum figure_ring ring, uint64_t utc_s, const uint64_t more[FIGURES])
{
	struct figure_step s;

	if (!figures_get(c, ring, utc_s, &s))
		s = (struct figure_step){ .utc_s = utc_s - utc_s % figure_step_s[ring] };
	s.samples++;
	for (size_t i = 0; i < FIGURES; i++)
		s.values[i] += more[i];
	return write_step(c, ring, utc_s / figure_step_s[ring], &s);
}

/* All rings or none: a full disk leaves a gap, and says so once a minute. */
static void keep(struct console *c, const uint64_t now[FIGURES])
{
	uint64_t utc_s = env_utc_ms(c->env) / 1000, more[FIGURES];
	struct figure_step raw, next = { .utc_s = utc_s, .samples = 1 };
	bool ok = store_savepoint(c->env->store);

	if (!ok)
		return;
	if (!read_step(c, RAW, 0, &raw))
		raw = (struct figure_step){ 0 };
	for (size_t i = 0; i < FIGURES; i++)
		next.values[i] = more[i] = now[i];
	since(more, &raw);
	for (unsigned ring = 0; ok && ring < FIGURE_RINGS; ring++)
		ok = add_to(c, ring, utc_s, more);
	if (ok && write_step(c, RAW, 0, &next)) {
		store_release(c->env->store);
		return;
	}
	store_rollback_to(c->env->store);
	log_error(c->env->log, "figures of this minute are not kept: is the disk of console.store full?");
}

static void heard(struct call *call, bool ok, struct bytes body)
{
	uint64_t now[FIGURES] = { 0 };

	if (ok) {
		read_status(body, now);
		keep(call->console, now);
	}
	call_answer(call, HTTP1_NO_CONTENT); /* it is the console's own */
}

void figures_due(struct console *c, uint64_t now_ns)
{
	uint64_t into_ms = env_utc_ms(c->env) % (SAMPLE_S * 1000);
	struct call *call;

	if (c->figures_next_ns > now_ns)
		return;
	c->figures_next_ns = now_ns + (SAMPLE_S * 1000 - into_ms) * NS_PER_MS;
	call = call_own(c);
	if (call)
		call_ask(call, bytes_of_str("status"), heard);
}
