/* YAML text into libyaml's document, with an error that names file and line. */
#pragma once

#include <yaml.h>

#include "base/config.h"

/* The one document of a text (of `file`, for messages), to be deleted; false with a message. */
MUST_USE bool config_yaml_load(
	const char *file, struct bytes text, yaml_document_t *doc, char error[CONFIG_ERROR_SIZE]);
