/* The AMF's keys in network.yaml. PLMN, tracking areas and slices are the network's. */
#include "core/amf/amf.h"
#include "wire/id_config.h"

static const struct config_field fields[] = {
	{ CONFIG_STR(
		"name", amf_config, name, NULL, "AMF name sent to the gNBs (default amf-1, amf-2, ...)") },
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
