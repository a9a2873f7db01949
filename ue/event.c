/* What every file of a UE uses: its index, its timers, and reports to its user. */
#include <stdio.h>

#include "ue/internal.h"

uint32_t ue_index(const struct ue *ue)
{
	return pool_index(&ue->host->ues, ue);
}

void ue_say(struct ue *ue, enum ue_event event, uint8_t psi, uint8_t cause, const char *format, ...)
{
	struct ue_host *host = ue->host;
	char text[160];
	struct ue_event_info info = { event, psi, cause, text };
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	log_debug(host->env->log, "imsi-%s: %s", ue->usim.supi.imsi, text);
	if (host->event)
		host->event(host->event_arg, ue, &info);
}

void ue_timer_set(struct ue *ue, struct timer *t, uint32_t ms, uint32_t default_ms, timer_fn *fn)
{
	uint64_t at = env_now_ns(ue->host->env) + (uint64_t)(ms ? ms : default_ms) * NS_PER_MS;

	timer_set(&ue->host->timers, t, at, fn);
}
