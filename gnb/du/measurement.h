/* What of a UE's MeasConfig (38.331 6.3.2) its DU goes by. */
#pragma once

#include "base/bytes.h"

/* The object of the carrier whose SS/PBCH blocks are here, for servingCellMO; 0: there is none. */
uint8_t du_measurement_object(struct bytes meas_config, uint32_t ssb_arfcn);
