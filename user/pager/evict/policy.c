/* SPDX-License-Identifier: MIT
 *
 * policy.c - from "clock:start=0" to a policy and the values of its parameters.
 *
 * Shared by the pager and the simulator; knows no policy by name. Must not allocate or print.
 */
#include "policy.h"

#include <string.h>

/* Length of the part of `text` before any character of `stops`. */
static size_t span(const char *text, const char *stops)
{
    return strcspn(text, stops);
}

static bool is(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && memcmp(name, text, length) == 0;
}

/* A decimal number of exactly `length` characters, within the parameter's bounds. */
static bool parse_value(const struct policy_param *param, const char *text, size_t length,
                        int64_t *value)
{
    bool minus = length > 0 && text[0] == '-';
    int64_t n = 0;

    if (length == (size_t)minus || length > 18)
        return false;
    for (size_t i = minus; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        n = n * 10 + (text[i] - '0');
    }
    if (minus)
        n = -n;
    *value = n;
    return n >= param->least && n <= param->most;
}

/* One "key=value". */
static const char *parse_param(const struct policy *policy, const char *text, size_t length,
                               int64_t value[])
{
    size_t key = span(text, "=,");

    for (int i = 0; policy->parameters && policy->parameters[i].key; i++) {
        if (!is(policy->parameters[i].key, text, key))
            continue;
        if (key >= length ||
            !parse_value(&policy->parameters[i], text + key + 1, length - key - 1, &value[i]))
            return "bad value";
        return NULL;
    }
    return "no such parameter";
}

static const struct policy *find(const char *name, size_t length)
{
    for (int i = 0; policy_table[i]; i++)
        if (is(policy_table[i]->name, name, length))
            return policy_table[i];
    return NULL;
}

const char *policy_parse(const char *text, const struct policy **policy,
                         int64_t value[POLICY_MAX_PARAMS])
{
    size_t length = span(text, ":");
    const char *wrong = NULL;

    *policy = find(text, length);
    if (!*policy)
        return "no such policy";
    for (int i = 0; (*policy)->parameters && (*policy)->parameters[i].key; i++)
        value[i] = (*policy)->parameters[i].standard;
    while (!wrong && text[length] != '\0') {
        text += length + 1;
        length = span(text, ",");
        wrong = parse_param(*policy, text, length, value);
    }
    return wrong;
}
