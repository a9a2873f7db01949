/* Public warnings in the store. */
#include <stdlib.h>

#include "base/record.h"
#include "core/amf/warning.h"

enum { WARNING_RECORD_MAX = 2048 };

static const struct record_field fields[] = {
	RECORD_U(1, amf_warning_record, id),
	RECORD_U(2, amf_warning_record, serial),
	RECORD_U(3, amf_warning_record, repetition_s),
	RECORD_U(4, amf_warning_record, broadcasts),
	RECORD_U(5, amf_warning_record, begun_s),
	RECORD_U(6, amf_warning_record, cancelled_s),
	RECORD_L(7, amf_warning_record, area, area_count, &amf_tac_def),
	RECORD_U(8, amf_warning_record, dcs),
	RECORD_U(9, amf_warning_record, len),
	RECORD_O(10, amf_warning_record, contents),
};
static const struct record_def def = { "amf_warning", fields, ARRAY_LEN(fields) };

static struct bytes key_of(const struct amf_warning_record *r, uint8_t key[4])
{
	struct writer w = writer_of(key, 4);

	writer_u16(&w, r->id);
	writer_u16(&w, r->serial);
	return writer_bytes(&w);
}

/* A store that is full dooms the turn: nobody is warned, and the operator hears of it. */
void amf_warning_put(struct amf *amf, const struct amf_warning *warning)
{
	uint8_t octets[WARNING_RECORD_MAX], key[4];
	struct writer w = writer_of(octets, sizeof(octets));

	if (record_encode(&def, &warning->r, &w))
		may_fail(store_put(
			amf->nf.env->store, STORE_AMF_WARNING, key_of(&warning->r, key), writer_bytes(&w)));
}

void amf_warning_delete(struct amf *amf, const struct amf_warning *w)
{
	uint8_t key[4];

	may_fail(store_del(amf->nf.env->store, STORE_AMF_WARNING, key_of(&w->r, key)));
}

static bool restore_one(void *arg, struct bytes key, struct bytes value)
{
	struct amf *amf = arg;
	struct amf_warning *w = NULL;
	size_t i = 0;

	while (i < AMF_WARNINGS_MAX && amf->warnings[i])
		i++;
	if (i < AMF_WARNINGS_MAX)
		w = calloc(1, sizeof(*w));
	if (!w || !record_decode(&def, value, &w->r) || w->r.len > sizeof(w->r.contents)) {
		log_error(amf->nf.env->log, "a stored warning cannot be read: left out");
		free(w);
		return true;
	}
	amf->warnings[i] = w;
	return true;
}

void amf_warning_restore(struct amf *amf)
{
	if (!store_scan(amf->nf.env->store, STORE_AMF_WARNING, restore_one, amf))
		log_error(amf->nf.env->log, "the store cannot be read: public warnings are missing");
}
