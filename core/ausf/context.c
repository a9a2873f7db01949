/* Authentications under way: their names, their time, the UDM that is asked for them, their end. */
#include <inttypes.h>
#include <stdio.h>

#include "base/list.h"
#include "base/text.h"
#include "core/ausf/internal.h"

void ausf_auth_free(struct ausf *ausf, struct ausf_auth *auth)
{
	timer_stop(&ausf->nf.timers, &auth->expiry);
	pool_free(&ausf->auths, auth);
}

static void ausf_auth_expired(void *owner, struct timer *t)
{
	struct ausf *ausf = owner;

	ausf->stat[AUSF_STAT_EXPIRED]++;
	ausf_auth_free(ausf, container_of(t, struct ausf_auth, expiry));
}

_Static_assert(8 + 16 < AUTH_CTX_ID_SIZE, "an authCtxId has room");
_Static_assert(sizeof(((struct ausf_auth *)0)->kausf) == KDF_KEY_LEN &&
		       sizeof(((struct ausf_auth *)0)->xres_star) == KDF_RES_STAR_LEN,
	"keys as crypto makes them");

/* authCtxId: index, then the secret. */
void ausf_auth_name(struct ausf *ausf, const struct ausf_auth *auth, char out[AUTH_CTX_ID_SIZE])
{
	snprintf(out, AUTH_CTX_ID_SIZE, "%08x%016" PRIx64, pool_index(&ausf->auths, auth), auth->secret);
}

struct ausf_auth *ausf_auth_by_name(struct ausf *ausf, const char *name, enum auth_type type)
{
	uint8_t octets[12];
	struct cursor c = cursor_of(BYTES(octets));
	struct ausf_auth *auth;
	size_t len;

	if (!text_unhex(bytes_of_str(name), octets, sizeof(octets), &len) || len != sizeof(octets))
		return NULL;
	auth = pool_at(&ausf->auths, cursor_u32(&c));
	return auth && auth->challenged && auth->type == type && auth->secret == cursor_u64(&c) ? auth : NULL;
}

void ausf_ask_udm(struct ausf *ausf, struct ausf_auth *auth, const char *supi_or_suci,
	const struct resynchronization_info *resync)
{
	struct nudm_generate_auth_data_req ask = { .supi_or_suci = supi_or_suci,
		.data = { .serving_network_name = auth->serving_network_name,
			.ausf_instance_id = ausf->nf.nf_instance_id,
			.resynchronization_info = resync } };

	auth->challenged = false;
	auth->generation = ++ausf->generation;
	timer_set(&ausf->nf.timers, &auth->expiry, env_now_ns(ausf->nf.env) + AUSF_AUTH_TIMEOUT_S * NS_PER_S,
		ausf_auth_expired);
	nf_call(&ausf->nf, SBI_UDM_GENERATE_AUTH_DATA, &ask,
		(struct sbi_token){ pool_index(&ausf->auths, auth), auth->generation, 0 });
}

void ausf_auth_end(struct ausf *ausf, struct ausf_auth *auth, bool success)
{
	struct nudm_confirm_auth_req event = { auth->supi,
		{ .nf_instance_id = ausf->nf.nf_instance_id,
			.success = success,
			.time_stamp = env_utc_ms(ausf->nf.env),
			.auth_type = auth->type,
			.serving_network_name = auth->serving_network_name } };

	ausf->stat[success ? AUSF_STAT_SUCCESSES : AUSF_STAT_FAILURES]++;
	nf_call(&ausf->nf, SBI_UDM_CONFIRM_AUTH, &event, (struct sbi_token){ 0 });
	ausf_auth_free(ausf, auth);
}
