/* Reads a subscriber's line: word by word into its parts, which are then put together. */
#include <stdio.h>

#include "base/config.h"
#include "base/text.h"
#include "core/subscriber_ip.h"
#include "core/subscriber_mobility.h"
#include "core/subscriber_parts.h"
#include "crypto/aka_function.h"

static bool read_hex(const char *text, uint8_t *out, size_t cap, uint8_t *len)
{
	size_t n;

	if (!text_unhex(bytes_of_str(text), out, cap, &n))
		return false;
	*len = (uint8_t)n;
	return true;
}

static bool read_imsi(struct parts *p, const char *text)
{
	struct supi supi;

	if (p->old || !supi_parse(text, &supi))
		return false;
	str_copy(p->out->subscriber.imsi, sizeof(p->out->subscriber.imsi), text);
	return true;
}

static bool read_k(struct parts *p, const char *text)
{
	return read_hex(text, p->out->k, sizeof(p->out->k), &p->out->k_len);
}

static bool read_opc(struct parts *p, const char *text)
{
	return read_hex(text, p->out->opc, sizeof(p->out->opc), &p->out->opc_len);
}

static bool read_op(struct parts *p, const char *text)
{
	return read_opc(p, text);
}

static bool read_algorithm(struct parts *p, const char *text)
{
	enum aka_alg alg;

	if (!aka_alg_named(text, &alg))
		return false;
	p->out->subscriber.algorithm = (uint8_t)alg;
	return true;
}

static bool read_authentication(struct parts *p, const char *text)
{
	for (uint8_t i = 0; i < SUBSCRIBER_AUTHENTICATIONS; i++)
		if (!strcmp(text, subscriber_authentication_names[i])) {
			p->out->subscriber.authentication = i;
			return true;
		}
	return false;
}

static bool read_amf(struct parts *p, const char *text)
{
	uint8_t len;

	return read_hex(text, p->out->subscriber.amf, 2, &len) && len == 2;
}

static bool read_sqn(struct parts *p, const char *text)
{
	return text_uint(bytes_of_str(text), (UINT64_C(1) << 48) - 1, &p->out->sqn);
}

static bool read_ambr_uplink(struct parts *p, const char *text)
{
	return config_read_rate(text, NULL, &p->out->subscriber.ambr_uplink_bps);
}

static bool read_ambr_downlink(struct parts *p, const char *text)
{
	return config_read_rate(text, NULL, &p->out->subscriber.ambr_downlink_bps);
}

static bool read_small(const char *text, uint64_t max, uint8_t *out)
{
	uint64_t v;

	if (!text_uint(bytes_of_str(text), max, &v) || v == 0)
		return false;
	*out = (uint8_t)v;
	return true;
}

static bool read_five_qi(struct parts *p, const char *text)
{
	return read_small(text, 255, &p->line.five_qi);
}

static bool read_arp(struct parts *p, const char *text)
{
	return read_small(text, 15, &p->line.arp_priority_level);
}

static bool read_ip(struct parts *p, const char *text)
{
	return subscriber_read_ip(text, &p->line);
}

static bool read_prefix(struct parts *p, const char *text)
{
	return subscriber_read_prefix(text, &p->line);
}

static bool read_types(struct parts *p, const char *text)
{
	return subscriber_read_types(text, &p->line);
}

static bool read_ssc(struct parts *p, const char *text)
{
	return subscriber_read_ssc(text, &p->line);
}

static bool read_profile(struct parts *p, const char *text)
{
	if (strlen(text) >= sizeof(p->out->subscriber.profile))
		return false;
	str_copy(p->out->subscriber.profile, sizeof(p->out->subscriber.profile),
		strcmp(text, "none") ? text : "");
	return true;
}

static bool read_msisdn(struct parts *p, const char *text)
{
	p->out->subscriber.msisdn = msisdn_key(text);
	return p->out->subscriber.msisdn || !strcmp(text, "none");
}

static bool read_framed_route(struct parts *p, const char *text)
{
	return subscriber_read_routes(text, &p->line);
}

/* "key=value" of a DNN alone. */
static bool read_own(struct subscriber_dnn *own, const char *pair)
{
	size_t key = strcspn(pair, "=");
	const char *value = pair + key + 1;

	if (!pair[key])
		return false;
	if (bytes_equal(bytes_of(pair, key), bytes_of_str("five_qi")))
		return read_small(value, 255, &own->five_qi);
	if (bytes_equal(bytes_of(pair, key), bytes_of_str("arp")))
		return read_small(value, 15, &own->arp_priority_level);
	if (bytes_equal(bytes_of(pair, key), bytes_of_str("ip")))
		return subscriber_read_ip(value, own);
	if (bytes_equal(bytes_of(pair, key), bytes_of_str("prefix")))
		return subscriber_read_prefix(value, own);
	if (bytes_equal(bytes_of(pair, key), bytes_of_str("types")))
		return subscriber_read_types(value, own);
	if (bytes_equal(bytes_of(pair, key), bytes_of_str("ssc")))
		return subscriber_read_ssc(value, own);
	if (bytes_equal(bytes_of(pair, key), bytes_of_str("framed_route")))
		return subscriber_read_routes(value, own);
	if (bytes_equal(bytes_of(pair, key), bytes_of_str("ambr_uplink")))
		return config_read_rate(value, NULL, &own->ambr_uplink_bps) && own->ambr_uplink_bps;
	if (bytes_equal(bytes_of(pair, key), bytes_of_str("ambr_downlink")))
		return config_read_rate(value, NULL, &own->ambr_downlink_bps) && own->ambr_downlink_bps;
	return false;
}

/* Up to the colon that ends it; those between brackets are of an IPv6 prefix. */
static size_t part_len(const char *at)
{
	size_t len = strcspn(at, ":[");

	if (at[len] == '[')
		len += strcspn(at + len, "]");
	return len + strcspn(at + len, ":");
}

/* "name[@slice][:key=value]..."; slices as in network.yaml. */
static bool read_dnn(struct parts *p, const char *text)
{
	struct wanted_dnn *d = &p->dnns[p->dnn_count];
	size_t len = strcspn(text, "@:");
	char part[256];
	uint8_t labels[DNN_STR_SIZE];
	size_t labels_len;
	const char *at = text + len;
	bool ok;

	if (p->dnn_count == ARRAY_LEN(p->dnns) || len >= DNN_STR_SIZE)
		return false;
	*d = (struct wanted_dnn){ .any_slice = *at != '@' };
	str_copy(d->name, len + 1, text);
	ok = dnn_to_labels(d->name, labels, sizeof(labels), &labels_len);
	while (ok && *at) {
		bool slice = *at++ == '@';

		len = part_len(at);
		ok = len < sizeof(part);
		if (!ok)
			break;
		str_copy(part, len + 1, at);
		ok = slice ? snssai_parse(part, &d->slice) : read_own(&d->own, part);
		at += len;
	}
	p->dnn_count += ok;
	return ok;
}

/* One more, or one that is there with other values: those that it has so far come first. */
static bool read_add_dnn(struct parts *p, const char *text)
{
	return p->old && subscriber_parts_keep_dnns(p) && read_dnn(p, text);
}

static const struct key {
	const char *name;
	bool (*read)(struct parts *p, const char *text);
	const char *expected;
	bool (*read_mobility)(const char *text, struct subscriber_mobility *out); /* else */
} keys[] = {
	[KEY_IMSI] = { "imsi", read_imsi, "5 to 15 digits, of a new subscriber" },
	[KEY_K] = { "k", read_k, "hexadecimal digits, at most 64" },
	[KEY_OPC] = { "opc", read_opc, "hexadecimal digits, at most 64" },
	[KEY_OP] = { "op", read_op, "hexadecimal digits, at most 64" },
	[KEY_ALGORITHM] = { "algorithm", read_algorithm, AKA_ALG_NAMES },
	[KEY_AUTHENTICATION] = { "authentication", read_authentication, "5g-aka or eap-aka-prime" },
	[KEY_AMF] = { "amf", read_amf, "4 hexadecimal digits" },
	[KEY_SQN] = { "sqn", read_sqn, "a number of 48 bits" },
	[KEY_AMBR_UPLINK] = { "ambr_uplink", read_ambr_uplink, "a bit rate like 100Mbps" },
	[KEY_AMBR_DOWNLINK] = { "ambr_downlink", read_ambr_downlink, "a bit rate like 100Mbps" },
	[KEY_DNN] = { "dnn", read_dnn,
		"NAME[@SLICE][:KEY=VALUE]..., the keys five_qi arp ambr_uplink "
		"ambr_downlink ip prefix types ssc framed_route" },
	[KEY_FIVE_QI] = { "five_qi", read_five_qi, "1 to 255" },
	[KEY_ARP] = { "arp", read_arp, "1 to 15" },
	[KEY_IP] = { "ip", read_ip, "an IPv4 address, or none" },
	[KEY_PREFIX] = { "prefix", read_prefix, "an IPv6 prefix of 64 bits, or none" },
	[KEY_TYPES] = { "types", read_types,
		"IPv4, IPv6, IPv4v6, Ethernet and Unstructured with + between, the first is the default; "
		"or all" },
	[KEY_SSC] = { "ssc", read_ssc, "SSC modes, 1 to 3 with + between, the first is the default" },
	[KEY_FRAMED_ROUTE] = { "framed_route", read_framed_route,
		"prefixes with + between, four at most, or none" },
	[KEY_ADD_DNN] = { "add_dnn", read_add_dnn, "a DNN as dnn has it, of a subscriber that is there" },
	[KEY_T3512] = { "t3512_s", NULL, "seconds, at most 1116000; 0: as the network has it",
		subscriber_read_t3512 },
	[KEY_ACTIVE_TIME] = { "active_time_s", NULL, "seconds, at most 11160; 0: as the phone asks",
		subscriber_read_active_time },
	[KEY_MICO] = { "mico", NULL, "yes or no", subscriber_read_mico },
	[KEY_NO_ACCESS] = { "no_access", NULL, "nr, 5gc, nr+5gc or none", subscriber_read_no_access },
	[KEY_ALLOWED_AREAS] = { "allowed_areas", NULL, "at most 16 TACs with + between, all or none",
		subscriber_read_allowed_areas },
	[KEY_NON_ALLOWED_AREAS] = { "non_allowed_areas", NULL, "at most 16 TACs with + between, or none",
		subscriber_read_non_allowed_areas },
	[KEY_FORBIDDEN_AREAS] = { "forbidden_areas", NULL, "at most 16 TACs with + between, or none",
		subscriber_read_forbidden_areas },
	[KEY_AREAS_MAX] = { "areas_max", NULL, "0 to 16, or all", subscriber_read_areas_max },
	[KEY_PROFILE] = { "profile", read_profile, "the name of a profile, or none" },
	[KEY_MSISDN] = { "msisdn", read_msisdn, "5 to 15 digits, the country's code first, or none" },
};

bool subscriber_line_key(struct bytes name)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (bytes_equal(name, bytes_of_str(keys[i].name)))
			return true;
	return false;
}

enum { WORD_SIZE = 512 };

/* The next word of the line, terminated; false at the end, or when there is no room for it (*ok then false).
 */
static bool next_word(struct cursor *c, char word[WORD_SIZE], bool *ok)
{
	static const char blanks[] = " \t,\r";
	size_t len = 0;

	while (cursor_left(c) > 0 && memchr(blanks, *c->at, sizeof(blanks)))
		cursor_skip(c, 1);
	while (len < cursor_left(c) && !memchr(blanks, c->at[len], sizeof(blanks)))
		len++;
	*ok = len < WORD_SIZE;
	if (len == 0 || !*ok)
		return false;
	str_copy(word, len + 1, (const char *)c->at);
	cursor_skip(c, len);
	return true;
}

static bool read_pair(struct parts *p, char *pair, char error[SUBSCRIBER_LINE_ERROR])
{
	char *value = strchr(pair, '=');

	if (!value) {
		snprintf(error, SUBSCRIBER_LINE_ERROR, "expected key=value, got \"%.40s\"", pair);
		return false;
	}
	*value++ = '\0';
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (strcmp(keys[i].name, pair) != 0)
			continue;
		p->given |= UINT32_C(1) << i;
		if (keys[i].read ? keys[i].read(p, value)
				 : keys[i].read_mobility(value, &p->out->subscriber.mobility))
			return true;
		snprintf(error, SUBSCRIBER_LINE_ERROR, "%s: expected %s", pair, keys[i].expected);
		return false;
	}
	snprintf(error, SUBSCRIBER_LINE_ERROR, "unknown key \"%.40s\"", pair);
	return false;
}

/* The lengths are those of the algorithm; op becomes opc. */
static bool finish_key(struct parts *p, char error[SUBSCRIBER_LINE_ERROR])
{
	struct subscriber_line *l = p->out;
	struct aka_key key = { .alg = (enum aka_alg)l->subscriber.algorithm, .k_len = l->k_len };
	bool ok;

	if (!aka_lengths_valid(l->subscriber.algorithm, l->k_len, l->opc_len)) {
		snprintf(error, SUBSCRIBER_LINE_ERROR,
			"k of %u and %s of %u hexadecimal digits are not those of %s", 2u * l->k_len,
			subscriber_parts_given(p, KEY_OP) ? "op" : "opc", 2u * l->opc_len,
			aka_alg_name(l->subscriber.algorithm));
		return false;
	}
	if (!subscriber_parts_given(p, KEY_OP))
		return true;
	bytes_copy(key.k, sizeof(key.k), bytes_of(l->k, l->k_len));
	ok = aka_opc_derive(&key, bytes_of(l->opc, l->opc_len));
	bytes_copy(l->opc, sizeof(l->opc), BYTES(key.opc));
	explicit_bzero(&key, sizeof(key));
	if (!ok)
		snprintf(error, SUBSCRIBER_LINE_ERROR, "op: no opc can be made of it now");
	return ok;
}

static bool finish(struct parts *p, char error[SUBSCRIBER_LINE_ERROR])
{
	struct subscriber_line *l = p->out;
	const char *missing = !l->subscriber.imsi[0] ? "imsi" : !l->k_len ? "k" : !l->opc_len ? "opc" : NULL;

	if (missing) {
		snprintf(error, SUBSCRIBER_LINE_ERROR, "%s is missing", missing);
		return false;
	}
	if (!finish_key(p, error))
		return false;
	return subscriber_parts_slices(p, error) &&
	       subscriber_servable(p->config, &l->subscriber, &p->line, error);
}

static bool read_all(struct parts *p, struct bytes line, char error[SUBSCRIBER_LINE_ERROR])
{
	struct cursor c = cursor_of(line);
	char word[WORD_SIZE];
	bool ok = true, fits;

	while (ok && next_word(&c, word, &fits))
		ok = read_pair(p, word, error);
	if (ok && !fits)
		snprintf(error, SUBSCRIBER_LINE_ERROR, "a word of the line is too long");
	explicit_bzero(word, sizeof(word));
	return ok && fits && finish(p, error);
}

bool subscriber_line_read(struct bytes line, const struct core_config *config, struct subscriber_line *out,
	char error[SUBSCRIBER_LINE_ERROR])
{
	struct parts p = { .out = out, .config = config, .line = { .five_qi = 9, .arp_priority_level = 8 } };

	*out = (struct subscriber_line){ .subscriber = { .amf = { 0x80, 0 },
						 .ambr_uplink_bps = 1000000000,
						 .ambr_downlink_bps = 1000000000 } };
	return read_all(&p, line, error);
}

bool subscriber_line_change(struct bytes line, const struct core_config *config, const struct subscriber *old,
	struct subscriber_line *out, char error[SUBSCRIBER_LINE_ERROR])
{
	struct parts p = {
		.out = out, .config = config, .old = old, .line = { .five_qi = 9, .arp_priority_level = 8 }
	};

	out->subscriber = *old;
	return read_all(&p, line, error);
}
