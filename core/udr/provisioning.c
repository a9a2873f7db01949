/*
 * What the operator does to subscribers: put and remove. A static address is written down under its owner, so
 * that it is nobody else's, neither as a static one nor from a pool.
 */
#include "core/udr/internal.h"

/* Of IPv4 the address, of IPv6 the /64. */
static struct bytes address_key(struct ip ip, uint8_t key[8])
{
	struct writer w = writer_of(key, 8);

	if (ip_family(ip) == IP_FAMILY_V4)
		writer_u32(&w, ip_v4(ip));
	else
		writer_u64(&w, ip.high);
	return writer_bytes(&w);
}

bool udr_static_owner(struct udr *udr, struct ip ip, struct supi *owner)
{
	uint8_t key[8];
	struct bytes value;

	return store_get(udr->nf.env->store, STORE_STATIC_ADDRESS, address_key(ip, key), &value) &&
	       bytes_copy(owner, sizeof(*owner), value);
}

static bool address_set(struct udr *udr, struct ip ip, const struct supi *owner)
{
	struct store *store = udr->nf.env->store;
	uint8_t octets[8];
	struct bytes key = address_key(ip, octets);

	if (ip_is_none(ip))
		return true;
	return owner ? store_put(store, STORE_STATIC_ADDRESS, key, bytes_of(owner, sizeof(*owner)))
		     : store_del(store, STORE_STATIC_ADDRESS, key);
}

/* Of a framed route: longer than any address's. */
static struct bytes route_key(const struct prefix *route, uint8_t key[17])
{
	struct writer w = writer_of(key, 17);

	writer_u64(&w, route->ip.high);
	writer_u64(&w, route->ip.low);
	writer_u8(&w, route->bits);
	return writer_bytes(&w);
}

bool udr_route_owner(struct udr *udr, const struct prefix *route, struct supi *owner)
{
	uint8_t key[17];
	struct bytes value;

	return store_get(udr->nf.env->store, STORE_STATIC_ADDRESS, route_key(route, key), &value) &&
	       bytes_copy(owner, sizeof(*owner), value);
}

static bool routes_set(struct udr *udr, const struct subscriber_dnn *d, const struct supi *owner)
{
	struct store *store = udr->nf.env->store;
	uint8_t octets[17];
	bool ok = true;

	for (uint8_t i = 0; ok && i < d->route_count; i++) {
		struct bytes key = route_key(&d->routes[i], octets);

		ok = owner ? store_put(store, STORE_STATIC_ADDRESS, key, bytes_of(owner, sizeof(*owner)))
			   : store_del(store, STORE_STATIC_ADDRESS, key);
	}
	return ok;
}

/* The addresses of s become owner's, or, without one, nobody's. */
static bool addresses_set(struct udr *udr, const struct subscriber *s, const struct supi *owner)
{
	bool ok = true;

	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t d = 0; ok && d < s->slices[i].dnn_count; d++) {
			const struct subscriber_dnn *dnn = &s->slices[i].dnns[d];

			ok = address_set(udr, ip_from_v4(dnn->static_ipv4), owner) &&
			     address_set(udr, (struct ip){ dnn->static_ipv6, 0 }, owner) &&
			     routes_set(udr, dnn, owner);
		}
	return ok;
}

bool udr_subscriber_put(struct udr *udr, const struct subscriber *s, uint64_t sqn)
{
	struct writer w = writer_of(udr->record, sizeof(udr->record));
	struct supi supi;
	uint8_t key[8], sqn_octets[6];
	struct writer sqn_writer = writer_of(sqn_octets, sizeof(sqn_octets));

	writer_uint(&sqn_writer, sqn, 6);
	if (!supi_parse(s->imsi, &supi) || sqn_writer.failed)
		return false;
	if (udr_load(udr, &supi) && !addresses_set(udr, &udr->subscriber, NULL))
		return false;
	return record_encode(&subscriber_def, s, &w) && addresses_set(udr, s, &supi) &&
	       store_put(udr->nf.env->store, STORE_SUBSCRIBER, nf_supi_store_key(&supi, key),
		       writer_bytes(&w)) &&
	       udr_put_sqn(udr, &supi, sqn_octets);
}

bool udr_subscriber_remove(struct udr *udr, const struct supi *supi)
{
	struct store *store = udr->nf.env->store;
	uint8_t key[9];
	struct bytes value;

	if (!store_get(store, STORE_SUBSCRIBER, nf_supi_store_key(supi, key), &value))
		return false;
	if (udr_load(udr, supi) && !addresses_set(udr, &udr->subscriber, NULL))
		return false;
	return store_del(store, STORE_SUBSCRIBER, bytes_of(key, 8)) &&
	       store_del(store, STORE_AUTH, bytes_of(key, 8)) && udr_contexts_remove(udr, supi);
}
