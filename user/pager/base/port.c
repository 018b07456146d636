/* SPDX-License-Identifier: MIT
 *
 * The pager's port. See port.h. */
#include "user/pager/base/port.h"
#include <errno.h>
#include <octavo/syscall.h>
#include "user/pager/base/panic.h"
#include "user/pager/base/pool.h"

handle_t port_handle;
static handle_t notify;

void port_setup(void)
{
    long port = sys_port_create();

    PAGER_CHECK(port > 0);
    port_handle = (handle_t)port;
    long right = sys_right_create(port_handle, 0, ~0ul);
    PAGER_CHECK(right > 0);
    notify = (handle_t)right;
}

long port_right(unsigned long badge)
{
    return pool_fails() ? -ENOMEM : sys_right_create(port_handle, badge, 0);
}

void port_notify(unsigned long bits)
{
    sys_notify(notify, bits);
}
