/* SPDX-License-Identifier: MIT
 *
 * What programs ask for: the handlers of <proto/pager.h>'s operations on memory and spaces. Words are
 * described there. All of them check everything first, and then cannot fail. */
#ifndef PAGER_CALLS_H
#define PAGER_CALLS_H

#include "user/pager/request.h"

enum outcome calls_mmap(struct request *r);
enum outcome calls_munmap(struct request *r);
enum outcome calls_mprotect(struct request *r);
enum outcome calls_brk(struct request *r);
enum outcome calls_mincore(struct request *r);
enum outcome calls_create(struct request *r);
enum outcome calls_clone(struct request *r); /* clone.c */
enum outcome calls_exec(struct request *r);  /* exec.c */

#endif
