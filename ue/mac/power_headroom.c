/* Power headroom reports of one cell (38.321 5.4.6, 6.1.3.8). */
#include "ue/mac/entity.h"

void ue_mac_phr_run(struct ue_mac *m, int path_loss_db, uint64_t now_ns)
{
	int change = path_loss_db - m->phr.reported_db;

	m->phr.path_loss_db = path_loss_db;
	if (!m->config.phr)
		return;
	if (m->phr.periodic_ns <= now_ns) {
		m->phr.periodic_ns = UE_MAC_NEVER;
		m->phr.triggered = true;
	}
	if (m->phr.begun && m->phr.prohibit_ns <= now_ns &&
		(change > m->config.phr_change_db || -change > m->config.phr_change_db))
		m->phr.triggered = true;
}

/* The first grant since the reset starts the period. */
void ue_mac_phr_grant(struct ue_mac *m, uint64_t now_ns)
{
	if (!m->phr.begun && m->config.phr)
		m->phr.periodic_ns = ue_mac_after(now_ns, m->config.phr_periodic_ms);
	m->phr.begun = true;
}

void ue_mac_phr_put(struct ue_mac *m, struct writer *w, const struct mac_phr *phr, uint64_t now_ns)
{
	uint8_t octets[2];
	struct writer ce = writer_of(octets, sizeof(octets));

	mac_phr_write(&ce, phr);
	mac_write(w, MAC_UL_SCH, MAC_UL_SINGLE_ENTRY_PHR, writer_bytes(&ce));
	m->phr.triggered = false;
	m->phr.reported_db = m->phr.path_loss_db;
	m->phr.periodic_ns = ue_mac_after(now_ns, m->config.phr_periodic_ms);
	m->phr.prohibit_ns = ue_mac_after(now_ns, m->config.phr_prohibit_ms);
	m->stats.phr++;
}
