/* What of a UE context survives the process, as a described record. */
#include "base/record.h"
#include "core/amf/handover.h"
#include "core/amf/mobility.h"
#include "core/amf/security_context.h"
#include "core/amf/session_record.h"

struct slice_record {
	uint8_t sst;
	uint32_t sd;
};

struct ue_record {
	char imsi[16];
	uint32_t tmsi, old_tmsi;
	uint8_t ngksi, ea, ia, drx;
	uint8_t sealed_k_amf[KDF_KEY_LEN + NF_SEAL_OVERHEAD];
	uint32_t ul_count, dl_count, kgnb_ul_count;
	uint8_t capability_len, capability[8];
	uint8_t slice_count;
	struct slice_record slices[SNSSAI_MAX];
	uint64_t ambr_uplink_bps, ambr_downlink_bps, registered_s, secured_s;
	uint8_t plmn[PLMN_OCTETS]; /* as NAS has it */
	uint32_t tac;
	char policy_id[POLICY_ID_SIZE];
	uint8_t session_count;
	struct amf_session_record sessions[PDU_SESSIONS_MAX];
	char pcf[SBI_PEER_STR_SIZE];
	uint32_t callback;
	uint8_t guami_plmn[3], amf_region_id, amf_pointer; /* of the AMF that has the UE */
	uint16_t amf_set_id;
	uint8_t ncc, sealed_nh[AMF_SEALED_NH]; /* valid when has_nh is set */
	bool has_nh;
	uint64_t masked_imeisv, msisdn;
	bool emergency;
	uint8_t mobility_count; /* 0, or 1 */
	struct amf_mobility mobility[1];
	struct amf_ue_ran ran;
	bool no_security; /* the context was dropped (counts lost), and the UE has not authenticated since */
};

static const struct record_field slice_fields[] = { RECORD_U(1, slice_record, sst),
	RECORD_U(2, slice_record, sd) };
static const struct record_def slice_def = { "slice", slice_fields, ARRAY_LEN(slice_fields) };

static const struct record_field ue_fields[] = {
	RECORD_S(1, ue_record, imsi),
	RECORD_U(2, ue_record, tmsi),
	RECORD_U(3, ue_record, old_tmsi),
	RECORD_U(4, ue_record, ngksi),
	RECORD_U(5, ue_record, ea),
	RECORD_U(6, ue_record, ia),
	RECORD_U(8, ue_record, ul_count),
	RECORD_U(9, ue_record, dl_count),
	RECORD_U(10, ue_record, kgnb_ul_count),
	RECORD_U(11, ue_record, capability_len),
	RECORD_O(12, ue_record, capability),
	RECORD_L(13, ue_record, slices, slice_count, &slice_def),
	RECORD_U(14, ue_record, ambr_uplink_bps),
	RECORD_U(15, ue_record, ambr_downlink_bps),
	RECORD_O(16, ue_record, plmn),
	RECORD_U(17, ue_record, tac),
	RECORD_S(18, ue_record, policy_id),
	RECORD_L(19, ue_record, sessions, session_count, &amf_session_record_def),
	RECORD_O(20, ue_record, sealed_k_amf), /* 7 was K_AMF in the clear */
	RECORD_S(21, ue_record, pcf),
	RECORD_U(22, ue_record, callback),
	RECORD_U(23, ue_record, no_security),
	RECORD_O(24, ue_record, guami_plmn),
	RECORD_U(25, ue_record, amf_region_id),
	RECORD_U(26, ue_record, amf_set_id),
	RECORD_U(27, ue_record, amf_pointer),
	RECORD_U(28, ue_record, registered_s),
	RECORD_U(29, ue_record, drx),
	RECORD_U(30, ue_record, has_nh),
	RECORD_U(31, ue_record, ncc),
	RECORD_O(32, ue_record, sealed_nh),
	RECORD_U(33, ue_record, masked_imeisv),
	RECORD_L(34, ue_record, mobility, mobility_count, &amf_mobility_def),
	RECORD_U(35, ue_record, emergency),
	RECORD_U(36, ue_record, secured_s),
	RECORD_U(37, ue_record, msisdn),
	RECORD_SUB(60, ue_record, ran, &amf_ue_ran_def),
};
static const struct record_def ue_def = { "amf_ue", ue_fields, ARRAY_LEN(ue_fields) };

/* A UE has one record, under its SUPI: that of the AMF that it came to last. */
static bool record_is_anothers(const struct amf *amf, const struct ue_record *r)
{
	struct guami guami = {
		.amf_region_id = r->amf_region_id, .amf_set_id = r->amf_set_id, .amf_pointer = r->amf_pointer
	};

	guami.plmn = plmn_from_nas(r->guami_plmn);
	if (guami_equal(&guami, &amf->config.guami))
		return false;
	for (uint8_t i = 0; i < amf->config.other_count; i++)
		if (guami_equal(&guami, &amf->config.others[i]))
			return true;
	return amf->config.number != 0;
}

static void ue_to_record(const struct amf *amf, const struct amf_ue *ue, struct ue_record *r)
{
	const struct guami *guami = &amf->config.guami;

	*r = (struct ue_record){ 0 };
	plmn_to_nas(&guami->plmn, r->guami_plmn);
	r->amf_region_id = guami->amf_region_id;
	r->amf_set_id = guami->amf_set_id;
	r->amf_pointer = guami->amf_pointer;
	str_copy(r->imsi, sizeof(r->imsi), ue->supi.imsi);
	r->tmsi = ue->tmsi;
	r->old_tmsi = ue->old_tmsi;
	r->ngksi = ue->security.ngksi;
	r->ea = ue->security.ea;
	r->ia = ue->security.ia;
	bytes_copy(r->sealed_k_amf, sizeof(r->sealed_k_amf), BYTES(ue->sealed_k_amf));
	r->ul_count = ue->security.count[NAS_UPLINK];
	r->dl_count = ue->dl_count_reserved;
	r->kgnb_ul_count = ue->kgnb_ul_count;
	r->registered_s = ue->registered_s;
	r->secured_s = ue->secured_s;
	r->drx = ue->drx;
	r->has_nh = ue->has_nh;
	r->ncc = ue->ncc;
	r->masked_imeisv = ue->masked_imeisv;
	r->msisdn = ue->msisdn;
	r->ran = ue->ran;
	r->capability_len = ue->capability.len;
	bytes_copy(r->capability, sizeof(r->capability), BYTES(ue->capability.octets));
	for (uint8_t i = 0; i < ue->allowed_nssai.count; i++)
		r->slices[r->slice_count++] = (struct slice_record){ ue->allowed_nssai.items[i].sst,
			ue->allowed_nssai.items[i].sd };
	r->ambr_uplink_bps = ue->ambr.uplink_bps;
	r->ambr_downlink_bps = ue->ambr.downlink_bps;
	plmn_to_nas(&ue->tai.plmn, r->plmn);
	r->tac = ue->tai.tac;
	str_copy(r->policy_id, sizeof(r->policy_id), ue->policy_id);
	sbi_peer_print(amf->nf.bus, ue->pcf, r->pcf);
	r->callback = ue->callback;
	r->no_security = !ue->security.active;
	r->emergency = ue->emergency;
	r->mobility_count = ue->mobility != NULL;
	r->mobility[0] = *amf_mobility_of(ue);
	for (const struct amf_session *s = ue->sessions; s && r->session_count < PDU_SESSIONS_MAX;
		s = s->next)
		if (!s->creating)
			amf_session_to_record(amf, s, &r->sessions[r->session_count++]);
}

bool amf_ue_encode(struct amf *amf, struct amf_ue *ue, struct writer *w)
{
	struct ue_record r = { 0 };
	bool ok = amf_ue_seal_k_amf(amf, ue);

	ue_to_record(amf, ue, &r);
	ok = ok && amf_next_hop_seal(amf, ue, r.sealed_nh) && record_encode(&ue_def, &r, w);
	explicit_bzero(&r, sizeof(r));
	return ok;
}

static bool ue_store(struct amf *amf, struct amf_ue *ue)
{
	struct writer w = writer_of(amf->buffer, sizeof(amf->buffer));
	uint8_t key[8];

	if (!amf_ue_encode(amf, ue, &w))
		return false;
	ue->stored = true;
	ue->ul_count_stored = ue->security.count[NAS_UPLINK];
	return store_put(
		amf->nf.env->store, STORE_AMF_UE, nf_supi_store_key(&ue->supi, key), writer_bytes(&w));
}

static bool ue_is_kept(const struct amf_ue *ue)
{
	return !ue->gone && ue->registered && ue->state != MM_DEREGISTERING;
}

/* Unless another AMF has the UE by now. */
static bool record_delete(struct amf *amf, const struct supi *supi)
{
	struct store *store = amf->nf.env->store;
	struct ue_record r = { 0 };
	struct bytes value, key;
	uint8_t octets[8];
	bool anothers;

	key = nf_supi_store_key(supi, octets);
	anothers = store_get(store, STORE_AMF_UE, key, &value) && record_decode(&ue_def, value, &r) &&
		   record_is_anothers(amf, &r);
	explicit_bzero(&r, sizeof(r));
	return anothers || store_del(store, STORE_AMF_UE, key);
}

bool amf_ue_put(void *room, struct mark *m)
{
	struct amf *amf = room;
	struct amf_ue *ue = container_of(m, struct amf_ue, mark), *other;

	if (ue_is_kept(ue))
		return ue_store(amf, ue);
	other = amf_ue_by_supi(amf, &ue->supi);
	if (other && other != ue && other->stored)
		return true; /* the record is its, by now */
	return record_delete(amf, &ue->supi);
}

void amf_ue_kept(void *room, struct mark *m)
{
	struct amf *amf = room;
	struct amf_ue *ue = container_of(m, struct amf_ue, mark);

	ue->stored = ue_is_kept(ue);
	if (!ue->gone)
		return;
	amf->gone--;
	pool_free(&amf->ues, ue);
}

static bool ue_restore_security(struct amf *amf, struct amf_ue *ue, const struct ue_record *r)
{
	if (r->no_security)
		return true;
	if (!amf_ue_unseal_k_amf(amf, ue, r->imsi, r->sealed_k_amf,
		    &(struct nas_security){ .ngksi = r->ngksi, .ea = r->ea, .ia = r->ia }))
		return false;
	ue->security.count[NAS_UPLINK] = ue->ul_count_stored = r->ul_count;
	/* Counts up to the reservation may have been used: begin after them. */
	ue->security.count[NAS_DOWNLINK] = ue->dl_count_reserved = r->dl_count;
	ue->kgnb_ul_count = r->kgnb_ul_count;
	ue->has_nh = r->has_nh;
	ue->ncc = r->ncc & 7;
	return amf_next_hop_unseal(amf, ue, r->imsi, r->sealed_nh);
}

bool amf_ue_decode(struct amf *amf, struct bytes in, struct amf_ue *ue)
{
	struct ue_record r = { 0 };
	bool ok = record_decode(&ue_def, in, &r) && supi_parse(r.imsi, &ue->supi) && !r.no_security &&
		  r.capability_len <= sizeof(r.capability) && ue_restore_security(amf, ue, &r);

	ue->tmsi = r.tmsi;
	ue->capability.len = r.capability_len;
	bytes_copy(ue->capability.octets, sizeof(ue->capability.octets), BYTES(r.capability));
	explicit_bzero(&r, sizeof(r));
	return ok;
}

/* All of the context that can fail. */
static bool ue_from_record(struct amf *amf, struct amf_ue *ue, const struct ue_record *r, bool counts_lost)
{
	if (!supi_restore(r->imsi, &ue->supi) || amf_ue_by_supi(amf, &ue->supi) ||
		r->capability_len > sizeof(r->capability) || (r->tmsi && amf_ue_has_tmsi(amf, r->tmsi)) ||
		(r->old_tmsi && (r->old_tmsi == r->tmsi || amf_ue_has_tmsi(amf, r->old_tmsi))) ||
		(!counts_lost && !ue_restore_security(amf, ue, r)))
		return false;
	ue->registered_s = r->registered_s;
	ue->secured_s = r->secured_s;
	ue->drx = r->drx;
	ue->masked_imeisv = r->masked_imeisv;
	ue->msisdn = r->msisdn;
	ue->emergency = r->emergency;
	ue->ran = r->ran;
	ue->pcf = sbi_peer_read(amf->nf.bus, r->pcf);
	if (r->pcf[0] && !ue->pcf)
		return false;
	if (r->mobility_count > 0 && !amf_mobility_make(ue))
		return false;
	if (ue->mobility)
		*ue->mobility = r->mobility[0];
	for (uint8_t i = r->session_count; i-- > 0;)
		if (!amf_session_from_record(amf, ue, &r->sessions[i]))
			return false;
	return true;
}

/* A context that cannot be restored whole is not restored. */
static bool ue_restore(struct amf *amf, const struct ue_record *r, bool counts_lost)
{
	struct amf_ue *ue = amf_ue_new(amf);

	if (!ue)
		return false;
	if (!ue_from_record(amf, ue, r, counts_lost)) {
		for (struct amf_session *s = ue->sessions, *next; s; s = next) {
			next = s->next;
			amf_session_drop(amf, s);
		}
		amf_mobility_free(ue);
		pool_free(&amf->ues, ue);
		return false;
	}
	ue->tmsi = r->tmsi;
	ue->old_tmsi = r->old_tmsi;
	amf_ue_index(amf, ue);
	ue->stored = true;
	ue->capability.len = r->capability_len;
	bytes_copy(ue->capability.octets, sizeof(ue->capability.octets), BYTES(r->capability));
	for (uint8_t i = 0; i < r->slice_count; i++)
		ue->allowed_nssai.items[ue->allowed_nssai.count++] =
			(struct snssai){ r->slices[i].sst, r->slices[i].sd };
	ue->ambr = (struct ambr){ r->ambr_uplink_bps, r->ambr_downlink_bps };
	ue->tai = (struct tai){ plmn_from_nas(r->plmn), r->tac };
	str_copy(ue->policy_id, sizeof(ue->policy_id), r->policy_id);
	ue->callback = r->callback;
	amf_mm_event(amf, ue, MM_EV_RESTORED, NULL);
	amf_ue_set_registered(amf, ue, true);
	if (counts_lost) /* the counts are no better at the next start, which knows nothing of the loss */
		amf_ue_dirty(amf, ue);
	return true;
}

struct restore {
	struct amf *amf;
	bool counts_lost;
	uint32_t foreign; /* registered in a PLMN that is not this network's any more */
};

static bool restore_record(void *arg, struct bytes key, struct bytes value)
{
	struct restore *restore = arg;
	struct amf *amf = restore->amf;
	struct ue_record r = { 0 };
	bool restored;
	uint32_t before = amf->registered;
	struct plmn plmn;

	/* What cannot be read is nobody's: the first AMF counts it. */
	if (!record_decode(&ue_def, value, &r))
		restored = amf->config.number != 0;
	else
		restored = record_is_anothers(amf, &r) || ue_restore(amf, &r, restore->counts_lost);
	amf->stat[AMF_STAT_NOT_RESTORED] += !restored;
	plmn = plmn_from_nas(r.guami_plmn);
	restore->foreign += amf->registered > before && !plmn_equal(&plmn, &amf->config.guami.plmn);
	explicit_bzero(&r, sizeof(r));
	return true;
}

void amf_ue_restore_all(struct amf *amf, bool counts_lost)
{
	struct restore restore = { amf, counts_lost, 0 };
	struct amf_ue *ue;
	char plmn[PLMN_STR_SIZE];

	if (!store_scan(amf->nf.env->store, STORE_AMF_UE, restore_record, &restore))
		log_error(amf->nf.env->log, "the store cannot be read: UE contexts are missing");
	amf_retention_restore(amf, counts_lost);
	for (uint32_t i = 0; (ue = pool_next(&amf->ues, &i)) != NULL; i++)
		if (!ue->serving)
			amf_ue_became_idle(amf, ue);
	if (amf->registered)
		log_info(amf->nf.env->log, "%u registered UEs restored from the store", amf->registered);
	if (restore.foreign)
		log_warn(amf->nf.env->log,
			"%u of them registered in another PLMN than %s, now plmn: they are refused when they "
			"come, and forgotten when they have been silent for T3512 and four minutes",
			restore.foreign, plmn_str(&amf->config.guami.plmn, plmn));
	if (amf->stat[AMF_STAT_NOT_RESTORED])
		log_error(amf->nf.env->log,
			"%u stored UE contexts cannot be restored; they must register again",
			(unsigned)amf->stat[AMF_STAT_NOT_RESTORED]);
}
