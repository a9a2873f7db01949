/* A UPF that the operator keeps new sessions from, as before its maintenance; what it has goes on. */

#include "core/smf/internal.h"

/* By name or N4 address. */
static struct smf_upf *upf_named(struct smf *smf, struct bytes name)
{
	char host[ADDR_STR_SIZE];

	for (uint8_t i = 0; i < smf->config.upf_count; i++) {
		struct smf_upf *u = &smf->upfs[i];
		struct addr a = u->config->address;

		a.port = 0;
		if (bytes_equal(name, bytes_of_str(addr_str(&a, host))) ||
			(u->config->name[0] && bytes_equal(name, bytes_of_str(u->config->name))))
			return u;
	}
	return NULL;
}

bool smf_upf_drain(struct smf *smf, struct bytes upf, bool drained)
{
	struct smf_upf *u = upf_named(smf, upf);
	char addr[ADDR_STR_SIZE];

	if (!u)
		return false;
	if (u->drained == drained)
		return true;
	u->drained = drained;
	mark_set(&smf->times_to_store, &u->recovery);
	log_info(smf->nf.env->log, "UPF %s gets %s, and has %u", addr_str(&u->peer->addr, addr),
		drained ? "no more sessions (freehold drain)" : "sessions again", u->sessions);
	return true;
}
