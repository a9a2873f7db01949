/* PCC rules in network.yaml: whose sessions get which flows from their beginning. */
#include <stdio.h>
#include <string.h>

#include "core/pcf/internal.h"
#include "wire/id_config.h"

static bool read_gate(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "open", FLOW_STATUS_ENABLED },
		{ "uplink", FLOW_STATUS_ENABLED_UPLINK }, { "downlink", FLOW_STATUS_ENABLED_DOWNLINK },
		{ "closed", FLOW_STATUS_DISABLED } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

/* Digits alone: all of an IMSI or its beginning. */
static bool read_digits(const char *text, const struct config_field *f, void *out)
{
	return strspn(text, "0123456789") == strlen(text) && strlen(text) <= 15 &&
	       config_read_str(text, f, out);
}

static const struct config_field fields[] = {
	{ CONFIG_STR("name", pcf_pcc_rule, flow.name, NULL,
		  "of the rule, as reports and `freehold flow` have it"),
		.required = true },
	{ CONFIG_STR("dnn", pcf_pcc_rule, dnn, NULL, "for sessions of this DNN; none: of all") },
	{ CONFIG_OWN("slice", pcf_pcc_rule, snssai, config_read_snssai, CONFIG_SLICE_TEXT, NULL,
		"for those of this slice; none: of all") },
	{ CONFIG_OWN("imsi", pcf_pcc_rule, imsi, read_digits, "digits of an IMSI, in quotes", NULL,
		"for subscribers whose IMSI begins so; none: for all") },
	{ CONFIG_UINT("five_qi", pcf_pcc_rule, flow.five_qi, 1, 254, NULL, "5QI of the flow"),
		.required = true },
	{ CONFIG_UINT("priority", pcf_pcc_rule, flow.priority_level, 0, 127, "0",
		"priority level; 0: that of the 5QI") },
	{ CONFIG_UINT("arp", pcf_pcc_rule, flow.arp.priority_level, 1, 15, "8",
		"allocation and retention priority, 1 the highest") },
	{ CONFIG_BOOL("preempt", pcf_pcc_rule, flow.arp.may_preempt, "no",
		"it may take the place of less important flows") },
	{ CONFIG_BOOL("preemptable", pcf_pcc_rule, flow.arp.preemptable, "no",
		"it may have to give way to more important ones") },
	{ CONFIG_RATE("gbr_uplink_bps", pcf_pcc_rule, flow.gbr.uplink_bps, NULL,
		"guaranteed, of 5QIs of the GBR type") },
	{ CONFIG_RATE("gbr_downlink_bps", pcf_pcc_rule, flow.gbr.downlink_bps, NULL, "the same, downlink") },
	{ CONFIG_RATE("mbr_uplink_bps", pcf_pcc_rule, flow.mbr.uplink_bps, NULL,
		"most of it; 0: what is guaranteed, or no limit of its own") },
	{ CONFIG_RATE("mbr_downlink_bps", pcf_pcc_rule, flow.mbr.downlink_bps, NULL, "the same, downlink") },
	{ CONFIG_UINT("precedence", pcf_pcc_rule, flow.precedence, 1, 254, "100", "the lowest first") },
	{ CONFIG_OWN("gate", pcf_pcc_rule, flow.status, read_gate, "open, closed, uplink or downlink", "open",
		"which way packets pass") },
	{ CONFIG_BOOL(
		"notify", pcf_pcc_rule, flow.notify, "no", "gNBs tell when the guaranteed rate is not met") },
	{ CONFIG_BOOL(
		"reflective", pcf_pcc_rule, flow.reflective, "no", "UEs may derive rules (23.501 5.7.5)") },
	{ CONFIG_VALUES("filters", pcf_pcc_rule, texts, text_count, config_read_str, NULL, NULL,
		"IPFilterRules towards the UE: \"permit out 17 from 192.0.2.0/24 5060 to assigned\"") },
};

/* The filters as they are sent, and that all agrees. */
static bool check(void *at, struct config_doubt *doubt)
{
	struct pcf_pcc_rule *r = at;
	char error[PCF_ERROR_SIZE];

	r->flow.origin = PCF_FROM_CONFIGURATION;
	*doubt = (struct config_doubt){ .where = r->flow.name };
	if (!pcf_name_good(r->flow.name)) {
		snprintf(doubt->what, sizeof(doubt->what), "expected letters, digits and \"-_.\"");
		return false;
	}
	for (uint8_t i = 0; i < r->text_count; i++)
		if (!pcf_filter_take(
			    &r->flow, bytes_of_str(r->texts[i]), FLOW_DIRECTION_BIDIRECTIONAL, error)) {
			doubt->where = r->texts[i];
			snprintf(doubt->what, sizeof(doubt->what), "%s", error);
			return false;
		}
	if (pcf_flow_good(&r->flow, error))
		return true;
	snprintf(doubt->what, sizeof(doubt->what), "%s", error);
	return false;
}

const struct config_section pcf_pcc_rule_section = { fields, ARRAY_LEN(fields), check };
