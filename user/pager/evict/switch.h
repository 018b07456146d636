/* SPDX-License-Identifier: MIT
 *
 * Another policy while programs run, and requests about policies (proto/pager.h: PAGER_POLICY, _POLICIES,
 * _DUMP). What is resident stays so: each frame leaves the old instance and enters the new one. */
#ifndef PAGER_SWITCH_H
#define PAGER_SWITCH_H

#include <stdbool.h>
#include "user/pager/wait/request.h"

/* The policy in force begins anew, with the same parameters. False: no memory, nothing has happened. */
bool switch_renew(void);

enum outcome switch_policy(struct request *r);
enum outcome switch_list(struct request *r);
enum outcome switch_dump(struct request *r);

#endif
