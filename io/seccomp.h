/* The system calls that a sandboxed process may make, as a seccomp filter. */
#pragma once

#include "io/sandbox.h"

/* Needs no_new_privs. For good. False with errno. */
MUST_USE bool seccomp_enter(const struct sandbox *s);
