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
void ue_ladn_forget(struct ue *ue);
/* The DNN is of no local area data network that is elsewhere; NULL: the network's default. */
bool ue_ladn_is_here(const struct ue *ue, const char *dnn);
/* Of the sessions (9.11.3.44) those whose user plane may be asked for. */
uint16_t ue_ladn_sessions_here(const struct ue *ue);

/* reselection.c; NULL: no cell that is known */
const struct ue_cell *ue_cell_of(const struct ue *ue);
