#include "core/subscriber_line.h"

#include <stdio.h>

#include "base/config.h"
#include "base/text.h"
#include "crypto/aka_function.h"

/* What a line gave, before the parts are put together. */
struct parts {
	struct subscriber_line *out;
	const struct core_config *config;
	bool op_given, too_many;
	uint8_t five_qi, arp;
	uint32_t static_ipv4;
	uint8_t dnn_count;
	struct wanted_dnn {
		char name[DNN_STR_SIZE];
		bool any_slice, served;
		struct snssai slice;
	} dnns[SNSSAI_MAX * DNN_PER_SLICE_MAX];
};

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

	if (!supi_parse(text, &supi))
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
	p->op_given = true;
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
	return read_small(text, 255, &p->five_qi);
}

static bool read_arp(struct parts *p, const char *text)
{
	return read_small(text, 15, &p->arp);
}

static bool read_ip(struct parts *p, const char *text)
{
	struct addr a;

	if (!addr_parse(text, &a) || a.len != 4)
		return false;
	p->static_ipv4 = addr_v4(&a);
	return true;
}

/* "name" or "name@slice"; slices as in network.yaml. */
static bool read_dnn(struct parts *p, const char *text)
{
	const char *at = strchr(text, '@');
	size_t len = at ? (size_t)(at - text) : strlen(text);
	uint8_t labels[DNN_STR_SIZE];
	uint8_t i = p->dnn_count;
	size_t labels_len;

	if (i == ARRAY_LEN(p->dnns) || len >= DNN_STR_SIZE)
		return false;
	str_copy(p->dnns[i].name, len + 1, text);
	p->dnns[i].any_slice = !at;
	p->dnn_count++;
	return dnn_to_labels(p->dnns[i].name, labels, sizeof(labels), &labels_len) &&
	       (!at || snssai_parse(at + 1, &p->dnns[i].slice));
}

static const struct key {
	const char *name;
	bool (*read)(struct parts *p, const char *text);
	const char *expected;
} keys[] = {
	{ "imsi", read_imsi, "5 to 15 digits" },
	{ "k", read_k, "hexadecimal digits, at most 64" },
	{ "opc", read_opc, "hexadecimal digits, at most 64" },
	{ "op", read_op, "hexadecimal digits, at most 64" },
	{ "algorithm", read_algorithm, AKA_ALG_NAMES },
	{ "amf", read_amf, "4 hexadecimal digits" },
	{ "sqn", read_sqn, "a number of 48 bits" },
	{ "ambr_uplink", read_ambr_uplink, "a bit rate like 100Mbps" },
	{ "ambr_downlink", read_ambr_downlink, "a bit rate like 100Mbps" },
	{ "dnn", read_dnn, "NAME or NAME@SLICE" },
	{ "five_qi", read_five_qi, "1 to 255" },
	{ "arp", read_arp, "1 to 15" },
	{ "ip", read_ip, "an IPv4 address" },
};

/* The next word of *rest, terminated in place; NULL at the end. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t,\r");
	size_t len = strcspn(word, " \t,\r");

	if (len == 0)
		return NULL;
	*rest = word + len;
	if (**rest)
		*(*rest)++ = '\0';
	return word;
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
		if (keys[i].read(p, value))
			return true;
		snprintf(error, SUBSCRIBER_LINE_ERROR, "%s: expected %s", pair, keys[i].expected);
		return false;
	}
	snprintf(error, SUBSCRIBER_LINE_ERROR, "unknown key \"%.40s\"", pair);
	return false;
}

static void add_dnn(struct parts *p, struct subscriber_slice *slice, const char *name)
{
	struct subscriber_dnn *d;

	if (slice->dnn_count == DNN_PER_SLICE_MAX) {
		p->too_many = true;
		return;
	}
	d = &slice->dnns[slice->dnn_count];
	*d = (struct subscriber_dnn){
		.default_dnn = slice->dnn_count == 0,
		.five_qi = p->five_qi,
		.arp_priority_level = p->arp,
		.ambr_uplink_bps = p->out->subscriber.ambr_uplink_bps,
		.ambr_downlink_bps = p->out->subscriber.ambr_downlink_bps,
	};
	str_copy(d->dnn, sizeof(d->dnn), name);
	slice->dnn_count++;
}

/* The network's own name of the DNN in the slice; NULL when the line does not ask for it, or it is not
 * served. */
static const char *network_dnn(const struct parts *p, struct wanted_dnn *wanted, const struct snssai *snssai)
{
	const struct smf_config *smf = &p->config->smf;

	for (uint8_t i = 0; i < smf->dnn_count; i++) {
		if (!snssai_equal(&smf->dnns[i].snssai, snssai) ||
			!dnn_equal(smf->dnns[i].dnn, wanted->name) ||
			!(wanted->any_slice || snssai_equal(&wanted->slice, snssai)))
			continue;
		wanted->served = true;
		return smf->dnns[i].dnn;
	}
	return NULL;
}

/* The subscription in one of the network's slices. */
static void add_slice(struct parts *p, const struct snssai *snssai)
{
	struct subscriber *s = &p->out->subscriber;
	struct subscriber_slice *slice = &s->slices[s->slice_count];

	*slice = (struct subscriber_slice){
		.sst = snssai->sst, .sd = snssai->sd, .default_slice = s->slice_count == 0
	};
	for (uint8_t i = 0; i < p->dnn_count; i++) {
		const char *name = network_dnn(p, &p->dnns[i], snssai);

		if (name)
			add_dnn(p, slice, name);
	}
	for (uint8_t i = 0; p->dnn_count == 0 && i < p->config->smf.dnn_count; i++)
		if (snssai_equal(&p->config->smf.dnns[i].snssai, snssai))
			add_dnn(p, slice, p->config->smf.dnns[i].dnn);
	if (slice->dnn_count > 0)
		s->slice_count++;
}

static bool all_served(const struct parts *p, char error[SUBSCRIBER_LINE_ERROR])
{
	for (uint8_t i = 0; i < p->dnn_count; i++) {
		const struct wanted_dnn *d = &p->dnns[i];
		char slice[SNSSAI_STR_SIZE];

		if (d->served)
			continue;
		if (d->any_slice)
			snprintf(error, SUBSCRIBER_LINE_ERROR, "dnn: %.40s is in no slice of the network",
				d->name);
		else
			snprintf(error, SUBSCRIBER_LINE_ERROR, "dnn: %.40s is not in slice %s of the network",
				d->name, snssai_str(&d->slice, slice));
		return false;
	}
	return true;
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
			p->op_given ? "op" : "opc", 2u * l->opc_len, aka_alg_name(l->subscriber.algorithm));
		return false;
	}
	if (!p->op_given)
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
	for (uint8_t i = 0; i < p->config->amfs[0].slice_count; i++)
		add_slice(p, &p->config->amfs[0].slices[i]);
	if (p->too_many) {
		snprintf(error, SUBSCRIBER_LINE_ERROR, "dnn: at most %d in a slice", DNN_PER_SLICE_MAX);
		return false;
	}
	return all_served(p, error) &&
	       subscriber_servable(p->config, &l->subscriber, p->five_qi, p->static_ipv4, error);
}

bool subscriber_line_read(struct bytes line, const struct core_config *config, struct subscriber_line *out,
	char error[SUBSCRIBER_LINE_ERROR])
{
	struct parts p = { .out = out, .config = config, .five_qi = 9, .arp = 8 };
	char text[1024], *rest = text, *pair;
	bool ok = true;

	*out = (struct subscriber_line){ .subscriber = { .amf = { 0x80, 0 },
						 .ambr_uplink_bps = 1000000000,
						 .ambr_downlink_bps = 1000000000 } };
	if (line.len >= sizeof(text)) {
		snprintf(error, SUBSCRIBER_LINE_ERROR, "the line is too long");
		return false;
	}
	str_copy(text, line.len + 1, (const char *)line.data);
	while (ok && (pair = next_word(&rest)) != NULL)
		ok = read_pair(&p, pair, error);
	explicit_bzero(text, sizeof(text));
	return ok && finish(&p, error);
}

static void print_slice(const struct subscriber_slice *slice, struct writer *w)
{
	for (uint8_t d = 0; d < slice->dnn_count; d++) {
		const struct subscriber_dnn *n = &slice->dnns[d];

		text_put(w, " dnn=%s@%u", n->dnn, slice->sst);
		if (slice->sd != SNSSAI_NO_SD)
			text_put(w, "-%06x", slice->sd);
		if (d == 0)
			text_put(w, " five_qi=%u arp=%u", n->five_qi, n->arp_priority_level);
		if (n->static_ipv4)
			text_put(w, " ip=%u.%u.%u.%u", n->static_ipv4 >> 24, n->static_ipv4 >> 16 & 255,
				n->static_ipv4 >> 8 & 255, n->static_ipv4 & 255);
	}
}

void subscriber_line_print(const struct subscriber *s, uint64_t sqn, struct writer *w)
{
	text_put(w, "imsi=%s algorithm=%s amf=", s->imsi, aka_alg_name(s->algorithm));
	text_hex(w, BYTES(s->amf));
	text_put(w, " sqn=%llu ambr_uplink=%llubps ambr_downlink=%llubps", (unsigned long long)sqn,
		(unsigned long long)s->ambr_uplink_bps, (unsigned long long)s->ambr_downlink_bps);
	for (uint8_t i = 0; i < s->slice_count; i++)
		print_slice(&s->slices[i], w);
}
