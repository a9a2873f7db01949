/*
 * What somebody who is asked for help wants to see, as one document: state, tables of the network, alarms,
 * network.yaml without keys, figures. Digits that may be a SUPI or an IMEI are stars, as log_mask_supi has
 * them.
 */
#include "console/operations.h"

enum { DIGITS_MIN = 9, DIGITS_SHOWN = 4, PARTS = 7 };

static const struct {
	const char *name, *question;
	bool keeper;
} parts[PARTS] = {
	{ "status", "status\n", false },
	{ "gnbs", "table\ngnbs\n\n", false },
	{ "upfs", "table\nupfs\n\n", false },
	{ "alarms", "table\nalarms\n\n", false },
	{ "warnings", "table\nwarnings\n\n", false },
	{ "metrics", "metrics\n", false },
	{ "network", "network read", true },
};

struct diagnostics_shown {
	const char *version, *time, *texts[PARTS];
};
#define PART(i, key) { JSON_V(key, json_text, diagnostics_shown, texts[i]), .mandatory = true }
BODY(diagnostics_table, { JSON_V("version", json_text, diagnostics_shown, version), .mandatory = true },
	{ JSON_V("time", json_text, diagnostics_shown, time), .mandatory = true }, PART(0, "status"),
	PART(1, "gnbs"), PART(2, "upfs"), PART(3, "alarms"), PART(4, "warnings"), PART(5, "metrics"),
	PART(6, "network"));

struct diagnosing {
	size_t at;
};

static void ask_part(struct call *call);

/* Runs of so many digits, but for their last. */
static void put_masked(struct call *call, struct bytes text)
{
	uint8_t *octets = arena_alloc(&call->arena, text.len ? text.len : 1);
	size_t digits = 0;

	if (!octets)
		return;
	for (size_t i = 0; i <= text.len; i++) {
		bool digit = i < text.len && text.data[i] >= '0' && text.data[i] <= '9';

		for (size_t k = 0; !digit && digits >= DIGITS_MIN && k < digits - DIGITS_SHOWN; k++)
			octets[i - digits + k] = '*';
		digits = digit ? digits + 1 : 0;
		if (i < text.len)
			octets[i] = text.data[i];
	}
	json_text_of(&call->w, bytes_of(octets, text.len));
}

static void heard(struct call *call, bool ok, struct bytes body)
{
	struct diagnosing *d = call->state;
	struct writer *w = call_json(call, 6 * body.len + 256);

	json_key(w, parts[d->at].name, false);
	put_masked(call, body); /* why there is none, if there is none */
	if (++d->at < PARTS) {
		ask_part(call);
		return;
	}
	text_put(call_json(call, 64), "}");
	audit_end(call, "done", BYTES_NONE);
	call_answer(call, HTTP1_OK);
}

static void ask_part(struct call *call)
{
	const struct diagnosing *d = call->state;

	if (parts[d->at].keeper)
		call_ask_keeper(call, heard, parts[d->at].question, BYTES_NONE);
	else
		call_ask(call, bytes_of_str(parts[d->at].question), heard);
}

void run_diagnostics(struct call *call)
{
	struct diagnosing *d = arena_alloc(&call->arena, sizeof(*d));
	struct writer *w = call_json(call, 512);

	call->state = d;
	if (!d) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		return;
	}
	if (!audit_begin(call, "diagnostics", BYTES_NONE))
		return;
	text_put(w, "{\"version\":");
	json_text_of(w, bytes_of_str(call->console->facts->version));
	text_put(w, ",\"time\":");
	json_time_s(w, env_utc_ms(call->console->env) / 1000);
	ask_part(call);
}
