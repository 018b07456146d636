/* SPDX-License-Identifier: MIT
 *
 * Switching policies. See switch.h. The new instance is made first, beside the old one: if it
 * cannot be had, nothing has happened. Then every frame leaves, HANDED_OVER, and enters, TAKEN_OVER, in order
 * of their numbers, which both policies know as well as any. Frames that are still fresh have not been told
 * to anybody: they come to the new one as they would have come to the old. The work is a few hundred
 * instructions a frame and is not interrupted; nothing is unmapped, so programs do not notice. */
#include "user/pager/evict/switch.h"
#include <errno.h>
#include <proto/pager.h>
#include <proto/start.h>
#include <stdio.h>
#include <string.h>
#include "user/pager/base/frame.h"
#include "user/pager/base/memory.h"
#include "user/pager/base/say.h"
#include "user/pager/base/watcher.h"
#include "user/pager/evict/call.h"
#include "user/pager/evict/guard.h"
#include "user/pager/evict/guest.h"
#include "user/pager/evict/policy_log.h"

static bool leaving; /* the one in force hands over */

static void hand_over(void)
{
    leaving = true;
    for (uint32_t number = 0; number < frames.count && leaving; number++)
        if (frame_number(number)->policy & POLICY_ENTERED)
            call_leave(&guest_of(frame_number(number))->policy, POLICY_HANDED_OVER);
    if (leaving)
        call_fini();
    leaving = false;
}

/* The new one is in force. Should it fail in this, the one that takes its place has taken all over. */
static void take_over(struct guest new)
{
    guest = new;
    guard.policy = new.policy->name;
    watcher.event(TRACE_POLICY, NULL);
    for (uint32_t number = 0; number < frames.count && guest.self == new.self; number++) {
        struct policy_frame *frame = &guest_of(frame_number(number))->policy;
        if (!(frame_number(number)->policy & POLICY_ENTERED))
            continue;
        frame->word[0] = frame->word[1] = 0;
        call_enter(frame, POLICY_TAKEN_OVER);
    }
}

void switch_failed(void)
{
    struct guest new = {0};

    RECORD(PAGER_RECORD_POLICY, TRACE_FAILED, 0);
    if (leaving) { /* another one is there already */
        leaving = false;
        return;
    }
    if (memory_auxv(AT_OCTAVO_UPPER)) /* a pager for a few programs, which want this policy */
        guard_end("its programs end with it");
    if (guest_is_standard() || guest_begin(GUEST_STANDARD, frames.limit, &new))
        guard_end("there is no other one");
    say("the policy is %s from now on, and all goes on", GUEST_STANDARD);
    take_over(new);
}

/* NULL, or what is wrong. */
static const char *change(const char *text)
{
    struct guest new = {0};
    const char *wrong = guest_begin(text, frames.limit, &new);

    if (wrong)
        return wrong;
    hand_over();
    take_over(new);
    return guest.self == new.self ? NULL : GUEST_FAILED;
}

bool switch_renew(void)
{
    char text[GUEST_TEXT];

    memcpy(text, guest.text, sizeof(text));
    return change(text) == NULL;
}

enum outcome switch_policy(struct request *r)
{
    char text[GUEST_TEXT] = "";
    uint64_t length = r->m.w[0];

    if (length >= sizeof(text))
        return answer_errno(r, -ENAMETOOLONG);
    int error = request_copy(r, COPY_IN, 0, text, length);
    if (error)
        return error > 0 ? DONE : answer_errno(r, error);
    const char *wrong = change(text);
    if (!wrong)
        return answer_errno(r, 0);
    r->answer.w[0] = strcmp(wrong, "no such policy") == 0      ? PAGER_POLICY_NONE
                     : strcmp(wrong, "no such parameter") == 0 ? PAGER_POLICY_PARAMETER
                     : strcmp(wrong, "bad value") == 0         ? PAGER_POLICY_VALUE
                     : strcmp(wrong, GUEST_FAILED) == 0        ? PAGER_POLICY_BROKEN
                                                               : PAGER_POLICY_MEMORY;
    return answer_errno(r, -EINVAL);
}

enum outcome switch_list(struct request *r)
{
    char text[1024];
    uint64_t index = 0;

    while (policy_table[index] && index < r->m.w[0])
        index++;
    const struct policy *policy = policy_table[index];
    if (!policy)
        return answer_errno(r, -ENOENT);
    size_t at = (size_t)snprintf(text, sizeof(text), "%s\t%s", policy->name,
                                 policy->about ? policy->about : "");
    for (const struct policy_param *p = policy->parameters; p && p->key && at < sizeof(text); p++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "\t%s=%lld, %lld to %lld: %s", p->key,
                               (long long)p->standard, (long long)p->least, (long long)p->most,
                               p->about ? p->about : "");
    r->answer.w[1] = policy == guest.policy;
    return request_answer_text(r, text);
}

enum outcome switch_dump(struct request *r)
{
    static char text[GUEST_TEXT + POLICY_LOG_BYTES];
    const char *line;

    if (r->m.w[0] == 0)
        call_dump();
    size_t at = (size_t)snprintf(text, sizeof(text), "%s\n", guest.text);
    for (unsigned n = 0; (line = policy_log_line(n)) != NULL && at < sizeof(text); n++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "%s\n", line);
    return request_answer_text(r, text);
}
