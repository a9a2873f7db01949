/* The UE parameters that AUSF, UDM and AMF speak of (29.509 UpuData), as the UE gets them. */
#pragma once

#include "wire/nas/nas.h"
#include "wire/sbi/nausf.h"

/* The UE parameters update list of 24.501 9.11.3.53A. False: no room, or more than there may be. */
MUST_USE bool nf_upu_list_write(const struct upu_data_list *from, struct writer *w);
