/* For tests: messages that are not what they should be are shown as text. */
#pragma once

#include "base/test.h"
#include "wire/nas/nas.h"
#include "wire/text/text.h"

/* The same octets; else the test fails with both messages in full. protocol: as text_named. */
void test_message_equal(const char *protocol, struct bytes got, struct bytes wanted);

/* A message whose text in a line begins with this, as its name; else the test fails with all of it. */
void test_message_is(const char *protocol, struct bytes got, const char *wanted);

/* The same of a decoded NAS message, by its type. */
void test_nas_is(const struct nas_msg *got, enum nas_msg_type wanted);
