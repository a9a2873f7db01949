/* A pcap file of PDUs with the name of the dissector that reads each (Wireshark's exported PDUs, link type
 * 252). */
#pragma once

#include <stdio.h>

#include "base/bytes.h"

/* NULL: it cannot be written. */
FILE *upper_pdu_begin(const char *path);
void upper_pdu_write(FILE *capture, uint64_t now_ns, const char *dissector, struct bytes pdu);
