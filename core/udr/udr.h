/*
 * UDR, TS 29.504: the subscription data and the serving contexts, in the store. The UDM asks through
 * Nudr_DataRepository; the operator edits through the functions below, from the core's control socket.
 */
#pragma once

#include "core/nf/nf.h"
#include "core/udr/subscriber.h"

struct udr;

/* NULL when memory is refused. */
MUST_USE struct udr *udr_new(const struct plmn *plmn, struct env *env, struct sbi_bus *bus);
void udr_free(struct udr *udr);
struct nf *udr_nf(struct udr *udr);

/* Adds or replaces a subscriber; sqn starts (again) at `sqn`, 48 bits. False when the store refuses. */
MUST_USE bool udr_subscriber_put(struct udr *udr, const struct subscriber *s, uint64_t sqn);

/* True, with its owner, when the address is a subscriber's static one. */
/* Likewise of a framed route. */
bool udr_route_owner(struct udr *udr, const struct prefix *route, struct supi *owner);
bool udr_static_owner(struct udr *udr, struct ip ip, struct supi *owner);

/* False when there is none. */
MUST_USE bool udr_subscriber_get(
	struct udr *udr, const struct supi *supi, struct subscriber *out, uint64_t *sqn);

/* 0 when none is kept. */
uint64_t udr_subscriber_sqn(struct udr *udr, const struct supi *supi);

/* Amf3GppAccessRegistration: who serves the UE, and where it wants to hear of the end. */
struct udr_amf_context {
	char instance_id[UUID_STR_SIZE];
	char dereg_callback_uri[SBI_URI_SIZE];
	struct guami guami;
	uint8_t rat_type; /* enum rat_type */
};

/* Empty texts when no AMF is registered. */
void udr_serving_amf(struct udr *udr, const struct supi *supi, struct udr_amf_context *out);

/* Removes subscription, SQN and serving contexts; false when there is none or the store refuses. */
MUST_USE bool udr_subscriber_remove(struct udr *udr, const struct supi *supi);

/* What is done with each subscriber; s is NULL for one whose record does not read, which is reported and
 * counted. False: it was the last. */
typedef bool udr_each_fn(void *arg, const struct supi *supi, const struct subscriber *s);
/* Whether it is, by its SUPI. */
enum udr_wish { UDR_TAKE, UDR_PASS, UDR_STOP };
typedef enum udr_wish udr_wish_fn(void *arg, const struct supi *supi);
/* In the order of their SUPIs, from the first behind after (NULL: the very first), with those that are wanted
 * (wish NULL: all). False when the store cannot be read. */
MUST_USE bool udr_subscriber_each(
	struct udr *udr, const struct supi *after, udr_wish_fn *wish, udr_each_fn *fn, void *arg);

enum udr_stat { UDR_STAT_UNREADABLE, UDR_STAT_COUNT };

extern const struct stat_group udr_stat_group;
void udr_stats(const struct udr *udr, struct stats *out);
