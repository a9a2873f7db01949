/* What operators write of an application's media: words "key=value". */
#include <stdio.h>
#include <string.h>

#include "base/config.h"
#include "base/text.h"
#include "core/af/af.h"

enum { VALUE_SIZE = IP_FILTER_INPUT_MAX + 1 };

static bool wrong(char error[AF_ERROR_SIZE], const char *key, const char *expected)
{
	snprintf(error, AF_ERROR_SIZE, "%s: expected %s", key, expected);
	return false;
}

/* One of a few words, of an enumeration. */
static bool take_word(
	const struct config_choice *choices, size_t count, const char *value, void *to, size_t size)
{
	const struct config_field field = { .size = size };

	return config_choose(choices, count, value, &field, to);
}

static const char *take_media(struct af_order *o, const char *value)
{
	static const struct config_choice media[] = { { "audio", MEDIA_TYPE_AUDIO },
		{ "video", MEDIA_TYPE_VIDEO }, { "data", MEDIA_TYPE_DATA },
		{ "application", MEDIA_TYPE_APPLICATION }, { "control", MEDIA_TYPE_CONTROL },
		{ "text", MEDIA_TYPE_TEXT }, { "message", MEDIA_TYPE_MESSAGE },
		{ "other", MEDIA_TYPE_OTHER } };

	return take_word(media, ARRAY_LEN(media), value, &o->media, sizeof(o->media))
		       ? NULL
		       : "audio, video, data, application, control, text, message or other";
}

static const char *take_gate(struct af_order *o, const char *value)
{
	static const struct config_choice gates[] = { { "open", FLOW_STATUS_ENABLED },
		{ "uplink", FLOW_STATUS_ENABLED_UPLINK }, { "downlink", FLOW_STATUS_ENABLED_DOWNLINK },
		{ "closed", FLOW_STATUS_DISABLED }, { "removed", FLOW_STATUS_REMOVED } };

	return take_word(gates, ARRAY_LEN(gates), value, &o->gate, sizeof(o->gate))
		       ? NULL
		       : "open, uplink, downlink, closed or removed";
}

static const char *take_flag(struct af_order *o, bool preempt, const char *value)
{
	bool yes;

	if (!config_read_bool(value, NULL, &yes))
		return "yes or no";
	if (preempt)
		o->preempt = yes ? PREEMPTION_CAPABILITY_MAY_PREEMPT : PREEMPTION_CAPABILITY_NOT_PREEMPT;
	else
		o->preemptable =
			yes ? PREEMPTION_VULNERABILITY_PREEMPTABLE : PREEMPTION_VULNERABILITY_NOT_PREEMPTABLE;
	return NULL;
}

/* "1Mbps", or "64Kbps/1Mbps": uplink, downlink. */
static const char *take_rates(const char *value, struct ambr *to)
{
	const char *slash = strchr(value, '/');
	char up[32];

	str_copy(up, slash && (size_t)(slash - value) < sizeof(up) ? (size_t)(slash - value) + 1 : sizeof(up),
		value);
	return config_read_rate(up, NULL, &to->uplink_bps) &&
			       config_read_rate(slash ? slash + 1 : value, NULL, &to->downlink_bps)
		       ? NULL
		       : "a rate as 1Mbps, or UPLINK/DOWNLINK";
}

static const char *take_filter(struct af_order *o, const char *value)
{
	if (o->filter_count == AF_FILTERS_MAX)
		return "at most 4 filters";
	if (ip_filter_read(bytes_of_str(value), &o->filters[o->filter_count]))
		return "like \"permit out 17 from 192.0.2.7 5060 to assigned\"";
	o->filter_count++;
	return NULL;
}

static const char *take_number(const char *value, unsigned most, uint64_t *to)
{
	return text_uint(bytes_of_str(value), most, to) && *to > 0 ? NULL : "a smaller number, from 1";
}

static const char *take_value(struct af_order *o, const char *key, const char *value)
{
	const char *bad = NULL;
	uint64_t n = 0;

	if (!strcmp(key, "media"))
		return take_media(o, value);
	if (!strcmp(key, "gate"))
		return take_gate(o, value);
	if (!strcmp(key, "bandwidth"))
		return take_rates(value, &o->bandwidth);
	if (!strcmp(key, "least"))
		return take_rates(value, &o->least);
	if (!strcmp(key, "filter"))
		return take_filter(o, value);
	if (!strcmp(key, "preempt") || !strcmp(key, "preemptable"))
		return take_flag(o, !strcmp(key, "preempt"), value);
	if (!strcmp(key, "dnn")) {
		str_copy(o->dnn, sizeof(o->dnn), value);
		return value[0] && strlen(value) < sizeof(o->dnn) ? NULL : "a DNN";
	}
	if (!strcmp(key, "session")) {
		bad = take_number(value, PDU_SESSIONS_MAX, &n);
		o->pdu_session_id = (uint8_t)n;
		return bad;
	}
	if (!strcmp(key, "component")) {
		bad = take_number(value, AF_COMPONENT_MAX, &n);
		o->component = bad ? o->component : (uint8_t)n;
		return bad;
	}
	if (!strcmp(key, "priority")) {
		bad = take_number(value, 16, &n);
		o->priority = (enum reserv_priority)(RESERV_PRIORITY_ABSENT + n);
		return bad;
	}
	if (!strcmp(key, "usage"))
		return text_uint(bytes_of_str(value), INT64_MAX, &o->usage) && o->usage > 0
			       ? NULL
			       : "octets, from 1";
	return "media, bandwidth, least, usage, filter, gate, priority, preempt, preemptable, component, dnn "
	       "or "
	       "session";
}

void af_order_begin(struct af_order *o)
{
	*o = (struct af_order){ .component = 1 };
}

bool af_order_take(struct af_order *o, struct bytes word, char error[AF_ERROR_SIZE])
{
	const uint8_t *equals = memchr(word.data, '=', word.len);
	size_t key_len = equals ? (size_t)(equals - word.data) : 0;
	char key[24], value[VALUE_SIZE];
	const char *expected;

	if (!equals || key_len >= sizeof(key) || word.len - key_len - 1 >= sizeof(value))
		return wrong(error, "application", "words like media=audio");
	str_copy(key, key_len + 1, (const char *)word.data);
	str_copy(value, word.len - key_len, (const char *)equals + 1);
	expected = take_value(o, key, value);
	return !expected || wrong(error, key, expected);
}
