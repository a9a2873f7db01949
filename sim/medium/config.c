/* The keys of `air` in network.yaml. */
#include <math.h>
#include <stdio.h>

#include "sim/medium/internal.h"

enum {
	SNR_MIN_DB = -30,
	SNR_MAX_DB = 100,
	LEVEL_MAX_DB = 200,
	CFO_MAX_HZ = 100000,
	GNB_PORT = 2000,
	RATE_HZ = 23040000,
	UE_PORT = 2100, /* of the first UE; ten further each next */
};

static bool read_profile(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "awgn", CHANNEL_AWGN }, { "tdl-a", CHANNEL_TDL_A },
		{ "tdl-b", CHANNEL_TDL_B }, { "tdl-c", CHANNEL_TDL_C }, { "tdl-d", CHANNEL_TDL_D },
		{ "tdl-e", CHANNEL_TDL_E }, { "tdla30", CHANNEL_TDLA30 }, { "tdlb100", CHANNEL_TDLB100 },
		{ "tdlc300", CHANNEL_TDLC300 } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static const struct config_field end_fields[] = {
	{ CONFIG_ADDR("transmit_address", medium_end, transmit_address, NULL,
		"where its receiver asks for what it hears (default: the air_address of the first cell, "
		"else 127.0.0.1)") },
	{ CONFIG_UINT("transmit_port", medium_end, transmit_port, 1, 65535, NULL,
		"TCP port of that (default: of the gNB 2001, of UEs 2100, 2110, ...)") },
	{ CONFIG_ADDR("receive_address", medium_end, receive_address, NULL,
		"where its transmitter is asked for what it sends (default: that of the gNB or UE in this "
		"file, else 127.0.0.1)") },
	{ CONFIG_UINT("receive_port", medium_end, receive_port, 1, 65535, NULL,
		"TCP port of that (default: that of the gNB or UE in this file, else 2000, of UEs "
		"2101, 2111, ...)") },
};
static const struct config_section end_section = { end_fields, ARRAY_LEN(end_fields), NULL };

static const struct config_field ue_fields[] = {
	{ CONFIG_KEYS_OF(medium_ue_config, end, &end_section) },
	{ CONFIG_OWN("snr_db", medium_ue_config, snr_db, config_read_real, "a number from -30 to 100", "30",
		  "SNR of a resource element that is sent with level_db, both ways"),
		.min = (uint64_t)SNR_MIN_DB, .max = SNR_MAX_DB },
	{ CONFIG_OWN("profile", medium_ue_config, profile, read_profile,
		"awgn, tdl-a to tdl-e, tdla30, tdlb100 or tdlc300", "awgn",
		"its fading: none, or of TR 38.901 7.7.2, TS 38.104 G.2.1") },
	{ CONFIG_UINT("delay_spread_ns", medium_ue_config, delay_spread_ns, 0, 1000000, "0",
		"rms, of tdl-a to tdl-e; the others have theirs") },
	{ CONFIG_UINT("doppler_hz", medium_ue_config, doppler_hz, 0, 100000, "0",
		"largest Doppler shift of the fading; 0: it stands still") },
	{ CONFIG_UINT("delay_samples", medium_ue_config, delay_samples, 0, CHANNEL_DELAY_MAX - 1000, "0",
		"by how much all arrives later, each way, than the 10 samples that the channel takes") },
	{ CONFIG_OWN("cfo_hz", medium_ue_config, cfo_hz, config_read_real, "a number from -100000 to 100000",
		  "0", "by how much its oscillator is too low: it hears so much higher, and is heard lower"),
		.min = (uint64_t)-CFO_MAX_HZ, .max = CFO_MAX_HZ },
};
static const struct config_section ue_section = { ue_fields, ARRAY_LEN(ue_fields), NULL };

static const struct config_field fields[] = {
	{ CONFIG_SUB("gnb", medium_config, gnb, &end_section, "how the gNB is joined") },
	{ CONFIG_SUBS(
		"ues", medium_config, ues, ue_count, &ue_section, "how the UEs are, and their channels") },
	{ CONFIG_UINT("rate_hz", medium_config, rate_hz, 1000000, 500000000, NULL,
		"samples a second, of all (default: those of the first cell, else 23040000)") },
	{ CONFIG_OWN("level_db", medium_config, level_db, config_read_real, "a number from -200 to 200", "0",
		  "mean power of a resource element as gNB and UEs send it, where the transform keeps "
		  "energy"),
		.min = (uint64_t)-LEVEL_MAX_DB, .max = LEVEL_MAX_DB },
	{ CONFIG_UINT("seed", medium_config, seed, 0, UINT64_MAX, "1", "of fading and noise") },
	{ CONFIG_BOOL("realtime", medium_config, realtime, "yes",
		"no faster than the clock; no: as fast as all are") },
};

struct channel_config medium_channel(
	const struct medium_config *c, const struct medium_ue_config *ue, bool uplink)
{
	return (struct channel_config){ .profile = (enum channel_profile)ue->profile,
		.uplink = uplink,
		.rate_hz = c->rate_hz,
		.delay_spread_ns = ue->delay_spread_ns,
		.doppler_hz = ue->doppler_hz,
		.cfo_hz = uplink ? -ue->cfo_hz : ue->cfo_hz,
		.delay_samples = ue->delay_samples,
		.snr_db = uplink ? INFINITY : ue->snr_db, /* the noise of the uplink is the gNB's */
		.signal_power = pow(10, c->level_db / 10),
		.seed = c->seed + 2 * (uint64_t)(ue - c->ues) + 1 + uplink };
}

struct channel_config medium_noise(const struct medium_config *c)
{
	double best = SNR_MIN_DB;

	for (uint8_t i = 0; i < c->ue_count; i++)
		best = fmax(best, c->ues[i].snr_db);
	return (struct channel_config){ .profile = CHANNEL_AWGN,
		.rate_hz = c->rate_hz,
		.delay_samples = -CHANNEL_LATENCY,
		.snr_db = best,
		.signal_power = pow(10, c->level_db / 10),
		.seed = c->seed };
}

static bool doubt_of(struct config_doubt *doubt, const void *where, const char *what)
{
	doubt->where = where;
	snprintf(doubt->what, sizeof(doubt->what), "%s", what);
	return false;
}

static bool check_channel(
	const struct medium_config *c, const struct medium_ue_config *ue, struct config_doubt *doubt)
{
	struct channel_config channel = medium_channel(c, ue, false);

	if (ue->delay_spread_ns > 0 && !channel_is_scaled(channel.profile))
		return doubt_of(doubt, &ue->delay_spread_ns,
			"expected none: this profile has a delay spread of its own");
	if (ue->doppler_hz > 0 && channel.profile == CHANNEL_AWGN)
		return doubt_of(doubt, &ue->doppler_hz, "expected none: profile awgn does not fade");
	if (ue->doppler_hz > c->rate_hz / 2048)
		return doubt_of(doubt, &ue->doppler_hz, "expected rate_hz / 2048 at most");
	return channel_is_legal(&channel) ||
	       doubt_of(doubt, ue, "expected delays of 65536 samples at most, and cfo_hz of half of rate_hz");
}

static bool same_place(const struct addr *a, uint16_t a_port, const struct addr *b, uint16_t b_port)
{
	return addr_same_host(a, b) && a_port == b_port;
}

static bool check_beside(
	const struct medium_end *e, const struct medium_end *other, struct config_doubt *doubt)
{
	if (same_place(
		    &e->transmit_address, e->transmit_port, &other->transmit_address, other->transmit_port))
		return doubt_of(doubt, &e->transmit_port, "expected a transmit_port that no other end has");
	if (same_place(&e->receive_address, e->receive_port, &other->receive_address, other->receive_port))
		return doubt_of(doubt, &e->receive_port, "expected a receive_port that no other end has");
	return true;
}

static void complete_end(struct medium_end *e, uint16_t transmit_port, uint16_t receive_port)
{
	const struct addr here = addr_from_v4(0x7f000001, 0);

	e->transmit_address = e->transmit_address.len ? e->transmit_address : here;
	e->receive_address = e->receive_address.len ? e->receive_address : here;
	e->transmit_port = e->transmit_port ? e->transmit_port : transmit_port;
	e->receive_port = e->receive_port ? e->receive_port : receive_port;
}

bool medium_config_complete(struct medium_config *c, struct config_doubt *doubt)
{
	c->rate_hz = c->rate_hz ? c->rate_hz : RATE_HZ;
	complete_end(&c->gnb, GNB_PORT + 1, GNB_PORT);
	for (uint8_t i = 0; i < c->ue_count; i++) {
		struct medium_ue_config *ue = &c->ues[i];

		complete_end(&ue->end, (uint16_t)(UE_PORT + 10 * i), (uint16_t)(UE_PORT + 10 * i + 1));
		if (!check_channel(c, ue, doubt) || !check_beside(&ue->end, &c->gnb, doubt))
			return false;
		for (uint8_t k = 0; k < i; k++)
			if (!check_beside(&ue->end, &c->ues[k].end, doubt))
				return false;
	}
	return true;
}

const struct config_section medium_config_section = { fields, ARRAY_LEN(fields), NULL };
