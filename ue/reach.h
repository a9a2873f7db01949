/* How a UE may be reached, and where it is served, as the network has it. */
#pragma once

#include "wire/nas/nas.h"

struct ue;
struct ue_cell;

enum { UE_AREA_MAX = 16 }; /* 24.501 9.11.3.9 */

/* As the last accept has it; zeros: what is usual. */
struct ue_reachability {
	bool mico, strict, has_edrx;
	uint8_t drx, edrx;
	uint32_t active_s; /* T3324; 0: MICO mode begins at once */
};

struct ue_service_area {
	bool restricted, not_allowed;
	uint8_t count;
	uint32_t tacs[UE_AREA_MAX];
};

enum { UE_LADNS_MAX = 8 }; /* 24.501 9.11.3.30 */

struct ue_ladns {
	uint8_t count;
	struct ue_ladn {
		char dnn[DNN_STR_SIZE];
		uint8_t count;
		uint32_t tacs[UE_AREA_MAX];
	} items[UE_LADNS_MAX];
};

/* 24.501 5.3.13 */
enum { UE_FORBIDDEN_REGIONAL, UE_FORBIDDEN_ROAMING, UE_FORBIDDEN_LISTS };
enum {
	UE_FORBIDDEN_MAX = 40,      /* places of a list */
	UE_FORBIDDEN_MS = 64800000, /* 18 hours: the erasure is periodic, of 12 to 24 hours */
	UE_CELL_SEARCH_MS = 1000,   /* until a cell elsewhere is found */
};

struct ue_forbidden {
	struct ue_forbidden_list {
		uint8_t count;
		struct ue_forbidden_area {
			struct tai tai;
			uint64_t until_ns;
		} items[UE_FORBIDDEN_MAX];
	} lists[UE_FORBIDDEN_LISTS];
};

/* nas/forbidden_areas.c */
/* #12, #13, #15 */
bool ue_forbidden_cause(uint8_t cause);
/* The area where the UE is; false: it is not known, or memory is refused. */
bool ue_forbidden_add(struct ue *ue, uint8_t cause, bool is_protected);
/* Of where the UE is; 0: it is not forbidden. */
uint64_t ue_forbidden_until_ns(const struct ue *ue);
/* A cell of the home network in another area; NULL: none is known. */
const struct ue_cell *ue_forbidden_elsewhere(const struct ue *ue);
/* An idle UE leaves a forbidden area for another cell; false: there is none. */
bool ue_forbidden_leave(struct ue *ue);
void ue_forbidden_erase(struct ue *ue);

/* nas/reachability.c */
/* edrx outlives m. */
void ue_reachability_request(const struct ue *ue, uint8_t edrx[1], struct nas_registration_request *m);
void ue_reachability_take(struct ue *ue, const struct nas_registration_accept *a);
void ue_reachability_idle(struct ue *ue);
void ue_reachability_connected(struct ue *ue);
void ue_t3512_start(struct ue *ue);
/* Whether paging reaches it. */
bool ue_is_listening(const struct ue *ue);

/* nas/service_area.c */
void ue_service_area_take(struct ue *ue, const struct nas_tai_list *list);
bool ue_service_is_allowed(const struct ue *ue);

/* nas/ladn.c */
void ue_ladn_take(struct ue *ue, const struct nas_ladns *list);
void ue_ladn_refused(struct ue *ue, const char *dnn);
void ue_ladn_forget(struct ue *ue);
/* The DNN is of no local area data network that is elsewhere; NULL: the network's default. */
bool ue_ladn_is_here(const struct ue *ue, const char *dnn);
/* Of the sessions (9.11.3.44) those whose user plane may be asked for. */
uint16_t ue_ladn_sessions_here(const struct ue *ue);

/* reselection.c; NULL: no cell that is known */
const struct ue_cell *ue_cell_of(const struct ue *ue);
const struct ue_cell *ue_cell_at(const struct ue_host *host, const struct addr *at);
