#include "ops/network_change.h"

#include "base/text.h"

enum { GOES_MAX = 8192 };

/* The first that the key begins with, and ends: when all of it is for a restart, and when it is live. */
static const struct {
	const char *begins, *parts, *interrupted, *live, *ends;
} effects[] = {
	{ "plmn", "all parts", "all UEs and sessions, until they register again", "" },
	{ "tacs", "core, gNBs", "", "UEs of gNBs in none of them lose their connection" },
	{ "slices", "core, gNBs",
		"signalling for a moment; gNBs set up again; UEs of a slice that goes leave it",
		"UEs of a slice that goes are told, and its sessions end" },
	{ "dnns", "core, UPFs",
		"signalling for a moment, user traffic until the UPF is back; sessions whose pool or data "
		"network is gone end",
		"sessions of a data network that goes end; those of a pool that goes end and are asked for "
		"again" },
	{ "pcc_rules", "core", "signalling for a moment; registrations and sessions stay", "" },
	{ "core.n4_address", "core, UPFs",
		"signalling and user traffic for a moment; registrations and sessions stay", "" },
	{ "core.amfs", "core, gNBs",
		"signalling for a moment; UEs lose their connection, and come again; sessions stay", "",
		".n2_address" },
	{ "core.amfs", "core", "signalling for a moment; registrations and sessions stay",
		"UEs of gNBs that may not connect any more lose their connection" },
	{ "core.", "core", "signalling for a moment; registrations and sessions stay", "" },
	{ "upfs", "UPFs", "user traffic until the UPF is back; its sessions end and are asked for again", "",
		".n3_address" },
	{ "upfs", "core, UPFs",
		"its sessions end, and UEs have none until they ask; a UPF of another name in its place is "
		"taken while the network runs",
		"", ".n4_address" },
	{ "upfs", "core, UPFs", "user traffic until the UPF is back; sessions stay",
		"sessions of a UPF that goes are made again at another" },
	{ "gnbs", "gNBs", "UEs of the gNB lose their connection, and come again", "" },
	{ "ues", "test UEs", "the test UE", "" },
	{ "console", "console", "this console for a moment; who is logged in logs in again", "" },
	{ "", "all parts", "signalling and user traffic for a moment; registrations and sessions stay", "" },
};

/* What is being printed, and of which keys it has been said what goes by them. */
struct change {
	const struct network *old, *now;
	struct writer *w;
	bool said_tacs, said_slices, said_dnns;
	uint32_t said_upfs, said_gnbs, said_amfs; /* bits */
};

static void slices_go(struct change *c)
{
	char text[SNSSAI_STR_SIZE];

	for (uint8_t i = 0; i < c->old->slice_count; i++) {
		bool stays = false;

		for (uint8_t k = 0; k < c->now->slice_count; k++)
			stays |= snssai_equal(&c->old->slices[i], &c->now->slices[k]);
		if (!stays)
			text_put(c->w, "\tslice\t%s\n", snssai_str(&c->old->slices[i], text));
	}
}

static bool same_slice(const struct network_pool *a, const struct network_pool *b)
{
	return a->of_slice == b->of_slice && (!a->of_slice || snssai_equal(&a->slice, &b->slice));
}

/* A pool that is not whole in one that there will be; behind it what of it stays. */
static void pool_goes(const struct network_pool *p, const struct network_dnn *now, struct change *c)
{
	char text[PREFIX_STR_SIZE];
	struct writer *w = c->w;

	for (uint8_t i = 0; i < now->pool_count; i++)
		if (same_slice(&now->pools[i], p) && now->pools[i].prefix.bits <= p->prefix.bits &&
			prefix_has(&now->pools[i].prefix, p->prefix.ip))
			return;
	text_put(w, "\tpool\t%s", prefix_str(&p->prefix, text));
	for (uint8_t i = 0; i < now->pool_count; i++)
		if (same_slice(&now->pools[i], p) && prefix_has(&p->prefix, now->pools[i].prefix.ip))
			text_put(w, "\t%s", prefix_str(&now->pools[i].prefix, text));
	text_put(w, "\n");
}

static void dnn_goes(const struct network_dnn *d, struct change *c)
{
	const struct network_dnn *stays = NULL;

	for (uint8_t i = 0; i < c->now->dnn_count; i++)
		if (dnn_equal(d->name, c->now->dnns[i].name))
			stays = &c->now->dnns[i];
	if (!stays)
		text_put(c->w, "\tdnn\t%s\n", d->name);
	for (uint8_t i = 0; stays && i < d->pool_count; i++)
		pool_goes(&d->pools[i], stays, c);
}

static bool has_upf(const struct network *n, const char *name)
{
	for (uint8_t i = 0; i < n->upf_count; i++)
		if (!strcmp(n->upfs[i].name, name))
			return true;
	return false;
}

static bool has_gnb(const struct network *n, const char *name)
{
	for (uint8_t i = 0; i < n->gnb_count; i++)
		if (!strcmp(n->gnbs[i].config.name, name))
			return true;
	return false;
}

static void tacs_stay(struct change *c)
{
	text_put(c->w, "\ttacs");
	for (uint8_t i = 0; i < c->now->tac_count; i++)
		text_put(c->w, "\t%u", (unsigned)c->now->tacs[i]);
	text_put(c->w, "\n");
}

static void amf_takes_gnbs(const struct amf_config *a, struct writer *w)
{
	char text[ADDR_STR_SIZE];

	if (a->gnb_prefix_count == 0)
		return; /* it takes all */
	text_put(w, "\tgnbs\t%s", a->name);
	for (uint8_t i = 0; i < a->gnb_prefix_count; i++) {
		struct addr at = addr_from_v4(a->gnb_prefixes[i].ip, 0);

		text_put(w, "\t%s/%u", addr_str(&at, text), a->gnb_prefixes[i].bits);
	}
	text_put(w, "\n");
}

/* The n of "upfs[n].name"; count: there is none. */
static uint8_t index_of(const char *key, const char *list, uint8_t count)
{
	size_t len = strlen(list);
	struct bytes digits = BYTES_NONE;
	uint64_t n;

	if (!strncmp(key, list, len) && key[len] == '[')
		digits = bytes_of(key + len + 1, strcspn(key + len + 1, "]"));
	return text_uint(digits, UINT8_MAX, &n) && n < count ? (uint8_t)n : count;
}

static bool first(uint32_t *said, uint8_t i)
{
	bool is = !(*said >> i & 1);

	*said |= 1u << i;
	return is;
}

/* Of lists: whatever is in them no more; of what waits for a restart: whom that interrupts. */
static void say_what_goes(struct change *c, const char *key, bool live)
{
	const struct network *old = c->old;
	uint8_t upf = index_of(key, "upfs", old->upf_count), gnb = index_of(key, "gnbs", old->gnb_count),
		amf = index_of(key, "core.amfs", old->core.amf_count);

	if (!strcmp(key, "plmn"))
		text_put(c->w, "\tall\n");
	if (!strncmp(key, "tacs", 4) && !c->said_tacs)
		tacs_stay(c);
	c->said_tacs |= !strncmp(key, "tacs", 4);
	if (!strncmp(key, "slices", 6) && !c->said_slices)
		slices_go(c);
	for (uint8_t i = 0; !strncmp(key, "dnns", 4) && !c->said_dnns && i < old->dnn_count; i++)
		dnn_goes(&old->dnns[i], c);
	c->said_slices |= !strncmp(key, "slices", 6);
	c->said_dnns |= !strncmp(key, "dnns", 4);
	for (uint8_t i = 0; i < old->upf_count; i++)
		if ((!strcmp(key, "upfs") && !has_upf(c->now, old->upfs[i].name)) ||
			(i == upf && !live && first(&c->said_upfs, upf)))
			text_put(c->w, "\tupf\t%s\n", old->upfs[i].name);
	for (uint8_t i = 0; i < old->gnb_count; i++)
		if ((!strcmp(key, "gnbs") && !has_gnb(c->now, old->gnbs[i].config.name)) ||
			(i == gnb && !live && first(&c->said_gnbs, gnb)))
			text_put(c->w, "\tgnb\t%s\n", old->gnbs[i].config.name);
	if (amf < old->core.amf_count && amf < c->now->core.amf_count && strstr(key, ".gnbs") &&
		first(&c->said_amfs, amf))
		amf_takes_gnbs(&c->now->core.amfs[amf].config, c->w);
}

static bool is_of(const char *key, const char *begins, const char *ends)
{
	size_t len = strlen(key), end = ends ? strlen(ends) : 0;

	return !strncmp(key, begins, strlen(begins)) && len >= end &&
	       (end == 0 || !strcmp(key + len - end, ends));
}

static void print_one(void *arg, const char *key, bool live)
{
	struct change *c = arg;
	struct writer *w = c->w;
	uint8_t octets[GOES_MAX];
	struct writer goes = writer_of(octets, sizeof(octets));
	size_t i = 0;

	while (!is_of(key, effects[i].begins, effects[i].ends))
		i++;
	c->w = &goes;
	say_what_goes(c, key, live);
	c->w = w;
	text_put(w, "%s\t%s\t%s\t%s\n", key, live ? "live" : "restart", live ? "" : effects[i].parts,
		!live          ? effects[i].interrupted
		: goes.len > 0 ? effects[i].live
			       : "");
	writer_put(w, writer_bytes(&goes));
}

void network_change_print(const struct network *old, const struct network *now, struct writer *w)
{
	struct change c = { .old = old, .now = now, .w = w };

	config_differences(&network_section, old, now, print_one, &c);
}
