#include <inttypes.h>
#include <stdio.h>

#include "base/record.h"
#include "base/text.h"
#include "core/smf/internal.h"

/* A session as it is stored: indexes into the configuration, which may change, are spelt out. */
struct session_image {
	struct smf_session s;
	char dnn[DNN_STR_SIZE];
	uint32_t upf_ip;
	uint16_t upf_port;
	char amf[SBI_PEER_STR_SIZE], pcf[SBI_PEER_STR_SIZE];
};

static const struct record_field session_fields[] = {
	RECORD_S(1, session_image, s.supi.imsi),
	RECORD_U(2, session_image, s.pdu_session_id),
	RECORD_U(3, session_image, s.state),
	RECORD_U(4, session_image, s.up_active),
	RECORD_U(5, session_image, s.snssai.sst),
	RECORD_U(6, session_image, s.snssai.sd),
	RECORD_S(7, session_image, dnn),
	RECORD_U(8, session_image, upf_ip),
	RECORD_U(9, session_image, upf_port),
	RECORD_U(10, session_image, s.seid),
	RECORD_U(11, session_image, s.up_seid),
	RECORD_U(12, session_image, s.ue_ip),
	RECORD_U(13, session_image, s.static_address),
	RECORD_U(14, session_image, s.ul_ip),
	RECORD_U(15, session_image, s.ul_teid),
	RECORD_U(16, session_image, s.dl_ip),
	RECORD_U(17, session_image, s.dl_teid),
	RECORD_U(18, session_image, s.ambr.uplink_bps),
	RECORD_U(19, session_image, s.ambr.downlink_bps),
	RECORD_U(20, session_image, s.qos.five_qi),
	RECORD_U(21, session_image, s.qos.arp.priority_level),
	RECORD_U(22, session_image, s.qos.arp.may_preempt),
	RECORD_U(23, session_image, s.qos.arp.preemptable),
	RECORD_U(24, session_image, s.qos.priority_level),
	RECORD_U(25, session_image, s.uplink_octets),
	RECORD_U(26, session_image, s.downlink_octets),
	RECORD_S(27, session_image, s.policy_id),
	RECORD_U(28, session_image, s.registered),
	RECORD_U(29, session_image, s.accepted),
	RECORD_U(30, session_image, s.n4_lost),
	RECORD_U(31, session_image, s.gnb_has),
	RECORD_U(32, session_image, s.pti),
	RECORD_U(33, session_image, s.n1_cause),
	RECORD_U(34, session_image, s.n1_done),
	RECORD_U(35, session_image, s.n2_done),
	RECORD_S(36, session_image, amf),
	RECORD_S(37, session_image, pcf),
	RECORD_S(38, session_image, s.status_uri),
};
static const struct record_def session_def = { "session", session_fields, ARRAY_LEN(session_fields) };

static struct bytes session_store_key(const struct smf_session *s, uint8_t buf[8])
{
	struct writer w = writer_of(buf, 8);

	writer_u64(&w, s->seid);
	return writer_bytes(&w);
}

static void session_index(struct smf *smf, struct smf_session *s)
{
	hash_insert(&smf->by_supi, &s->by_supi, supi_key(&s->supi), s->pdu_session_id);
	s->indexed = true;
}

struct smf_session *smf_session_new(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id)
{
	struct smf_session *s = pool_alloc(&smf->sessions);

	if (!s) {
		smf->stat[SMF_STAT_EXHAUSTED]++;
		return NULL;
	}
	s->supi = *supi;
	s->pdu_session_id = pdu_session_id;
	s->upf = SMF_UPF_NONE;
	do
		env_random(smf->nf.env, &s->seid, sizeof(s->seid));
	while (s->seid == 0 || smf_session_by_seid(smf, s->seid));
	hash_insert(&smf->by_seid, &s->by_seid, s->seid, 0);
	session_index(smf, s);
	return s;
}

struct smf_session *smf_session_find(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id)
{
	return hash_get(&smf->by_supi, supi_key(supi), pdu_session_id, struct smf_session, by_supi);
}

struct smf_session *smf_session_by_seid(struct smf *smf, uint64_t seid)
{
	return hash_get(&smf->by_seid, seid, 0, struct smf_session, by_seid);
}

void smf_session_ref(const struct smf_session *s, char out[SM_CONTEXT_REF_SIZE])
{
	snprintf(out, SM_CONTEXT_REF_SIZE, "%016" PRIx64, s->seid);
}

struct smf_session *smf_session_by_ref(struct smf *smf, const char *ref)
{
	uint8_t octets[8];
	struct cursor c = cursor_of(BYTES(octets));
	size_t len;

	if (!text_unhex(bytes_of(ref, strnlen(ref, SM_CONTEXT_REF_SIZE)), octets, sizeof(octets), &len) ||
		len != 8)
		return NULL;
	return smf_session_by_seid(smf, cursor_u64(&c));
}

void smf_session_unindex(struct smf *smf, struct smf_session *s)
{
	if (!s->indexed)
		return;
	hash_remove(&smf->by_supi, &s->by_supi);
	s->indexed = false;
}

static struct address_pool *session_pool(struct smf *smf, const struct smf_session *s)
{
	return &smf->pools[smf->pool_of[s->dnn - smf->config.dnns]];
}

bool smf_session_take_address(struct smf *smf, struct smf_session *s, uint32_t static_ipv4)
{
	s->static_address = static_ipv4 != 0;
	if (!static_ipv4)
		s->ue_ip = smf_address_pool_take(session_pool(smf, s));
	else if (smf_address_pool_take_static(session_pool(smf, s), static_ipv4))
		s->ue_ip = static_ipv4;
	else
		s->ue_ip = 0;
	s->address_taken = s->ue_ip != 0;
	return s->address_taken;
}

void smf_session_give_address(struct smf *smf, struct smf_session *s)
{
	if (s->address_taken)
		smf_address_pool_give(session_pool(smf, s), s->ue_ip);
	s->address_taken = false;
}

void smf_session_set_active(struct smf *smf, struct smf_session *s, bool active)
{
	if (active != s->up_active)
		smf->active += active ? 1 : -1;
	s->up_active = active;
}

void smf_session_dirty(struct smf *smf, struct smf_session *s)
{
	mark_set(&smf->sessions_to_store, &s->mark);
}

void smf_session_free(struct smf *smf, struct smf_session *s)
{
	smf_session_give_address(smf, s);
	smf_session_set_active(smf, s, false);
	smf_session_unindex(smf, s);
	hash_remove(&smf->by_seid, &s->by_seid);
	timer_stop(&smf->nf.timers, &s->timer);
	if (s->upf != SMF_UPF_NONE)
		smf->upfs[s->upf].sessions--;
	if (!s->stored) {
		mark_clear(&s->mark);
		pool_free(&smf->sessions, s);
		return;
	}
	s->gone = true;
	s->upf = SMF_UPF_NONE;
	smf->gone++;
	mark_set(&smf->sessions_to_store, &s->mark);
}

static void session_timer(void *owner, struct timer *t)
{
	smf_session_event(owner, container_of(t, struct smf_session, timer), SM_EV_TIMER, NULL);
}

bool smf_session_guard(struct smf *smf, struct smf_session *s, uint32_t ms)
{
	timer_set(&smf->nf.timers, &s->timer, env_now_ns(smf->nf.env) + (uint64_t)ms * NS_PER_MS,
		session_timer);
	return true;
}

static bool session_store(struct smf *smf, struct smf_session *s)
{
	struct session_image image = { .s = *s };
	const struct addr *upf = &smf->upfs[s->upf].peer->addr;
	uint8_t octets[SMF_RECORD_MAX], key[8];
	struct writer w = writer_of(octets, sizeof(octets));

	str_copy(image.dnn, sizeof(image.dnn), s->dnn->dnn);
	sbi_peer_print(s->amf, image.amf);
	sbi_peer_print(s->pcf, image.pcf);
	image.upf_ip = addr_v4(upf);
	image.upf_port = upf->port;
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

/* Where the process stopped in the middle of something; fsm_event() takes over from here. */
static void session_resume(struct smf *smf, struct smf_session *s)
{
	switch (s->state) {
	case SM_CONNECTING:
	case SM_DISCONNECTING:
		s->n4_again = true;
		break;
	case SM_DELETING:
		s->n4_again = true;
		return;
	case SM_RELEASING:
		smf_session_guard(smf, s, smf->config.t3592_ms);
		break;
	case SM_ACTIVE:
		break;
	default:
		s->state = SM_INACTIVE;
	}
	session_index(smf, s);
}

static bool session_restore(void *arg, struct bytes key, struct bytes value)
{
	struct smf *smf = arg;
	struct session_image image = { 0 };
	struct smf_session *s;
	uint8_t upf;

	if (!record_decode(&session_def, value, &image)) {
		log_error(smf->nf.env->log, "a stored session of %zu octets is not readable: left out",
			value.len);
		return true;
	}
	upf = session_upf_of(smf, &image);
	image.s.dnn = smf_dnn_find(smf, image.dnn, &image.s.snssai);
	if (!image.s.dnn || upf == SMF_UPF_NONE || image.s.state >= SM_STATE_COUNT || !image.s.seid ||
		smf_session_by_seid(smf, image.s.seid) ||
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
	s->amf = sbi_peer_read(smf->nf.bus, image.amf);
	s->pcf = sbi_peer_read(smf->nf.bus, image.pcf);
	s->stored = true;
	s->upf = upf;
	smf->upfs[upf].sessions++;
	smf->active += s->up_active;
	hash_insert(&smf->by_seid, &s->by_seid, s->seid, 0);
	if (s->state != SM_DELETING || !s->static_address) /* see smf_release_local() */
		s->address_taken = smf_address_pool_take_static(session_pool(smf, s), s->ue_ip);
	session_resume(smf, s);
	return true;
}

bool smf_session_restore_all(struct smf *smf)
{
	return store_scan(smf->nf.env->store, STORE_SMF_SESSION, session_restore, smf);
}
