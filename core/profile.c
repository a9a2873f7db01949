#include "core/profile.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "core/internal.h"
#include "core/subscriber_line.h"

static const struct record_field fields[] = {
	RECORD_S(1, core_profile, line),
	RECORD_U(2, core_profile, changed_ms),
	RECORD_U(3, core_profile, pending),
};
const struct record_def core_profile_def = { "profile", fields, ARRAY_LEN(fields) };

static bool get(struct core *core, const char *name, struct core_profile *out)
{
	struct bytes value;

	*out = (struct core_profile){ 0 };
	return store_get(core->env->store, STORE_PROFILE, bytes_of_str(name), &value) &&
	       record_decode(&core_profile_def, value, out);
}

static bool put(struct core *core, const char *name, const struct core_profile *p)
{
	uint8_t octets[CORE_PROFILE_LINE_SIZE + 64];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!store_savepoint(core->env->store))
		return false;
	if (record_encode(&core_profile_def, p, &w) &&
		store_put(core->env->store, STORE_PROFILE, bytes_of_str(name), writer_bytes(&w))) {
		store_release(core->env->store);
		return true;
	}
	store_rollback_to(core->env->store);
	return false;
}

bool core_profile_exists(struct core *core, const char *name)
{
	struct core_profile p;

	return get(core, name, &p);
}

/* The next word of a line. */
static struct bytes take_word(struct bytes *line)
{
	size_t len = 0;

	while (line->len > 0 && line->data[0] == ' ')
		*line = bytes_of(line->data + 1, line->len - 1);
	while (len < line->len && line->data[len] != ' ')
		len++;
	*line = bytes_of(line->data + len, line->len - len);
	return bytes_of(line->data - len, len);
}

static bool begins(struct bytes word, const char *key)
{
	size_t len = strlen(key);

	return word.len > len && !memcmp(word.data, key, len) && word.data[len] == '=';
}

static const char ip_pool[] = "ip_pool";

/* The range of static addresses that the line has; false: it is none. bits 0: there is none. */
static bool pool_of(struct bytes line, struct prefix4 *out)
{
	struct bytes word;
	char text[PREFIX_STR_SIZE];

	*out = (struct prefix4){ 0 };
	while ((word = take_word(&line)).len > 0) {
		size_t len = word.len - sizeof(ip_pool);

		if (!begins(word, ip_pool))
			continue;
		if (len >= sizeof(text))
			return false;
		str_copy(text, len + 1, (const char *)word.data + sizeof(ip_pool));
		if (!prefix4_parse(text, out) || out->bits < 8 || out->bits > 30)
			return false;
	}
	return true;
}

/* An address of the range that is nobody's: not its first two, nor the last. 0: there is none. */
static uint32_t free_address(struct core *core, const struct prefix4 *pool)
{
	uint32_t last = pool->ip | ~prefix4_mask(pool);
	struct supi owner;

	for (uint32_t ip = pool->ip + 2; ip < last; ip++)
		if (!core_static_owner(core, ip_from_v4(ip), &owner))
			return ip;
	return 0;
}

static uint32_t address_within(const struct subscriber *s, const struct prefix4 *pool)
{
	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t d = 0; d < s->slices[i].dnn_count; d++)
			if (s->slices[i].dnns[d].static_ipv4 &&
				prefix4_has(pool, s->slices[i].dnns[d].static_ipv4))
				return s->slices[i].dnns[d].static_ipv4;
	return 0;
}

/* The line of `subscriber set`: the profile's, with an address for this one. False: none is left, or no room.
 */
static bool line_for(
	struct core *core, const struct core_profile *p, const struct subscriber *s, struct writer *w)
{
	struct bytes line = bytes_of_str(p->line), word;
	char text[ADDR_STR_SIZE];
	struct prefix4 pool;
	struct addr a;
	uint32_t ip;

	if (!pool_of(line, &pool))
		return false;
	while ((word = take_word(&line)).len > 0)
		if (!begins(word, ip_pool))
			text_put(w, "%s%.*s", w->len ? " " : "", (int)word.len, (const char *)word.data);
	if (pool.bits == 0)
		return !w->failed;
	ip = address_within(s, &pool);
	ip = ip ? ip : free_address(core, &pool);
	a = addr_from_v4(ip, 0);
	text_put(w, "%sip=%s", w->len ? " " : "", addr_str(&a, text));
	return ip && !w->failed;
}

static const char *apply(struct core *core, const struct supi *supi, const struct core_profile *p)
{
	static char error[SUBSCRIBER_LINE_ERROR];
	struct subscriber_line *l = core->line;
	char text[CORE_PROFILE_LINE_SIZE + 64];
	struct writer w = writer_of(text, sizeof(text));
	const char *why = NULL;

	if (!core_subscriber_get(core, supi, &l->subscriber, &l->sqn))
		return "there is no such subscriber";
	*core->old = l->subscriber;
	if (!line_for(core, p, core->old, &w))
		why = "ip_pool: no address of it is left";
	else if (!core_subscriber_keys(core, &l->subscriber, l->k, &l->k_len, l->opc, &l->opc_len))
		why = "its keys do not open; add it again";
	else if (!subscriber_line_change(writer_bytes(&w), &core->config, core->old, l, error) ||
		 !core_subscriber_addresses_free(core, &l->subscriber, error))
		why = error;
	else if (!core_subscriber_change(core, core->old, &l->subscriber, bytes_of(l->k, l->k_len),
			 bytes_of(l->opc, l->opc_len), l->sqn))
		why = "the store refuses the change: is the disk full?";
	explicit_bzero(l, sizeof(*l));
	return why;
}

const char *core_profile_apply(struct core *core, const struct supi *supi, const char *name)
{
	struct core_profile p;

	return get(core, name, &p) ? apply(core, supi, &p) : "there is no such profile (freehold profiles)";
}

/* What is a subscriber's own is in no profile. */
static const char *not_common(struct bytes line)
{
	static const char *const own[] = { "imsi", "k", "opc", "op", "sqn", "algorithm", "authentication",
		"amf", "ip", "prefix", "framed_route", "profile", "add_dnn", "msisdn" };
	struct bytes word;

	while ((word = take_word(&line)).len > 0)
		for (size_t i = 0; i < ARRAY_LEN(own); i++)
			if (begins(word, own[i]))
				return own[i];
	return NULL;
}

/* Whether somebody could be added with it: NULL, or what is wrong. */
static const char *judge(struct core *core, const struct core_profile *p)
{
	static char error[SUBSCRIBER_LINE_ERROR];
	static const char key[] = "00000000000000000000000000000000";
	char text[CORE_PROFILE_LINE_SIZE + 256], plmn[PLMN_STR_SIZE];
	struct writer w = writer_of(text, sizeof(text)), rest = writer_of(error, sizeof(error) - 1);
	struct bytes line = bytes_of_str(p->line), word;
	const char *own = not_common(line);
	struct prefix4 pool;

	if (own) {
		text_put(&rest, "%s: it is a subscriber's own", own);
		error[rest.len] = '\0';
		return error;
	}
	if (!pool_of(line, &pool))
		return "ip_pool: expected an IPv4 prefix of 8 to 30 bits";
	text_put(&w, "imsi=%s000000000 k=%s opc=%s", plmn_str(&core->config.plmn, plmn), key, key);
	if (pool.bits) {
		struct addr a = addr_from_v4(pool.ip + 2, 0);
		char address[ADDR_STR_SIZE];

		text_put(&w, " ip=%s", addr_str(&a, address));
	}
	while ((word = take_word(&line)).len > 0)
		if (!begins(word, ip_pool))
			text_put(&w, " %.*s", (int)word.len, (const char *)word.data);
	return subscriber_line_read(writer_bytes(&w), &core->config, core->line, error) ? NULL : error;
}

static bool is_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

	return len > 0 && len < SUBSCRIBER_PROFILE_SIZE && name[len] == '\0' && strcmp(name, "none") != 0;
}

static bool count_one(void *arg, struct bytes key, struct bytes value)
{
	++*(size_t *)arg;
	return true;
}

const char *core_profile_set(struct core *core, const char *name, struct bytes line)
{
	struct core_profile p = { .changed_ms = env_utc_ms(core->env), .pending = true };
	size_t count = 0;
	const char *why;

	if (!is_name(name))
		return "expected a name of at most 31 letters, digits, and -_.";
	if (line.len == 0 || line.len >= sizeof(p.line))
		return "expected KEY=VALUE..., 1023 octets at most";
	str_copy(p.line, line.len + 1, (const char *)line.data);
	why = judge(core, &p);
	if (why)
		return why;
	if (!core_profile_exists(core, name) &&
		(!store_scan(core->env->store, STORE_PROFILE, count_one, &count) ||
			count >= CORE_PROFILES_MAX))
		return "there are 64 profiles already";
	if (!put(core, name, &p))
		return "the store refuses the change: is the disk full?";
	if (!strcmp(core->profiles.name, name))
		core->profiles.begun = false; /* once more from the first */
	if (core->profiles.next_ns == NEVER)
		core->profiles.next_ns = env_now_ns(core->env);
	return NULL;
}

bool core_profile_remove(struct core *core, const char *name)
{
	struct store *store = core->env->store;

	if (!core_profile_exists(core, name) || !store_savepoint(store))
		return false;
	if (store_del(store, STORE_PROFILE, bytes_of_str(name))) {
		store_release(store);
		return true;
	}
	store_rollback_to(store);
	return false;
}

/* The name of one that is pending. */
static bool find_pending(void *arg, struct bytes key, struct bytes value)
{
	char *name = arg;
	struct core_profile p = { 0 };

	if (key.len >= SUBSCRIBER_PROFILE_SIZE || !record_decode(&core_profile_def, value, &p) || !p.pending)
		return true;
	str_copy(name, key.len + 1, (const char *)key.data);
	return false;
}

/* Those of the next few that have the profile. */
struct batch {
	const char *name;
	unsigned looked;
	struct supi last;
	size_t count;
	struct supi who[CORE_PROFILE_BATCH];
};

static bool look_at(void *arg, const struct supi *supi, const struct subscriber *s)
{
	struct batch *b = arg;

	b->last = *supi;
	if (s && !strcmp(s->profile, b->name))
		b->who[b->count++] = *supi;
	return ++b->looked < CORE_PROFILE_BATCH;
}

static void end(struct core *core)
{
	struct core_profiles *c = &core->profiles;
	struct core_profile p;

	log_info(core->env->log, "profile %s: %" PRIu64 " subscribers have it, %" PRIu64 " could not",
		c->name, c->changed, c->refused);
	if (get(core, c->name, &p)) {
		p.pending = false;
		may_fail(put(core, c->name, &p)); /* else it goes round again at the next start */
	}
	c->name[0] = '\0';
}

static void step(struct core *core)
{
	struct core_profiles *c = &core->profiles;
	struct batch b = { .name = c->name };
	struct core_profile p;

	if (!get(core, c->name, &p) ||
		!core_subscriber_each(core, c->begun ? &c->after : NULL, look_at, &b) || b.looked == 0) {
		end(core);
		return;
	}
	for (size_t i = 0; i < b.count; i++) {
		const char *why = apply(core, &b.who[i], &p);

		c->changed += why == NULL;
		c->refused += why != NULL;
		if (why)
			log_warn(core->env->log, "imsi-%s: profile %s: %s", b.who[i].imsi, c->name, why);
	}
	c->after = b.last;
	c->begun = true;
}

void core_profiles_run(struct core *core, uint64_t now_ns)
{
	struct core_profiles *c = &core->profiles;

	if (c->next_ns > now_ns)
		return;
	c->next_ns = now_ns + CORE_PROFILE_PAUSE_MS * (uint64_t)NS_PER_MS;
	if (c->name[0]) {
		step(core);
		return;
	}
	*c = (struct core_profiles){ .next_ns = c->next_ns };
	if (!store_scan(core->env->store, STORE_PROFILE, find_pending, c->name) || !c->name[0])
		c->next_ns = NEVER;
}
