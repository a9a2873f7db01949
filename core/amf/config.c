/* The AMF's keys in network.yaml. PLMN, tracking areas and slices are the network's. */
#include "core/amf/amf.h"
#include "base/text.h"
#include "wire/nas/nas.h"
#include "wire/id_config.h"

#define NETWORK_NAME_TEXT "1 to 60 characters, in UTF-8 at most 63 octets"

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

static bool read_cause_forbidden_area(const char *text, const struct config_field *f, void *out)
{
	static const uint8_t allowed[] = { 12, 13, 15 };

	return read_cause(text, allowed, ARRAY_LEN(allowed), out);
}

static bool read_emergency(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "no", AMF_EMERGENCY_NO },
		{ "valid", AMF_EMERGENCY_VALID }, { "authenticated", AMF_EMERGENCY_AUTHENTICATED },
		{ "all", AMF_EMERGENCY_ALL } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static bool read_emergency_number(const char *text, const struct config_field *f, void *out)
{
	size_t len = strlen(text);

	if (len == 0 || len > AMF_EMERGENCY_DIGITS_MAX || strspn(text, "0123456789") != len)
		return false;
	str_copy(out, AMF_EMERGENCY_DIGITS_MAX + 1, text);
	return true;
}

static bool read_network_name(const char *text, const struct config_field *f, void *out)
{
	uint8_t octets[NAS_NETWORK_NAME_MAX];
	struct nas_network_name name;

	return nas_network_name_of(text, octets, &name) && config_read_str(text, f, out);
}

/* "+05:45"; quarters of an hour. */
static bool read_time_zone(const char *text, const struct config_field *f, void *out)
{
	struct amf_time_zone *zone = out;
	uint64_t hours, minutes;
	int quarters;

	if (strlen(text) != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
		!text_uint(bytes_of(text + 1, 2), 14, &hours) ||
		!text_uint(bytes_of(text + 4, 2), 45, &minutes) || minutes % 15 != 0)
		return false;
	quarters = (int)(hours * 4 + minutes / 15);
	*zone = (struct amf_time_zone){ true, (int16_t)(text[0] == '-' ? -quarters : quarters) };
	return true;
}

/* "ppi-1=2", "5qi-5=3" */
static bool read_paging_priority(const char *text, const struct config_field *f, void *out)
{
	struct amf_paging_priority *p = out;
	const char *is = strchr(text, '=');
	uint64_t value, priority;

	p->of_five_qi = !strncmp(text, "5qi-", 4);
	if (!is || (!p->of_five_qi && strncmp(text, "ppi-", 4) != 0) || is < text + 4 ||
		!text_uint(bytes_of(text + 4, (size_t)(is - text) - 4), p->of_five_qi ? 255 : 7, &value) ||
		!text_uint(bytes_of_str(is + 1), AMF_PAGING_PRIORITY_LAST, &priority) || priority == 0)
		return false;
	p->value = (uint8_t)value;
	p->priority = (uint8_t)priority;
	return true;
}

static const struct config_field fields[] = {
	{ CONFIG_OWN("name", amf_config, name, config_read_node_name, CONFIG_NODE_NAME_TEXT, NULL,
		"AMF name sent to the gNBs (default amf-1, amf-2, ...)") },
	{ CONFIG_UINT("region", amf_config, guami.amf_region_id, 0, 255, "1", "AMF Region ID") },
	{ CONFIG_UINT("set", amf_config, guami.amf_set_id, 0, 1023, "1", "AMF Set ID") },
	{ CONFIG_UINT("pointer", amf_config, guami.amf_pointer, 0, 63, "0", "AMF Pointer") },
	{ CONFIG_UINT("capacity", amf_config, relative_capacity, 0, 255, "255", "relative AMF capacity"),
		.live = true },
	{ CONFIG_VALUES("gnbs", amf_config, gnb_prefixes, gnb_prefix_count, config_read_prefix, NULL, NULL,
		  "who may connect; none: anybody"),
		.live = true },
	{ CONFIG_VALUES("ciphering", amf_config, ciphering_order, ciphering_count, config_read_nea,
		  CONFIG_NEA_TEXT, "nea2 nea1 nea3", "NAS ciphering, most wanted first"),
		.live = true },
	{ CONFIG_VALUES("integrity", amf_config, integrity_order, integrity_count, config_read_nia,
		  CONFIG_NIA_TEXT, "nia2 nia1 nia3", "NAS integrity, most wanted first"),
		.live = true },
	{ CONFIG_OWN("cause_unknown", amf_config, cause_unknown, read_cause_unknown,
		  "3, 6, 7, 11, 15, 22 or 27", "7",
		  "5GMM cause for a subscriber of this PLMN that is not in the database (22: the phone tries "
		  "again by itself)"),
		.live = true },
	{ CONFIG_OWN("cause_forbidden_area", amf_config, cause_forbidden_area, read_cause_forbidden_area,
		  "12, 13 or 15", "15",
		  "5GMM cause in a tracking area that the subscription forbids (15: the phone looks for "
		  "another "
		  "one of this PLMN)"),
		.live = true },
	{ CONFIG_OWN("cause_fault", amf_config, cause_fault, read_cause_fault, "15 or 22", "22",
		  "5GMM cause when a SUCI or sealed key does not open, or a function does not answer"),
		.live = true },
	{ CONFIG_BOOL("ims_voice", amf_config, ims_voice, "no",
		  "whether phones may use IMS voice here (the IMS is yours: see p_cscf)"),
		.live = true },
	{ CONFIG_OWN("emergency", amf_config, emergency, read_emergency, "no, valid, authenticated or all",
		"no",
		"who gets emergency services: UEs that are registered (valid), those that the network would "
		"refuse, once authenticated, and all others too, without SIM or with one that fails; a DNN "
		"must have emergency") },
	{ CONFIG_OWN("emergency_slice", amf_config, emergency_slice, config_read_snssai, CONFIG_SLICE_TEXT,
		NULL, "slice of emergency sessions; none: the first") },
	{ CONFIG_VALUES("emergency_numbers", amf_config, emergency_numbers, emergency_number_count,
		read_emergency_number, "1 to 8 digits", NULL, "further emergency numbers, told to phones") },
	{ CONFIG_UINT("reauthenticate_h", amf_config, reauthenticate_h, 0, 8760, "0",
		  "hours after which a phone authenticates again, when it is connected; 0: when it "
		  "registers"),
		.live = true },
	{ CONFIG_OWN("full_name", amf_config, full_name, read_network_name, NETWORK_NAME_TEXT, NULL,
		  "the network's name that phones show"),
		.live = true },
	{ CONFIG_OWN("short_name", amf_config, short_name, read_network_name, NETWORK_NAME_TEXT, NULL,
		  "the same where there is little room"),
		.live = true },
	{ CONFIG_OWN("time_zone", amf_config, time_zone, read_time_zone,
		  "hours and quarters east of Greenwich like \"+05:45\"", NULL,
		  "time zone without daylight saving; phones get it with the universal time; none: no time "
		  "is "
		  "sent"),
		.live = true },
	{ CONFIG_UINT("daylight_saving_h", amf_config, daylight_saving_h, 0, 2, "0",
		  "hours by which clocks are ahead of the time zone now"),
		.live = true },
	{ CONFIG_UINT("ng_setup_s", amf_config, ng_setup_s, 1, 3600, "10",
		"for a gNB that has connected to send NG SETUP REQUEST") },
	{ CONFIG_UINT("overload_age_ms", amf_config, overload_age_ms, 10, 60000, "150",
		"a message that waited longer shows overload: new UEs are put off") },
	{ CONFIG_UINT("overload_cpu_percent", amf_config, overload_cpu_percent, 1, 100, "95",
		"where the process works this share of the time, half of overload_age_ms does") },
	{ CONFIG_UINT("overload_backlog_ms", amf_config, overload_backlog_ms, 10, 60000, "900",
		"there, so many UEs under way that they take as long to serve show overload too") },
	{ CONFIG_UINT("ues_max", amf_config, ues_max, 1, AMF_UES_MAX, NULL,
		"UE contexts; more are refused (default: what half of the memory holds)") },
	{ CONFIG_UINT("t3513_ms", amf_config, t3513_ms, 100, 60000, "2000", "until a UE is paged again"),
		.live = true },
	{ CONFIG_UINT("paging_attempts", amf_config, paging_attempts, 1, 16, "4",
		  "how often an idle UE is paged: first by the gNB where it was, then by all of its tracking "
		  "area"),
		.live = true },
	{ CONFIG_VALUES("paging_priorities", amf_config, paging_priorities, paging_priority_count,
		  read_paging_priority, "ppi-N or 5qi-N and a priority from 1 to 8, like 5qi-5=2", NULL,
		  "Paging Priority for packets of that Paging Policy Indicator or 5QI, beside that by ARP"),
		.live = true },
	{ CONFIG_UINT("t3512_s", amf_config, t3512_s, 0, 1116000, "3240", "periodic registration; 0: none") },
	/* 24.501 table 10.2.2 */
	{ CONFIG_UINT("t3522_ms", amf_config, t3522_ms, 100, 60000, "6000",
		  "until a de-registration is repeated"),
		.live = true },
	{ CONFIG_UINT("t3550_ms", amf_config, t3550_ms, 100, 60000, "6000",
		  "until REGISTRATION ACCEPT is repeated"),
		.live = true },
	{ CONFIG_UINT("t3560_ms", amf_config, t3560_ms, 100, 60000, "6000",
		  "until an authentication or security mode command is repeated"),
		.live = true },
};

const struct config_section amf_config_section = { fields, ARRAY_LEN(fields), NULL };
