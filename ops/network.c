#include "ops/network_ran.h"

#include <stdio.h>

#include "base/text.h"
#include "io/env.h"
#include "ops/network_live.h"
#include "radio/uu.h"
#include "wire/id_config.h"

static bool read_log_level(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "error", LOG_ERROR }, { "warn", LOG_WARN },
		{ "info", LOG_INFO }, { "debug", LOG_DEBUG } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

/* Of a room: a level, and that there is one. */
static bool read_room_level(const char *text, const struct config_field *f, void *out)
{
	if (!read_log_level(text, f, out))
		return false;
	++*(uint8_t *)out;
	return true;
}

static bool read_log_format(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "text", IO_LOG_TEXT }, { "json", IO_LOG_JSON } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

#define LOG_LEVEL_TEXT "error, warn, info or debug"

/* A room of the log (LOG_ROOM), the i-th of network.log_levels. */
#define LOG_ROOM_LEVEL(i, name, h)                                                                           \
	{ .key = name,                                                                                       \
		.read = read_room_level,                                                                     \
		.offset = (i),                                                                               \
		.size = 1,                                                                                   \
		.expected = LOG_LEVEL_TEXT,                                                                  \
		.live = true,                                                                                \
		.help = h }

static const struct config_field log_levels_fields[] = {
	LOG_ROOM_LEVEL(0, "air", "`freehold air`"),
	LOG_ROOM_LEVEL(1, "amf", "AMFs"),
	LOG_ROOM_LEVEL(2, "ausf", "AUSF"),
	LOG_ROOM_LEVEL(3, "console", "the console"),
	LOG_ROOM_LEVEL(4, "core", "the core as a process"),
	LOG_ROOM_LEVEL(5, "gnb", "gNBs"),
	LOG_ROOM_LEVEL(6, "io", "sockets and the store"),
	LOG_ROOM_LEVEL(7, "load", "`freehold load`"),
	LOG_ROOM_LEVEL(8, "msg", "the messages of N1, N2, N4, Xn, F1 and E1, a line each at debug"),
	LOG_ROOM_LEVEL(9, "nf", "what all functions of the core share"),
	LOG_ROOM_LEVEL(10, "nrf", "NRF"),
	LOG_ROOM_LEVEL(11, "pcf", "PCF"),
	LOG_ROOM_LEVEL(12, "pfcp", "N4"),
	LOG_ROOM_LEVEL(13, "process", "start, end and configuration"),
	LOG_ROOM_LEVEL(14, "sbi", "service operations, a line each at debug"),
	LOG_ROOM_LEVEL(15, "sctp", "SCTP"),
	LOG_ROOM_LEVEL(16, "smf", "SMF"),
	LOG_ROOM_LEVEL(17, "udm", "UDM"),
	LOG_ROOM_LEVEL(18, "udr", "UDR"),
	LOG_ROOM_LEVEL(19, "ue", "UEs"),
	LOG_ROOM_LEVEL(20, "upf", "UPFs"),
};
_Static_assert(ARRAY_LEN(log_levels_fields) <= (size_t)LOG_ROOMS_MAX, "a place for each");

static const struct config_section log_levels_section = { log_levels_fields, ARRAY_LEN(log_levels_fields),
	NULL };

size_t network_log_rooms(struct log_room rooms[LOG_ROOMS_MAX])
{
	for (size_t i = 0; i < ARRAY_LEN(log_levels_fields); i++)
		rooms[i] = (struct log_room){ .name = log_levels_fields[i].key };
	return ARRAY_LEN(log_levels_fields);
}

size_t network_log_levels(const struct network *n, struct log_room rooms[LOG_ROOMS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(log_levels_fields); i++)
		if (n->log_levels[i] > 0)
			rooms[count++] = (struct log_room){ log_levels_fields[i].key,
				(enum log_level)(n->log_levels[i] - 1) };
	return count;
}

static const struct config_field amf_fields[] = {
	{ CONFIG_KEYS_OF(network_amf, config, &amf_config_section) },
	{ CONFIG_ADDR("n2_address", network_amf, n2_address, "127.0.0.1", "where gNBs connect") },
	{ CONFIG_UINT("n2_port", network_amf, n2_port, 1, 65535, "38412", "SCTP port") },
	{ CONFIG_OWN("n2_transport", network_amf, sctp.transport, network_read_transport,
		"auto, kernel, raw or udp", "auto", "how SCTP is carried") },
	{ CONFIG_UINT("sctp_udp_port", network_amf, sctp.udp_port, 1, 65535, "9899",
		"UDP port of encapsulated SCTP (RFC 6951)") },
};
static const struct config_section amf_section = { amf_fields, ARRAY_LEN(amf_fields), NULL };

static const struct config_field core_fields[] = {
	{ CONFIG_STR("netns", network_core, netns, NULL, NETNS_HELP) },
	{ CONFIG_STR("store", network_core, store, "/var/lib/freehold/core", "directory of the store") },
	{ CONFIG_STR("control", network_core, control, "/run/freehold/core.sock", "control socket") },
	{ CONFIG_BOOL(
		"sync", network_core, sync, "false", "survive power loss too, not only kill -9; slower") },
	{ CONFIG_UINT("events_max", network_core, events_max, 0, CORE_EVENTS_MAX, "100000",
		"events of subscribers that the store keeps, about 100 octets each; 0: none") },
	{ CONFIG_UINT("trace_ring_mib", network_core, trace_ring_mib, 0, CORE_TRACE_MIB_MAX, "32",
		"memory for the signalling of the last minutes, for `freehold trace`: a registration with a "
		"session "
		"takes about 16 KiB of it; 0: none") },
	{ CONFIG_VALUES("trace_users", network_core, trace_users, trace_user_count, config_read_str, NULL,
		NULL,
		"users that may trace subscribers beside root, by name or number, as far as core.control "
		"admits them") },
	METRICS_KEYS(network_core),
	{ CONFIG_KEYS_OF(network_core, udm, &udm_config_section) },
	{ CONFIG_KEYS_OF(network_core, smf, &smf_config_section) },
	{ CONFIG_SUBS("amfs", network_core, amfs, amf_count, &amf_section,
		"the AMFs; none: one with the defaults") },
};
static const struct config_section core_section = { core_fields, ARRAY_LEN(core_fields), NULL };

static const struct config_field console_fields[] = {
	{ CONFIG_KEYS_OF(network_console, config, &console_config_section) },
	METRICS_KEYS(network_console),
};
static const struct config_section console_section = { console_fields, ARRAY_LEN(console_fields), NULL };

static const struct config_field network_fields[] = {
	{ CONFIG_OWN("plmn", network, plmn, config_read_plmn, CONFIG_PLMN_TEXT, NULL, "MCC and MNC"),
		.required = true },
	{ CONFIG_VALUES("tacs", network, tacs, tac_count, config_read_uint,
		  "tracking area codes from 1 to 16777213", NULL, "tracking areas"),
		.min = 1, .max = 0xfffffd, .live = true },
	{ CONFIG_VALUES("slices", network, slices, slice_count, config_read_snssai, CONFIG_SLICE_TEXT, NULL,
		  "slices"),
		.live_if = network_slices_change },
	{ CONFIG_SUBS("dnns", network, dnns, dnn_count, &network_dnn_section, "data networks"),
		.live_if = network_dnns_change },
	{ CONFIG_SUBS("pcc_rules", network, pcc_rules, pcc_rule_count, &pcf_pcc_rule_section,
		  "QoS flows that sessions have from their beginning; `freehold flow` gives others"),
		.live_if = network_pcc_rules_change },
	{ CONFIG_SUB("core", network, core, &core_section, "") },
	{ CONFIG_SUB("console", network, console, &console_section,
		"what operators see and do in a browser, and its API (freehold console)") },
	{ CONFIG_SUBS("upfs", network, upfs, upf_count, &network_upf_section,
		  "the UPFs; none: one with the defaults"),
		.live_if = network_upfs_change },
	{ CONFIG_SUB("radio", network, radio, &network_radio_section, "the air between gNBs and UEs") },
	{ CONFIG_SUBS("gnbs", network, gnbs, gnb_count, &network_gnb_section, "gNBs of ours") },
	{ CONFIG_SUBS("cuups", network, cuups, cuup_count, &network_cuup_section,
		"CU-UPs of gNBs that are split (f1_address), as processes") },
	{ CONFIG_SUBS("dus", network, dus, du_count, &network_du_section,
		"DUs of such gNBs, a cell each, as processes") },
	{ CONFIG_SUBS("ues", network, ues, ue_count, &network_ue_section, "UEs of ours") },
	{ CONFIG_SUB("air", network, medium, &network_medium_section,
		"`freehold air`: the radio channel between a gNB and UEs that are joined by streams of "
		"samples "
		"over ZeroMQ") },
	{ CONFIG_OWN("log_level", network, log_level, read_log_level, LOG_LEVEL_TEXT, "info", "lines to log"),
		.live = true },
	{ CONFIG_SUB("log_levels", network, log_levels, &log_levels_section,
		"of rooms that log more or less than log_level") },
	{ CONFIG_OWN("log_format", network, log_format, read_log_format, "text or json", "text",
		  "how a line looks: text, or a JSON object with time, level, room and text"),
		.live = true },
	{ CONFIG_BOOL("log_mask_supi", network, log_mask_supi, "no",
		  "stars in the log for the digits of SUPIs but the last 4, and of any number of 9 digits or "
		  "more"),
		.live = true },
	{ CONFIG_STR("log_file", network, log_file, NULL,
		"where all processes write their log, opened again on SIGHUP; none: standard error") },
};

/* One with the defaults, where a list is empty. */
static bool check(void *at, struct config_doubt *doubt)
{
	struct network *n = at;

	if (n->core.amf_count == 0)
		config_defaults(&amf_section, &n->core.amfs[n->core.amf_count++], sizeof(n->core.amfs[0]));
	if (n->upf_count == 0)
		config_defaults(&network_upf_section, &n->upfs[n->upf_count++], sizeof(n->upfs[0]));
	return network_check(n, doubt);
}

const struct config_section network_section = { network_fields, ARRAY_LEN(network_fields), check };

bool network_load(const char *file, struct bytes text, struct network *n, char error[CONFIG_ERROR_SIZE])
{
	if (config_load(&network_section, file, text, n, sizeof(*n), error))
		return true;
	explicit_bzero(n, sizeof(*n));
	return false;
}
