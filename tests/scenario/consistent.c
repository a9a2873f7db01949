/* What must hold of the whole network when it is at rest. */
#include "tests/scenario/scenario.h"

struct tally {
	uint32_t registered, connected, sessions, v4, v6;
};

static struct tally ues_tally(const struct scn *s)
{
	struct tally t = { 0 };

	for (size_t i = 1; i <= SCN_UES_MAX; i++) {
		struct ue_session_info info;
		struct ue_state state;

		if (!s->ues[i].ue)
			continue;
		ue_state(s->ues[i].ue, &state);
		t.registered += state.registered;
		t.connected += state.connected;
		for (uint8_t psi = 1; state.registered && psi <= PDU_SESSIONS_MAX; psi++) {
			if (!ue_session_info(s->ues[i].ue, psi, &info) || !info.active)
				continue;
			t.sessions++;
			t.v4 += info.ipv4 != 0;
			t.v6 += info.interface_id != 0;
		}
	}
	return t;
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
	uint32_t at_gnbs = 0;

	if (!s->core || !s->upf)
		return false;
	amf = core_amf_numbers(s->core);
	smf = smf_numbers(core_smf(s->core));
	upf = upf_numbers(s->upf);
	for (size_t i = 0; i <= SCN_GNBS_MAX; i++)
		at_gnbs += s->gnbs[i].gnb ? gnb_numbers(s->gnbs[i].gnb).ues : 0;
	snprintf(s->seen, sizeof(s->seen),
		"registered: UEs %u AMF %u; connected: UEs %u gNBs %u AMF %u; sessions: UEs %u AMF %u SMF %u "
		"UPF %u, addresses: UEs %u SMF %u, prefixes: UEs %u SMF %u",
		ues.registered, amf.registered, ues.connected, at_gnbs, amf.connections, ues.sessions,
		amf.sessions, smf.sessions, upf.sessions, ues.v4, smf.addresses, ues.v6, smf.prefixes);
	return ues.registered == amf.registered && amf.ues == amf.registered &&
	       ues.connected == amf.connections && at_gnbs == amf.connections &&
	       ues.sessions == amf.sessions && ues.sessions == smf.sessions && ues.sessions <= upf.sessions &&
	       ues.v4 == smf.addresses && ues.v6 == smf.prefixes;
}
