/* A foreign gNB at our core, message by message. */
#pragma once

#include "tests/foreign.h"

#include "tests/call_bed.h"
#include "wire/nas/nas.h"
#include "wire/ngap/ngap.h"

enum { FOREIGN_ASSOC = 100, FOREIGN_ANSWERS_MAX = 8 };

static struct call_bed *foreign_bed;
static struct arena foreign_arena;
/* What the core said to the foreign gNB last, and on which stream. */
static struct ngap_pdu answers[FOREIGN_ANSWERS_MAX];
static size_t answer_count;
static uint16_t foreign_stream;

static inline void foreign_collect(void)
{
	answer_count = 0;
	for (struct outbox_item *i = foreign_bed->node[NODE_CORE].t.outbox.head; i; i = i->next) {
		struct per_diag diag;

		if (i->msg.port != CORE_PORT_N2 || i->msg.assoc != FOREIGN_ASSOC || i->msg.kind != MSG_DATA)
			continue;
		assert_true(answer_count < FOREIGN_ANSWERS_MAX);
		foreign_stream = i->msg.stream;
		assert_true(ngap_decode(arena_bytes(&foreign_arena, i->msg.data), &foreign_arena,
			&answers[answer_count++], &diag));
	}
	call_run(foreign_bed);
}

/* A message, or the association itself, from the gNB. */
static inline void foreign_give(enum msg_kind kind, uint16_t streams, struct bytes data)
{
	struct msg m = { .kind = kind,
		.port = CORE_PORT_N2,
		.assoc = FOREIGN_ASSOC,
		.data = data,
		.in_streams = streams,
		.out_streams = streams };

	assert_true(addr_parse("127.0.0.77", &m.peer));
	call_deliver(foreign_bed, NODE_CORE, &m);
	foreign_collect();
}

static inline void foreign_give_pdu(enum ngap_message type, const void *body)
{
	static uint8_t buf[4096];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(ngap_encode(type, body, &w));
	foreign_give(MSG_DATA, 0, writer_bytes(&w));
}

static inline struct nas_msg foreign_nas_of(const struct ngap_pdu *pdu)
{
	struct nas_msg m;
	struct tlv_fault fault;

	assert_int_equal(pdu->message, NGAP_MSG_DOWNLINK_NAS_TRANSPORT);
	assert_true(nas_decode(pdu->u.downlink_nas_transport->nas_pdu, &foreign_arena, &m, &fault));
	return m;
}

static inline void foreign_subscribe(const char *imsi)
{
	struct subscriber s = { .algorithm = AUTH_MILENAGE, .amf = { 0x80, 0 }, .slice_count = 1 };

	str_copy(s.imsi, sizeof(s.imsi), imsi);
	s.slices[0] = (struct subscriber_slice){
		.sst = 1, .sd = SNSSAI_NO_SD, .default_slice = true, .dnn_count = 1
	};
	str_copy(s.slices[0].dnns[0].dnn, DNN_STR_SIZE, "internet");
	assert_true(core_subscriber_add(foreign_bed->core, &s, BYTES(call_k), BYTES(call_op), 32));
}

/* The network of the recording: its PLMN, and the slices of its gNB. */
static inline void foreign_network(const char *plmn, struct snssai slice, uint16_t streams)
{
	struct core_config *c = &foreign_bed->core_config;

	assert_true(plmn_parse(plmn, &c->plmn));
	c->amf.guami.plmn = c->udm.plmn = c->nssf.plmn = c->pcf.plmn = c->smf.plmn = c->plmn;
	c->amf.slices[0] = c->nssf.slices[0].snssai = c->smf.dnns[0].snssai = slice;
	c->udm.null_scheme = true;
	call_start(foreign_bed);
	foreign_give(MSG_UP, streams, BYTES_NONE);
}

static inline int foreign_setup(void **state)
{
	arena_init(&foreign_arena, NULL, 0, 16 << 20);
	if (call_setup(state) != 0)
		return -1;
	foreign_bed = *state;
	return 0;
}

static inline int foreign_teardown(void **state)
{
	arena_fini(&foreign_arena);
	return call_teardown(state);
}
