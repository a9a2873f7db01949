/* Security contexts of UEs that have left, 33.501 6.8.1.1.1: what other files ask of security_context.c. */
#pragma once

#include "core/amf/internal.h"

/* ue_record.c: a context as octets, and identity, 5G-TMSI, capability and security of one back */
MUST_USE bool amf_ue_encode(struct amf *amf, struct amf_ue *ue, struct writer *w);
bool amf_ue_decode(struct amf *amf, struct bytes in, struct amf_ue *ue);

void amf_security_context_keep(struct amf *amf, struct amf_ue *ue);
void amf_security_context_drop(struct amf *amf, const struct supi *supi);
void amf_security_context_drop_all(struct amf *amf);
/* A UE with the context of that 5G-GUTI, known to nobody: it is taken up, or left where it was. NULL: none.
 */
struct amf_ue *amf_security_context_find(struct amf *amf, const struct nas_mobile_identity *identity);
void amf_security_context_take_up(struct amf *amf, struct amf_ue *ue);
void amf_security_context_leave(struct amf *amf, struct amf_ue *ue);
