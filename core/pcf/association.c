/* SM policy associations, each a record of the store. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/record.h"
#include "base/text.h"
#include "core/pcf/internal.h"

_Static_assert(sizeof("sm--255-ffffffff") + sizeof(((struct supi *)0)->imsi) <= POLICY_ID_SIZE,
	"a policy's name has room");

static const struct record_field filter_fields[] = {
	RECORD_S(1, pcf_filter, text),
	RECORD_U(2, pcf_filter, direction),
};
static const struct record_def filter_def = { "filter", filter_fields, ARRAY_LEN(filter_fields) };

static const struct record_field flow_fields[] = {
	RECORD_S(1, pcf_flow, name),
	RECORD_U(2, pcf_flow, origin),
	RECORD_U(3, pcf_flow, precedence),
	RECORD_U(4, pcf_flow, five_qi),
	RECORD_U(5, pcf_flow, priority_level),
	RECORD_U(6, pcf_flow, arp.priority_level),
	RECORD_U(7, pcf_flow, arp.may_preempt),
	RECORD_U(8, pcf_flow, arp.preemptable),
	RECORD_U(9, pcf_flow, gbr.uplink_bps),
	RECORD_U(10, pcf_flow, gbr.downlink_bps),
	RECORD_U(11, pcf_flow, mbr.uplink_bps),
	RECORD_U(12, pcf_flow, mbr.downlink_bps),
	RECORD_U(13, pcf_flow, status),
	RECORD_U(14, pcf_flow, notify),
	RECORD_U(15, pcf_flow, reflective),
	RECORD_L(16, pcf_flow, filters, filter_count, &filter_def),
	RECORD_U(17, pcf_flow, application),
	RECORD_U(18, pcf_flow, component),
	RECORD_U(19, pcf_flow, sub),
	RECORD_U(20, pcf_flow, own_rate),
	RECORD_U(21, pcf_flow, usage_threshold),
};
static const struct record_def flow_def = { "flow", flow_fields, ARRAY_LEN(flow_fields) };

static const struct record_field association_fields[] = {
	RECORD_S(1, pcf_association, supi.imsi),
	RECORD_U(2, pcf_association, pdu_session_id),
	RECORD_U(3, pcf_association, instance),
	RECORD_S(4, pcf_association, dnn),
	RECORD_U(5, pcf_association, snssai.sst),
	RECORD_U(6, pcf_association, snssai.sd),
	RECORD_S(7, pcf_association, callback),
	RECORD_S(8, pcf_association, smf),
	RECORD_L(9, pcf_association, flows, flow_count, &flow_def),
	RECORD_U(10, pcf_association, has_ambr),
	RECORD_U(11, pcf_association, has_qos),
	RECORD_U(12, pcf_association, ambr.uplink_bps),
	RECORD_U(13, pcf_association, ambr.downlink_bps),
	RECORD_U(14, pcf_association, qos.five_qi),
	RECORD_U(15, pcf_association, qos.priority_level),
	RECORD_U(16, pcf_association, qos.arp.priority_level),
	RECORD_U(17, pcf_association, qos.arp.may_preempt),
	RECORD_U(18, pcf_association, qos.arp.preemptable),
	RECORD_U(19, pcf_association, ipv4.low),
	RECORD_U(20, pcf_association, ipv6.high),
	RECORD_U(21, pcf_association, applications),
};
static const struct record_def association_def = { "association", association_fields,
	ARRAY_LEN(association_fields) };

void pcf_association_name(const struct pcf_association *a, char out[POLICY_ID_SIZE])
{
	snprintf(out, POLICY_ID_SIZE, "sm-%s-%u-%08" PRIx32, a->supi.imsi, a->pdu_session_id, a->instance);
}

bool pcf_association_at(struct pcf *pcf, struct bytes key, struct pcf_association *out)
{
	struct bytes value;

	*out = (struct pcf_association){ 0 };
	return store_get(pcf->nf.env->store, STORE_PCF_POLICY, key, &value) &&
	       record_decode(&association_def, value, out);
}

bool pcf_association_of(
	struct pcf *pcf, const struct supi *supi, uint8_t pdu_session_id, struct pcf_association *out)
{
	uint8_t key[9];

	return pcf_association_at(pcf, nf_session_store_key(supi, pdu_session_id, key), out);
}

bool pcf_flow_same(const struct pcf_flow *a, const struct pcf_flow *b)
{
	uint8_t x[PCF_RECORD_MAX / PCF_FLOWS_MAX], y[PCF_RECORD_MAX / PCF_FLOWS_MAX];
	struct writer v = writer_of(x, sizeof(x)), w = writer_of(y, sizeof(y));

	return record_encode(&flow_def, a, &v) && record_encode(&flow_def, b, &w) &&
	       bytes_equal(writer_bytes(&v), writer_bytes(&w));
}

/* The part of a name before the next '-', which is left behind. */
static struct bytes name_part(const char **at)
{
	size_t len = strcspn(*at, "-");
	struct bytes part = bytes_of(*at, len);

	*at += len + ((*at)[len] == '-');
	return part;
}

bool pcf_association_named(struct pcf *pcf, const char *policy_id, struct pcf_association *out)
{
	const char *at = policy_id;
	char name[POLICY_ID_SIZE], imsi[sizeof(((struct supi *)0)->imsi) + 1];
	struct bytes sm = name_part(&at), digits = name_part(&at), number = name_part(&at);
	struct supi supi;
	uint64_t id;

	if (!bytes_equal(sm, bytes_of_str("sm")) || digits.len >= sizeof(imsi) ||
		!text_uint(number, PDU_SESSIONS_MAX, &id))
		return false;
	str_copy(imsi, digits.len + 1, (const char *)digits.data);
	if (!supi_restore(imsi, &supi) || !pcf_association_of(pcf, &supi, (uint8_t)id, out))
		return false;
	pcf_association_name(out, name);
	return !strcmp(name, policy_id);
}

bool pcf_association_put(struct pcf *pcf, const struct pcf_association *a)
{
	uint8_t octets[PCF_RECORD_MAX], key[9];
	struct writer w = writer_of(octets, sizeof(octets));

	return record_encode(&association_def, a, &w) &&
	       store_put(pcf->nf.env->store, STORE_PCF_POLICY,
		       nf_session_store_key(&a->supi, a->pdu_session_id, key), writer_bytes(&w));
}

void pcf_association_delete(struct pcf *pcf, const struct pcf_association *a)
{
	uint8_t key[9];

	may_fail(store_del(pcf->nf.env->store, STORE_PCF_POLICY,
		nf_session_store_key(&a->supi, a->pdu_session_id, key))); /* a refusal dooms the turn */
}

struct association_scan {
	struct pcf *pcf;
	void (*fn)(struct pcf *pcf, const struct pcf_association *a);
};

static bool scanned(void *arg, struct bytes key, struct bytes value)
{
	struct association_scan *scan = arg;
	struct pcf_association a = { 0 };

	if (record_decode(&association_def, value, &a))
		scan->fn(scan->pcf, &a);
	return true;
}

bool pcf_association_scan(struct pcf *pcf, void (*fn)(struct pcf *pcf, const struct pcf_association *a))
{
	return store_scan(
		pcf->nf.env->store, STORE_PCF_POLICY, scanned, &(struct association_scan){ pcf, fn });
}

struct pcf_flow *pcf_association_flow(struct pcf_association *a, const char *name)
{
	for (uint8_t i = 0; i < a->flow_count; i++)
		if (!strcmp(a->flows[i].name, name))
			return &a->flows[i];
	return NULL;
}

void pcf_association_drop_at(struct pcf_association *a, uint8_t i)
{
	for (; i + 1 < a->flow_count; i++)
		a->flows[i] = a->flows[i + 1];
	a->flow_count--;
}

bool pcf_association_drop(struct pcf_association *a, const char *name)
{
	struct pcf_flow *f = pcf_association_flow(a, name);

	if (f)
		pcf_association_drop_at(a, (uint8_t)(f - a->flows));
	return f != NULL;
}
