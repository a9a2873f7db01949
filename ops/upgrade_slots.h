/*
 * The two slots of an appliance as its boot loader sees them: an entry a slot on the EFI system partition,
 * loader/entries/freehold-a.conf, whose `version` is a generation. The loader starts the entry of the highest
 * generation that has tries left; "+3" in its file name is how many (Boot Loader Specification, boot
 * counting), none: it came up once and is good. So one rename is the whole switch.
 */
#pragma once

#include "ops/upgrade_bundle.h"

enum { UPGRADE_TRIES = 3, UPGRADE_GOOD = -1, UPGRADE_PATH_SIZE = 512 };

struct upgrade_slot {
	bool there;
	int tries_left; /* UPGRADE_GOOD: not counted */
	uint64_t generation;
	char version[UPGRADE_VERSION_SIZE];
	char file[64]; /* of the entry, in loader/entries */
};

/* a and b; esp: where the partition is mounted. False with errno. */
MUST_USE bool upgrade_slots_read(const char *esp, struct upgrade_slot slots[2]);

/* The loader does not start the slot any more. */
MUST_USE bool upgrade_slot_disarm(const char *esp, unsigned slot);
/* The loader starts the slot next, as often as it has tries. slots: as they are now. */
MUST_USE bool upgrade_slot_arm(
	const char *esp, const struct upgrade_slot slots[2], unsigned slot, const char *version);

/* Where the boot file of the slot lies. */
void upgrade_slot_boot_path(const char *esp, unsigned slot, char out[UPGRADE_PATH_SIZE]);
