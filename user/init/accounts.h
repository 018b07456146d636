/* SPDX-License-Identifier: MIT
 *
 * How init divides the root account: a share for each wired server, a small one for each process, the
 * rest for the pager, which holds the programs' pages. */
#ifndef OCTAVO_INIT_ACCOUNTS_H
#define OCTAVO_INIT_ACCOUNTS_H

#include <abi/handle.h>
#include <stdint.h>

enum account_kind { ACCOUNT_PROCESS, ACCOUNT_SERVER, ACCOUNT_PIPE, ACCOUNT_PAGER };

/* Looks at what there is. 0 or a negative errno. */
int accounts_setup(void);

/* A new account, or a negative errno. The caller closes it once a task has it. */
long account_open(enum account_kind kind);

/* The account of a pager beside the system's, taken out of the system pager's: for so many frames with
 * programs' pages, and what it needs besides. */
long account_open_pager(uint64_t frames);
uint64_t account_pager_frames(uint64_t frames);

/* The system's pager is gone: nothing is taken out of its account any more. */
void account_forget_pager(void);

/* Frames that init may still take for images, when so many processes are there beside servers. */
uint64_t account_image_room(unsigned processes);

#endif
