/* Orders about UEs: read ue_order.h first. */
#include "core/amf/ue_order.h"

#include "base/record.h"

enum { ORDER_RECORD_MAX = 256 };

static const struct record_field tac_fields[] = { RECORD_U(1, amf_order_tac, tac) };
static const struct record_def tac_def = { "tac", tac_fields, ARRAY_LEN(tac_fields) };

static const struct record_field fields[] = {
	RECORD_U(1, amf_order, once),
	RECORD_U(2, amf_order, follow),
	RECORD_L(3, amf_order, area, area_count, &tac_def),
	RECORD_U(4, amf_order, traced),
	RECORD_U(5, amf_order, depth),
	RECORD_U(6, amf_order, interfaces),
	RECORD_O(7, amf_order, trace_id),
	RECORD_U(8, amf_order, collector_len),
	RECORD_O(9, amf_order, collector),
};
static const struct record_def def = { "amf_order", fields, ARRAY_LEN(fields) };

void amf_order_get(struct amf *amf, const struct amf_ue *ue, struct amf_order *out)
{
	struct bytes value;
	uint8_t key[8];

	*out = (struct amf_order){ 0 };
	if (ue->ordered &&
		store_get(amf->nf.env->store, STORE_AMF_ORDER, nf_supi_store_key(&ue->supi, key), &value) &&
		(!record_decode(&def, value, out) || out->collector_len > sizeof(out->collector)))
		*out = (struct amf_order){ 0 };
}

void amf_order_put(struct amf *amf, struct amf_ue *ue, const struct amf_order *o)
{
	uint8_t octets[ORDER_RECORD_MAX], key[8];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!o->once && !o->follow && !o->area_count && !o->traced) {
		amf_order_forget(amf, ue);
		return;
	}
	ue->ordered = true;
	/* A store that is full dooms the turn, and nothing leaves that rests on it. */
	if (record_encode(&def, o, &w))
		may_fail(store_put(amf->nf.env->store, STORE_AMF_ORDER, nf_supi_store_key(&ue->supi, key),
			writer_bytes(&w)));
}

void amf_order_forget(struct amf *amf, struct amf_ue *ue)
{
	uint8_t key[8];

	if (!ue->ordered)
		return;
	ue->ordered = false;
	may_fail(store_del(amf->nf.env->store, STORE_AMF_ORDER, nf_supi_store_key(&ue->supi, key)));
}

/* Whose UE is another AMF's is that one's to find. */
static bool restore_one(void *arg, struct bytes key, struct bytes value)
{
	struct amf *amf = arg;
	struct cursor c = cursor_of(key);
	struct amf_ue *ue = hash_get(&amf->ue_by_supi, cursor_u64(&c), 0, struct amf_ue, by_supi);

	if (ue && !c.failed)
		ue->ordered = true;
	return true;
}

void amf_order_restore(struct amf *amf)
{
	if (!store_scan(amf->nf.env->store, STORE_AMF_ORDER, restore_one, amf))
		log_error(amf->nf.env->log,
			"the store cannot be read: operators' orders about UEs are missing");
}
