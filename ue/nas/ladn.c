/*
 * Local area data networks, 23.501 5.6.5 and 24.501 6.2.6: outside the area that the network has named for
 * one the UE asks for no session of it, and for none's user plane.
 */
#include <stdlib.h>

#include "ue/internal.h"

/* In place of what was before (5.5.1.3.4: what is not in an accept is deleted). */
void ue_ladn_take(struct ue *ue, const struct nas_ladns *list)
{
	struct ue_ladns *l;

	ue_ladn_forget(ue);
	if (!list || list->count == 0)
		return;
	l = calloc(1, sizeof(*l));
	if (!l)
		return; /* then the network refuses */
	for (size_t i = 0; i < list->count && l->count < UE_LADNS_MAX; i++) {
		struct ue_ladn *to = &l->items[l->count++];
		const struct nas_tai_list *area = &list->items[i].tai_list;

		str_copy(to->dnn, sizeof(to->dnn), list->items[i].dnn);
		for (size_t k = 0; k < area->count; k++)
			for (size_t n = 0; n < area->items[k].count && to->count < UE_AREA_MAX; n++)
				to->tacs[to->count++] = area->items[k].tais[n].tac;
	}
	ue->ladns = l;
}

/* 6.4.1.4.3, #46: it is nowhere until the network names its area again. */
void ue_ladn_refused(struct ue *ue, const char *dnn)
{
	for (uint8_t i = 0; dnn && ue->ladns && i < ue->ladns->count; i++)
		if (dnn_equal(ue->ladns->items[i].dnn, dnn))
			ue->ladns->items[i].count = 0;
}

void ue_ladn_forget(struct ue *ue)
{
	free(ue->ladns);
	ue->ladns = NULL;
}

bool ue_ladn_is_here(const struct ue *ue, const char *dnn)
{
	const struct ue_cell *cell = ue_cell_of(ue);
	const struct ue_ladn *ladn = NULL;

	for (uint8_t i = 0; dnn && cell && ue->ladns && i < ue->ladns->count; i++)
		if (dnn_equal(ue->ladns->items[i].dnn, dnn))
			ladn = &ue->ladns->items[i];
	for (uint8_t i = 0; ladn && i < ladn->count; i++)
		if (ladn->tacs[i] == cell->tai.tac)
			return true;
	return !ladn; /* it is none, as far as is known */
}

uint16_t ue_ladn_sessions_here(const struct ue *ue)
{
	uint16_t bits = ue_session_status(ue);

	for (const struct ue_session *s = ue->sessions; s; s = s->next)
		if (!ue_ladn_is_here(ue, s->info.dnn))
			bits &= (uint16_t)~(1u << s->info.psi);
	return bits;
}
