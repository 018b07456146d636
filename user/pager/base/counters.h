/* SPDX-License-Identifier: MIT
 *
 * What has happened so far, counted where it happens, in the record in which PAGER_STAT tells it
 * (<proto/pager.h> says what each field means). Fields that are no counts but a state stay 0 here; watch/stat.c
 * fills them in when it is asked. */
#ifndef PAGER_COUNTERS_H
#define PAGER_COUNTERS_H

#include <proto/pager.h>

extern struct pager_stat counters;

#endif
