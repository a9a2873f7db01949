/* Sessions in the store: from the accept on, one record each. */
#include <stdlib.h>

#include "base/record.h"
#include "core/smf/ethernet.h"
#include "core/smf/modification.h"
#include "core/smf/relocation.h"
#include "core/smf/teid.h"

/* A session as it is stored: indexes into the configuration, which may change, are spelt out. */
struct session_image {
	struct smf_session s;
	char dnn[DNN_STR_SIZE];
	uint32_t upf_ip;
	uint16_t upf_port;
	struct smf_tunnel forwarding; /* of its handover */
	struct smf_secondary_usage secondary;
	char amf[SBI_PEER_STR_SIZE], pcf[SBI_PEER_STR_SIZE];
	char status_uri[SBI_URI_SIZE]; /* of it the last segment; earlier versions stored all of it */
	struct smf_routes routes;
	bool relocates;
	uint64_t relocated_until_s;
	uint8_t mac_count;
	struct mac_image {
		uint64_t mac;
	} macs[SMF_MACS_MAX];
	uint8_t flow_count;
	struct flow_image {
		struct smf_flow f;
		struct smf_match match;
	} flows[SMF_FLOWS_MAX];
};

static const struct record_field filter_fields[] = {
	RECORD_U(1, smf_filter, id),
	RECORD_U(2, smf_filter, direction),
	RECORD_U(3, smf_filter, protocol),
	RECORD_U(4, smf_filter, remote_bits),
	RECORD_U(5, smf_filter, remote.high),
	RECORD_U(6, smf_filter, remote.low),
	RECORD_U(7, smf_filter, remote_low),
	RECORD_U(8, smf_filter, remote_high),
	RECORD_U(9, smf_filter, local_low),
	RECORD_U(10, smf_filter, local_high),
};
static const struct record_def filter_def = { "filter", filter_fields, ARRAY_LEN(filter_fields) };

static const struct record_field flow_fields[] = {
	RECORD_U(1, flow_image, f.qfi),
	RECORD_U(2, flow_image, f.rule_id),
	RECORD_U(3, flow_image, f.precedence),
	RECORD_U(4, flow_image, f.five_qi),
	RECORD_U(5, flow_image, f.priority_level),
	RECORD_U(6, flow_image, f.arp.priority_level),
	RECORD_U(7, flow_image, f.arp.may_preempt),
	RECORD_U(8, flow_image, f.arp.preemptable),
	RECORD_U(9, flow_image, f.at),
	RECORD_U(10, flow_image, f.leaving),
	RECORD_U(11, flow_image, match.gbr.uplink_bps),
	RECORD_U(12, flow_image, match.gbr.downlink_bps),
	RECORD_U(13, flow_image, match.mbr.uplink_bps),
	RECORD_U(14, flow_image, match.mbr.downlink_bps),
	RECORD_S(15, flow_image, match.pcc_rule_id),
	RECORD_L(16, flow_image, match.filters, match.filter_count, &filter_def),
	RECORD_U(17, flow_image, match.gate),
	RECORD_U(18, flow_image, match.notify),
	RECORD_U(19, flow_image, match.reflective),
	RECORD_U(20, flow_image, f.marked),
	RECORD_U(21, flow_image, f.dscp),
	RECORD_U(22, flow_image, match.confirm),
	RECORD_U(23, flow_image, match.uplink_octets),
	RECORD_U(24, flow_image, match.downlink_octets),
	RECORD_U(25, flow_image, match.usage_threshold),
	RECORD_U(26, flow_image, match.used),
};
static const struct record_def flow_def = { "flow", flow_fields, ARRAY_LEN(flow_fields) };

static const struct record_field route_fields[] = {
	RECORD_U(1, prefix, ip.high),
	RECORD_U(2, prefix, ip.low),
	RECORD_U(3, prefix, bits),
};
static const struct record_def route_def = { "route", route_fields, ARRAY_LEN(route_fields) };

static const struct record_field mac_fields[] = { RECORD_U(1, mac_image, mac) };
static const struct record_def mac_def = { "mac", mac_fields, ARRAY_LEN(mac_fields) };

/* 3, 4, 12, 14 to 17 and 20 to 24 were those of sessions with a single flow, 30 was what 56 is for. */
static const struct record_field session_fields[] = {
	RECORD_S(1, session_image, s.supi.imsi),
	RECORD_U(2, session_image, s.pdu_session_id),
	RECORD_U(5, session_image, s.snssai.sst),
	RECORD_U(6, session_image, s.snssai.sd),
	RECORD_S(7, session_image, dnn),
	RECORD_U(8, session_image, upf_ip),
	RECORD_U(9, session_image, upf_port),
	RECORD_U(10, session_image, s.seid),
	RECORD_U(11, session_image, s.up_seid),
	RECORD_U(13, session_image, s.static_address),
	RECORD_U(18, session_image, s.ambr.uplink_bps),
	RECORD_U(19, session_image, s.ambr.downlink_bps),
	RECORD_U(25, session_image, s.uplink_octets),
	RECORD_U(26, session_image, s.downlink_octets),
	RECORD_S(27, session_image, s.policy_id),
	RECORD_U(28, session_image, s.registered),
	RECORD_U(29, session_image, s.accepted),
	RECORD_U(31, session_image, s.gnb_has),
	RECORD_U(32, session_image, s.pti),
	RECORD_U(33, session_image, s.n1_cause),
	RECORD_U(34, session_image, s.n1_done),
	RECORD_U(35, session_image, s.n2_done),
	RECORD_S(36, session_image, amf),
	RECORD_S(37, session_image, pcf),
	RECORD_S(38, session_image, status_uri),
	RECORD_U(39, session_image, s.state),
	RECORD_U(40, session_image, s.up),
	RECORD_U(41, session_image, s.access),
	RECORD_U(42, session_image, s.ue.ipv4),
	RECORD_U(43, session_image, s.ue.ipv6_prefix),
	RECORD_U(44, session_image, s.ue.interface_id),
	RECORD_U(45, session_image, s.uplink.ip.high),
	RECORD_U(46, session_image, s.uplink.ip.low),
	RECORD_U(47, session_image, s.uplink.teid),
	RECORD_U(48, session_image, s.downlink.ip.high),
	RECORD_U(49, session_image, s.downlink.ip.low),
	RECORD_U(50, session_image, s.downlink.teid),
	RECORD_U(51, session_image, forwarding.ip.high),
	RECORD_U(52, session_image, forwarding.ip.low),
	RECORD_U(53, session_image, forwarding.teid),
	RECORD_L(54, session_image, flows, flow_count, &flow_def),
	RECORD_U(55, session_image, s.accepted_s),
	RECORD_U(56, session_image, s.association),
	RECORD_U(57, session_image, s.type),
	RECORD_U(58, session_image, s.dhcp_asked),
	RECORD_U(59, session_image, s.control.ip.high),
	RECORD_U(60, session_image, s.control.ip.low),
	RECORD_U(61, session_image, s.control.teid),
	RECORD_U(62, session_image, s.reflective),
	RECORD_U(70, session_image, s.ambr_gnb_old),
	RECORD_U(71, session_image, s.ambr_ue_old),
	RECORD_L(80, session_image, macs, mac_count, &mac_def),
	RECORD_U(82, session_image, s.ssc_mode),
	RECORD_U(83, session_image, s.always_on),
	RECORD_U(87, session_image, s.protection),
	RECORD_U(88, session_image, s.smf_buffers),
	RECORD_U(89, session_image, s.smf_teids),
	RECORD_U(86, session_image, s.ue.prefix_bits),
	RECORD_U(84, session_image, relocates),
	RECORD_U(85, session_image, relocated_until_s),
	RECORD_L(81, session_image, routes.list, routes.count, &route_def),
	RECORD_U(120, session_image, secondary.uplink_octets),
	RECORD_U(121, session_image, secondary.downlink_octets),
};
static const struct record_def session_def = { "session", session_fields, ARRAY_LEN(session_fields) };

static struct bytes session_store_key(const struct smf_session *s, uint8_t buf[8])
{
	struct writer w = writer_of(buf, 8);

	writer_u64(&w, s->seid);
	return writer_bytes(&w);
}

static bool session_store(struct smf *smf, struct smf_session *s)
{
	const struct addr *upf = &smf->upfs[s->upf].peer->addr;
	struct session_image image = { .s = *s, .upf_ip = addr_v4(upf), .upf_port = upf->port };
	uint8_t octets[SMF_RECORD_MAX], key[8];
	struct writer w = writer_of(octets, sizeof(octets));

	str_copy(image.dnn, sizeof(image.dnn), s->dnn->dnn);
	sbi_peer_print(smf->nf.bus, s->amf, image.amf);
	sbi_peer_print(smf->nf.bus, s->pcf, image.pcf);
	image.status_uri[0] = sbi_callback_of_octets(s->status_callback, image.status_uri + 1) ? '/' : '\0';
	if (s->handover)
		image.forwarding = s->handover->forwarding;
	for (; s->ethernet && image.mac_count < s->ethernet->mac_count; image.mac_count++)
		image.macs[image.mac_count].mac = s->ethernet->macs[image.mac_count];
	image.relocates = s->relocation != NULL;
	image.relocated_until_s = s->relocation ? s->relocation->until_s : 0;
	if (s->routes)
		image.routes = *s->routes;
	if (s->secondary)
		image.secondary = *s->secondary;
	image.flow_count = s->flows.count;
	for (uint8_t i = 0; i < s->flows.count; i++) {
		const struct smf_flow *f = smf_flow_get(&s->flows, i);

		image.flows[i].f = *f;
		if (f->match)
			image.flows[i].match = *f->match;
	}
	s->stored = true;
	return record_encode(&session_def, &image, &w) &&
	       store_put(smf->nf.env->store, STORE_SMF_SESSION, session_store_key(s, key), writer_bytes(&w));
}

bool smf_session_put(void *room, struct mark *m)
{
	struct smf *smf = room;
	struct smf_session *s = container_of(m, struct smf_session, mark);
	uint8_t key[8];

	if (s->gone)
		return store_del(smf->nf.env->store, STORE_SMF_SESSION, session_store_key(s, key));
	return session_store(smf, s);
}

void smf_session_kept(void *room, struct mark *m)
{
	struct smf *smf = room;
	struct smf_session *s = container_of(m, struct smf_session, mark);

	if (!s->gone)
		return;
	smf_session_give_address(smf, s, SMF_V4 | SMF_V6);
	smf->gone--;
	pool_free(&smf->sessions, s);
}

static uint8_t session_upf_of(const struct smf *smf, const struct session_image *image)
{
	for (uint8_t i = 0; i < smf->config.upf_count; i++)
		if (addr_v4(&smf->upfs[i].peer->addr) == image->upf_ip &&
			smf->upfs[i].peer->addr.port == image->upf_port)
			return i;
	return SMF_UPF_NONE;
}

/* Rules that the UPF was asked for, or was to be: whether it has them is not known, so it gets the session
 * whole. */
static void resume_rules(struct smf_session *s)
{
	for (uint8_t i = 0; i < s->flows.count; i++) {
		const struct smf_flow *f = smf_flow_get(&s->flows, i);
		bool asked = f->at & FLOW_ASKED, there = f->at & FLOW_AT_UPF;

		if (asked != there)
			s->association = 0;
		s->n4_again |= smf_flow_is_for_upf(f) != there || f->at & FLOW_UPF_OLD;
	}
}

/* The UE is where it was. Nothing is forwarded for it any more: nobody knows whether the UPF has rules for
 * that, so the session is established again without. Until then a TEID of the SMF's is nobody else's. False:
 * out of memory. */
static bool session_resume_handover(struct smf_session *s, const struct smf_tunnel *forwarding)
{
	bool forwards = forwarding->teid != 0;

	if (forwards && s->smf_teids) {
		s->handover = calloc(1, sizeof(*s->handover));
		if (!s->handover)
			return false;
		s->handover->forwarding = *forwarding;
	}
	if (forwards || s->up == UP_TUNNELLING)
		s->association = 0;
	if (s->up >= UP_PREPARING && s->up <= UP_PREPARED)
		s->up = UP_ACTIVE;
	if (s->up == UP_ACTIVE)
		s->n4_have.downlink = s->downlink;
	return true;
}

/* Where the process stopped in the middle of something; the state machines take over from here. */
static void session_resume(struct smf *smf, struct smf_session *s)
{
	if (s->state == SM_DELETING) {
		s->n4_again = true;
		return;
	}
	if (s->state == SM_RELEASING)
		smf_session_guard(smf, s, smf->config.t3592_ms);
	else
		s->state = SM_ESTABLISHED;
	/* nobody waits for the gNB, or for the UE, any more */
	if (s->up == UP_ACTIVATING || s->up == UP_INACTIVE || s->up == UP_PAGING) {
		bool reported = s->up != UP_INACTIVE; /* perhaps: then no other packet is */
		enum smf_access access = reported ? ACCESS_DROP : ACCESS_NOTIFY;

		s->n4_again = s->access != access;
		smf_session_set_access(smf, s, access);
		s->up = UP_INACTIVE;
		s->n4_reported = reported;
		if (reported)
			smf_session_guard(smf, s, smf->config.paging_pause_ms);
	} else if (s->up != UP_ACTIVE) {
		s->n4_again = true;
	} else if (smf_modification_is_due(s)) {
		smf_session_guard(smf, s, SMF_MODIFY_AGAIN_MS);
	}
	resume_rules(s);
	smf_session_index(smf, s);
}

static bool session_take_flows(struct smf_session *s, const struct session_image *image)
{
	s->flows = (struct smf_flows){ 0 };
	for (uint8_t i = 0; i < image->flow_count; i++) {
		struct smf_flow f = image->flows[i].f;

		f.match = i > 0 ? (struct smf_match *)&image->flows[i].match : NULL;
		if (i == 0)
			s->flows = (struct smf_flows){ .count = 1, .first = f };
		else if (!smf_flows_add(&s->flows, &f))
			return false;
	}
	return s->flows.count > 0;
}

/* What no process of ours has stored. */
static bool session_image_good(const struct session_image *image)
{
	const struct smf_session *s = &image->s;

	return s->seid && s->state >= SM_ACCEPTING && s->state < SM_STATE_COUNT && s->up < UP_STATE_COUNT &&
	       s->access < ACCESS_IN_DOUBT && image->flow_count > 0 &&
	       image->flows[0].f.qfi == SMF_DEFAULT_QFI && s->supi.imsi[0];
}

/* What has an allocation of its own. False: out of memory. */
static bool session_take_rest(struct smf *smf, struct smf_session *s, const struct session_image *image)
{
	s->ethernet = NULL;
	s->routes = NULL;
	s->relocation = NULL;
	s->ssc_mode = s->ssc_mode ? s->ssc_mode : (uint8_t)NAS_SSC_1;
	sbi_callback_octets(image->status_uri, s->status_callback);
	smf_secondary_add(s, &image->secondary);
	for (uint8_t i = 0; i < image->mac_count; i++)
		may_fail(smf_ethernet_add(s, image->macs[i].mac));
	return (!image->routes.count || smf_session_set_routes(s, &image->routes)) &&
	       (!image->relocates || smf_relocation_restore(smf, s, image->relocated_until_s));
}

static bool session_restore(void *arg, struct bytes key, struct bytes value)
{
	struct smf *smf = arg;
	struct session_image image = { 0 };
	struct smf_session *s;
	uint8_t upf;

	if (!record_decode(&session_def, value, &image) || !session_image_good(&image)) {
		log_error(smf->nf.env->log, "a stored session of %zu octets is not readable: left out",
			value.len);
		return true;
	}
	upf = session_upf_of(smf, &image);
	image.s.dnn = smf_dnn_find(smf, image.dnn, &image.s.snssai);
	if (!image.s.dnn || upf == SMF_UPF_NONE || smf_session_by_seid(smf, image.s.seid) ||
		(image.s.state != SM_DELETING &&
			smf_session_find(smf, &image.s.supi, image.s.pdu_session_id))) {
		log_warn(smf->nf.env->log,
			"imsi-%s: PDU session %u: DNN \"%s\" or its UPF is no longer configured",
			image.s.supi.imsi, image.s.pdu_session_id, image.dnn);
		return true;
	}
	s = pool_alloc(&smf->sessions);
	if (!s)
		return false;
	*s = image.s;
	if (!s->type) /* stored when there was no other */
		s->type = NAS_PDU_IPV4;
	if (!session_take_flows(s, &image)) {
		log_error(smf->nf.env->log, "imsi-%s: the flows of PDU session %u are not readable: left out",
			s->supi.imsi, s->pdu_session_id);
		smf_flows_fini(&s->flows);
		pool_free(&smf->sessions, s);
		return true;
	}
	if (!session_take_rest(smf, s, &image))
		return false;
	s->amf = sbi_peer_read(smf->nf.bus, image.amf);
	s->pcf = sbi_peer_read(smf->nf.bus, image.pcf);
	s->stored = true;
	smf_guarantee_count_all(smf, s, true);
	s->upf = upf;
	smf_count_session(smf, s, true);
	smf->upfs[upf].sessions++;
	smf->active += s->access == ACCESS_FORWARD;
	s->n4_access = ACCESS_IN_DOUBT;
	s->n4_have = (struct n4_confirmed){ .ambr = s->ambr };
	smf_session_index_seid(smf, s);
	/* see smf_release_local() */
	smf_session_keep_address(
		smf, s, s->state == SM_DELETING ? (uint8_t)~s->static_address : SMF_V4 | SMF_V6);
	if (!session_resume_handover(s, &image.forwarding) || !smf_teids_keep(smf, s))
		return false;
	session_resume(smf, s);
	return true;
}

bool smf_session_restore_all(struct smf *smf)
{
	bool ok = store_scan(smf->nf.env->store, STORE_SMF_SESSION, session_restore, smf);

	smf_warn_of_pools(smf);
	return ok;
}
