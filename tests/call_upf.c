/* A UPF that accepts all: PFCP by octets, with an account of its last session. */
#include "proto/pfcp.h"
#include "tests/call_bed.h"
#include "wire/pfcp/pfcp.h"

enum { UPF_UL_TEID = 0x1000, UPF_RECOVERY = 1 };

static void upf_send(struct call_bed *b, const struct pfcp_msg *m)
{
	uint8_t buf[1024];
	struct writer w = writer_of(buf, sizeof(buf));
	struct msg out = { .kind = MSG_DATA, .port = CORE_PORT_N4 };

	assert_true(pfcp_encode(m, &w));
	out.data = writer_bytes(&w);
	if (m->has_seid) {
		b->upf_answered = m->sequence;
		assert_true(bytes_copy(b->upf_answer, sizeof(b->upf_answer), out.data));
		b->upf_answer_len = out.data.len;
	}
	assert_true(outbox_put(&b->node[NODE_UPF].t.outbox, &out));
}

static void upf_associate(struct call_bed *b, const struct pfcp_msg *m)
{
	struct pfcp_msg r = { .type = PFCP_ASSOCIATION_SETUP_RESPONSE, .sequence = m->sequence };
	struct pfcp_association_setup_response *a = &r.association_setup_response;

	a->cause = PFCP_CAUSE_ACCEPTED;
	a->recovery_time_stamp = UPF_RECOVERY;
	a->has_up_function_features = true;
	a->up_function_features = (struct tlv_flags){ PFCP_UP_FTUP, 2 };
	upf_send(b, &r);
}

static uint32_t ip_of(const uint8_t ip[4])
{
	struct cursor c = cursor_of(bytes_of(ip, 4));

	return cursor_u32(&c);
}

static void upf_establish(struct call_bed *b, const struct pfcp_msg *m)
{
	const struct pfcp_session_establishment_request *e = &m->session_establishment_request;
	struct pfcp_msg r = { .type = PFCP_SESSION_ESTABLISHMENT_RESPONSE,
		.sequence = m->sequence,
		.has_seid = true,
		.seid = e->cp_f_seid.seid };
	struct pfcp_session_establishment_response *a = &r.session_establishment_response;
	struct pfcp_created_pdr pdr = { .pdr_id = e->create_pdr[0].pdr_id, .has_local_f_teid = true };

	b->upf_cp_seid = e->cp_f_seid.seid;
	b->upf_ul_teid = UPF_UL_TEID + ++b->upf_next;
	b->upf_sessions++;
	pdr.local_f_teid =
		(struct pfcp_f_teid){ .has_ipv4 = true, .teid = b->upf_ul_teid, .ipv4 = { 127, 0, 0, 8 } };
	a->cause = PFCP_CAUSE_ACCEPTED;
	a->has_up_f_seid = true;
	a->up_f_seid = (struct pfcp_f_seid){ .has_ipv4 = true, .seid = b->upf_next };
	a->created_pdr_count = 1;
	a->created_pdr = &pdr;
	upf_send(b, &r);
}

static void upf_modify(struct call_bed *b, const struct pfcp_msg *m)
{
	const struct pfcp_session_modification_request *q = &m->session_modification_request;
	const struct pfcp_update_far *far = q->update_far;
	struct pfcp_msg r = { .type = PFCP_SESSION_MODIFICATION_RESPONSE,
		.sequence = m->sequence,
		.has_seid = true,
		.seid = b->upf_cp_seid };

	r.session_modification_response.cause = PFCP_CAUSE_ACCEPTED;
	if (q->update_far_count > 0) {
		b->upf_forwards = far->apply_action.bits == PFCP_APPLY_FORW;
		b->upf_dl_teid = far->update_forwarding_parameters.outer_header_creation.teid;
		b->upf_dl_ip = ip_of(far->update_forwarding_parameters.outer_header_creation.ipv4);
	}
	upf_send(b, &r);
}

static void upf_delete(struct call_bed *b, const struct pfcp_msg *m)
{
	struct pfcp_msg r = { .type = PFCP_SESSION_DELETION_RESPONSE,
		.sequence = m->sequence,
		.has_seid = true,
		.seid = b->upf_cp_seid };

	b->upf_sessions--;
	b->upf_forwards = false;
	r.session_deletion_response.cause = PFCP_CAUSE_ACCEPTED;
	upf_send(b, &r);
}

/* 29.244 6.4: the same answer to a request that is repeated. */
static void upf_repeat(struct call_bed *b)
{
	assert_true(outbox_put(
		&b->node[NODE_UPF].t.outbox, &(struct msg){ .kind = MSG_DATA,
						     .port = CORE_PORT_N4,
						     .data = bytes_of(b->upf_answer, b->upf_answer_len) }));
}

void call_upf_receive(struct call_bed *b, const struct msg *in)
{
	struct pfcp_msg m = { 0 }, r = { .type = PFCP_HEARTBEAT_RESPONSE };
	struct tlv_fault fault = { 0 };
	struct arena arena;

	arena_init(&arena, NULL, 0, 1 << 20);
	assert_true(pfcp_decode(in->data, &arena, &m, &fault));
	r.sequence = m.sequence;
	r.heartbeat_response.recovery_time_stamp = UPF_RECOVERY;
	if (b->upf_on && m.has_seid && b->upf_answer_len > 0 && m.sequence == b->upf_answered)
		upf_repeat(b);
	else if (b->upf_on && m.type == PFCP_HEARTBEAT_REQUEST)
		upf_send(b, &r);
	else if (b->upf_on && m.type == PFCP_ASSOCIATION_SETUP_REQUEST)
		upf_associate(b, &m);
	else if (b->upf_on && m.type == PFCP_SESSION_ESTABLISHMENT_REQUEST)
		upf_establish(b, &m);
	else if (b->upf_on && m.type == PFCP_SESSION_MODIFICATION_REQUEST)
		upf_modify(b, &m);
	else if (b->upf_on && m.type == PFCP_SESSION_DELETION_REQUEST)
		upf_delete(b, &m);
	arena_fini(&arena);
}
