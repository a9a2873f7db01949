/* Public warnings: shown once, however often they are broadcast (23.041 9.1.3: by identifier and serial
 * number). */
#include "ue/internal.h"
#include "wire/warning_message.h"

static bool is_known(const struct ue_host *host, uint32_t key)
{
	for (uint8_t i = 0; i < host->warned_count; i++)
		if (host->warned[i] == key)
			return true;
	return false;
}

void ue_warned(struct ue_host *host, const struct ue_rrc_warning *w)
{
	uint32_t key = (uint32_t)w->id << 16 | w->serial;
	char text[WARNING_TEXT_SIZE];

	host->stat[UE_STAT_WARNINGS]++;
	if (w->contents.len == 0) {
		log_warn(host->env->log, "public warning %u/%u: primary notification", w->id, w->serial);
		return;
	}
	if (is_known(host, key))
		return;
	if (!warning_message_read(w->dcs, w->contents, text)) {
		host->stat[UE_STAT_AIR_REFUSED]++;
		return;
	}
	host->warned[host->warned_next] = key;
	host->warned_next = (uint8_t)((host->warned_next + 1) % UE_WARNINGS_REMEMBERED);
	host->warned_count += host->warned_count < UE_WARNINGS_REMEMBERED;
	log_warn(host->env->log, "public warning %u/%u: %s", w->id, w->serial, text);
}
