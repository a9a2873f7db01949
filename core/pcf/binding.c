/*
 * Session binding (29.513 6.2): the PDU session that an application means by the UE's address. In memory,
 * made again of the stored associations at the start; what is found is held against the record.
 */
#include "core/pcf/internal.h"

struct pcf_binding {
	struct hash_node by_address; /* (address, or prefix; family and number among those of one address) */
	uint64_t supi;
	uint8_t pdu_session_id;
};

static uint64_t word_of(struct ip a)
{
	return ip_family(a) == IP_FAMILY_V4 ? a.low : a.high;
}

static struct pcf_binding *binding_at(const struct pcf *pcf, struct ip a, unsigned n)
{
	return hash_get(&pcf->by_address, word_of(a), (uint64_t)ip_family(a) << 8 | n, struct pcf_binding,
		by_address);
}

static void bind_address(struct pcf *pcf, struct ip address, const struct pcf_association *a)
{
	struct pcf_binding *b;
	unsigned n = 0;

	if (ip_is_none(address))
		return;
	while (n < PCF_SAME_ADDRESS_MAX && binding_at(pcf, address, n))
		n++;
	b = n < PCF_SAME_ADDRESS_MAX ? pool_alloc(&pcf->bindings) : NULL;
	if (!b)
		return; /* applications find no such session; the pool counts it */
	b->supi = supi_key(&a->supi);
	b->pdu_session_id = a->pdu_session_id;
	hash_insert(
		&pcf->by_address, &b->by_address, word_of(address), (uint64_t)ip_family(address) << 8 | n);
}

static void unbind_address(struct pcf *pcf, struct ip address, const struct pcf_association *a)
{
	for (unsigned n = 0; n < PCF_SAME_ADDRESS_MAX && !ip_is_none(address); n++) {
		struct pcf_binding *b = binding_at(pcf, address, n);

		if (!b || b->supi != supi_key(&a->supi) || b->pdu_session_id != a->pdu_session_id)
			continue;
		hash_remove(&pcf->by_address, &b->by_address);
		pool_free(&pcf->bindings, b);
	}
}

void pcf_bind(struct pcf *pcf, const struct pcf_association *a)
{
	bind_address(pcf, a->ipv4, a);
	bind_address(pcf, a->ipv6, a);
}

void pcf_unbind(struct pcf *pcf, const struct pcf_association *a)
{
	unbind_address(pcf, a->ipv4, a);
	unbind_address(pcf, a->ipv6, a);
}

/* What the application says of the session besides the address. */
static bool is_meant(const struct pcf_association *a, const struct app_session_context_req_data *r)
{
	return (!r->dnn || dnn_equal(r->dnn, a->dnn)) &&
	       (!r->slice_info || snssai_equal(r->slice_info, &a->snssai)) &&
	       (!r->supi.imsi[0] || supi_key(&r->supi) == supi_key(&a->supi));
}

bool pcf_bound(struct pcf *pcf, const struct app_session_context_req_data *r, struct pcf_association *out)
{
	struct ip wanted = r->ue_ipv4 ? ip_from_v4(r->ue_ipv4) : IP_NONE;
	struct addr address;
	unsigned found = 0;

	if (!r->ue_ipv4 && r->ue_ipv6 && addr_parse(r->ue_ipv6, &address) && address.len == 16)
		wanted = (struct ip){ ip_from_addr(&address).high, 0 };
	for (unsigned n = 0; n < PCF_SAME_ADDRESS_MAX && !ip_is_none(wanted); n++) {
		struct pcf_binding *b = binding_at(pcf, wanted, n);
		struct pcf_association a;
		struct supi supi;

		if (!b || !supi_of_key(b->supi, &supi) ||
			!pcf_association_of(pcf, &supi, b->pdu_session_id, &a) ||
			!ip_equal(ip_family(wanted) == IP_FAMILY_V4 ? a.ipv4 : a.ipv6, wanted) ||
			!is_meant(&a, r))
			continue;
		*out = a;
		found++;
	}
	return found == 1;
}

bool pcf_bindings_init(struct pcf *pcf)
{
	pool_init(&pcf->bindings, sizeof(struct pcf_binding), PCF_BINDINGS_MAX);
	return hash_init(&pcf->by_address,
		       (uint64_t)env_random_u32(pcf->nf.env) << 32 | env_random_u32(pcf->nf.env)) &&
	       pcf_association_scan(pcf, pcf_bind);
}

void pcf_bindings_fini(struct pcf *pcf)
{
	hash_fini(&pcf->by_address);
	pool_fini(&pcf->bindings);
}
