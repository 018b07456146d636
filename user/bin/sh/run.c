/* SPDX-License-Identifier: MIT
 *
 * Running a tree: lists, conditions, loops. Simple commands are in command.c, what needs processes of
 * its own in pipe.c. */
#include <fnmatch.h>
#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <string.h>
#include "user/bin/sh/expand.h"
#include "user/bin/sh/shell.h"
#include "user/bin/sh/variables.h"

static void run_if(struct node *node)
{
    shell.conditions++;
    run_node(node->left);
    shell.conditions--;
    if (shell.flow)
        return;
    if (parameters.status == 0)
        run_node(node->right);
    else if (node->other)
        run_node(node->other);
    else
        parameters.status = 0;
}

/* After a loop's body or condition: does the loop end? */
static bool loop_ends(void)
{
    if (!shell.flow)
        return false;
    if (shell.flow != FLOW_BREAK && shell.flow != FLOW_CONTINUE)
        return true;
    if (--shell.flow_count > 0)
        return true; /* it is for a loop around this one */
    bool ends = shell.flow == FLOW_BREAK;
    shell.flow = FLOW_ON;
    return ends;
}

static void run_while(struct node *node)
{
    int status = 0;

    shell.loops++;
    for (;;) {
        shell.conditions++;
        run_node(node->left);
        shell.conditions--;
        if (shell.flow) {
            status = parameters.status;
            if (loop_ends())
                break;
            continue;
        }
        if ((parameters.status == 0) != (node->kind == NODE_WHILE))
            break;
        run_node(node->right);
        status = parameters.status;
        if (loop_ends())
            break;
    }
    shell.loops--;
    parameters.status = status;
}

static void run_for(struct node *node)
{
    struct arguments values = {0};
    struct word *word;
    bool good = true;

    if (node->has_words) {
        STAILQ_FOREACH (word, &node->words, link)
            good = good && expand_word(word->text, &values) == 0;
    } else {
        for (int i = 0; i < parameters.count; i++)
            arguments_add(&values, strdup(parameters.v[i]));
    }
    parameters.status = good ? 0 : 1;
    shell.loops++;
    for (unsigned i = 0; good && i < values.n; i++) {
        if (!variable_set(node->name, values.v[i])) {
            shell_stop(STATUS_SYNTAX);
            break;
        }
        run_node(node->right);
        if (loop_ends())
            break;
    }
    shell.loops--;
    arguments_free(&values);
}

static bool case_matches(struct case_item *item, const char *subject)
{
    struct word *word;

    STAILQ_FOREACH (word, &item->patterns, link) {
        char *pattern = expand_pattern(word->text);
        bool matches = pattern && fnmatch(pattern, subject, 0) == 0;
        free(pattern);
        if (matches)
            return true;
    }
    return false;
}

static void run_case(struct node *node)
{
    char *subject = expand_string(STAILQ_FIRST(&node->words)->text);
    struct case_item *item;

    parameters.status = subject ? 0 : 1;
    if (!subject)
        return;
    STAILQ_FOREACH (item, &node->items, link)
        if (case_matches(item, subject)) {
            if (item->body)
                run_node(item->body);
            break;
        }
    free(subject);
}

static void run_and_or(struct node *node)
{
    shell.conditions++;
    run_node(node->left);
    shell.conditions--;
    if (!shell.flow && (parameters.status == 0) == (node->kind == NODE_AND))
        run_node(node->right);
}

static void run_not(struct node *node)
{
    shell.conditions++;
    run_node(node->left);
    shell.conditions--;
    if (!shell.flow)
        parameters.status = !parameters.status;
}

/* set -e: not where the status was asked about, and not for && and ||, whose last command decides. */
static void check_status(enum node_kind kind)
{
    bool decides = kind == NODE_SIMPLE || kind == NODE_PIPE || kind == NODE_SUBSHELL;

    if (decides && shell.exit_on_error && shell.conditions == 0 && parameters.status != 0 &&
        !shell.flow) {
        shell.flow = FLOW_STOP;
        shell.leave = true;
    }
}

static void run_compound(struct node *node)
{
    switch (node->kind) {
    case NODE_IF:
        run_if(node);
        break;
    case NODE_WHILE:
    case NODE_UNTIL:
        run_while(node);
        break;
    case NODE_FOR:
        run_for(node);
        break;
    case NODE_CASE:
        run_case(node);
        break;
    case NODE_SUBSHELL:
        run_subshell(node->left);
        break;
    default: /* NODE_GROUP */
        run_node(node->left);
    }
}

static void run_redirected(struct node *node)
{
    struct saved saved = {0};

    if (STAILQ_EMPTY(&node->redirections)) {
        run_compound(node);
        return;
    }
    if (redirections_apply(&node->redirections, &saved))
        run_compound(node);
    else
        parameters.status = STATUS_SYNTAX;
    redirections_restore(&saved);
}

void run_node(struct node *node)
{
    traps_run();
    if (shell.flow || shell.no_execution)
        return;
    switch (node->kind) {
    case NODE_SIMPLE:
        run_simple(node);
        break;
    case NODE_PIPE:
        run_pipe(node);
        break;
    case NODE_AND:
    case NODE_OR:
        run_and_or(node);
        break;
    case NODE_NOT:
        run_not(node);
        break;
    case NODE_SEQUENCE: {
        run_node(node->left);
        if (!shell.flow)
            run_node(node->right);
        break;
    }
    case NODE_BACKGROUND:
        run_background(node);
        break;
    case NODE_FUNCTION:
        functions_define(node, running_arena);
        parameters.status = 0;
        break;
    default:
        run_redirected(node);
    }
    check_status(node->kind);
}
