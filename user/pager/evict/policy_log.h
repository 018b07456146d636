/* SPDX-License-Identifier: MIT
 *
 * What the policy in force has said by policy.h's policy_log(): its last lines, for whoever shows them. */
#ifndef PAGER_POLICY_LOG_H
#define PAGER_POLICY_LOG_H

#define POLICY_LOG_LINES 32u
#define POLICY_LOG_BYTES (POLICY_LOG_LINES * 120u) /* of all of them, with their ends */

/* The last lines, oldest first; NULL at the end. */
const char *policy_log_line(unsigned n);

/* Another policy begins. */
void policy_log_clear(void);

#endif
