/* The AMF's keys in network.yaml. PLMN, tracking areas and slices are the network's. */
#include "core/amf/amf.h"
#include "base/text.h"
#include "wire/id_config.h"

/* A cause that a phone may be rejected with; 24.501 5.5.1.2.5 has what each does to it. */
static bool read_cause(const char *text, const uint8_t *allowed, size_t count, void *out)
{
	uint64_t v;

	if (!text_uint(bytes_of_str(text), 255, &v))
		return false;
	for (size_t i = 0; i < count; i++)
		if (allowed[i] == v) {
			*(uint8_t *)out = (uint8_t)v;
			return true;
		}
	return false;
}

static bool read_cause_unknown(const char *text, const struct config_field *f, void *out)
{
	static const uint8_t allowed[] = { 3, 6, 7, 11, 15, 22, 27 };

	return read_cause(text, allowed, ARRAY_LEN(allowed), out);
}

static bool read_cause_fault(const char *text, const struct config_field *f, void *out)
{
	static const uint8_t allowed[] = { 15, 22 };

	return read_cause(text, allowed, ARRAY_LEN(allowed), out);
}

static const struct config_field fields[] = {
	{ CONFIG_OWN("name", amf_config, name, config_read_node_name, CONFIG_NODE_NAME_TEXT, NULL,
		"AMF name sent to the gNBs (default amf-1, amf-2, ...)") },
	{ CONFIG_UINT("region", amf_config, guami.amf_region_id, 0, 255, "1", "AMF Region ID") },
	{ CONFIG_UINT("set", amf_config, guami.amf_set_id, 0, 1023, "1", "AMF Set ID") },
	{ CONFIG_UINT("pointer", amf_config, guami.amf_pointer, 0, 63, "0", "AMF Pointer") },
	{ CONFIG_UINT("capacity", amf_config, relative_capacity, 0, 255, "255", "relative AMF capacity") },
	{ CONFIG_VALUES("gnbs", amf_config, gnb_prefixes, gnb_prefix_count, config_read_prefix, NULL, NULL,
		"who may connect; none: anybody") },
	{ CONFIG_VALUES("ciphering", amf_config, ciphering_order, ciphering_count, config_read_nea,
		CONFIG_NEA_TEXT, "nea2 nea1 nea3", "NAS ciphering, most wanted first") },
	{ CONFIG_VALUES("integrity", amf_config, integrity_order, integrity_count, config_read_nia,
		CONFIG_NIA_TEXT, "nia2 nia1 nia3", "NAS integrity, most wanted first") },
	{ CONFIG_OWN("cause_unknown", amf_config, cause_unknown, read_cause_unknown,
		"3, 6, 7, 11, 15, 22 or 27", "7",
		"5GMM cause for a subscriber of this PLMN that is not in the database (22: the phone tries "
		"again by itself)") },
	{ CONFIG_OWN("cause_fault", amf_config, cause_fault, read_cause_fault, "15 or 22", "22",
		"5GMM cause when a SUCI or sealed key does not open, or a function does not answer") },
	{ CONFIG_UINT("ng_setup_s", amf_config, ng_setup_s, 1, 3600, "10",
		"for a gNB that has connected to send NG SETUP REQUEST") },
	{ CONFIG_UINT("overload_age_ms", amf_config, overload_age_ms, 10, 60000, "100",
		"a message that waited longer shows overload: new UEs are put off") },
	{ CONFIG_UINT("overload_cpu_percent", amf_config, overload_cpu_percent, 1, 100, "95",
		"where the process works this share of the time, half of overload_age_ms does") },
	{ CONFIG_UINT("overload_ues", amf_config, overload_ues, 16, 65536, "500",
		"there, so many UEs that register or ask for service at a time show overload too") },
	{ CONFIG_UINT("t3512_s", amf_config, t3512_s, 0, 1116000, "3240", "periodic registration; 0: none") },
	/* 24.501 table 10.2.2 */
	{ CONFIG_UINT("t3522_ms", amf_config, t3522_ms, 100, 60000, "6000",
		"until a de-registration is repeated") },
	{ CONFIG_UINT("t3550_ms", amf_config, t3550_ms, 100, 60000, "6000",
		"until REGISTRATION ACCEPT is repeated") },
	{ CONFIG_UINT("t3560_ms", amf_config, t3560_ms, 100, 60000, "6000",
		"until an authentication or security mode command is repeated") },
};

const struct config_section amf_config_section = { fields, ARRAY_LEN(fields), NULL };
