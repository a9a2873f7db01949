#include "console/subscriber_body.h"

#define WORD(i, key)   { JSON_V(key, json_text, subscriber_body, words[i]), .most = 512 }
#define SECRET(i, key) { JSON_V(key, json_text, subscriber_body, words[i]), .most = 64, .secret = true }

static const struct json_field one = { .codec = &json_text, .size = sizeof(const char *), .most = 512 };

/* The keys are judged by the core, which knows the network: here is only what they are called. */
BODY(subscriber_table, { JSON_V("imsi", json_text, subscriber_body, words[0]), .most = 15 }, SECRET(1, "k"),
	SECRET(2, "opc"), SECRET(3, "op"), WORD(4, "algorithm"), WORD(5, "authentication"), WORD(6, "amf"),
	WORD(7, "sqn"), WORD(8, "ambr_uplink"), WORD(9, "ambr_downlink"), WORD(10, "five_qi"),
	WORD(11, "arp"), WORD(12, "ip"), WORD(13, "prefix"), WORD(14, "types"), WORD(15, "ssc"),
	WORD(16, "framed_route"), WORD(17, "t3512_s"), WORD(18, "active_time_s"), WORD(19, "mico"),
	WORD(20, "no_access"), WORD(21, "allowed_areas"), WORD(22, "non_allowed_areas"),
	WORD(23, "forbidden_areas"), WORD(24, "areas_max"), WORD(25, "profile"), WORD(26, "ip_pool"),
	WORD(27, "msisdn"), { JSON_ITEMS("dnn", one, subscriber_body, dnns) },
	{ JSON_ITEMS("add_dnn", one, subscriber_body, more_dnns) });

/* A word ends with a blank; a rate may have one ("100 Mbps"), which goes. */
static bool put_word(struct writer *w, const char *key, const char *value)
{
	text_put(w, "%s%s=", w->len ? " " : "", key);
	for (; *value; value++) {
		if ((uint8_t)*value < ' ' || *value == ',' || *value == 0x7f)
			return false;
		if (*value != ' ')
			writer_u8(w, (uint8_t)*value);
	}
	return true;
}

static bool put_words(struct writer *w, const char *key, const struct subscriber_texts *texts)
{
	for (uint32_t i = 0; i < texts->count; i++)
		if (!put_word(w, key, texts->items[i]))
			return false;
	return true;
}

bool subscriber_line_of(const struct subscriber_body *b, struct writer *w)
{
	for (size_t i = 0; i < SUBSCRIBER_WORDS; i++)
		if (b->words[i] && !put_word(w, subscriber_table.fields[i].key, b->words[i]))
			return false;
	return put_words(w, "dnn", &b->dnns) && put_words(w, "add_dnn", &b->more_dnns) && !w->failed;
}

static bool next_pair(struct bytes *line, struct bytes *key, struct bytes *value)
{
	while (line->len > 0 && (line->data[0] == ' ' || line->data[0] == '\n'))
		*line = bytes_of(line->data + 1, line->len - 1);
	*key = BYTES_NONE;
	*value = *line;
	for (size_t i = 0; i < line->len; i++) {
		if (line->data[i] == '=' && !key->data) {
			*key = bytes_of(line->data, i);
			*value = bytes_of(line->data + i + 1, line->len - i - 1);
		} else if (line->data[i] == ' ' || line->data[i] == '\n') {
			value->len = (size_t)(line->data + i - value->data);
			*line = bytes_of(line->data + i, line->len - i);
			return key->data != NULL;
		}
	}
	*line = BYTES_NONE;
	return key->data != NULL;
}

static bool is_secret(struct bytes key)
{
	return bytes_equal(key, bytes_of_str("k")) || bytes_equal(key, bytes_of_str("opc"));
}

void subscriber_json_of(struct bytes line, struct writer *w)
{
	struct bytes rest = line, key, value, dnn = bytes_of_str("dnn");
	bool first = true, first_dnn = true;

	text_put(w, "{");
	while (next_pair(&rest, &key, &value)) {
		if (bytes_equal(key, dnn) || is_secret(key))
			continue;
		text_put(w, first ? "" : ",");
		first = false;
		json_text_of(w, key);
		text_put(w, ":");
		json_text_of(w, value);
	}
	text_put(w, "%s\"dnn\":[", first ? "" : ",");
	for (rest = line; next_pair(&rest, &key, &value);) {
		if (!bytes_equal(key, dnn))
			continue;
		text_put(w, first_dnn ? "" : ",");
		first_dnn = false;
		json_text_of(w, value);
	}
	text_put(w, "]}");
}
