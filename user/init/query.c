/* SPDX-License-Identifier: MIT
 *
 * Requests that only ask: PROCESS, SELF, REAL_TIME, ARGUMENT; and LOG, which only tells. */
#include "user/init/console.h"
#include "user/init/machine.h"
#include "user/init/request.h"
#include <abi/info.h>
#include <string.h>

#define ARGUMENT_NAME 64u
#define LOG_BYTES 512u

/* The kernel's number of the process's task; asked once. */
static uint32_t task_id(struct process *process)
{
    struct info_task task = {.id = 0};
    if (process->task == HANDLE_SELF)
        sys_info(INFO_SELF, 0, (unsigned long)&task, sizeof task);
    else
        sys_info(INFO_OF, process->task, (unsigned long)&task, sizeof task);
    return task.id;
}

/* w: smallest pid. */
int process_handle(struct server_request *request)
{
    struct process *process = process_next(request->w[0]);
    if (!process)
        return -ENOENT;
    if (!process->task_id && process->task != HANDLE_NONE)
        process->task_id = task_id(process);
    struct init_process record = {
        .pid = process->pid,
        .parent = process->parent ? process->parent->pid : 0,
        .task = process->task_id,
        .state = process->state,
        .started = process->started,
        .group = process->group,
        .session = process->session,
    };
    memcpy(record.name, process->name, sizeof record.name);
    request->word[0] = sizeof record;
    return server_copy_out(request, 0, &record, sizeof record);
}

/* So that one of its threads can interrupt the first. */
static int self_thread(struct server_request *request)
{
    struct process *caller = caller_of(request);
    if (!caller->is_wired)
        return -EPERM;
    long value = sys_task_grant(caller->task, caller->thread, H_MANAGE);
    if (value < 0)
        return (int)value;
    request->word[0] = (unsigned long)value;
    return 0;
}

int self_handle(struct server_request *request)
{
    if (request->w[0] == INIT_SELF_THREAD)
        return self_thread(request);
    request->word[0] = caller_of(request)->pid;
    request->word[1] = caller_of(request)->parent->pid;
    request->word[2] = caller_of(request)->group;
    request->word[3] = caller_of(request)->session;
    return 0;
}

int real_time_handle(struct server_request *request)
{
    request->word[0] = machine_real_time();
    return 0;
}

/* w: bytes of the name, room for the value. */
int argument_handle(struct server_request *request)
{
    char name[ARGUMENT_NAME];
    size_t length;
    int result;

    if (request->w[0] > sizeof name)
        return -ENOENT;
    if ((result = server_copy_in(request, 0, name, request->w[0])))
        return result;
    const char *value = machine_argument(name, request->w[0], &length);
    if (!value)
        return -ENOENT;
    request->word[0] = length;
    size_t fits = length < request->w[1] ? length : request->w[1];
    return fits ? server_copy_out(request, 0, value, fits) : 0;
}

/* One line; what could move the cursor or end the line is shown as '.'. */
static void log_line(const struct process *process, const char *byte, size_t length)
{
    struct text text = {0};
    text_add(&text, process->name);
    text_add(&text, ": ");
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)byte[i];
        text_add_byte(&text, c == '\t' || (c >= ' ' && c != 0x7f) ? byte[i] : '.');
    }
    console_line(&text);
}

/* w: bytes. */
int log_handle(struct server_request *request)
{
    char text[LOG_BYTES];
    size_t length = request->w[0] < sizeof text ? request->w[0] : sizeof text;
    int result = server_copy_in(request, 0, text, length);
    if (result)
        return result;
    for (size_t from = 0; from < length;) {
        const char *end = memchr(text + from, '\n', length - from);
        size_t size = end ? (size_t)(end - text) - from : length - from;
        log_line(caller_of(request), text + from, size);
        from += size + 1;
    }
    return 0;
}
