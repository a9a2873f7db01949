/* Inside gnb/du/cell: what slots are for, before there is a struct cell to ask. They count from an even
 * frame. */
#pragma once

#include "gnb/du/cell/served_cell.h"

enum { SERVED_CELL_K2_MAX = 20 };

/* Its first symbols, so many, are downlink. */
bool served_slot_has_symbols(const struct served_cell *s, unsigned slot, unsigned symbols);
/* All of it is uplink. */
bool served_slot_is_uplink(const struct served_cell *s, unsigned slot);
/* srs.c: where UEs sound, if they do. */
void served_cell_sounding(struct served_cell *s);
/* How far before an uplink slot its grants are given: in the last slot early enough that has a CORESET of so
 * many symbols. */
unsigned served_slot_k2(const struct served_cell *s, unsigned slot, unsigned symbols);
