/* The UEs of a host by their 5G-S-TMSI: who is paged. */
#include "ue/internal.h"

enum { POINTER_BITS = 6 }; /* of the AMF, 23.003 2.10.1 */

static uint64_t amf_of(uint16_t set_id, uint8_t pointer)
{
	return (uint64_t)set_id << POINTER_BITS | pointer;
}

struct ue *ue_by_s_tmsi(struct ue_host *host, const struct s_tmsi *s_tmsi)
{
	return hash_get(&host->by_s_tmsi, s_tmsi->tmsi, amf_of(s_tmsi->amf_set_id, s_tmsi->amf_pointer),
		struct ue, by_s_tmsi);
}

void ue_s_tmsi_forget(struct ue *ue)
{
	if (ue->listed)
		hash_remove(&ue->host->by_s_tmsi, &ue->by_s_tmsi);
	ue->listed = ue->has_guti = false;
	ue->guti = (struct guti){ 0 };
}

/* Where another UE has it (its network's mistake, or another network), that one stays the one that is paged.
 */
void ue_s_tmsi_take(struct ue *ue, const struct guti *guti)
{
	uint64_t amf = amf_of(guti->guami.amf_set_id, guti->guami.amf_pointer);

	ue_s_tmsi_forget(ue);
	ue->guti = *guti;
	ue->has_guti = true;
	ue->listed = !hash_find(&ue->host->by_s_tmsi, guti->tmsi, amf);
	if (ue->listed)
		hash_insert(&ue->host->by_s_tmsi, &ue->by_s_tmsi, guti->tmsi, amf);
}
