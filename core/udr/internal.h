/* What the files of the UDR share. */
#pragma once

#include "core/udr/udr.h"

struct udr {
	struct nf nf;
	struct subscriber subscriber; /* the one at hand: too large for the stack */
	uint8_t record[SUBSCRIBER_RECORD_MAX];
	uint64_t stat[UDR_STAT_COUNT];
};

/* udr.c */
/* Loads into udr->subscriber; false when there is none (or its record is not ours, which is logged). */
bool udr_load(struct udr *udr, const struct supi *supi);
MUST_USE bool udr_put_sqn(struct udr *udr, const struct supi *supi, const uint8_t sqn[6]);

/* context.c: context data */
/* Deletes who serves the subscriber; false when the store refuses. */
MUST_USE bool udr_contexts_remove(struct udr *udr, const struct supi *supi);
void udr_on_context_request(struct udr *udr, const struct sbi_request *r);
