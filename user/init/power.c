/* SPDX-License-Identifier: MIT
 *
 * Power off and reboot: see power.h. Init cannot call con and wait, so it asks for a notification and
 * gives con a moment. */
#include "user/init/power.h"
#include "user/init/console.h"
#include "user/init/machine.h"
#include "user/init/request.h"

#define DRAIN_NS 2000000000ul /* longer than con's ring lasts at 115,200 baud */

static struct {
    uint64_t deadline; /* 0: nobody wants to stop */
    bool is_reboot;
    unsigned status;
} power;

static void stop_soon(bool is_reboot, unsigned status)
{
    if (power.deadline)
        return; /* the first one counts */
    power.is_reboot = is_reboot;
    power.status = status;
    power.deadline = (uint64_t)sys_clock() + DRAIN_NS;
    if (!console_ask_drain())
        power_drained();
}

void power_off_soon(unsigned status)
{
    stop_soon(false, status);
}

void power_drained(void)
{
    if (!power.deadline)
        return;
    if (power.is_reboot)
        machine_reboot();
    machine_power_off(power.status);
}

uint64_t power_deadline(void)
{
    return power.deadline ? power.deadline : ~0ul;
}

void power_expire(void)
{
    if (power.deadline && (uint64_t)sys_clock() >= power.deadline)
        power_drained();
}

/* w: POWER_*, status. The caller waits for the end. */
int power_handle(struct request *request)
{
    if (!request->caller->may_power)
        return -EPERM;
    if (request->w[0] > POWER_REBOOT || request->w[1] > 255)
        return -EINVAL;
    stop_soon(request->w[0] == POWER_REBOOT, (unsigned)request->w[1]);
    return REQUEST_DONE;
}
