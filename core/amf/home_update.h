/* What the home network sends to a UE: sdm_notification.c, parameters_update.c, steering_of_roaming.c. */
#pragma once

#include "core/amf/internal.h"

/* What the home network sends of one kind: parameters_update.c, steering_of_roaming.c. */
struct amf_home_update_def {
	const char *path; /* of the change in am-data */
	uint8_t payload_container_type;
	enum sbi_op_id acknowledge;
	enum amf_stat sent;
	/* Container, provisioning time, and whether the UE is to answer. False: the value is none. */
	bool (*read)(struct amf *amf, struct bytes value, struct amf_home_update *out);
};
extern const struct amf_home_update_def amf_parameters_update, amf_steering_of_roaming;

void amf_sdm_notify(struct amf *amf, const struct sbi_request *r);
/* NULL: something else is in its way. */
struct amf_home_update *amf_home_update_begin(struct amf *amf, struct amf_ue *ue,
	enum amf_procedure_kind kind, const struct amf_home_update *what, uint32_t most_ms);
MUST_USE bool amf_home_container_write(const struct nas_home_container *h, struct amf_home_update *out);
void amf_home_update_sent(struct amf *amf, struct amf_home_update *u);
void amf_home_update_expired(struct amf *amf, struct amf_procedure *p);
/* False: nothing was to be acknowledged, or this does not. */
MUST_USE bool amf_home_update_acknowledged(
	struct amf *amf, struct amf_ue *ue, enum amf_procedure_kind kind, struct bytes container);
/* An uplink payload likewise, of its kind. */
MUST_USE bool amf_home_update_payload(
	struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m);

/* steering_of_roaming.c: what came with the subscription (NULL: nothing), and the accept with it */
void amf_steering_of_subscription(struct amf *amf, struct amf_ue *ue, const struct sor_info *info);
void amf_steering_accept(struct amf *amf, struct amf_ue *ue, struct nas_registration_accept *a);
/* REGISTRATION COMPLETE, or NULL; an acknowledgement of nothing is nothing. */
void amf_steering_complete(struct amf *amf, struct amf_ue *ue, const struct amf_nas *nas);
