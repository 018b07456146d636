/* SPDX-License-Identifier: MIT
 *
 * How init divides the root account: a share for each wired server, a small one for each process, the
 * rest for the pager, which holds the programs' pages. */
#ifndef OCTAVO_INIT_ACCOUNTS_H
#define OCTAVO_INIT_ACCOUNTS_H

#include <abi/handle.h>

enum account_kind { ACCOUNT_PROCESS, ACCOUNT_SERVER, ACCOUNT_PIPE, ACCOUNT_PAGER };

/* Looks at what there is. 0 or a negative errno. */
int accounts_setup(void);

/* A new account, or a negative errno. The caller closes it once a task has it. */
long account_open(enum account_kind kind);

#endif
