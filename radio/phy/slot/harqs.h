/*
 * The soft buffers of a receiver, by RNTI and HARQ process. A block that came out gives its buffer back; of
 * those that wait, the one that waited longest gives way.
 */
#pragma once

#include "radio/phy/codes/sch.h"

struct slot_harqs;

/* n buffers for blocks of so many bits; NULL when memory is out. */
struct slot_harqs *slot_harqs_new(unsigned n, uint32_t tb_bits);
void slot_harqs_free(struct slot_harqs *h);

/* A slot begins. */
void slot_harqs_begin(struct slot_harqs *h);

/*
 * The place of the process's buffer, empty for a new block and where a retransmission's is gone; below 0
 * where the slot has the process twice or uses all. Nothing is lost before slot_harqs_take().
 */
int slot_harqs_place(struct slot_harqs *h, uint16_t rnti, uint8_t process);

/* The buffer of a place, once a slot, by any worker. */
struct phy_harq *slot_harqs_take(struct slot_harqs *h, int place, bool new_data);

/* The block came out. */
void slot_harqs_done(struct slot_harqs *h, int place);
