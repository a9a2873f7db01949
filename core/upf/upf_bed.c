#include "core/upf/upf_bed.h"

void bed_config(struct upf_config *c)
{
	*c = (struct upf_config){ .n4_address = addr_from_v4(BED_UPF_N4, 0),
		.n3_address = addr_from_v4(BED_UPF_N3, 0),
		.smf_count = 2,
		.smfs = { addr_from_v4(BED_SMF, 0), addr_from_v4(BED_SMF2, 0) },
		.gnb_count = 1,
		.gnbs = { { 0x0a010000, 24 } },
		.pool_count = 1,
		.pools = { { BED_POOL, 16 } },
		.protected_count = 1,
		.protected = { { BED_CORE, 32 } },
		.dnn_count = 1,
		.dnns = { "internet" } };
}

void bed_init(struct bed *b, const struct upf_config *config)
{
	*b = (struct bed){ 0 };
	test_env_init(&b->t, 42, false);
	b->t.now_ns = 1000 * NS_PER_S;
	arena_init(&b->arena, NULL, 0, 1 << 20);
	b->upf = upf_new(config, &b->t.env);
	b->t.now_ns += 2 * UPF_RESTORE_GRACE_S * NS_PER_S;
	if (!b->upf)
		return;
	b->room = upf_room(b->upf);
	for (int ms = 0; ms <= PFCP_GIVE_UP_MS; ms += PFCP_T1_MIN_MS) /* nobody hears that it has started */
		bed_pass_ms(b, PFCP_T1_MIN_MS);
}

void bed_fini(struct bed *b)
{
	upf_free(b->upf);
	test_env_fini(&b->t);
	arena_fini(&b->arena);
}

void bed_collect(struct bed *b)
{
	b->sent_count = 0;
	for (struct outbox_item *i = b->t.outbox.head; i && b->sent_count < BED_MSGS; i = i->next) {
		struct bed_msg *m = &b->sent[b->sent_count++];

		m->port = i->msg.port;
		m->peer = i->msg.peer;
		m->len = bytes_copy(m->data, sizeof(m->data), i->msg.data) ? i->msg.data.len : 0;
	}
	test_env_forget(&b->t);
}

void bed_pass_ms(struct bed *b, uint64_t ms)
{
	b->t.now_ns += ms * NS_PER_MS;
	while (b->room.ops->next_deadline_ns(b->room.self) <= b->t.now_ns)
		b->room.ops->on_deadline(b->room.self, b->t.now_ns);
	bed_collect(b);
}

void bed_give(struct bed *b, uint16_t port, uint32_t peer, uint16_t peer_port, struct bytes data)
{
	struct msg m = {
		.kind = MSG_DATA, .port = port, .peer = addr_from_v4(peer, peer_port), .data = data
	};

	b->room.ops->on_msg(b->room.self, &m);
	bed_collect(b);
}

void bed_burst(struct bed *b, uint8_t worker, bool n3, struct upf_packet *packets, size_t count)
{
	struct upf_worker *w = upf_worker_at(b->upf, worker);

	upf_worker_begin(w, b->t.now_ns);
	if (n3)
		upf_worker_n3(w, packets, count);
	else
		upf_worker_n6(w, packets, count);
	upf_worker_end(w);
}

size_t bed_due(struct bed *b, uint8_t worker, struct upf_packet *packets, size_t max)
{
	struct upf_worker *w = upf_worker_at(b->upf, worker);
	size_t n;

	upf_worker_begin(w, b->t.now_ns);
	n = upf_worker_due(w, packets, max);
	upf_worker_end(w);
	return n;
}

bool bed_decode(struct bed *b, size_t i)
{
	struct tlv_fault fault;

	arena_reset(&b->arena);
	return i < b->sent_count &&
	       pfcp_decode(bytes_of(b->sent[i].data, b->sent[i].len), &b->arena, &b->response, &fault);
}

/* Gives the outer elements of a type one that nobody knows: as if they were not there. */
static void bed_hide(const struct bed *b, uint8_t *p, size_t len)
{
	for (size_t at = p[0] & 1 ? 16 : 8; at + 4 <= len; at += 4u + gtpu_be16(p + at + 2))
		if (b->hide && gtpu_be16(p + at) == b->hide)
			p[at] = 0x7f;
}

static bool is_group(uint16_t type)
{
	return type == 1 || type == 2 || type == 3 || type == 4 || type == 9 || type == 10 || type == 11;
}

/* Copies elements, those of the type to be spoilt with another value. */
static void bed_spoil(const struct bed *b, struct cursor c, struct writer *w)
{
	while (cursor_left(&c) > 0) {
		uint16_t type = cursor_u16(&c);
		struct bytes value = cursor_bytes(&c, cursor_u16(&c));
		size_t mark;

		writer_u16(w, type);
		mark = writer_mark(w, 2);
		if (type == b->spoil)
			writer_put(w, b->spoilt);
		else if (is_group(type))
			bed_spoil(b, cursor_of(value), w);
		else
			writer_put(w, value);
		writer_patch(w, mark, 2);
	}
}

static struct bytes bed_spoil_all(const struct bed *b, struct bytes message)
{
	static uint8_t buf[16384];
	struct writer w = writer_of(buf, sizeof(buf));
	size_t header;

	if (!b->spoil || !message.data)
		return message;
	header = message.data[0] & 1 ? 16 : 8;
	writer_put(&w, bytes_of(message.data, header));
	bed_spoil(b, cursor_of(bytes_of(message.data + header, message.len - header)), &w);
	buf[2] = (uint8_t)((w.len - 4) >> 8);
	buf[3] = (uint8_t)(w.len - 4);
	return writer_bytes(&w);
}

bool bed_answered(struct bed *b, const struct pfcp_msg *m)
{
	for (size_t i = 0; i < b->sent_count; i++)
		if (b->sent[i].port == UPF_PORT_N4 && bed_decode(b, i) && b->response.type == m->type + 1u)
			return b->response.sequence == m->sequence;
	return false;
}

bool bed_request_from(struct bed *b, uint32_t smf, struct pfcp_msg *m)
{
	static uint8_t buf[16384];
	struct writer w = writer_of(buf, sizeof(buf));

	m->sequence = ++b->sequence;
	if (!pfcp_encode(m, &w))
		return false;
	bed_hide(b, buf, w.len);
	bed_give(b, UPF_PORT_N4, smf, PFCP_UDP_PORT, bed_spoil_all(b, writer_bytes(&w)));
	return bed_answered(b, m);
}

bool bed_request(struct bed *b, struct pfcp_msg *m)
{
	return bed_request_from(b, BED_SMF, m);
}

bool bed_associate_from(struct bed *b, uint32_t smf, uint32_t recovery, bool retain)
{
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_SETUP_REQUEST };

	m.association_setup_request.recovery_time_stamp = recovery;
	m.association_setup_request.has_session_retention_information = retain;
	return bed_request_from(b, smf, &m) &&
	       b->response.association_setup_response.cause == PFCP_CAUSE_ACCEPTED;
}

bool bed_associate(struct bed *b)
{
	return bed_associate_from(b, BED_SMF, 1, false);
}

static void v4_put(uint8_t out[4], uint32_t ip)
{
	struct writer w = writer_of(out, 4);

	writer_u32(&w, ip);
}

static void bed_pdrs(struct bed_session *s, uint32_t ue_ip)
{
	for (int i = 0; i < 2; i++) {
		struct pfcp_create_pdr *p = &s->pdr[i];

		p->pdr_id = (uint16_t)(i + 1);
		p->precedence = 255;
		p->has_far_id = true;
		p->far_id = (uint32_t)i + 1;
		p->qer_id = s->qer_ids;
		p->qer_id_count = 2;
		p->urr_id = s->urr_ids;
		p->urr_id_count = 1;
		p->pdi.source_interface = i == 0 ? PFCP_INTERFACE_ACCESS : PFCP_INTERFACE_CORE;
		p->pdi.has_ue_ip_address = true;
		p->pdi.ue_ip_address.has_ipv4 = true;
		p->pdi.ue_ip_address.is_destination = i == 1;
		v4_put(p->pdi.ue_ip_address.ipv4, ue_ip);
	}
	s->pdr[0].has_outer_header_removal = true;
	s->pdr[0].pdi.has_local_f_teid = true;
	s->pdr[0].pdi.local_f_teid.has_ipv4 = s->pdr[0].pdi.local_f_teid.choose = true;
}

void bed_session_fill(struct bed_session *s, uint32_t ue_ip, uint32_t gnb_teid, uint64_t cp_seid)
{
	struct pfcp_session_establishment_request *r = &s->m.session_establishment_request;
	struct pfcp_outer_header_creation *tunnel = &s->far[1].forwarding_parameters.outer_header_creation;

	*s = (struct bed_session){ .m = { .type = PFCP_SESSION_ESTABLISHMENT_REQUEST, .has_seid = true },
		.qer_ids = { 1, 2 },
		.urr_ids = { 1 } };
	bed_pdrs(s, ue_ip);
	for (int i = 0; i < 2; i++) {
		s->far[i].far_id = (uint32_t)i + 1;
		s->far[i].apply_action.bits = PFCP_APPLY_FORW;
		s->far[i].has_forwarding_parameters = true;
		s->qer[i].qer_id = (uint32_t)i + 1;
	}
	s->far[0].forwarding_parameters.destination_interface = PFCP_INTERFACE_CORE;
	s->far[1].forwarding_parameters.has_outer_header_creation = true;
	tunnel->description = PFCP_OHC_GTPU_IPV4;
	tunnel->teid = gnb_teid;
	v4_put(tunnel->ipv4, BED_GNB);
	s->qer[0].has_mbr = true;
	s->qer[0].mbr = (struct pfcp_bit_rate){ 100000000, 100000000 };
	s->qer[1].has_qfi = true;
	s->qer[1].qfi = 9;
	s->urr[0] = (struct pfcp_create_urr){ .urr_id = 1,
		.measurement_method = { PFCP_MEASURE_VOLUME, 1 },
		.reporting_triggers = { 0, 3 },
		.has_measurement_information = true,
		.measurement_information = { 16, 1 } };
	r->cp_f_seid = (struct pfcp_f_seid){ .has_ipv4 = true, .seid = cp_seid };
	v4_put(r->cp_f_seid.ipv4, BED_SMF);
	r->create_pdr = s->pdr;
	r->create_far = s->far;
	r->create_qer = s->qer;
	r->create_urr = s->urr;
	r->create_pdr_count = r->create_far_count = r->create_qer_count = 2;
	r->create_urr_count = 1;
}

static void ip6_put(uint8_t out[16], struct ip a)
{
	struct writer w = writer_of(out, 16);

	writer_u64(&w, a.high);
	writer_u64(&w, a.low);
}

void bed_session_unstructured(struct bed_session *s, bool v6, uint64_t cp_seid)
{
	struct pfcp_session_establishment_request *r = &s->m.session_establishment_request;
	struct pfcp_forwarding_parameters *far = &s->far[0].forwarding_parameters;

	bed_session_fill(s, v6 ? 0 : BED_UE, BED_GNB_TEID, cp_seid);
	r->has_pdn_type = true;
	r->pdn_type = PFCP_PDN_NON_IP;
	for (int i = 0; v6 && i < 2; i++) {
		s->pdr[i].pdi.ue_ip_address.has_ipv4 = false;
		s->pdr[i].pdi.ue_ip_address.has_ipv6 = true;
		ip6_put(s->pdr[i].pdi.ue_ip_address.ipv6, BED_UE6);
	}
	far->has_outer_header_creation = true;
	far->outer_header_creation = (struct pfcp_outer_header_creation){
		.description = v6 ? PFCP_OHC_UDP_IPV6 : PFCP_OHC_UDP_IPV4, .port = BED_FAR_END_PORT
	};
	ip6_put(far->outer_header_creation.ipv6, BED_FAR_END6);
	v4_put(far->outer_header_creation.ipv4, BED_FAR_END);
	s->pdr[1].has_outer_header_removal = true;
	s->pdr[1].outer_header_removal.description = v6 ? PFCP_OHR_UDP_IPV6 : PFCP_OHR_UDP_IPV4;
	s->filter = (struct pfcp_sdf_filter){ .has_flow_description = true,
		.flow_description = bytes_of_str(v6 ? "permit out 17 from 2001:db8:99::9/128 7000 to assigned"
						    : "permit out 17 from 10.99.0.1/32 7000 to assigned") };
	s->pdr[1].pdi.sdf_filter = &s->filter;
	s->pdr[1].pdi.sdf_filter_count = 1;
}

uint8_t bed_establish(struct bed *b, struct bed_session *s, struct bed_session_ids *ids)
{
	const struct pfcp_session_establishment_response *r = &b->response.session_establishment_response;

	*ids = (struct bed_session_ids){ 0 };
	if (!bed_request(b, &s->m))
		return 0;
	ids->seid = r->up_f_seid.seid;
	if (r->created_pdr_count)
		ids->teid = r->created_pdr[0].local_f_teid.teid;
	return r->cause;
}

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static uint64_t sum_of(const uint8_t *p, size_t len)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? p[i] : (uint64_t)p[i] << 8;
	return sum;
}

struct bytes bed_udp(uint8_t *buf, uint32_t src, uint32_t dst, uint16_t sport, uint16_t dport, size_t len)
{
	struct writer w = writer_of(buf, len);
	uint16_t check;

	writer_uint(&w, 0x45000000 | len, 4);
	writer_uint(&w, 0x0001400040110000, 8);
	writer_u32(&w, src);
	writer_u32(&w, dst);
	check = fold(sum_of(buf, 20));
	buf[10] = (uint8_t)(check >> 8);
	buf[11] = (uint8_t)check;
	writer_u16(&w, sport);
	writer_u16(&w, dport);
	writer_u16(&w, (uint16_t)(len - 20));
	writer_u16(&w, 0);
	for (size_t i = 28; i < len; i++)
		writer_u8(&w, (uint8_t)(i * 7));
	check = fold(sum_of(buf + 12, len - 12) + 17 + (len - 20));
	buf[26] = (uint8_t)(check >> 8);
	buf[27] = (uint8_t)check;
	return bytes_of(buf, len);
}

struct bytes bed_gpdu(uint8_t *buf, uint32_t teid, uint8_t qfi, struct bytes inner)
{
	struct gtpu_header h = { .type = GTPU_G_PDU,
		.has_pdu_session = true,
		.teid = teid,
		.pdu_session = { .pdu_type = GTPU_PDU_UL, .qfi = qfi } };
	size_t head = gtpu_header_encode(&h, inner.len, buf);

	bytes_copy(buf + head, inner.len, inner);
	return bytes_of(buf, head + inner.len);
}

uint64_t bed_stat(struct bed *b, enum upf_stat stat)
{
	struct stats s;

	upf_stats(b->upf, &s);
	return s.values[stat];
}
