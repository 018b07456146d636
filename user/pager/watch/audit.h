/* SPDX-License-Identifier: MIT
 *
 * Cross-checks of everything the pager believes, between messages, in debug builds. */
#ifndef PAGER_AUDIT_H
#define PAGER_AUDIT_H

/* Called after every message; panics on the first thing that is wrong. A whole audit costs some 100
 * instructions a resident page, so it is made when as many messages have passed as an eighth of the frames in
 * use and the regions, and 64 more: on average below a thousand instructions a message, however full memory is. */
void audit_between(void);

#endif
