/*
 * The file of a backup: "fhbackup", then a sealed stream (crypto/sealed_stream.h) of the head below and the
 * store's checkpoint.
 */
#pragma once

#include "apps/secrets.h"

enum { BACKUP_CONTENT = 1, BACKUP_ERROR_SIZE = 320 };

struct backup_head {
	struct plmn plmn;
	uint64_t made_ms; /* UTC */
	uint8_t secrets[SECRETS_SIZE];
};

/* The store's secrets are those that the checkpoint's are sealed with. */
MUST_USE bool backup_fits(const uint8_t secrets[SECRETS_SIZE], const char *checkpoint);

/* The file is there as a whole, and on the disk, or path is as it was. False with a message. */
MUST_USE bool backup_write(const char *path, struct bytes passphrase, uint8_t cost,
	const struct backup_head *head, const char *checkpoint, char error[BACKUP_ERROR_SIZE]);

/* Makes the file `checkpoint` of it, on the disk. False with a message: nothing of what was written is of
 * use. */
MUST_USE bool backup_read(const char *path, struct bytes passphrase, struct backup_head *head,
	const char *checkpoint, char error[BACKUP_ERROR_SIZE]);
