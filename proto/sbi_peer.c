/* Peers: one of each value, for the life of the bus. */
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "proto/sbi_internal.h"

static bool peer_equal(const struct sbi_peer *a, const struct sbi_peer *b)
{
	return a->type == b->type && !strcmp(a->instance_id, b->instance_id) &&
	       !strcmp(a->api_root, b->api_root) && !strcmp(a->binding, b->binding);
}

const struct sbi_peer *sbi_peer(struct sbi_bus *bus, const struct sbi_peer *values)
{
	struct sbi_peer *p;

	for (size_t i = 0; i < bus->peer_count; i++)
		if (peer_equal(bus->peers[i], values))
			return bus->peers[i];
	p = bus->peer_count < SBI_PEERS_MAX ? malloc(sizeof(*p)) : NULL;
	if (!p) {
		bus->stat[SBI_STAT_REFUSED]++;
		return NULL;
	}
	*p = *values;
	bus->peers[bus->peer_count++] = p;
	return p;
}

const struct sbi_peer *sbi_instance(struct sbi_bus *bus, enum nf_type type, const char *instance_id)
{
	struct sbi_peer values = { .type = type };

	str_copy(values.instance_id, sizeof(values.instance_id), instance_id);
	return sbi_peer(bus, &values);
}

const struct sbi_peer *sbi_any(struct sbi_bus *bus, enum nf_type type)
{
	return sbi_instance(bus, type, "");
}

/* Of this bus, where no other of its type is. A configuration may add AMFs. */
static bool is_the_only(const struct sbi_bus *bus, const struct sbi_peer *peer)
{
	size_t here = 0, others = 0;

	for (size_t i = 0; i < bus->nf_count; i++) {
		here += bus->nfs[i].peer == peer;
		others += bus->nfs[i].peer != peer && bus->nfs[i].peer->type == peer->type;
	}
	return here == 1 && others == 0 && peer->type != NF_AMF;
}

void sbi_peer_print(const struct sbi_bus *bus, const struct sbi_peer *peer, char out[SBI_PEER_STR_SIZE])
{
	out[0] = '\0';
	if (peer)
		snprintf(out, SBI_PEER_STR_SIZE, "%u,%s,%s,%s", peer->type,
			is_the_only(bus, peer) ? "" : peer->instance_id, peer->api_root, peer->binding);
}

/* The next field of *text, up to a comma or the end. */
static bool field(const char **text, char *out, size_t size)
{
	size_t len = strcspn(*text, ",");

	if (len >= size)
		return false;
	str_copy(out, len + 1, *text);
	*text += len + ((*text)[len] == ',');
	return true;
}

const struct sbi_peer *sbi_peer_read(struct sbi_bus *bus, const char *text)
{
	struct sbi_peer values = { 0 };
	char type[4];
	uint64_t n;

	if (!field(&text, type, sizeof(type)) || !text_uint(bytes_of_str(type), NF_TYPE_COUNT - 1, &n) ||
		!field(&text, values.instance_id, sizeof(values.instance_id)) ||
		!field(&text, values.api_root, sizeof(values.api_root)) ||
		!field(&text, values.binding, sizeof(values.binding)))
		return NULL;
	values.type = (enum nf_type)n;
	return sbi_peer(bus, &values);
}
