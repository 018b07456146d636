/* SPDX-License-Identifier: MIT
 *
 * Memory of one parsed piece: a tree is freed as a whole, when nobody holds it any more. */
#ifndef OCTAVO_SH_ARENA_H
#define OCTAVO_SH_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void); /* held once; never NULL */
struct arena *arena_hold(struct arena *arena);
void arena_drop(struct arena *arena);

/* Zeroed; never NULL. */
void *arena_take(struct arena *arena, size_t size);
char *arena_text(struct arena *arena, const char *text, size_t length);

#endif
