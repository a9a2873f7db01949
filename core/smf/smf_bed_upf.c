/* The test bed's UPF: PFCP by octets, with an account of its sessions. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"
#include "wire/gtpu/gtpu.h"

static struct bed_n4 *upf_session(struct bed *b, uint64_t up_seid)
{
	for (uint32_t i = 0; i < b->session_count; i++)
		if (b->sessions[i].up_seid == up_seid)
			return &b->sessions[i];
	return NULL;
}

void bed_upf_send(struct bed *b, struct pfcp_msg *m)
{
	uint8_t buf[1024];
	struct writer w = writer_of(buf, sizeof(buf));
	struct msg dgram = { .kind = MSG_DATA, .port = SMF_PORT_N4, .peer = b->upf_addr };
	bool lost = b->upf_drop & 1;

	assert_true(pfcp_encode(m, &w));
	dgram.data = writer_bytes(&w);
	b->n4_datagrams++;
	b->upf_drop >>= 1;
	if (!lost)
		smf_on_n4(b->smf, &dgram);
}

static void upf_associate(struct bed *b, const struct pfcp_msg *m)
{
	struct pfcp_msg r = { .type = PFCP_ASSOCIATION_SETUP_RESPONSE, .sequence = m->sequence };
	struct pfcp_association_setup_response *a = &r.association_setup_response;
	struct pfcp_user_plane_resource own = {
		.has_ipv4 = true, .teid_range_bits = 4, .teid_range = 0xa, .ipv4 = { 10, 3, 0, 1 }
	};

	b->retention_asked = m->association_setup_request.has_session_retention_information;
	a->cause = PFCP_CAUSE_ACCEPTED;
	a->recovery_time_stamp = b->upf_recovery;
	a->has_up_function_features = true;
	a->up_function_features =
		(struct tlv_flags){ b->upf_features | (b->upf_no_ftup ? 0 : PFCP_UP_FTUP), 2 };
	a->has_asrsp_flags = b->upf_not_retained || b->retention_asked;
	a->asrsp_flags = (struct tlv_flags){ b->upf_not_retained ? 0 : 1, 1 };
	a->user_plane_resource_count = b->upf_teids;
	a->user_plane_resource = &own;
	bed_upf_send(b, &r);
}

/* What is exchanged with the SMF: the rules after those of the flows. */
static void upf_take_control(struct bed_n4 *s, const struct pfcp_session_establishment_request *e)
{
	const struct pfcp_create_pdr *up = &e->create_pdr[e->create_pdr_count - 2], *down = up + 1;
	const struct pfcp_create_far *far = &e->create_far[e->create_far_count - 1];
	const struct pfcp_outer_header_creation *to = &far->forwarding_parameters.outer_header_creation;
	struct writer w = writer_of(s->to_smf, sizeof(s->to_smf) - 1);

	memset(s->to_smf, 0, sizeof(s->to_smf));
	for (size_t i = 0; up->pdr_id == PDR_TO_SMF && i < up->pdi.sdf_filter_count; i++) {
		writer_put(&w, up->pdi.sdf_filter[i].flow_description);
		writer_u8(&w, ';');
	}
	assert_true(up->pdr_id != PDR_TO_SMF || up->pdi.source_interface == PFCP_INTERFACE_ACCESS);
	assert_true(up->pdr_id != PDR_TO_SMF || up->far_id == far->far_id);
	assert_true(up->pdr_id != PDR_TO_SMF || !up->pdi.has_ue_ip_address);
	assert_int_equal(far->forwarding_parameters.destination_interface, PFCP_INTERFACE_CP);
	assert_int_equal(down->pdi.source_interface, PFCP_INTERFACE_CP);
	assert_int_equal(down->far_id, FAR_DOWNLINK);
	assert_true(down->has_outer_header_removal);
	assert_int_equal(down->qer_id_count, 1);
	assert_int_equal(down->qer_id[0], n4_qer_flow(SMF_DEFAULT_QFI));
	s->smf_ip = v4_of(to->ipv4);
	s->smf_teid = to->teid;
	s->control_teid = down->pdi.local_f_teid.choose ? 0x2000 + (uint32_t)s->cp_seid % 0x1000
							: down->pdi.local_f_teid.teid;
}

static void upf_note_far(
	struct bed *b, const struct pfcp_create_far *f, const struct pfcp_session_establishment_request *e)
{
	const struct pfcp_forwarding_parameters *p = &f->forwarding_parameters;

	if (f->far_id < BED_FARS && p->has_transport_level_marking)
		b->marking[f->far_id] = p->transport_level_marking;
	if (e && f->has_bar_id) {
		assert_true(e->has_create_bar);
		assert_int_equal(f->bar_id, e->create_bar.bar_id);
		b->suggested = e->create_bar.suggested_buffering_packets_count;
		b->notification_delay = e->create_bar.downlink_data_notification_delay;
	}
}

static void upf_take_rules(struct bed_n4 *s, const struct pfcp_session_establishment_request *e)
{
	const struct pfcp_create_far *far = &e->create_far[1];

	const struct pfcp_create_far *last = &e->create_far[e->create_far_count - 1];
	bool back = last->far_id == FAR_TO_SMF;
	bool control = back && e->create_pdr[e->create_pdr_count - 2].pdr_id == PDR_TO_SMF;

	assert_true(e->create_far_count >= 2u + back);
	/* two a flow, and two of the SMF, which have one between them; or one, back to the UE */
	assert_int_equal(e->create_pdr_count, 2 * (e->create_qer_count - 1) + (back && !control));
	/* one of the session, and one of each dedicated flow */
	assert_int_equal(e->create_urr_count, e->create_qer_count - 1 - control);
	s->smf_teid = s->control_teid = 0;
	if (back)
		upf_take_control(s, e);
	s->cp_seid = e->cp_f_seid.seid;
	s->ue_ip = v4_of(e->create_pdr[1].pdi.ue_ip_address.ipv4);
	s->ue_prefix = ip_from_v6(e->create_pdr[1].pdi.ue_ip_address.ipv6).high;
	s->mbr_uplink_kbps = e->create_qer[0].mbr.uplink_kbps;
	s->qfi = e->create_qer[1].qfi;
	s->restored = e->has_sereq_flags && e->sereq_flags.bits & 1;
	s->dl_to_smf = far->forwarding_parameters.destination_interface == PFCP_INTERFACE_CP;
	s->forwards = far->apply_action.bits == PFCP_APPLY_FORW && !s->dl_to_smf;
	s->action = far->apply_action.bits;
	if (s->forwards) {
		s->dl_teid = far->forwarding_parameters.outer_header_creation.teid;
		s->dl_ip = v4_of(far->forwarding_parameters.outer_header_creation.ipv4);
	}
}

/* A repeated establishment is not another session: this UPF keeps no responses. */
static struct bed_n4 *upf_new_session(struct bed *b, uint64_t cp_seid)
{
	for (uint32_t i = 0; i < b->session_count; i++)
		if (b->sessions[i].cp_seid == cp_seid)
			return &b->sessions[i];
	assert_true(b->session_count < BED_UPF_SESSIONS);
	return &b->sessions[b->upf_cause ? b->session_count : b->session_count++];
}

static void upf_establish(struct bed *b, const struct pfcp_msg *m)
{
	const struct pfcp_session_establishment_request *e = &m->session_establishment_request;
	const struct pfcp_f_teid *asked = &e->create_pdr[0].pdi.local_f_teid;
	struct pfcp_msg r = { .type = PFCP_SESSION_ESTABLISHMENT_RESPONSE,
		.sequence = m->sequence,
		.has_seid = true,
		.seid = e->cp_f_seid.seid };
	struct pfcp_session_establishment_response *a = &r.session_establishment_response;
	struct pfcp_created_pdr pdrs[] = { { .pdr_id = n4_pdr_uplink(SMF_DEFAULT_QFI),
						   .has_local_f_teid = true },
		{ .pdr_id = PDR_FROM_SMF, .has_local_f_teid = true } };
	struct bed_n4 *s = upf_new_session(b, e->cp_f_seid.seid);

	a->cause = b->upf_cause ? b->upf_cause : PFCP_CAUSE_ACCEPTED;
	if (!b->upf_cause) {
		upf_take_rules(s, e);
		for (size_t i = 0; i < e->create_far_count; i++)
			upf_note_far(b, &e->create_far[i], e);
		b->created = (uint32_t)(e->create_pdr_count + e->create_far_count + e->create_qer_count +
					e->create_urr_count);
		assert_true(asked->has_ipv4 && !asked->has_ipv6); /* our N3 is of IPv4 */
		b->chose_once = asked->has_choose_id;
		s->upf = addr_v4(&b->upf_addr);
		s->up_seid = ++b->next_seid;
		s->teid = asked->choose ? 0x1000 + (uint32_t)s->up_seid : asked->teid;
		a->has_up_f_seid = true;
		a->up_f_seid = (struct pfcp_f_seid){ .has_ipv4 = true, .seid = s->up_seid };
		pdrs[0].local_f_teid =
			(struct pfcp_f_teid){ .has_ipv4 = true, .teid = s->teid, .ipv4 = { 10, 3, 0, 1 } };
		pdrs[1].local_f_teid = pdrs[0].local_f_teid;
		pdrs[1].local_f_teid.teid = s->control_teid;
		a->created_pdr_count = !asked->choose ? 0 : s->control_teid ? 2 : 1;
		a->created_pdr = pdrs;
	}
	bed_upf_send(b, &r);
}

static void upf_count_changes(struct bed *b, const struct pfcp_session_modification_request *q)
{
	b->created = (uint32_t)(q->create_pdr_count + q->create_far_count + q->create_qer_count +
				q->create_urr_count);
	b->updated = (uint32_t)(q->update_pdr_count + q->update_far_count + q->update_qer_count +
				q->update_urr_count);
	b->removed = (uint32_t)(q->remove_pdr_count + q->remove_far_count + q->remove_qer_count +
				q->remove_urr_count);
	b->sdf_filter[0] = '\0';
	if (q->create_pdr_count > 0 && q->create_pdr[0].pdi.sdf_filter_count > 0) {
		struct bytes text = q->create_pdr[0].pdi.sdf_filter[0].flow_description;

		assert_true(bytes_copy(b->sdf_filter, sizeof(b->sdf_filter) - 1, text));
		b->sdf_filter[text.len] = '\0';
	}
}

static void upf_update_far(struct bed *b, struct bed_n4 *s, const struct pfcp_update_far *far)
{
	const struct pfcp_update_forwarding_parameters *p = &far->update_forwarding_parameters;

	if (far->far_id == FAR_FORWARDING) {
		s->fwd_to = p->outer_header_creation.teid;
		return;
	}
	if (far->far_id < BED_FARS && p->has_transport_level_marking)
		b->marking[far->far_id] = p->transport_level_marking;
	if (far->far_id != FAR_DOWNLINK) {
		assert_true(b->marking[far->far_id % BED_FARS]); /* of a flow's own */
		return;
	}
	s->end_markers += p->has_smreq_flags && p->smreq_flags.bits & PFCP_SMREQ_SNDEM;
	s->action = far->apply_action.bits;
	s->dl_to_smf = p->destination_interface == PFCP_INTERFACE_CP && s->action == PFCP_APPLY_FORW;
	s->forwards = s->action == PFCP_APPLY_FORW && !s->dl_to_smf;
	s->dl_teid = p->outer_header_creation.teid;
	s->dl_ip = v4_of(p->outer_header_creation.ipv4);
}

/* What a source gNB is to forward: from the access to the access, with what container it has (no QER). */
static void upf_create_forwarding(struct bed *b, struct bed_n4 *s,
	const struct pfcp_session_modification_request *q, struct pfcp_created_pdr *created)
{
	const struct pfcp_create_pdr *pdr = &q->create_pdr[0];
	const struct pfcp_create_far *far = &q->create_far[0];

	assert_int_equal(s->fwd_teid, 0);
	assert_int_equal(pdr->pdi.source_interface, PFCP_INTERFACE_ACCESS);
	assert_true(pdr->pdi.has_local_f_teid);
	assert_int_equal(pdr->pdi.local_f_teid.choose, !b->upf_no_ftup);
	assert_false(pdr->pdi.has_ue_ip_address);
	assert_int_equal(pdr->qer_id_count + pdr->urr_id_count, 0);
	assert_int_equal(pdr->far_id, FAR_FORWARDING);
	assert_int_equal(far->far_id, FAR_FORWARDING);
	assert_int_equal(far->forwarding_parameters.destination_interface, PFCP_INTERFACE_ACCESS);
	s->fwd_teid = b->upf_no_ftup ? pdr->pdi.local_f_teid.teid : 0x4000 + (uint32_t)s->up_seid;
	s->fwd_to = far->forwarding_parameters.outer_header_creation.teid;
	s->fwd_ip = v4_of(far->forwarding_parameters.outer_header_creation.ipv4);
	*created = (struct pfcp_created_pdr){ .pdr_id = PDR_FORWARDING,
		.has_local_f_teid = true,
		.local_f_teid = { .has_ipv4 = true, .teid = s->fwd_teid, .ipv4 = { 10, 3, 0, 1 } } };
}

static void upf_change(struct bed *b, struct bed_n4 *s, const struct pfcp_session_modification_request *q,
	struct pfcp_created_pdr *created, struct pfcp_session_modification_response *r)
{
	for (size_t i = 0; i < q->update_far_count; i++)
		upf_update_far(b, s, &q->update_far[i]);
	for (size_t i = 0; i < q->create_far_count; i++)
		upf_note_far(b, &q->create_far[i], NULL);
	if (q->remove_pdr_count && q->remove_pdr[0].pdr_id == PDR_FORWARDING) {
		assert_int_not_equal(s->fwd_teid, 0);
		s->fwd_teid = s->fwd_to = 0;
	}
	if (q->create_pdr_count && q->create_pdr[0].pdr_id == PDR_FORWARDING) {
		upf_create_forwarding(b, s, q, created);
		r->created_pdr = created;
		r->created_pdr_count = !b->upf_no_ftup;
	}
}

static void upf_modify(struct bed *b, const struct pfcp_msg *m)
{
	const struct pfcp_session_modification_request *q = &m->session_modification_request;
	struct bed_n4 *s = upf_session(b, m->seid);
	struct pfcp_created_pdr created;
	struct pfcp_msg r = {
		.type = PFCP_SESSION_MODIFICATION_RESPONSE, .sequence = m->sequence, .has_seid = true
	};

	r.seid = s ? s->cp_seid : 0;
	r.session_modification_response.cause = !s             ? PFCP_CAUSE_SESSION_NOT_FOUND
						: b->upf_cause ? b->upf_cause
							       : PFCP_CAUSE_ACCEPTED;
	upf_count_changes(b, q);
	for (size_t i = 0; b->upf_lacks && i < q->update_far_count; i++)
		if (q->update_far[i].far_id == b->upf_lacks) {
			r.session_modification_response.cause = PFCP_CAUSE_RULE_FAILURE;
			r.session_modification_response.has_failed_rule_id = true;
			r.session_modification_response.failed_rule_id =
				(struct pfcp_failed_rule_id){ PFCP_RULE_FAR, b->upf_lacks };
		}
	if (s && r.session_modification_response.cause == PFCP_CAUSE_ACCEPTED)
		upf_change(b, s, q, &created, &r.session_modification_response);
	bed_upf_send(b, &r);
}

static void upf_delete(struct bed *b, const struct pfcp_msg *m)
{
	struct bed_n4 *s = upf_session(b, m->seid);
	struct pfcp_msg r = {
		.type = PFCP_SESSION_DELETION_RESPONSE, .sequence = m->sequence, .has_seid = true
	};
	struct pfcp_usage_report usage = { .urr_id = URR_SESSION,
		.usage_report_trigger = { PFCP_USAGE_TERMR, 3 },
		.has_volume_measurement = true,
		.volume_measurement = {
			.has_uplink = true, .uplink = 1000, .has_downlink = true, .downlink = 2000 } };

	r.seid = s ? s->cp_seid : 0;
	r.session_deletion_response.cause = s ? PFCP_CAUSE_ACCEPTED : PFCP_CAUSE_SESSION_NOT_FOUND;
	if (s) {
		r.session_deletion_response.usage_report_count = 1;
		r.session_deletion_response.usage_report = &usage;
		*s = b->sessions[--b->session_count];
	}
	bed_upf_send(b, &r);
}

static void upf_answer(struct bed *b, const struct pfcp_msg *m)
{
	struct pfcp_msg r = { .type = PFCP_HEARTBEAT_RESPONSE };

	switch (m->type) {
	case PFCP_HEARTBEAT_REQUEST:
		r.sequence = m->sequence;
		r.heartbeat_response.recovery_time_stamp = b->upf_recovery;
		bed_upf_send(b, &r);
		break;
	case PFCP_ASSOCIATION_SETUP_REQUEST:
		upf_associate(b, m);
		break;
	case PFCP_ASSOCIATION_RELEASE_REQUEST:
		r.type = PFCP_ASSOCIATION_RELEASE_RESPONSE;
		r.sequence = m->sequence;
		r.association_release_response.cause = PFCP_CAUSE_ACCEPTED;
		bed_upf_send(b, &r);
		break;
	case PFCP_SESSION_ESTABLISHMENT_REQUEST:
		upf_establish(b, m);
		break;
	case PFCP_SESSION_MODIFICATION_REQUEST:
		upf_modify(b, m);
		break;
	case PFCP_SESSION_DELETION_REQUEST:
		upf_delete(b, m);
		break;
	default:
		assert_false(pfcp_is_request(m->type));
	}
}

void bed_upf_receive(struct bed *b, const struct msg *dgram)
{
	struct pfcp_msg m = { 0 };
	struct tlv_fault fault = { 0 };
	bool lost = b->upf_drop & 1;
	struct addr usual = b->upf_addr;

	b->n4_datagrams++;
	b->upf_drop >>= 1;
	b->upf_addr = dgram->peer; /* several UPFs are one in this bed */
	arena_reset(&b->arena);
	assert_true(pfcp_decode(dgram->data, &b->arena, &m, &fault));
	b->upf_requests[m.type]++;
	if (m.type == PFCP_SESSION_REPORT_RESPONSE) {
		b->report_cause = m.session_report_response.cause;
		b->report_seid = m.seid;
	}
	if (m.type == PFCP_ASSOCIATION_SETUP_RESPONSE)
		b->setup_cause = m.association_setup_response.cause;
	if (!lost && !b->upf_off)
		upf_answer(b, &m);
	b->upf_addr = usual;
}

void bed_upf_packet(struct bed *b, const struct msg *dgram)
{
	struct gtpu_header h = { 0 };
	struct bytes packet = BYTES_NONE;

	assert_int_equal(gtpu_header_decode(dgram->data, &h, &packet), GTPU_OK);
	assert_int_equal(dgram->peer.port, GTPU_UDP_PORT);
	b->n4u_teid = h.teid;
	b->n4u_count++;
	assert_true(bytes_copy(b->n4u.data, sizeof(b->n4u.data), packet));
	b->n4u.len = packet.len;
}

void bed_n4u(struct bed *b, uint32_t upf, uint32_t teid, struct bytes packet)
{
	uint8_t octets[512];
	struct gtpu_header h = { .type = GTPU_G_PDU, .teid = teid };
	size_t head = gtpu_header_encode(&h, packet.len, octets);
	struct msg m = { .kind = MSG_DATA, .port = SMF_PORT_N4U, .peer = addr_from_v4(upf, GTPU_UDP_PORT) };

	assert_true(bytes_copy(octets + head, sizeof(octets) - head, packet));
	m.data = bytes_of(octets, head + packet.len);
	smf_on_n4u(b->smf, &m);
	bed_run(b);
}
