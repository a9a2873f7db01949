/* A UE's keys in network.yaml. */
#include <stdio.h>

#include "base/list.h"
#include "base/text.h"
#include "crypto/aka_function.h"
#include "ue/ue.h"
#include "wire/id_config.h"

static bool read_algorithm(const char *text, const struct config_field *f, void *out)
{
	return aka_alg_named(text, out);
}

/* out is the member k of a struct aka_key. */
static bool read_k(const char *text, const struct config_field *f, void *out)
{
	struct aka_key *key = container_of(out, struct aka_key, k);
	size_t len;

	if (!text_unhex(bytes_of_str(text), key->k, sizeof(key->k), &len))
		return false;
	key->k_len = (uint8_t)len;
	return true;
}

static bool read_opc(const char *text, const struct config_field *f, void *out)
{
	struct ue_config *c = container_of(out, struct ue_config, key.opc);
	size_t len;

	if (!text_unhex(bytes_of_str(text), c->key.opc, sizeof(c->key.opc), &len))
		return false;
	c->opc_len = (uint8_t)len;
	return true;
}

static bool read_imeisv(const char *text, const struct config_field *f, void *out)
{
	if (strlen(text) != 16 || strspn(text, "0123456789") != 16)
		return false;
	str_copy(out, f->size, text);
	return true;
}

static const struct config_field fields[] = {
	{ CONFIG_OWN("imsi", ue_config, supi, config_read_supi, "an IMSI: 5 to 15 digits", NULL, "IMSI") },
	{ CONFIG_OWN("k", ue_config, key.k, read_k, "hexadecimal digits, at most 64", NULL, "permanent key"),
		.secret = true },
	{ CONFIG_OWN("opc", ue_config, key.opc, read_opc, "hexadecimal digits, at most 64", NULL,
		  "OPc, or TOPc with TUAK"),
		.secret = true },
	{ CONFIG_OWN("algorithm", ue_config, key.alg, read_algorithm, AKA_ALG_NAMES, "milenage",
		"authentication algorithm") },
	{ CONFIG_OWN("imeisv", ue_config, imeisv, read_imeisv, "16 digits", "3569380356438091", "IMEISV") },
};

static bool check_key(void *at, struct config_doubt *doubt)
{
	const struct ue_config *c = at;
	const struct aka_function *f = aka_function(c->key.alg);

	if (!c->supi.imsi[0] && !c->key.k_len && !c->opc_len) /* there is no USIM */
		return true;
	if (!c->supi.imsi[0] || !c->key.k_len || !c->opc_len) {
		*doubt = (struct config_doubt){ NULL, "expected imsi, k and opc" };
		return false;
	}
	if (aka_lengths_valid(c->key.alg, c->key.k_len, c->opc_len))
		return true;
	*doubt = (struct config_doubt){ .where = c->opc_len == f->opc_len ? c->key.k : c->key.opc };
	snprintf(doubt->what, sizeof(doubt->what),
		"expected a k of %u%s and an opc of %u hexadecimal digits with %s", 2u * f->k_lens[0],
		f->k_lens[1] ? " or more" : "", 2u * f->opc_len, f->name);
	return false;
}

const struct config_section ue_config_section = { fields, ARRAY_LEN(fields), check_key };

static bool read_scheme(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "null", SUCI_NULL }, { "A", SUCI_PROFILE_A },
		{ "B", SUCI_PROFILE_B } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static bool read_session_type(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "IPv4", NAS_PDU_IPV4 }, { "IPv6", NAS_PDU_IPV6 },
		{ "IPv4v6", NAS_PDU_IPV4V6 }, { "Ethernet", NAS_PDU_ETHERNET },
		{ "Unstructured", NAS_PDU_UNSTRUCTURED } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static bool read_mico(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "no", UE_MICO_NO }, { "yes", UE_MICO_YES },
		{ "strict", UE_MICO_STRICT } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

/* 24.501 9.11.3.2A */
static bool read_drx(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "32", 1 }, { "64", 2 }, { "128", 3 },
		{ "256", 4 } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static bool read_edrx(const char *text, const struct config_field *f, void *out)
{
	uint64_t v;

	if (!text_uint(bytes_of_str(text), 15, &v))
		return false;
	*(uint8_t *)out = (uint8_t)(v + 1);
	return true;
}

static bool read_public_key(const char *text, const struct config_field *f, void *out)
{
	struct usim_suci_profile *p = container_of(out, struct usim_suci_profile, home_network_key);
	size_t len;

	if (!text_unhex(bytes_of_str(text), out, f->size, &len) || (len != 32 && len != 33))
		return false;
	p->home_network_key_len = (uint8_t)len;
	return true;
}

static const struct config_field profile_fields[] = {
	{ CONFIG_BOOL("no_usim", ue_profile, no_usim, "no",
		"it has no USIM (no imsi, k, opc), and calls for emergencies alone, by its imeisv") },
	{ CONFIG_OWN("profile", ue_profile, suci.scheme, read_scheme, "null, A or B", "A",
		"how the SUPI is concealed") },
	{ CONFIG_UINT("hn_key_id", ue_profile, suci.home_network_key_id, 0, 254, "1",
		"Home Network Public Key Identifier") },
	{ CONFIG_OWN("hn_public_key", ue_profile, suci.home_network_key, read_public_key,
		"64 (A) or 66 (B) hexadecimal digits", NULL, "the home network's public key") },
	{ CONFIG_STR("routing_indicator", ue_profile, suci.routing_indicator, "0", "one to four digits") },
	{ CONFIG_OWN("session_type", ue_profile, session_type, read_session_type,
		"IPv4, IPv6, IPv4v6, Ethernet or Unstructured", "IPv4v6",
		"PDU session type that it asks for; the network may grant one family of both") },
	{ CONFIG_UINT("ssc_mode", ue_profile, ssc_mode, 1, 3, "1", "SSC mode that it asks for") },
	{ CONFIG_BOOL("always_on", ue_profile, always_on, "no", "it asks for always-on sessions") },
	{ CONFIG_BOOL("router", ue_profile, router, "no",
		"there are networks behind it (framed_route of its subscriber): packets of any source go "
		"out") },
	{ CONFIG_BOOL("prefix_delegation", ue_profile, prefix_delegation, "no",
		"it asks for an IPv6 prefix for networks behind it, by DHCPv6 (with router: yes)") },
	{ CONFIG_OWN("mico", ue_profile, mico, read_mico, "no, yes or strict", "no",
		"MICO mode is asked for; strict: with a strictly periodic T3512") },
	{ CONFIG_UINT("active_time_s", ue_profile, active_time_s, 0, 11160, "0",
		"active time (T3324) asked for with it") },
	{ CONFIG_UINT("t3512_s", ue_profile, t3512_s, 0, 1116000, "0",
		"T3512 asked for; 0: as the network has it") },
	{ CONFIG_OWN("drx", ue_profile, drx, read_drx, "32, 64, 128 or 256", NULL,
		"DRX cycle in frames asked for; none: the cell's") },
	{ CONFIG_OWN("edrx", ue_profile, edrx, read_edrx, "0 to 15", NULL,
		"extended DRX asked for, as 24.008 10.5.5.32 codes its cycle; none: not asked for") },
	{ CONFIG_STR("dnn", ue_profile, dnn, "internet", "DNN of its PDU session") },
	{ CONFIG_VALUES("slices", ue_profile, slices, slice_count, config_read_snssai, CONFIG_SLICE_TEXT,
		NULL, "requested NSSAI, the first is its session's; none: the network's first") },
};

static bool check_profile(void *at, struct config_doubt *doubt)
{
	struct ue_profile *p = at;
	uint8_t wanted = p->suci.scheme == SUCI_PROFILE_A ? 32 : p->suci.scheme == SUCI_PROFILE_B ? 33 : 0;

	if (wanted == 0 || p->no_usim || p->suci.home_network_key_len == wanted)
		return true;
	*doubt = (struct config_doubt){ p->suci.home_network_key_len ? p->suci.home_network_key : NULL,
		"expected hn_public_key with 64 (profile A) or 66 (profile B) hexadecimal digits" };
	return false;
}

const struct config_section ue_profile_section = { profile_fields, ARRAY_LEN(profile_fields), check_profile };
