#include "tests/foreign_n2.h"

#include <stdlib.h>

static void foreign_collect(struct foreign *f)
{
	f->answer_count = 0;
	for (struct outbox_item *i = f->bed->node[NODE_CORE].t.outbox.head; i; i = i->next) {
		struct per_diag diag;

		if (i->msg.port != CORE_PORT_N2 || i->msg.assoc != FOREIGN_ASSOC || i->msg.kind != MSG_DATA)
			continue;
		assert_true(f->answer_count < FOREIGN_ANSWERS_MAX);
		f->stream = i->msg.stream;
		assert_true(ngap_decode(arena_bytes(&f->arena, i->msg.data), &f->arena,
			&f->answers[f->answer_count++], &diag));
	}
	call_run(f->bed);
}

void foreign_give(struct foreign *f, enum msg_kind kind, uint16_t streams, struct bytes data)
{
	struct msg m = { .kind = kind,
		.port = CORE_PORT_N2,
		.assoc = FOREIGN_ASSOC,
		.data = data,
		.in_streams = streams,
		.out_streams = streams };

	assert_true(addr_parse("127.0.0.77", &m.peer));
	call_deliver(f->bed, NODE_CORE, &m);
	foreign_collect(f);
}

void foreign_give_pdu(struct foreign *f, enum ngap_message type, const void *body)
{
	static uint8_t buf[4096];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(ngap_encode(type, body, &w));
	foreign_give(f, MSG_DATA, 0, writer_bytes(&w));
}

struct nas_msg foreign_nas_of(struct foreign *f, const struct ngap_pdu *pdu)
{
	struct nas_msg m;
	struct tlv_fault fault;

	assert_int_equal(pdu->message, NGAP_MSG_DOWNLINK_NAS_TRANSPORT);
	assert_true(nas_decode(pdu->u.downlink_nas_transport->nas_pdu, &f->arena, &m, &fault));
	return m;
}

void foreign_subscribe(struct foreign *f, const char *imsi)
{
	struct subscriber s = { .algorithm = AKA_MILENAGE, .amf = { 0x80, 0 }, .slice_count = 1 };

	str_copy(s.imsi, sizeof(s.imsi), imsi);
	s.slices[0] = (struct subscriber_slice){
		.sst = 1, .sd = SNSSAI_NO_SD, .default_slice = true, .dnn_count = 1
	};
	str_copy(s.slices[0].dnns[0].dnn, DNN_STR_SIZE, "internet");
	assert_true(core_subscriber_add(f->bed->core, &s, BYTES(call_k), BYTES(call_op), 32));
}

void foreign_network(struct foreign *f, const char *plmn, struct snssai slice, uint16_t streams)
{
	struct core_config *c = &f->bed->core_config;

	assert_true(plmn_parse(plmn, &c->plmn));
	c->amfs[0].guami.plmn = c->udm.plmn = c->nssf.plmn = c->pcf.plmn = c->smf.plmn = c->plmn;
	c->amfs[0].slices[0] = c->nssf.slices[0].snssai = c->smf.dnns[0].snssai = slice;
	c->udm.null_scheme = true;
	call_start(f->bed);
	foreign_give(f, MSG_UP, streams, BYTES_NONE);
}

int foreign_setup(void **state)
{
	struct foreign *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	arena_init(&f->arena, NULL, 0, 16 << 20);
	if (call_setup(state) != 0)
		return -1;
	f->bed = *state;
	*state = f;
	return 0;
}

int foreign_teardown(void **state)
{
	struct foreign *f = *state;
	void *bed = f->bed;

	arena_fini(&f->arena);
	free(f);
	return call_teardown(&bed);
}
