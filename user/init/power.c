/* SPDX-License-Identifier: MIT
 *
 * Power off and reboot: see power.h. Init cannot call con or the pager and wait, so it notifies them,
 * gives each some time to say that it is done, and stops then. */
#include "user/init/power.h"
#include "user/init/console.h"
#include "user/init/machine.h"
#include "user/init/request.h"
#include "user/init/supervise.h"

#define DRAIN_NS 2000000000ul /* longer than con's ring lasts at 115,200 baud */
#define SYNC_NS \
    60000000000ul /* the host may be slow; when it hangs, the machine stops nevertheless */

static struct {
    uint64_t drain_deadline, sync_deadline; /* 0: not wanted, or done */
    bool is_wanted, is_reboot;
    unsigned status;
} power;

/* Stops when there is nothing left to wait for. */
static void stop_when_done(void)
{
    if (!power.is_wanted || power.drain_deadline || power.sync_deadline)
        return;
    if (power.is_reboot)
        machine_reboot();
    machine_power_off(power.status);
}

static void stop_soon(bool is_reboot, unsigned status)
{
    uint64_t now = (uint64_t)sys_clock();

    if (power.is_wanted)
        return; /* the first one counts */
    power.is_wanted = true;
    power.is_reboot = is_reboot;
    power.status = status;
    if (console_ask_drain())
        power.drain_deadline = now + DRAIN_NS;
    if (supervise_ask_sync())
        power.sync_deadline = now + SYNC_NS;
    stop_when_done();
}

void power_off_soon(unsigned status)
{
    stop_soon(false, status);
}

void power_drained(void)
{
    power.drain_deadline = 0;
    stop_when_done();
}

void power_synced(void)
{
    power.sync_deadline = 0;
    stop_when_done();
}

uint64_t power_deadline(void)
{
    uint64_t drain = power.drain_deadline ? power.drain_deadline : ~0ul;
    uint64_t sync = power.sync_deadline ? power.sync_deadline : ~0ul;

    return drain < sync ? drain : sync;
}

void power_expire(void)
{
    uint64_t now = (uint64_t)sys_clock();

    if (power.drain_deadline && now >= power.drain_deadline)
        power_drained();
    if (power.sync_deadline && now >= power.sync_deadline) {
        console_say("init: the pager has not written all files back");
        power_synced();
    }
}

/* The pager: all files are written. */
int synced_handle(struct server_request *request)
{
    (void)request;
    power_synced();
    return 0;
}

/* w: POWER_*, status. The caller waits for the end. */
int power_handle(struct server_request *request)
{
    if (!caller_of(request)->may_power)
        return -EPERM;
    if (request->w[0] > POWER_REBOOT || request->w[1] > 255)
        return -EINVAL;
    stop_soon(request->w[0] == POWER_REBOOT, (unsigned)request->w[1]);
    return SERVER_ANSWERED;
}
