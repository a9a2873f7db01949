#include "ops/network.h"

#include <stdio.h>

#include "base/text.h"

static bool read_plmn(const char *text, const struct config_field *f, void *out)
{
	return plmn_parse(text, out);
}

static bool read_imsi(const char *text, const struct config_field *f, void *out)
{
	struct supi s;

	if (!supi_parse(text, &s))
		return false;
	str_copy(out, f->size, s.imsi);
	return true;
}

static bool read_slice(const char *text, const struct config_field *f, void *out)
{
	return snssai_parse(text, out);
}

struct choice {
	const char *name;
	uint8_t value;
};

static bool choose(const struct choice *choices, size_t count, const char *text, void *out)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(choices[i].name, text))
			continue;
		*(uint8_t *)out = choices[i].value;
		return true;
	}
	return false;
}

static bool read_transport(const char *text, const struct config_field *f, void *out)
{
	static const struct choice choices[] = { { "auto", TRANSPORT_AUTO }, { "kernel", TRANSPORT_KERNEL },
		{ "raw", TRANSPORT_RAW }, { "udp", TRANSPORT_UDP } };

	return choose(choices, ARRAY_LEN(choices), text, out);
}

static bool read_nea(const char *text, const struct config_field *f, void *out)
{
	static const struct choice choices[] = { { "nea0", 0 }, { "nea1", 1 }, { "nea2", 2 }, { "nea3", 3 } };

	return choose(choices, ARRAY_LEN(choices), text, out);
}

static bool read_nia(const char *text, const struct config_field *f, void *out)
{
	static const struct choice choices[] = { { "nia1", 1 }, { "nia2", 2 }, { "nia3", 3 } };

	return choose(choices, ARRAY_LEN(choices), text, out);
}

static bool read_profile(const char *text, const struct config_field *f, void *out)
{
	static const struct choice choices[] = { { "null", 0 }, { "A", 1 }, { "B", 2 } };

	return choose(choices, ARRAY_LEN(choices), text, out);
}

static bool read_algorithm(const char *text, const struct config_field *f, void *out)
{
	static const struct choice choices[] = { { "milenage", 0 }, { "tuak", 1 } };

	return choose(choices, ARRAY_LEN(choices), text, out);
}

static bool read_log_level(const char *text, const struct config_field *f, void *out)
{
	static const struct choice choices[] = { { "error", 0 }, { "warn", 1 }, { "info", 2 },
		{ "debug", 3 } };

	return choose(choices, ARRAY_LEN(choices), text, out);
}

/* Exactly `size` octets of hex. */
static bool read_key(const char *text, const struct config_field *f, void *out)
{
	size_t len;

	return text_unhex(bytes_of_str(text), out, f->size, &len) && len == f->size;
}

/* 16 or 32 octets; the length goes to the octet after the array (see struct network_ue). */
static bool read_long_key(const char *text, const struct config_field *f, void *out)
{
	size_t len;

	if (!text_unhex(bytes_of_str(text), out, f->size, &len) || (len != 16 && len != 32))
		return false;
	((uint8_t *)out)[f->size] = (uint8_t)len;
	return true;
}

static bool read_public_key(const char *text, const struct config_field *f, void *out)
{
	size_t len;

	if (!text_unhex(bytes_of_str(text), out, f->size, &len) || (len != 32 && len != 33))
		return false;
	((uint8_t *)out)[f->size] = (uint8_t)len;
	return true;
}

#define KEY_BYTES  "hexadecimal digits: 32 or 64 of them"
#define SLICE_TEXT "a slice: SST or SST-SD, like 1 or 1-010203"

static const struct config_field dnn_fields[] = {
	{ "name", CONFIG_VALUE, true, CONFIG_AT(network_dnn, name), 0, 0, config_read_str, 0, 0, NULL, NULL,
		"DNN" },
	{ "pool", CONFIG_VALUE, true, CONFIG_AT(network_dnn, pool), 0, 0, config_read_prefix, 0, 0, NULL,
		NULL, "addresses for the UEs; the first is the gateway" },
	CONFIG_VALUES(
		network_dnn, dns, dns_count, config_read_addr, 0, 0, NULL, "DNS servers told to the UEs"),
	CONFIG_UINT(network_dnn, mtu, 576, 9000, "IPv4 link MTU told to the UEs"),
	CONFIG_RATE(network_dnn, max_uplink_bps, "most a session gets, whatever is subscribed"),
	CONFIG_RATE(network_dnn, max_downlink_bps, "the same, downlink"),
};
static const struct config_section dnn_section = { dnn_fields, ARRAY_LEN(dnn_fields) };

static const struct config_field hn_key_fields[] = {
	CONFIG_UINT(network_hn_key, id, 0, 254, "Home Network Public Key Identifier"),
	{ "profile", CONFIG_VALUE, true, CONFIG_AT(network_hn_key, profile), 0, 0, read_profile, 0, 0,
		"A or B", NULL, "protection scheme" },
	{ "private_key", CONFIG_VALUE, true, CONFIG_AT(network_hn_key, private_key), 0, 0, read_key, 0, 0,
		"64 hexadecimal digits", NULL, "" },
};
static const struct config_section hn_key_section = { hn_key_fields, ARRAY_LEN(hn_key_fields) };

static const struct config_field amf_fields[] = {
	CONFIG_STR(network_amf, name, "AMF name told to the gNBs"),
	CONFIG_UINT(network_amf, region, 0, 255, "AMF Region ID"),
	CONFIG_UINT(network_amf, set, 0, 1023, "AMF Set ID"),
	CONFIG_UINT(network_amf, pointer, 0, 63, "AMF Pointer"),
	CONFIG_UINT(network_amf, capacity, 0, 255, "relative AMF capacity"),
	CONFIG_ADDR(network_amf, n2_address, "where gNBs connect"),
	CONFIG_UINT(network_amf, n2_port, 1, 65535, "SCTP port"),
	CONFIG_CUSTOM(
		network_amf, n2_transport, read_transport, "auto, kernel, raw or udp", "how SCTP is carried"),
	CONFIG_UINT(network_amf, sctp_udp_port, 1, 65535, "UDP port of encapsulated SCTP (RFC 6951)"),
	CONFIG_VALUES(network_amf, gnbs, gnb_count, config_read_prefix, 0, 0, NULL,
		"who may connect; none: anybody"),
	CONFIG_VALUES(network_amf, ciphering, ciphering_count, read_nea, 0, 0, "nea0, nea1, nea2 or nea3",
		"NAS ciphering, most wanted first"),
	CONFIG_VALUES(network_amf, integrity, integrity_count, read_nia, 0, 0, "nia1, nia2 or nia3",
		"NAS integrity, most wanted first"),
	CONFIG_UINT(network_amf, t3512_s, 0, 1116000, "periodic registration; 0: none"),
};
static const struct config_section amf_section = { amf_fields, ARRAY_LEN(amf_fields) };

static const struct config_field core_fields[] = {
	CONFIG_STR(network_core, netns, "network namespace that `freehold up` runs it in"),
	CONFIG_STR(network_core, store, "directory of the store"),
	CONFIG_STR(network_core, control, "control socket"),
	CONFIG_BOOL(network_core, sync, "survive power loss too, not only kill -9; slower"),
	CONFIG_BOOL(network_core, null_scheme,
		"accept SUCIs of the null scheme (default true): false once all USIMs have a home network "
		"key"),
	CONFIG_SUBS(network_core, home_network_keys, hn_key_count, &hn_key_section,
		"key pairs for SUCIs; none: made at first start"),
	CONFIG_SUB(network_core, amf, &amf_section, ""),
	CONFIG_ADDR(network_core, n4_address, "the SMF's address on N4"),
};
static const struct config_section core_section = { core_fields, ARRAY_LEN(core_fields) };

static const struct config_field upf_fields[] = {
	CONFIG_STR(network_upf, netns, "network namespace that `freehold up` runs it in"),
	CONFIG_ADDR(network_upf, n4_address, "PFCP"),
	CONFIG_ADDR(network_upf, n3_address, "GTP-U"),
	CONFIG_VALUES(network_upf, smfs, smf_count, config_read_addr, 0, 0, NULL,
		"who may command; none: core.n4_address"),
	CONFIG_VALUES(network_upf, gnbs, gnb_count, config_read_prefix, 0, 0, NULL,
		"whence N3 packets come; none: anywhere"),
	CONFIG_STR(network_upf, tun, "name of the N6 interface"),
	CONFIG_BOOL(network_upf, nat, "masquerade what leaves for other networks"),
	CONFIG_UINT(network_upf, workers, 1, 16, "data threads, each with an N3 socket and a TUN queue"),
};
static const struct config_section upf_section = { upf_fields, ARRAY_LEN(upf_fields) };

static const struct config_field gnb_fields[] = {
	CONFIG_STR(network_gnb, netns, "network namespace that `freehold up` runs it in"),
	CONFIG_UINT(network_gnb, id, 0, 0xffffffff, "gNB ID"),
	CONFIG_UINT(network_gnb, id_bits, 22, 32, "its length"),
	CONFIG_STR(network_gnb, name, "RAN node name"),
	CONFIG_ADDR(network_gnb, amf_address, "where the AMF listens"),
	CONFIG_UINT(network_gnb, amf_port, 1, 65535, "its SCTP port"),
	CONFIG_ADDR(network_gnb, n2_address, "own address towards the AMF"),
	CONFIG_ADDR(network_gnb, n3_address, "own address towards the UPF"),
	CONFIG_ADDR(network_gnb, air_address, "where UEs find the cell (simulated air)"),
	CONFIG_UINT(network_gnb, air_port, 1, 65535, "its UDP port"),
	CONFIG_CUSTOM(
		network_gnb, transport, read_transport, "auto, kernel, raw or udp", "how SCTP is carried"),
	CONFIG_UINT(network_gnb, sctp_udp_port, 1, 65535, "UDP port of encapsulated SCTP (RFC 6951)"),
};
static const struct config_section gnb_section = { gnb_fields, ARRAY_LEN(gnb_fields) };

static const struct config_field ue_fields[] = {
	CONFIG_STR(network_ue, netns, "network namespace that `freehold up` runs it in"),
	CONFIG_CUSTOM(network_ue, imsi, read_imsi, "an IMSI: 5 to 15 digits", "IMSI"),
	CONFIG_CUSTOM(network_ue, k, read_long_key, KEY_BYTES, "permanent key"),
	CONFIG_CUSTOM(network_ue, opc, read_long_key, KEY_BYTES, "OPc, or TOPc with TUAK"),
	CONFIG_CUSTOM(network_ue, algorithm, read_algorithm, "milenage or tuak", "authentication algorithm"),
	CONFIG_CUSTOM(network_ue, profile, read_profile, "null, A or B", "how the SUPI is concealed"),
	CONFIG_UINT(network_ue, hn_key_id, 0, 254, "Home Network Public Key Identifier"),
	CONFIG_CUSTOM(network_ue, hn_public_key, read_public_key, "64 (A) or 66 (B) hexadecimal digits",
		"of the network"),
	CONFIG_STR(network_ue, imeisv, "16 digits"),
	CONFIG_STR(network_ue, dnn, "DNN of its PDU session"),
	CONFIG_CUSTOM(network_ue, slice, read_slice, SLICE_TEXT, "slice of its PDU session"),
	CONFIG_ADDR(network_ue, gnb_address, "the cell (simulated air)"),
	CONFIG_UINT(network_ue, gnb_port, 1, 65535, "its UDP port"),
	CONFIG_ADDR(network_ue, air_address, "own address on the simulated air"),
	CONFIG_STR(network_ue, tun, "name of the UE's interface"),
	CONFIG_BOOL(network_ue, default_route, "send everything through it"),
};
static const struct config_section ue_section = { ue_fields, ARRAY_LEN(ue_fields) };

static const struct config_field network_fields[] = {
	{ "plmn", CONFIG_VALUE, true, CONFIG_AT(network, plmn), 0, 0, read_plmn, 0, 0,
		"MCC and MNC as 5 or 6 digits, in quotes", NULL, "MCC and MNC" },
	CONFIG_VALUES(network, tacs, tac_count, config_read_uint, 0, 0xfffffe,
		"tracking area codes from 0 to 16777214", "tracking areas"),
	CONFIG_VALUES(network, slices, slice_count, read_slice, 0, 0, SLICE_TEXT, "slices"),
	CONFIG_SUBS(network, dnns, dnn_count, &dnn_section, "data networks"),
	CONFIG_SUB(network, core, &core_section, ""),
	CONFIG_SUB(network, upf, &upf_section, ""),
	CONFIG_SUB(network, gnb, &gnb_section, ""),
	CONFIG_SUB(network, ue, &ue_section, ""),
	CONFIG_CUSTOM(network, log_level, read_log_level, "error, warn, info or debug", "lines to log"),
};
static const struct config_section network_section = { network_fields, ARRAY_LEN(network_fields) };

static void amf_defaults(struct network_amf *a)
{
	*a = (struct network_amf){
		.name = "freehold-amf",
		.region = 1,
		.set = 1,
		.capacity = 255,
		.n2_port = 38412,
		.sctp_udp_port = 9899,
		.ciphering_count = 3,
		.ciphering = { 2, 1, 3 },
		.integrity_count = 3,
		.integrity = { 2, 1, 3 },
		.t3512_s = 3240,
	};
	addr_parse("127.0.0.1", &a->n2_address);
}

static void gnb_defaults(struct network_gnb *g)
{
	*g = (struct network_gnb){ .id = 1,
		.id_bits = 24,
		.name = "gnb-1",
		.amf_port = 38412,
		.air_port = 4997,
		.sctp_udp_port = 9899 };
	addr_parse("127.0.0.1", &g->amf_address);
	addr_parse("127.0.0.3", &g->n2_address);
	addr_parse("127.0.0.3", &g->n3_address);
	addr_parse("127.0.0.3", &g->air_address);
}

static void ue_defaults(struct network_ue *u)
{
	*u = (struct network_ue){ .imsi = "001010000000001",
		.profile = 1,
		.hn_key_id = 1,
		.imeisv = "3569380356438091",
		.dnn = "internet",
		.slice = { 1, SNSSAI_NO_SD },
		.gnb_port = 4997,
		.tun = "ue0" };
	addr_parse("127.0.0.3", &u->gnb_address);
	addr_parse("127.0.0.4", &u->air_address);
}

void network_defaults(struct network *n)
{
	*n = (struct network){ .log_level = LOG_INFO };
	plmn_parse("00101", &n->plmn);
	str_copy(n->core.store, sizeof(n->core.store), "/var/lib/freehold/core");
	str_copy(n->core.control, sizeof(n->core.control), "/run/freehold/core.sock");
	n->core.null_scheme = true;
	str_copy(n->upf.tun, sizeof(n->upf.tun), "fh0");
	n->upf.workers = 1;
	addr_parse("127.0.0.1", &n->core.n4_address);
	addr_parse("127.0.0.2", &n->upf.n4_address);
	addr_parse("127.0.0.2", &n->upf.n3_address);
	amf_defaults(&n->core.amf);
	gnb_defaults(&n->gnb);
	ue_defaults(&n->ue);
}

/* What several keys must agree on, and lists that must not be empty. */
static bool network_complete(const char *file, struct network *n, char error[CONFIG_ERROR_SIZE])
{
	const char *missing = NULL;

	if (n->tac_count == 0)
		missing = "tacs";
	else if (n->slice_count == 0)
		missing = "slices";
	else if (n->dnn_count == 0)
		missing = "dnns";
	if (missing)
		snprintf(error, CONFIG_ERROR_SIZE, "%s: %s: expected at least one entry", file, missing);
	for (uint8_t i = 0; i < n->dnn_count; i++) {
		struct network_dnn *d = &n->dnns[i];

		if (d->mtu == 0)
			d->mtu = 1400;
		if (d->pool.bits <= 29)
			continue;
		snprintf(error, CONFIG_ERROR_SIZE,
			"%s: dnns.pool: expected a prefix of at most 29 bits for %s", file, d->name);
		return false;
	}
	if (n->upf.smf_count == 0)
		n->upf.smfs[n->upf.smf_count++] = n->core.n4_address;
	return !missing;
}

bool network_load(const char *file, struct bytes text, struct network *n, char error[CONFIG_ERROR_SIZE])
{
	struct network loaded;

	network_defaults(&loaded);
	if (!config_load(&network_section, file, text, &loaded, error) ||
		!network_complete(file, &loaded, error))
		return false;
	*n = loaded;
	explicit_bzero(&loaded, sizeof(loaded));
	return true;
}
