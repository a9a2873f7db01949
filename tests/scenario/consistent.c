/* What must hold of the whole network when it is at rest. */
#include <stdlib.h>

#include "tests/scenario/scenario.h"

struct tally {
	uint32_t registered, connected, sessions, v4, v6;
	bool unique; /* no two sessions have the same IPv4 address */
	uint32_t *addresses, address_count, address_room;
};

/* Where unstructured sessions have an address on N6, their UE does not know it. */
static void ue_tally(const struct scn *s, const struct ue *ue, struct tally *t)
{
	bool v6 = s->core_config.smf.dnns[0].far_end.len == 16;
	struct ue_session_info info;
	struct ue_state state;

	ue_state(ue, &state);
	t->registered += state.registered;
	t->connected += state.connected;
	for (uint8_t psi = 1; state.registered && psi <= PDU_SESSIONS_MAX; psi++) {
		bool unstructured;

		if (!ue_session_info(ue, psi, &info) || !info.active)
			continue;
		unstructured = info.pdu_session_type == NAS_PDU_UNSTRUCTURED;
		t->sessions++;
		t->v4 += info.ipv4 || (unstructured && !v6);
		t->v6 += info.interface_id || (unstructured && v6);
		if (info.ipv4 && t->address_count < t->address_room)
			t->addresses[t->address_count++] = info.ipv4;
	}
}

static int address_order(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* No two sessions have the same address. */
static bool addresses_differ(struct tally *t)
{
	if (t->address_count == 0)
		return true;
	qsort(t->addresses, t->address_count, sizeof(*t->addresses), address_order);
	for (uint32_t i = 1; i < t->address_count; i++)
		if (t->addresses[i] == t->addresses[i - 1])
			return false;
	return true;
}

/* All UEs of the script and of its crowd. */
static struct tally ues_tally(const struct scn *s)
{
	uint32_t crowd = s->crowd ? crowd_numbers(s->crowd).begun : 0;
	struct tally t = { .address_room = crowd + SCN_UES_MAX * PDU_SESSIONS_MAX };

	t.addresses = calloc(t.address_room, sizeof(*t.addresses));
	t.address_room = t.addresses ? t.address_room : 0;
	for (size_t i = 1; i <= SCN_UES_MAX; i++)
		if (s->ues[i].ue)
			ue_tally(s, s->ues[i].ue, &t);
	for (uint32_t i = 0; i < crowd; i++)
		ue_tally(s, crowd_ue(s->crowd, i), &t);
	t.unique = t.addresses && addresses_differ(&t);
	free(t.addresses);
	return t;
}

static uint32_t ues_at_gnbs(const struct scn *s)
{
	const struct gnb *gnb;
	uint32_t n = 0;

	for (size_t i = 0; i <= SCN_GNBS_MAX; i++)
		n += s->gnbs[i].gnb ? gnb_numbers(s->gnbs[i].gnb).ues : 0;
	for (uint32_t i = 0; s->crowd && (gnb = crowd_gnb(s->crowd, i)); i++)
		n += gnb_numbers(gnb).ues;
	return n;
}

/* Where there are any: of a crowd whose radio is a model. */
static uint32_t ues_at_dus(const struct scn *s, uint32_t at_gnbs)
{
	return s->crowd && s->mac ? crowd_radio(s->crowd).du_ues : at_gnbs;
}

/*
 * Everybody has the same registrations, connections and sessions. The UPF may have more of these: an
 * establishment whose answer never came leaves one until its address is given out again.
 */
bool scn_is_consistent(struct scn *s)
{
	struct tally ues = ues_tally(s);
	struct amf_numbers amf;
	struct smf_numbers smf;
	struct upf_numbers upf;
	uint32_t at_gnbs = ues_at_gnbs(s), at_dus = ues_at_dus(s, at_gnbs);

	if (!s->core || !s->upf)
		return false;
	amf = core_amf_numbers(s->core);
	smf = smf_numbers(core_smf(s->core));
	upf = upf_numbers(s->upf);
	snprintf(s->seen, sizeof(s->seen),
		"registered: UEs %u AMF %u; connected: UEs %u gNBs %u DUs %u AMF %u; sessions: UEs %u AMF %u "
		"SMF %u "
		"UPF %u, addresses: UEs %u%s SMF %u, prefixes: UEs %u SMF %u",
		ues.registered, amf.registered, ues.connected, at_gnbs, at_dus, amf.connections, ues.sessions,
		amf.sessions, smf.sessions, upf.sessions, ues.v4, ues.unique ? "" : " (one twice)",
		smf.addresses, ues.v6, smf.prefixes);
	return ues.registered == amf.registered && amf.ues == amf.registered &&
	       ues.connected == amf.connections && at_gnbs == amf.connections && at_dus == at_gnbs &&
	       ues.sessions == amf.sessions && ues.sessions == smf.sessions && ues.sessions <= upf.sessions &&
	       ues.unique && ues.v4 == smf.addresses && ues.v6 == smf.prefixes;
}
