/* Protocols by name. */
#include "wire/rrc/rrc.h"
#include "wire/text/text.h"

static bool rrc_dl_dcch_text(enum print_form form, struct bytes octets, struct writer *w)
{
	return rrc_text(&rrc_dl_dcch_message_type, form, octets, w);
}

static bool rrc_ul_dcch_text(enum print_form form, struct bytes octets, struct writer *w)
{
	return rrc_text(&rrc_ul_dcch_message_type, form, octets, w);
}

static bool rrc_dl_ccch_text(enum print_form form, struct bytes octets, struct writer *w)
{
	return rrc_text(&rrc_dl_ccch_message_type, form, octets, w);
}

static bool rrc_ul_ccch_text(enum print_form form, struct bytes octets, struct writer *w)
{
	return rrc_text(&rrc_ul_ccch_message_type, form, octets, w);
}

static bool rrc_pcch_text(enum print_form form, struct bytes octets, struct writer *w)
{
	return rrc_text(&rrc_pcch_message_type, form, octets, w);
}

static bool rrc_bcch_text(enum print_form form, struct bytes octets, struct writer *w)
{
	return rrc_text(&rrc_bcch_dl_sch_message_type, form, octets, w);
}

text_fn *text_named(const char *protocol)
{
	static const struct {
		const char *name;
		text_fn *fn;
	} all[] = {
		{ "ngap", ngap_text },
		{ "nas", nas_text },
		{ "pfcp", pfcp_text },
		{ "gtpu", gtpu_text },
		{ "f1ap", f1ap_text },
		{ "e1ap", e1ap_text },
		{ "xnap", xnap_text },
		{ "rrc-dl-dcch", rrc_dl_dcch_text },
		{ "rrc-ul-dcch", rrc_ul_dcch_text },
		{ "rrc-dl-ccch", rrc_dl_ccch_text },
		{ "rrc-ul-ccch", rrc_ul_ccch_text },
		{ "rrc-pcch", rrc_pcch_text },
		{ "rrc-bcch", rrc_bcch_text },
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (!strcmp(all[i].name, protocol))
			return all[i].fn;
	return NULL;
}

const char *text_names(void)
{
	return "ngap nas pfcp gtpu f1ap e1ap xnap rrc-dl-dcch rrc-ul-dcch rrc-dl-ccch rrc-ul-ccch "
	       "rrc-pcch rrc-bcch";
}
