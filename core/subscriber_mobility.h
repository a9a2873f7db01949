/* What a subscriber's line has of mobility: areas, access restrictions, timers; its words, both ways. */
#pragma once

#include "base/cursor.h"
#include "core/udr/subscriber.h"

/* False: the text is none of what the key may have. */
MUST_USE bool subscriber_read_t3512(const char *text, struct subscriber_mobility *out);
MUST_USE bool subscriber_read_active_time(const char *text, struct subscriber_mobility *out);
MUST_USE bool subscriber_read_mico(const char *text, struct subscriber_mobility *out);
/* "nr", "5gc", with + between, or "none" */
MUST_USE bool subscriber_read_no_access(const char *text, struct subscriber_mobility *out);
/* TACs with + between; "all", "none" */
MUST_USE bool subscriber_read_allowed_areas(const char *text, struct subscriber_mobility *out);
MUST_USE bool subscriber_read_non_allowed_areas(const char *text, struct subscriber_mobility *out);
MUST_USE bool subscriber_read_forbidden_areas(const char *text, struct subscriber_mobility *out);
MUST_USE bool subscriber_read_areas_max(const char *text, struct subscriber_mobility *out);
/* " allowed_areas=..." and so on, of those that there are. */
void subscriber_print_mobility(const struct subscriber_mobility *m, struct writer *w);
