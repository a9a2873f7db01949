/* What of another configuration concerns UEs that are registered and gNBs that are connected. */
#pragma once

#include "base/timers.h"
#include "wire/sbi/common.h"

struct amf;
struct amf_gnb;
struct amf_ue;
struct addr;

struct amf_review {
	struct timer ues, gnbs; /* the next few of them are looked at */
	uint32_t at;            /* from this place of the UEs' pool on */
	bool names;             /* UEs are told names and time, too */
	bool areas;             /* and their registration areas */
	uint64_t from_ns;       /* gNBs without a tracking area of ours are ended */
};

/* slices.c */
struct nssai amf_slices(const struct amf *amf);
bool amf_serves_slice(const struct amf *amf, const struct snssai *s);
/* What of its allowed NSSAI the network still has. */
struct nssai amf_nssai_left(const struct amf *amf, const struct amf_ue *ue);

/* gnb.c: by its address it may be here; the AMF ends its association, and forgets it with its connections */
bool amf_gnb_is_configured(const struct amf *amf, const struct addr *peer);
bool amf_serves_tac(const struct amf *amf, uint32_t tac);
bool amf_gnb_is_served(const struct amf *amf, const struct amf_gnb *gnb); /* it has such a one */
void amf_gnb_end(struct amf *amf, struct amf_gnb *gnb);

/* configuration_update.c: the slices that are left to a UE which has not been told, once it is connected; and
 * whatever else it has not been told of. */
void amf_configuration_update_slices(struct amf *amf, struct amf_ue *ue);
void amf_configuration_update_due(struct amf *amf, struct amf_ue *ue);

/* configuration_review.c: UEs and gNBs that it concerns hear of it; names: the network's, or its time zone,
 * are others; areas: so are the tracking areas */
void amf_configuration_review(struct amf *amf, bool names, bool areas);
