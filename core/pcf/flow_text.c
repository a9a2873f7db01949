/* A flow as operators write it: words "key=value", and what must agree among them. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/pcf/internal.h"
#include "wire/five_qi.h"

enum { VALUE_SIZE = IP_FILTER_INPUT_MAX + 1 };

static bool wrong(char error[PCF_ERROR_SIZE], const char *key, const char *expected)
{
	snprintf(error, PCF_ERROR_SIZE, "%s: expected %s", key, expected);
	return false;
}

bool pcf_name_good(const char *name)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

	return name[0] && strspn(name, good) == strlen(name);
}

static const char *status_of(const char *text, uint8_t *status)
{
	static const struct config_choice choices[] = { { "open", FLOW_STATUS_ENABLED },
		{ "uplink", FLOW_STATUS_ENABLED_UPLINK }, { "downlink", FLOW_STATUS_ENABLED_DOWNLINK },
		{ "closed", FLOW_STATUS_DISABLED } };
	const struct config_field field = { .size = sizeof(*status) };

	return config_choose(choices, ARRAY_LEN(choices), text, &field, status)
		       ? NULL
		       : "open, closed, uplink or downlink";
}

/* "1Mbps", or "64Kbps/1Mbps": uplink, downlink. */
static bool rates_of(const char *text, struct ambr *out)
{
	const char *slash = strchr(text, '/');
	char up[32];

	if (!slash) {
		if (!config_read_rate(text, NULL, &out->uplink_bps))
			return false;
		out->downlink_bps = out->uplink_bps;
		return true;
	}
	if ((size_t)(slash - text) >= sizeof(up))
		return false;
	str_copy(up, (size_t)(slash - text) + 1, text);
	return config_read_rate(up, NULL, &out->uplink_bps) &&
	       config_read_rate(slash + 1, NULL, &out->downlink_bps);
}

/* One range a side at most: a packet filter of the UE has no more (24.501 9.11.4.13). */
static bool filter_fits(const struct ip_filter *f, char error[PCF_ERROR_SIZE])
{
	if (f->from.is_assigned)
		return wrong(error, "filter", "\"assigned\" after \"to\" only: packets go to the UE");
	if (f->from.range_count > 1 || f->to.range_count > 1)
		return wrong(error, "filter", "one port or range at each end: give a filter for each");
	if (f->to.bits)
		return wrong(error, "filter", "\"assigned\" or \"any\" after \"to\": the UE's own address");
	return true;
}

bool pcf_filter_take(struct pcf_flow *f, struct bytes text, uint8_t direction, char error[PCF_ERROR_SIZE])
{
	struct ip_filter filter;
	enum ip_filter_fault fault = ip_filter_read(text, &filter);
	struct pcf_filter *to = &f->filters[f->filter_count];
	struct writer w = writer_of((uint8_t *)to->text, sizeof(to->text) - 1);

	if (fault) {
		snprintf(error, PCF_ERROR_SIZE, "filter: %s", ip_filter_fault_text(fault));
		return false;
	}
	if (f->filter_count == PCF_FILTERS_MAX)
		return wrong(error, "filter", "at most 4 filters");
	if (!filter_fits(&filter, error))
		return false;
	if (!ip_filter_write(&filter, &w))
		return wrong(error, "filter", "a shorter text");
	to->text[w.len] = '\0';
	to->direction = direction;
	f->filter_count++;
	return true;
}

static bool number_of(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	return text_uint(bytes_of_str(text), max, out) && *out >= min;
}

/* Numbers and words; NULL: taken, else what was expected. */
static const char *take_value(struct pcf_order *o, const char *key, const char *value, bool *known)
{
	struct pcf_flow *f = &o->flow;
	uint64_t n = 0;

	*known = true;
	if (!strcmp(key, "name")) {
		str_copy(f->name, sizeof(f->name), value);
		return strlen(value) < sizeof(f->name) && pcf_name_good(value)
			       ? NULL
			       : "1 to 31 letters, digits and \"-_.\"";
	}
	if (!strcmp(key, "dnn")) {
		str_copy(o->dnn, sizeof(o->dnn), value);
		return value[0] && strlen(value) < sizeof(o->dnn) ? NULL : "a DNN";
	}
	if (!strcmp(key, "session")) {
		if (!number_of(value, 1, PDU_SESSIONS_MAX, &n))
			return "a PDU session identity from 1 to 15";
		o->pdu_session_id = (uint8_t)n;
	} else if (!strcmp(key, "5qi")) {
		if (!number_of(value, 1, 254, &n))
			return "a 5QI from 1 to 254";
		f->five_qi = (uint8_t)n;
	} else if (!strcmp(key, "priority")) {
		if (!number_of(value, 1, 127, &n))
			return "a priority level from 1 to 127";
		f->priority_level = (uint8_t)n;
	} else if (!strcmp(key, "arp")) {
		if (!number_of(value, 1, 15, &n))
			return "a priority from 1 to 15";
		f->arp.priority_level = (uint8_t)n;
	} else if (!strcmp(key, "precedence")) {
		if (!number_of(value, 1, 254, &n))
			return "a number from 1 to 254, the lowest first";
		f->precedence = (uint32_t)n;
	} else if (!strcmp(key, "gate")) {
		return status_of(value, &f->status);
	} else if (!strcmp(key, "gbr")) {
		return rates_of(value, &f->gbr) ? NULL : "a rate as 1Mbps, or UPLINK/DOWNLINK";
	} else if (!strcmp(key, "mbr")) {
		return rates_of(value, &f->mbr) ? NULL : "a rate as 1Mbps, or UPLINK/DOWNLINK";
	} else {
		*known = false;
	}
	return NULL;
}

/* Words without a value of their own: "preempt=yes". */
static bool take_flag(struct pcf_flow *f, const char *key, const char *value, char error[PCF_ERROR_SIZE])
{
	struct {
		const char *key;
		bool *at;
	} flags[] = { { "preempt", &f->arp.may_preempt }, { "preemptable", &f->arp.preemptable },
		{ "notify", &f->notify }, { "reflective", &f->reflective } };

	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		if (strcmp(key, flags[i].key) != 0)
			continue;
		return config_read_bool(value, NULL, flags[i].at) || wrong(error, key, "yes or no");
	}
	return wrong(error, key,
		"name, dnn, session, 5qi, arp, preempt, preemptable, priority, gbr, mbr, precedence, gate, "
		"notify, reflective, filter, uplink_filter or downlink_filter");
}

void pcf_order_begin(struct pcf_order *o, const struct supi *supi)
{
	*o = (struct pcf_order){ .supi = *supi,
		.flow = { .origin = PCF_FROM_OPERATOR,
			.status = FLOW_STATUS_ENABLED,
			.precedence = PCF_PRECEDENCE,
			.arp = { .priority_level = PCF_ARP } } };
}

bool pcf_order_take(struct pcf_order *o, struct bytes word, char error[PCF_ERROR_SIZE])
{
	const uint8_t *equals = memchr(word.data, '=', word.len);
	size_t key_len = equals ? (size_t)(equals - word.data) : 0;
	char key[24], value[VALUE_SIZE];
	const char *expected;
	bool known;

	if (!equals || key_len >= sizeof(key) || word.len - key_len - 1 >= sizeof(value))
		return wrong(error, "flow", "words like 5qi=1");
	str_copy(key, key_len + 1, (const char *)word.data);
	str_copy(value, word.len - key_len, (const char *)equals + 1);
	if (!strcmp(key, "filter"))
		return pcf_filter_take(&o->flow, bytes_of_str(value), FLOW_DIRECTION_BIDIRECTIONAL, error);
	if (!strcmp(key, "uplink_filter"))
		return pcf_filter_take(&o->flow, bytes_of_str(value), FLOW_DIRECTION_UPLINK, error);
	if (!strcmp(key, "downlink_filter"))
		return pcf_filter_take(&o->flow, bytes_of_str(value), FLOW_DIRECTION_DOWNLINK, error);
	expected = take_value(o, key, value, &known);
	if (!known)
		return take_flag(&o->flow, key, value, error);
	return !expected || wrong(error, key, expected);
}

bool pcf_flow_good(struct pcf_flow *f, char error[PCF_ERROR_SIZE])
{
	bool gbr = f->gbr.uplink_bps || f->gbr.downlink_bps;

	if (f->filter_count == 0)
		return wrong(error, "filter", "at least one");
	if (f->five_qi == 0)
		return wrong(error, "5qi", "a 5QI from 1 to 254");
	if (five_qi_is_gbr(f->five_qi) != gbr)
		return wrong(error, "gbr",
			gbr ? "none: the 5QI is not of the GBR type" : "a rate: the 5QI is of the GBR type");
	if (f->notify && !gbr)
		return wrong(error, "notify", "a GBR flow");
	if (f->reflective && gbr)
		return wrong(error, "reflective", "a flow without GBR (23.501 5.7.5.1)");
	if (gbr && f->mbr.uplink_bps == 0)
		f->mbr.uplink_bps = f->gbr.uplink_bps;
	if (gbr && f->mbr.downlink_bps == 0)
		f->mbr.downlink_bps = f->gbr.downlink_bps;
	if (f->mbr.uplink_bps < f->gbr.uplink_bps || f->mbr.downlink_bps < f->gbr.downlink_bps)
		return wrong(error, "mbr", "no less than gbr");
	return true;
}

bool pcf_order_complete(struct pcf_order *o, char error[PCF_ERROR_SIZE])
{
	if (!o->flow.name[0])
		snprintf(o->flow.name, sizeof(o->flow.name), "flow-%u", o->flow.precedence);
	return pcf_flow_good(&o->flow, error);
}
