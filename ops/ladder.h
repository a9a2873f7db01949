/* Which signalling messages a captured packet carries: for ladder diagrams of N2 and N4. */
#pragma once

#include "base/addr.h"
#include "base/arena.h"

enum { LADDER_EVENTS_MAX = 16, LADDER_TEXT_SIZE = 64 };

struct ladder_event {
	struct addr from, to; /* port 0 */
	const char *protocol; /* "NGAP", "PFCP", "SCTP" */
	char text[LADDER_TEXT_SIZE];
};

/* Events of one IPv4 packet, oldest first; the count. Other packets have none. */
size_t ladder_events(struct bytes ip, struct ladder_event events[LADDER_EVENTS_MAX]);

/*
 * One line: time, and an arrow between two of `count` columns, each so wide. from and to are column numbers;
 * equal ones give a mark in that column. What of the text does not fit is left out.
 */
enum { LADDER_LINE_SIZE = 256 };
void ladder_line(char line[LADDER_LINE_SIZE], double time_ms, size_t count, size_t width, size_t from,
	size_t to, const char *text);

/*
 * Splits a UDP packet that holds several datagrams in one (segmentation offload), as it would leave on a
 * wire: calls fn with each. Other packets are handed on as they are. buf has room for one packet.
 */
void ladder_split(struct bytes ip, void *buf, size_t cap, void (*fn)(void *arg, struct bytes ip), void *arg);
