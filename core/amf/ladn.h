/* Local area data networks, 23.501 5.6.5: which of the network's there are for a UE, and whether it is there.
 */
#pragma once

#include "core/amf/internal.h"

/* Absent: the data network is none of them. */
enum presence_state amf_ladn_presence(const struct amf *amf, const struct amf_ue *ue, const char *dnn);
/* Those that a UE asks for, bits by place in the configuration. */
uint8_t amf_ladn_asked(const struct amf *amf, const struct nas_dnns *indication);
/* Takes which the UE may have of those asked for. False: memory is refused. */
bool amf_ladn_take(struct amf *amf, struct amf_ue *ue,
	const struct access_and_mobility_subscription_data *data, uint8_t asked);
/* For the UE, in its registration area: views of amf->arena. False: there is none, or no room. */
bool amf_ladn_information(struct amf *amf, const struct amf_ue *ue, struct nas_ladns *out);
/* mobility_event.c */
/* The UE may have come to another area: the SMFs of its sessions hear whether it is in theirs, when that
 * changes.
 */
void amf_ladn_moved(struct amf *amf, struct amf_ue *ue);
