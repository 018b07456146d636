/* SPDX-License-Identifier: MIT
 *
 * Files that are on no disk: their pages are made when they are touched, by what the pager's configuration
 * says (pager.h, struct pager_content), and made again when they were evicted meanwhile. Descriptions,
 * reads and mappings treat such a file as any other. It is read-only. */
#ifndef PAGER_SYNTHETIC_H
#define PAGER_SYNTHETIC_H

#include <stdbool.h>
#include "user/pager/cache/file.h"
#include "user/pager/cache/host.h"
#include "user/pager/wait/request.h"

struct pager_content;

/* NULL: there are none. */
void made_setup(const struct pager_content *content);

/* Is the path a name of one? */
bool made_is_named(const struct host_path *path);

/* The rest of PAGER_OPEN and PAGER_FILE_STAT for such a path, which is r->work's first. */
enum outcome made_open(struct request *r);
enum outcome made_stat(struct request *r);

#endif
