/*
 * The client of a control socket in a loop: connects, asks and hears, and waits for nothing. For processes
 * that ask others while they do something else; commands wait instead (io/unix_socket.h).
 */
#pragma once

#include "io/loop.h"
#include "io/unix_socket.h"

struct unix_link_user {
	void (*message)(void *arg, struct bytes message);
	void (*closed)(void *arg); /* the other end is gone */
	void *arg;
};

struct unix_link;

MUST_USE struct unix_link *unix_link_new(struct loop *l, const char *path, const struct unix_link_user *user);
/* The same over an end of a socketpair, which is taken: once it is closed nothing is connected again. */
MUST_USE struct unix_link *unix_link_on(struct loop *l, int fd, const struct unix_link_user *user);
void unix_link_free(struct unix_link *u);

/* Connects if need be. What cannot be sent is told by closed(), in a later turn. */
void unix_link_send(struct unix_link *u, struct bytes message);
void unix_link_close(struct unix_link *u);
