/* A cell's keys in network.yaml, as far as they are the radio's. */
#include "gnb/du/cell/config.h"

static bool read_spacing(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "15", 0 }, { "30", 1 } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static bool read_space(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "auto", SERVED_CELL_SPACE_AUTO },
		{ "common", SERVED_CELL_SPACE_COMMON }, { "ue-specific", SERVED_CELL_SPACE_UE_SPECIFIC } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static bool read_reports(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "yes", false }, { "no", true } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static bool read_sounding(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "yes", true }, { "no", false } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static bool read_period(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "5", 5 }, { "10", 10 }, { "20", 20 }, { "40", 40 },
		{ "80", 80 }, { "160", 160 } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

/* The keys of a carrier. */
#define CARRIER_KEYS                                                                                         \
	{ CONFIG_UINT("band", served_cell_config, band, 1, 1024, NULL,                                       \
		"operating band of the radio by samples, with arfcn and bandwidth_mhz") },                   \
		{ CONFIG_UINT("arfcn", served_cell_config, arfcn, 0, 3279165, NULL,                          \
			"NR-ARFCN of the middle of the downlink carrier") },                                 \
		{ CONFIG_UINT("bandwidth_mhz", served_cell_config, bandwidth_mhz, 3, 100, NULL,              \
			"of the carriers") },                                                                \
	{                                                                                                    \
		CONFIG_OWN("scs_khz", served_cell_config, mu, read_spacing, "15 or 30", "15",                \
			"subcarrier spacing, 15 or 30")                                                      \
	}

static const struct config_field carrier_fields[] = { CARRIER_KEYS };
const struct config_section served_carrier_config_section = { carrier_fields, ARRAY_LEN(carrier_fields),
	NULL };

static const struct config_field fields[] = {
	CARRIER_KEYS,
	{ CONFIG_STR("tdd_pattern", served_cell_config, tdd_pattern, "DDDSU",
		"slots of a period of 0.5 to 10 ms in a band without paired spectrum: D downlink, then at "
		"most one S of both, U uplink") },
	{ CONFIG_UINT("tdd_downlink_symbols", served_cell_config, tdd_downlink_symbols, 0, 13, "10",
		"of S, its first") },
	{ CONFIG_UINT("tdd_uplink_symbols", served_cell_config, tdd_uplink_symbols, 0, 13, "2",
		"of S, its last; those between are the guard") },
	{ CONFIG_OWN("search_space", served_cell_config, space, read_space, "auto, common or ue-specific",
		"auto",
		"where UEs look for their DCIs: common, which every UE knows, reaches as many blocks as "
		"CORESET 0 has (48 of 79 at 15 MHz, 96 of 106 at 20 MHz, 48 of 106 at 30 kHz); auto: common "
		"in paired spectrum") },
	{ CONFIG_UINT("ues_max", served_cell_config, ues_max, 1, 256, "64",
		"UEs connected in the cell by samples; the more, the more seldom each can ask for uplink") },
	{ CONFIG_UINT("drx_cycle_ms", served_cell_config, drx_cycle_ms, 0, 10240, "0",
		"connected UEs sleep but for a while in each such cycle, 10 to 10240 as 38.331 has them; 0: "
		"never") },
	{ CONFIG_UINT(
		"drx_on_ms", served_cell_config, drx_on_ms, 1, 1600, "10", "of a cycle, awake in any case") },
	{ CONFIG_UINT("drx_inactivity_ms", served_cell_config, drx_inactivity_ms, 0, 2560, "20",
		"awake behind what was sent or granted") },
	{ CONFIG_UINT("drx_short_cycle_ms", served_cell_config, drx_short_cycle_ms, 0, 640, "0",
		"of the first cycles behind that; 0: none") },
	{ CONFIG_UINT("drx_short_cycles", served_cell_config, drx_short_cycles, 1, 16, "4", "so many") },
	{ CONFIG_OWN("cqi_reports", served_cell_config, no_reports, read_reports, "yes or no", "yes",
		"UEs measure the channel and report its quality each 40 ms; no: modulation and coding follow "
		"from "
		"what is decoded alone") },
	{ CONFIG_OWN("srs", served_cell_config, sounding, read_sounding, "yes or no", "no",
		"UEs sound the uplink (SRS) in turn, so that the cell knows the timing and the quality of "
		"those "
		"that have nothing to say; in paired spectrum a slot in forty is kept for it") },
	{ CONFIG_UINT("reach_m", served_cell_config, reach_m, 0, 100000, "0",
		"to the farthest UE in metres, for which preambles are told apart; 0: as with few of their "
		"roots, which gnb --show-cell tells: 14,000 in paired spectrum, 785 at 30 kHz") },
	{ CONFIG_OWN("ssb_period_ms", served_cell_config, ssb_period_ms, read_period,
		"5, 10, 20, 40, 80 or 160", "10",
		"of SS/PBCH blocks; a shorter one makes UEs find and follow the cell more easily, and takes "
		"from the downlink") },
};

const struct config_section served_cell_config_section = { fields, ARRAY_LEN(fields), NULL };
