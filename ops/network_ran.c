#include "ops/network_ran.h"

#include "ops/network_live.h"

#include "radio/uu.h"

bool network_read_transport(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "auto", TRANSPORT_AUTO },
		{ "kernel", TRANSPORT_KERNEL }, { "raw", TRANSPORT_RAW }, { "udp", TRANSPORT_UDP } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

enum { DEVICE_GAIN_MAX_DB = 200 };

#define GAIN_KEY(k, m, what)                                                                                 \
	CONFIG_OWN(k, network_device, m, config_read_real, "a number from -200 to 200", "0", what),          \
		.min = (uint64_t)-DEVICE_GAIN_MAX_DB, .max = DEVICE_GAIN_MAX_DB

static const struct config_field device_fields[] = {
	{ CONFIG_STR("args", network_device, args, NULL,
		  "which, as SoapySDR names it: driver=uhd,serial=...; it needs time stamps"),
		.required = true },
	{ GAIN_KEY("receive_gain_db", receive_gain_db, "its gain of what it hears") },
	{ GAIN_KEY("transmit_gain_db", transmit_gain_db, "its gain of what it sends") },
	{ GAIN_KEY("level_db", level_db,
		"by how much the samples that it sends are raised first; what is above full scale is cut "
		"and counted") },
	{ CONFIG_STR("receive_antenna", network_device, receive_antenna, NULL,
		"its name at the device; none: the device's choice") },
	{ CONFIG_STR("transmit_antenna", network_device, transmit_antenna, NULL, "likewise") },
	{ CONFIG_UINT("advance_ns", network_device, advance_ns, 0, 1000000, "0",
		"by how much earlier it sends, for what converters and cables take") },
	{ CONFIG_UINT("lead_slots", network_device, lead_slots, SERVED_CELL_LEAD_SLOTS,
		SERVED_CELL_LEAD_SLOTS_MAX, "3",
		"slots that are made before their time: more where the machine holds a processor for "
		"milliseconds; a cell's K1 and K2 are one more, and each round trip as much longer. A UE's "
		"is "
		"at most its cell's") },
};
static const struct config_section device_section = { device_fields, ARRAY_LEN(device_fields), NULL };
#define DEVICE_KEY(s)                                                                                        \
	CONFIG_SUB("device", s, device, &device_section, "with samples: a radio device, in place of TCP")

static const struct config_field cell_fields[] = {
	{ CONFIG_UINT("id", network_cell, config.id, 1, 0x3fff, NULL,
		"the NR Cell Identity after the gNB ID (default 1, 2, ...)") },
	{ CONFIG_UINT("tac", network_cell, config.tac, 0, 0xfffffd, NULL,
		  "its tracking area, one of tacs (default: the first)"),
		.live_if = network_tac_changes },
	{ CONFIG_UINT("pci", network_cell, config.pci, 0, UU_PCI_MAX, NULL,
		"physical cell identity (default: the cells of all gNBs are counted from 1)") },
	{ CONFIG_ADDR("air_address", network_cell, air_address, NULL, "where UEs find it"),
		.required = true },
	{ CONFIG_UINT("air_port", network_cell, air_port, 1, 65535, "4997",
		"its UDP port; of samples its TCP port") },
	{ CONFIG_ADDR("ue_address", network_cell, ue_address, NULL,
		"with samples: where those of its UE, or of `freehold air`, are asked for; none: at the "
		"`freehold air` or first UE of this file") },
	{ CONFIG_UINT("ue_port", network_cell, ue_port, 1, 65535, "4998", "its TCP port") },
	{ DEVICE_KEY(network_cell) },
	{ CONFIG_KEYS_OF(network_cell, radio, &served_cell_config_section) },
};
static const struct config_section cell_section = { cell_fields, ARRAY_LEN(cell_fields), NULL };

static const struct config_field gnb_fields[] = {
	{ CONFIG_STR("netns", network_gnb, netns, NULL, NETNS_HELP) },
	{ CONFIG_KEYS_OF(network_gnb, config, &gnb_config_section) },
	{ CONFIG_UINT("amf_port", network_gnb, amf_port, 1, 65535, "38412", "SCTP port of amf_addresses") },
	{ CONFIG_ADDR("n2_address", network_gnb, n2_address, "127.0.0.3", "own address towards the AMFs") },
	{ CONFIG_OWN("transport", network_gnb, sctp.transport, network_read_transport,
		"auto, kernel, raw or udp", "auto", "how SCTP is carried") },
	{ CONFIG_UINT("sctp_udp_port", network_gnb, sctp.udp_port, 1, 65535, "9899",
		"UDP port of encapsulated SCTP (RFC 6951)") },
	{ CONFIG_ADDR("xn_address", network_gnb, xn_address, NULL,
		"own address towards other gNBs, SCTP port 38422; none: UEs are handed over by way of the "
		"AMF only") },
	{ CONFIG_ADDR("f1_address", network_gnb, f1_address, NULL,
		"of the CU-CP towards DUs, SCTP port 38472: the gNB is split into processes, `freehold cucp` "
		"and those of cuups and dus, or another vendor's; none: `freehold gnb` is all of it") },
	{ CONFIG_ADDR("e1_address", network_gnb, e1_address, NULL,
		"of the CU-CP towards CU-UPs, SCTP port 38462 (default: f1_address)") },
	{ CONFIG_VALUES("neighbours", network_gnb, neighbours, neighbour_count, config_read_str, NULL, NULL,
		"names of gNBs in this file to which UEs may be handed over; none: all others") },
	{ CONFIG_BOOL("direct_forwarding", network_gnb, direct_forwarding, "true",
		"its neighbours reach its n3_address: data of a UE that is handed over go straight, else "
		"through a UPF") },
	{ CONFIG_STR("control", network_gnb, control, NULL,
		"control socket, for `freehold handover`; none: there is none") },
	METRICS_KEYS(network_gnb),
	{ CONFIG_SUBS("cells", network_gnb, cells, cell_count, &cell_section, "its cells"),
		.required = true },
};
const struct config_section network_gnb_section = { gnb_fields, ARRAY_LEN(gnb_fields), NULL };

static const struct config_field cuup_fields[] = {
	{ CONFIG_STR("netns", network_cuup, netns, NULL, NETNS_HELP) },
	{ CONFIG_STR(
		"name", network_cuup, name, NULL, "for `freehold cuup NAME` (default cuup-1, cuup-2, ...)") },
	{ CONFIG_STR("gnb", network_cuup, gnb, NULL,
		"name of the gNB in this file that it is of; none: the first") },
	{ CONFIG_UINT("id", network_cuup, id, 0, 0xfffffffff, NULL,
		"gNB-CU-UP ID (default: the CU-UPs of a gNB are counted from 1)") },
	{ CONFIG_ADDR("e1_address", network_cuup, e1_address, NULL,
		"own address towards the CU-CP, which is at e1_address of the gNB (default: f1u_address)") },
	{ CONFIG_ADDR("n3_address", network_cuup, n3_address, NULL, "own address towards the UPFs"),
		.required = true },
	{ CONFIG_ADDR("f1u_address", network_cuup, f1u_address, NULL, "own address towards the DUs"),
		.required = true },
	{ CONFIG_UINT("capacity", network_cuup, capacity, 0, 255, "255",
		  "how many of the gNB's UEs it is to have beside other CU-UPs; 0: none while there are "
		  "others"),
		.live = true },
	METRICS_KEYS(network_cuup),
};
const struct config_section network_cuup_section = { cuup_fields, ARRAY_LEN(cuup_fields), NULL };

static const struct config_field du_fields[] = {
	{ CONFIG_STR("netns", network_du, netns, NULL, NETNS_HELP) },
	{ CONFIG_STR("name", network_du, name, NULL, "for `freehold du NAME` (default du-1, du-2, ...)") },
	{ CONFIG_STR("gnb", network_du, gnb, NULL,
		"name of the gNB in this file that it is of; none: the first") },
	{ CONFIG_UINT("cell", network_du, cell, 1, 0x3fff, NULL,
		"id of the cell of that gNB that it serves; none: its first") },
	{ CONFIG_ADDR("f1_address", network_du, f1_address, NULL,
		  "own address towards the CU-CP, which is at f1_address of the gNB"),
		.required = true },
	{ CONFIG_ADDR("f1u_address", network_du, f1u_address, NULL,
		"own address towards the CU-UPs (default: f1_address)") },
	METRICS_KEYS(network_du),
};
const struct config_section network_du_section = { du_fields, ARRAY_LEN(du_fields), NULL };

static const struct config_field ue_fields[] = {
	{ CONFIG_STR("netns", network_ue, netns, NULL, NETNS_HELP) },
	{ CONFIG_STR("name", network_ue, name, NULL, "for `freehold ue NAME` (default ue-1, ue-2, ...)") },
	{ CONFIG_KEYS_OF(network_ue, config, &ue_config_section) },
	{ CONFIG_KEYS_OF(network_ue, profile, &ue_profile_section) },
	{ CONFIG_STR("gnb", network_ue, gnb, NULL,
		"name of the gNB in this file that it is near; none: the first") },
	{ CONFIG_UINT(
		"cell", network_ue, cell, 1, 0x3fff, NULL, "id of the cell of that gNB; none: its first") },
	{ CONFIG_ADDR(
		"gnb_address", network_ue, gnb_address, NULL, "the cell, if its gNB is not in this file") },
	{ CONFIG_UINT("gnb_port", network_ue, gnb_port, 1, 65535, "4997",
		"its UDP port; of samples its TCP port") },
	{ CONFIG_ADDR("air_address", network_ue, air_address, "127.0.0.4", "own address on the air") },
	{ CONFIG_UINT("samples_port", network_ue, samples_port, 1, 65535, "4998",
		"with samples: TCP port where its own are asked for") },
	{ DEVICE_KEY(network_ue) },
	{ CONFIG_KEYS_OF(network_ue, radio, &served_carrier_config_section) },
	{ CONFIG_STR("tun", network_ue, tun, NULL, "name of the UE's interface (default ue0, ue1, ...)") },
	{ CONFIG_BOOL("default_route", network_ue, default_route, "false", "send everything through it") },
	METRICS_KEYS(network_ue),
};
const struct config_section network_ue_section = { ue_fields, ARRAY_LEN(ue_fields), NULL };

static bool read_air(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "messages", NETWORK_AIR_MESSAGES },
		{ "mac", NETWORK_AIR_MAC }, { "samples", NETWORK_AIR_SAMPLES } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static const struct config_field radio_fields[] = {
	{ CONFIG_OWN("air", network_radio, air, read_air, "messages, mac or samples", "messages",
		"what gNBs and UEs meet in: messages of a simulated link (UDP, any number of UEs); mac, RRC "
		"to "
		"MAC over a model of the physical layer, within `freehold load` (hundreds of UEs); or "
		"samples "
		"of a whole radio, which go by ZeroMQ (TCP) at the rate that the processors allow") },
};
const struct config_section network_radio_section = { radio_fields, ARRAY_LEN(radio_fields), NULL };

static const struct config_field medium_fields[] = {
	{ CONFIG_KEYS_OF(network_medium, config, &medium_config_section) },
	METRICS_KEYS(network_medium),
};
const struct config_section network_medium_section = { medium_fields, ARRAY_LEN(medium_fields), NULL };
