/* SPDX-License-Identifier: MIT
 *
 * The watchers of the pager together, as the table base/watcher.h. */
#ifndef PAGER_WATCH_H
#define PAGER_WATCH_H

/* Fills the table. Once, at the start, before the first space. */
void watch_setup(void);

#endif
