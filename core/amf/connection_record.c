/*
 * What of an N2 connection survives the process: each whose gNB may have the UE's context, from INITIAL
 * CONTEXT SETUP REQUEST on, whoever the UE is. So a gNB that kept its UEs can be told which of them go on.
 */
#include "base/record.h"
#include "core/amf/internal.h"

static const struct record_field fields[] = {
	RECORD_U(1, amf_connection_record, amf_ue_ngap_id),
	RECORD_U(2, amf_connection_record, node_id),
	RECORD_U(3, amf_connection_record, ran_ue_ngap_id),
	RECORD_U(4, amf_connection_record, peer_len),
	RECORD_O(5, amf_connection_record, peer),
	RECORD_S(6, amf_connection_record, imsi),
	RECORD_O(7, amf_connection_record, plmn),
	RECORD_U(8, amf_connection_record, tac),
	RECORD_U(9, amf_connection_record, cell),
	RECORD_U(10, amf_connection_record, no_ran_id),
};
static const struct record_def def = { "amf_connection", fields, ARRAY_LEN(fields) };

enum { OWNER_LEN = 4, KEY_LEN = OWNER_LEN + 8 };

/* The AMF identifier, and the connection's number: what a turn puts lies side by side in the store, which
 * writes pages. */
static struct bytes store_key(const struct amf *amf, uint64_t number, uint8_t key[KEY_LEN])
{
	const struct guami *us = &amf->config.guami;
	struct writer w = writer_of(key, KEY_LEN);

	writer_u8(&w, us->amf_region_id);
	writer_u16(&w, us->amf_set_id);
	writer_u8(&w, us->amf_pointer);
	writer_u64(&w, number);
	return writer_bytes(&w);
}

/* A gNB that waits for its keys does not have the UE yet, or has it with those of another K_AMF. */
static bool can_go_on(const struct amf_connection *c)
{
	return c->ue && c->ue->registered && c->context_setup && !c->pending && !amf_path_switch_of(c->ue) &&
	       !amf_rekeying_of(c->ue);
}

bool amf_connection_is_at_rest(const struct amf_connection *c)
{
	return can_go_on(c) && c->ue->serving == c && c->ue->state == MM_REGISTERED;
}

static bool connection_store(struct amf *amf, const struct amf_connection *c)
{
	struct amf_connection_record r = { .amf_ue_ngap_id = c->amf_ue_ngap_id,
		.node_id = c->gnb->node_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.peer_len = c->gnb->peer.len,
		.tac = c->location.tai.tac,
		.cell = c->location.ncgi.nci,
		.no_ran_id = c->no_ran_id };
	uint8_t octets[256], key[KEY_LEN];
	struct writer w = writer_of(octets, sizeof(octets));

	bytes_copy(r.peer, sizeof(r.peer), bytes_of(c->gnb->peer.ip, c->gnb->peer.len));
	plmn_to_nas(&c->location.tai.plmn, r.plmn);
	/* A registration that is not complete is, once the process is another one (dispatch.c). */
	if (can_go_on(c))
		str_copy(r.imsi, sizeof(r.imsi), c->ue->supi.imsi);
	return record_encode(&def, &r, &w) && store_put(amf->nf.env->store, STORE_AMF_CONNECTION,
						      store_key(amf, c->number, key), writer_bytes(&w));
}

/* A refusal dooms the turn by itself. */
void amf_connection_put(struct amf *amf, struct amf_connection *c)
{
	if (!c->asked)
		return;
	if (!c->stored)
		c->number = ++amf->connection_number;
	c->stored = true;
	may_fail(connection_store(amf, c));
}

static bool connection_delete(struct amf *amf, uint64_t number)
{
	uint8_t key[KEY_LEN];

	return store_del(amf->nf.env->store, STORE_AMF_CONNECTION, store_key(amf, number, key));
}

/* Repeated until the store has kept it: no connection has the same number again. */
void amf_connection_delete(struct amf *amf, struct amf_connection *c)
{
	struct amf_gone_connection *gone = c->stored ? pool_alloc(&amf->gone_connections) : NULL;

	if (gone) {
		gone->number = c->number;
		mark_set(&amf->to_delete, &gone->mark);
	} else if (c->stored) {
		may_fail(connection_delete(amf, c->number)); /* once, then */
	}
}

bool amf_connection_delete_put(void *room, struct mark *m)
{
	return connection_delete(room, container_of(m, struct amf_gone_connection, mark)->number);
}

void amf_connection_deleted(void *room, struct mark *m)
{
	struct amf *amf = room;

	pool_free(&amf->gone_connections, container_of(m, struct amf_gone_connection, mark));
}

struct scan {
	struct amf *amf;
	amf_connection_record_fn *fn;
	void *arg;
};

static bool scan_record(void *arg, struct bytes key, struct bytes value)
{
	const struct scan *scan = arg;
	struct amf_connection_record r = { 0 };
	uint8_t own[KEY_LEN];
	struct cursor c = cursor_of(key);

	cursor_skip(&c, OWNER_LEN);
	r.number = cursor_u64(&c);
	if (c.failed || !bytes_equal(key, store_key(scan->amf, r.number, own)) ||
		!record_decode(&def, value, &r) || r.node_id == 0 || r.peer_len > sizeof(r.peer))
		return true;
	if (scan->amf->connection_number < r.number)
		scan->amf->connection_number = r.number;
	scan->fn(scan->amf, scan->arg, &r);
	return true;
}

bool amf_connection_records(struct amf *amf, amf_connection_record_fn *fn, void *arg)
{
	struct scan scan = { amf, fn, arg };

	return store_scan(amf->nf.env->store, STORE_AMF_CONNECTION, scan_record, &scan);
}
