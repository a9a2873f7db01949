/* Sessions of applications (29.514 4.2.2), each a record of the store. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/record.h"
#include "base/text.h"
#include "core/pcf/internal.h"

_Static_assert(sizeof("app--255-9-ffffffff") + sizeof(((struct supi *)0)->imsi) <= APP_SESSION_ID_SIZE,
	"an application session's name has room");
_Static_assert((int)PCF_APPLICATIONS_MAX <= 8, "a bit each");

static const struct record_field fields[] = {
	RECORD_S(1, pcf_application, supi.imsi),
	RECORD_U(2, pcf_application, pdu_session_id),
	RECORD_U(3, pcf_application, number),
	RECORD_U(4, pcf_application, instance),
	RECORD_U(5, pcf_application, events),
	RECORD_S(6, pcf_application, af),
	RECORD_S(7, pcf_application, callback),
	RECORD_S(8, pcf_application, events_callback),
	RECORD_U(9, pcf_application, usage_threshold),
	RECORD_U(10, pcf_application, used),
};
static const struct record_def application_def = { "application", fields, ARRAY_LEN(fields) };

void pcf_application_name(const struct pcf_application *app, char out[APP_SESSION_ID_SIZE])
{
	snprintf(out, APP_SESSION_ID_SIZE, "app-%s-%u-%u-%08" PRIx32, app->supi.imsi, app->pdu_session_id,
		app->number, app->instance);
}

static struct bytes key_of(const struct supi *supi, uint8_t pdu_session_id, uint8_t number, uint8_t buf[10])
{
	struct bytes session = nf_session_store_key(supi, pdu_session_id, buf);

	buf[session.len] = number;
	return bytes_of(buf, session.len + 1);
}

static bool application_get(struct pcf *pcf, const struct supi *supi, uint8_t pdu_session_id, uint8_t number,
	struct pcf_application *out)
{
	uint8_t key[10];
	struct bytes value;

	*out = (struct pcf_application){ 0 };
	return store_get(pcf->nf.env->store, STORE_PCF_APPLICATION, key_of(supi, pdu_session_id, number, key),
		       &value) &&
	       record_decode(&application_def, value, out);
}

bool pcf_application_of(
	struct pcf *pcf, const struct pcf_association *a, uint8_t number, struct pcf_application *out)
{
	return application_get(pcf, &a->supi, a->pdu_session_id, number, out);
}

bool pcf_application_named(
	struct pcf *pcf, const char *name, struct pcf_application *out, struct pcf_association *a)
{
	char imsi[sizeof(out->supi.imsi)], again[APP_SESSION_ID_SIZE];
	unsigned session, number;
	struct supi supi;

	if (sscanf(name, "app-%15[^-]-%3u-%1u-", imsi, &session, &number) != 3 ||
		session > PDU_SESSIONS_MAX || !supi_restore(imsi, &supi) ||
		!application_get(pcf, &supi, (uint8_t)session, (uint8_t)number, out) ||
		!pcf_association_of(pcf, &supi, (uint8_t)session, a))
		return false;
	pcf_application_name(out, again);
	return !strcmp(again, name);
}

bool pcf_application_put(struct pcf *pcf, const struct pcf_application *app)
{
	uint8_t octets[PCF_APPLICATION_RECORD_MAX], key[10];
	struct writer w = writer_of(octets, sizeof(octets));

	return record_encode(&application_def, app, &w) &&
	       store_put(pcf->nf.env->store, STORE_PCF_APPLICATION,
		       key_of(&app->supi, app->pdu_session_id, app->number, key), writer_bytes(&w));
}

void pcf_application_delete(struct pcf *pcf, const struct pcf_application *app)
{
	uint8_t key[10];

	may_fail(store_del(pcf->nf.env->store, STORE_PCF_APPLICATION,
		key_of(&app->supi, app->pdu_session_id, app->number, key))); /* a refusal dooms the turn */
}
