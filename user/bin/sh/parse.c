/* SPDX-License-Identifier: MIT
 *
 * From text to struct script. Recursive descent over one character pointer; no expansion, no
 * execution, no input or output: it also compiles for the host. */
#include "user/bin/sh/parse.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct parser {
    const char *at;
    const char *error;
    bool more;
};

static void *parse_allocate(size_t size)
{
    void *memory = calloc(1, size);

    if (!memory)
        abort();
    return memory;
}

static char *parse_copy(const char *start, const char *end)
{
    char *copy = parse_allocate((size_t)(end - start) + 1);

    memcpy(copy, start, (size_t)(end - start));
    return copy;
}

bool name_valid(const char *text, unsigned long length)
{
    if (length == 0 || isdigit((unsigned char)text[0]))
        return false;
    for (unsigned long i = 0; i < length; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '_')
            return false;
    return true;
}

static void fail(struct parser *p, const char *error)
{
    if (!p->error)
        p->error = error;
}

/* Blanks, joined lines and comments; not newlines, which end commands. */
static void skip_blanks(struct parser *p)
{
    for (;;) {
        if (*p->at == ' ' || *p->at == '\t')
            p->at++;
        else if (p->at[0] == '\\' && p->at[1] == '\n')
            p->at += 2;
        else if (*p->at == '#')
            p->at += strcspn(p->at, "\n");
        else
            return;
    }
}

static void skip_blank_lines(struct parser *p)
{
    for (skip_blanks(p); *p->at == '\n'; skip_blanks(p))
        p->at++;
}

static bool is_word_end(char c)
{
    return c == '\0' || strchr(" \t\n;&|<>()", c) != NULL;
}

/* Past the closing quote of the one at p->at; at the end of the text, more is wanted. */
static void skip_quoted(struct parser *p)
{
    char quote = *p->at++;

    while (*p->at && *p->at != quote) {
        if (quote == '"' && *p->at == '\\' && p->at[1])
            p->at++;
        p->at++;
    }
    if (*p->at)
        p->at++;
    else
        p->more = true;
}

/* A raw word, or NULL if there is none here. */
static char *parse_word(struct parser *p)
{
    const char *start = p->at;

    while (!is_word_end(*p->at) && !p->more) {
        if (*p->at == '\'' || *p->at == '"') {
            skip_quoted(p);
        } else if (*p->at == '\\') {
            p->at++;
            if (*p->at)
                p->at++;
            else
                p->more = true;
        } else {
            p->at++;
        }
    }
    return p->at == start ? NULL : parse_copy(start, p->at);
}

static struct word *word_new(const char *text)
{
    struct word *word = parse_allocate(sizeof(*word) + strlen(text) + 1);

    strcpy(word->text, text);
    return word;
}

/* [n]<word [n]>word [n]>>word [n]<&word [n]>&word. False when there is none here. */
static bool parse_redirection(struct parser *p, struct command *command)
{
    const char *at = p->at;
    int fd = -1;

    if (isdigit((unsigned char)at[0]) && (at[1] == '<' || at[1] == '>'))
        fd = *at++ - '0';
    if (*at != '<' && *at != '>')
        return false;
    struct redirection *r = parse_allocate(sizeof(*r));
    STAILQ_INSERT_TAIL(&command->redirections, r, link);
    r->kind = *at == '<' ? REDIRECT_READ : REDIRECT_WRITE;
    r->fd = fd >= 0 ? fd : r->kind == REDIRECT_WRITE;
    at++;
    if (*at == '&') {
        r->kind = REDIRECT_DUP;
        at++;
    } else if (*at == '>' && r->kind == REDIRECT_WRITE) {
        r->kind = REDIRECT_APPEND;
        at++;
    } else if (*at == '<') {
        fail(p, "here-documents are not supported");
    }
    p->at = at;
    skip_blanks(p);
    r->word = parse_word(p);
    if (!r->word)
        fail(p, "a redirection needs a name");
    return true;
}

static bool is_assignment(const char *text)
{
    const char *equals = strchr(text, '=');

    return equals && name_valid(text, (unsigned long)(equals - text));
}

/* [!] [assignment | redirection | word]... */
static struct command *parse_command(struct parser *p, enum condition condition)
{
    struct command *command = parse_allocate(sizeof(*command));

    command->condition = condition;
    STAILQ_INIT(&command->assignments);
    STAILQ_INIT(&command->words);
    STAILQ_INIT(&command->redirections);
    skip_blanks(p);
    while (p->at[0] == '!' && is_word_end(p->at[1])) {
        command->negate = !command->negate;
        p->at++;
        skip_blanks(p);
    }
    const char *start = p->at;
    for (; !p->error && !p->more; skip_blanks(p)) {
        if (parse_redirection(p, command))
            continue;
        char *text = parse_word(p);
        if (!text)
            break;
        struct word *word = word_new(text);
        if (STAILQ_EMPTY(&command->words) && is_assignment(text))
            STAILQ_INSERT_TAIL(&command->assignments, word, link);
        else
            STAILQ_INSERT_TAIL(&command->words, word, link);
        free(text);
    }
    if (*p->at == '(' || *p->at == ')')
        fail(p, "( ) is not supported");
    else if (p->at[0] == '|' && p->at[1] != '|')
        fail(p, "pipes are not supported");
    else if (p->at == start && *p->at)
        fail(p, "a command is missing");
    return command;
}

/* command [&& command | || command]... [;|&] */
static struct and_or *parse_and_or(struct parser *p)
{
    struct and_or *list = parse_allocate(sizeof(*list));
    const char *start = p->at;
    enum condition condition = RUN_ALWAYS;

    STAILQ_INIT(&list->commands);
    for (;;) {
        const char *before = p->at;
        struct command *command = parse_command(p, condition);
        STAILQ_INSERT_TAIL(&list->commands, command, link);
        if (condition != RUN_ALWAYS && p->at == before && !*p->at)
            p->more = true;
        if (p->error || p->more)
            break;
        if (p->at[0] == '&' && p->at[1] == '&')
            condition = RUN_IF_TRUE;
        else if (p->at[0] == '|' && p->at[1] == '|')
            condition = RUN_IF_FALSE;
        else
            break;
        p->at += 2;
        skip_blank_lines(p);
        if (!*p->at)
            p->more = true;
    }
    const char *end = p->at;
    while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    list->text = parse_copy(start, end);
    if (*p->at == '&')
        list->background = true;
    if (*p->at == '&' || *p->at == ';' || *p->at == '\n')
        p->at++;
    return list;
}

enum parse_result script_parse(const char *text, struct script *script, const char **error)
{
    struct parser p = {.at = text};

    STAILQ_INIT(&script->lists);
    for (skip_blank_lines(&p); *p.at && !p.error && !p.more; skip_blank_lines(&p)) {
        struct and_or *list = parse_and_or(&p);
        STAILQ_INSERT_TAIL(&script->lists, list, link);
    }
    *error = p.error;
    if (!p.error && !p.more)
        return PARSE_DONE;
    script_free(script);
    return p.error ? PARSE_ERROR : PARSE_MORE;
}

static void words_free(struct word_list *list)
{
    struct word *word;

    while ((word = STAILQ_FIRST(list))) {
        STAILQ_REMOVE_HEAD(list, link);
        free(word);
    }
}

static void command_free(struct command *command)
{
    struct redirection *r;

    words_free(&command->assignments);
    words_free(&command->words);
    while ((r = STAILQ_FIRST(&command->redirections))) {
        STAILQ_REMOVE_HEAD(&command->redirections, link);
        free(r->word);
        free(r);
    }
    free(command);
}

void script_free(struct script *script)
{
    struct and_or *list;
    struct command *command;

    while ((list = STAILQ_FIRST(&script->lists))) {
        STAILQ_REMOVE_HEAD(&script->lists, link);
        while ((command = STAILQ_FIRST(&list->commands))) {
            STAILQ_REMOVE_HEAD(&list->commands, link);
            command_free(command);
        }
        free(list->text);
        free(list);
    }
}
