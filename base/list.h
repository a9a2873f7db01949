/* Intrusive doubly linked lists with a head that is a link itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct link {
	struct link *next, *prev;
};

#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))

static inline void list_init(struct link *head)
{
	head->next = head->prev = head;
}

static inline bool list_empty(const struct link *head)
{
	return head->next == head;
}

static inline void list_append(struct link *head, struct link *l)
{
	l->prev = head->prev;
	l->next = head;
	head->prev->next = l;
	head->prev = l;
}

/* Removing a link that is in no list (zeroed, or removed already) does nothing. */
static inline void list_remove(struct link *l)
{
	if (!l->next)
		return;
	l->prev->next = l->next;
	l->next->prev = l->prev;
	l->next = l->prev = NULL;
}

static inline struct link *list_first(const struct link *head)
{
	return head->next == head ? NULL : head->next;
}

/* Safe against removing l in the body. */
#define list_each(l, tmp, head)                                                                              \
	for (struct link *l = (head)->next, *tmp = l->next; l != (head); l = tmp, tmp = l->next)
