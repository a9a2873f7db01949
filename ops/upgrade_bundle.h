/*
 * What an appliance is updated with, one file: a manifest of lines, an empty line, the Ed25519 signature of
 * both, then the parts: the boot file (kernel, its first root, the root hash) and the root file system.
 *
 *     freehold-update 1
 *     version VERSION
 *     made SECONDS          since 1970: what is later is newer
 *     architecture WORD
 *     boot OCTETS SHA-256
 *     root OCTETS SHA-256
 *
 * Lines of other words are of a later version, and skipped.
 */
#pragma once

#include "base/bytes.h"
#include "crypto/ed25519.h"
#include "crypto/sha256_stream.h"

enum { UPGRADE_MANIFEST_MAX = 2048, UPGRADE_ERROR_SIZE = 320, UPGRADE_VERSION_SIZE = 96 };

struct upgrade_part {
	uint64_t offset, size; /* in the file; size 0: there is none */
	uint8_t digest[SHA256_STREAM_LEN];
};

struct upgrade_manifest {
	char version[UPGRADE_VERSION_SIZE], architecture[16];
	uint64_t made_s;
	struct upgrade_part boot, root;
};

/* The lines behind the first; an image describes itself by the same, without parts. False if one is wrong, or
 * version, time or architecture is missing. */
MUST_USE bool upgrade_manifest_read(struct bytes lines, struct upgrade_manifest *out);

/* The manifest of the file, once signature and length are right. False with why not. */
MUST_USE bool upgrade_bundle_read(int fd, const uint8_t key[ED25519_PUBLIC_LEN], struct upgrade_manifest *out,
	char error[UPGRADE_ERROR_SIZE]);

/* Reads a part, writes it to `to` (-1: nowhere), and compares its digest. False with why not. */
MUST_USE bool upgrade_part_copy(
	int fd, const struct upgrade_part *part, int to, char error[UPGRADE_ERROR_SIZE]);
