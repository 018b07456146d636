/* SPDX-License-Identifier: MIT
 *
 * The shell's grammar by recursive descent (POSIX XCU 2.10.2): one function a rule. */
#include "user/bin/sh/parse.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "user/bin/sh/lex.h"

#define DEPTH_MAX 100 /* of compound commands in one another: the stack is small */

static int depth;

static struct node *parse_list(struct lexer *lexer);
static struct node *parse_and_or(struct lexer *lexer);

bool name_valid(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] != '_' && !isalpha((unsigned char)text[i]) &&
            (i == 0 || !isdigit((unsigned char)text[i])))
            return false;
    return length > 0;
}

static struct node *node_new(struct lexer *lexer, enum node_kind kind, struct node *left,
                             struct node *right)
{
    struct node *node = arena_take(lexer->arena, sizeof(*node));

    node->kind = kind;
    node->left = left;
    node->right = right;
    STAILQ_INIT(&node->assignments);
    STAILQ_INIT(&node->words);
    STAILQ_INIT(&node->redirections);
    STAILQ_INIT(&node->items);
    return node;
}

/* --- Errors ----------------------------------------------------------------------------------- */

static _Noreturn void unexpected(struct lexer *lexer)
{
    static char text[80];
    enum token token = lex_token(lexer);

    if (token == TOKEN_END)
        lex_more(lexer);
    if (token == TOKEN_NEWLINE)
        snprintf(text, sizeof(text), "unexpected end of line");
    else
        snprintf(text, sizeof(text), "unexpected '%.*s'", (int)(lexer->at - lexer->start),
                 lexer->text + lexer->start);
    lex_fail(lexer, text);
}

static void expect(struct lexer *lexer, const char *word)
{
    if (!lex_is(lexer, word))
        unexpected(lexer);
    lex_take(lexer);
}

static void skip_newlines(struct lexer *lexer)
{
    while (lex_token(lexer) == TOKEN_NEWLINE)
        lex_take(lexer);
}

/* --- Words and redirections ------------------------------------------------------------------- */

/* The token ahead as a word in the arena. */
static char *take_text(struct lexer *lexer)
{
    enum token token = lex_token(lexer);

    if (token != TOKEN_WORD && token != TOKEN_NUMBER)
        unexpected(lexer);
    char *text = arena_text(lexer->arena, lexer->text + lexer->start, lexer->at - lexer->start);
    lex_take(lexer);
    return text;
}

static void take_word(struct lexer *lexer, struct word_list *list)
{
    lex_token(lexer);
    size_t length = lexer->at - lexer->start;
    struct word *word = arena_take(lexer->arena, sizeof(*word) + length + 1);

    memcpy(word->text, lexer->text + lexer->start, length);
    STAILQ_INSERT_TAIL(list, word, link);
    lex_take(lexer);
}

/* Takes a redirection, if there is one ahead. */
static bool take_redirection(struct lexer *lexer, struct redirection_list *list)
{
    int fd = -1;

    if (lex_token(lexer) == TOKEN_NUMBER) {
        fd = atoi(lexer->text + lexer->start);
        lex_take(lexer);
    }
    enum token token = lex_token(lexer);
    if (token < TOKEN_LESS)
        return false;
    lex_take(lexer);
    struct redirection *r = arena_take(lexer->arena, sizeof(*r));
    r->word = take_text(lexer);
    r->fd = fd >= 0 ? fd
            : token == TOKEN_GREAT || token == TOKEN_GREAT_AND || token == TOKEN_APPEND ||
                    token == TOKEN_CLOBBER
                ? 1
                : 0;
    r->kind = token == TOKEN_LESS                                   ? REDIRECT_READ
              : token == TOKEN_GREAT                                ? REDIRECT_WRITE
              : token == TOKEN_CLOBBER                              ? REDIRECT_CLOBBER
              : token == TOKEN_APPEND                               ? REDIRECT_APPEND
              : token == TOKEN_LESS_GREAT                           ? REDIRECT_READ_WRITE
              : token == TOKEN_LESS_AND || token == TOKEN_GREAT_AND ? REDIRECT_DUP
                                                                    : REDIRECT_HERE;
    r->strip = token == TOKEN_HERE_STRIP;
    if (r->kind == REDIRECT_HERE)
        lex_here(lexer, r);
    STAILQ_INSERT_TAIL(list, r, link);
    return true;
}

/* --- Compound commands ------------------------------------------------------------------------ */

/* A list that must not be empty. */
static struct node *parse_body(struct lexer *lexer)
{
    struct node *list = parse_list(lexer);

    if (!list)
        unexpected(lexer);
    return list;
}

static struct node *parse_do(struct lexer *lexer)
{
    expect(lexer, "do");
    struct node *body = parse_body(lexer);
    expect(lexer, "done");
    return body;
}

/* Behind `if` or `elif`. */
static struct node *parse_if(struct lexer *lexer)
{
    struct node *node = node_new(lexer, NODE_IF, parse_body(lexer), NULL);

    expect(lexer, "then");
    node->right = parse_body(lexer);
    if (lex_is(lexer, "elif")) {
        lex_take(lexer);
        node->other = parse_if(lexer);
        return node;
    }
    if (lex_is(lexer, "else")) {
        lex_take(lexer);
        node->other = parse_body(lexer);
    }
    expect(lexer, "fi");
    return node;
}

static struct node *parse_loop(struct lexer *lexer, enum node_kind kind)
{
    struct node *node = node_new(lexer, kind, parse_body(lexer), NULL);

    node->right = parse_do(lexer);
    return node;
}

static struct node *parse_for(struct lexer *lexer)
{
    struct node *node = node_new(lexer, NODE_FOR, NULL, NULL);

    if (lex_token(lexer) != TOKEN_WORD)
        unexpected(lexer);
    node->name = take_text(lexer);
    if (!name_valid(node->name, strlen(node->name)))
        lex_fail(lexer, "bad variable name after for");
    skip_newlines(lexer);
    if (lex_is(lexer, "in")) {
        node->has_words = true;
        lex_take(lexer);
        while (lex_token(lexer) == TOKEN_WORD || lex_token(lexer) == TOKEN_NUMBER)
            take_word(lexer, &node->words);
        if (lex_token(lexer) != TOKEN_SEMICOLON && lex_token(lexer) != TOKEN_NEWLINE)
            unexpected(lexer);
    }
    if (lex_token(lexer) == TOKEN_SEMICOLON)
        lex_take(lexer);
    skip_newlines(lexer);
    node->right = parse_do(lexer);
    return node;
}

static struct case_item *parse_case_item(struct lexer *lexer)
{
    struct case_item *item = arena_take(lexer->arena, sizeof(*item));

    STAILQ_INIT(&item->patterns);
    if (lex_token(lexer) == TOKEN_OPEN)
        lex_take(lexer);
    for (;;) {
        if (lex_token(lexer) != TOKEN_WORD)
            unexpected(lexer);
        take_word(lexer, &item->patterns);
        if (lex_token(lexer) != TOKEN_PIPE)
            break;
        lex_take(lexer);
    }
    if (lex_token(lexer) != TOKEN_CLOSE)
        unexpected(lexer);
    lex_take(lexer);
    item->body = parse_list(lexer);
    return item;
}

static struct node *parse_case(struct lexer *lexer)
{
    struct node *node = node_new(lexer, NODE_CASE, NULL, NULL);

    if (lex_token(lexer) != TOKEN_WORD)
        unexpected(lexer);
    take_word(lexer, &node->words);
    skip_newlines(lexer);
    expect(lexer, "in");
    skip_newlines(lexer);
    while (!lex_is(lexer, "esac")) {
        struct case_item *item = parse_case_item(lexer);
        STAILQ_INSERT_TAIL(&node->items, item, link);
        if (lex_token(lexer) != TOKEN_CASE_END)
            break;
        lex_take(lexer);
        skip_newlines(lexer);
    }
    expect(lexer, "esac");
    return node;
}

static struct node *parse_subshell(struct lexer *lexer)
{
    lex_take(lexer);
    struct node *node = node_new(lexer, NODE_SUBSHELL, parse_body(lexer), NULL);
    if (lex_token(lexer) != TOKEN_CLOSE)
        unexpected(lexer);
    lex_take(lexer);
    return node;
}

static struct node *parse_group(struct lexer *lexer)
{
    struct node *node = node_new(lexer, NODE_GROUP, parse_body(lexer), NULL);

    expect(lexer, "}");
    return node;
}

/* A compound command, or NULL when none begins here. */
static struct node *parse_compound(struct lexer *lexer)
{
    static const struct {
        const char *word;
        enum node_kind kind;
    } openers[] = {{"if", NODE_IF},   {"while", NODE_WHILE}, {"until", NODE_UNTIL},
                   {"for", NODE_FOR}, {"case", NODE_CASE},   {"{", NODE_GROUP}};

    if (lex_token(lexer) == TOKEN_OPEN)
        return parse_subshell(lexer);
    for (size_t i = 0; i < sizeof(openers) / sizeof(openers[0]); i++) {
        if (!lex_is(lexer, openers[i].word))
            continue;
        lex_take(lexer);
        switch (openers[i].kind) {
        case NODE_IF:
            return parse_if(lexer);
        case NODE_FOR:
            return parse_for(lexer);
        case NODE_CASE:
            return parse_case(lexer);
        case NODE_GROUP:
            return parse_group(lexer);
        default:
            return parse_loop(lexer, openers[i].kind);
        }
    }
    return NULL;
}

static bool is_closer(struct lexer *lexer)
{
    static const char *const closers[] = {"then", "elif", "else", "fi", "do", "done", "esac", "}"};

    for (size_t i = 0; i < sizeof(closers) / sizeof(closers[0]); i++)
        if (lex_is(lexer, closers[i]))
            return true;
    return false;
}

/* --- Simple commands, pipelines, lists -------------------------------------------------------- */

static bool is_assignment(struct lexer *lexer)
{
    const char *word = lexer->text + lexer->start;
    size_t length = lexer->at - lexer->start;
    const char *equals = memchr(word, '=', length);

    return equals && name_valid(word, (size_t)(equals - word));
}

/* name() command: `(` was seen behind the first word. */
static struct node *parse_function(struct lexer *lexer, struct node *simple)
{
    struct word *name = STAILQ_FIRST(&simple->words);
    struct node *node = node_new(lexer, NODE_FUNCTION, NULL, NULL);

    if (!name || STAILQ_NEXT(name, link) || !STAILQ_EMPTY(&simple->assignments) ||
        !STAILQ_EMPTY(&simple->redirections))
        unexpected(lexer);
    lex_take(lexer);
    if (lex_token(lexer) != TOKEN_CLOSE)
        unexpected(lexer);
    if (!name_valid(name->text, strlen(name->text)))
        lex_fail(lexer, "bad function name");
    lex_take(lexer);
    skip_newlines(lexer);
    node->name = name->text;
    node->right = parse_compound(lexer);
    if (!node->right)
        unexpected(lexer);
    while (take_redirection(lexer, &node->right->redirections))
        ;
    return node;
}

static struct node *parse_simple(struct lexer *lexer)
{
    struct node *node = node_new(lexer, NODE_SIMPLE, NULL, NULL);

    for (;;) {
        if (take_redirection(lexer, &node->redirections))
            continue;
        enum token token = lex_token(lexer);
        if (token == TOKEN_OPEN && !STAILQ_EMPTY(&node->words))
            return parse_function(lexer, node);
        if (token != TOKEN_WORD)
            break;
        take_word(lexer, STAILQ_EMPTY(&node->words) && is_assignment(lexer) ? &node->assignments
                                                                            : &node->words);
    }
    if (STAILQ_EMPTY(&node->words) && STAILQ_EMPTY(&node->assignments) &&
        STAILQ_EMPTY(&node->redirections))
        unexpected(lexer);
    return node;
}

static struct node *parse_one(struct lexer *lexer)
{
    struct node *node = parse_compound(lexer);

    if (!node && is_closer(lexer))
        unexpected(lexer);
    if (!node)
        return parse_simple(lexer);
    while (take_redirection(lexer, &node->redirections))
        ;
    return node;
}

static struct node *parse_pipeline(struct lexer *lexer)
{
    bool negate = lex_is(lexer, "!");

    if (negate)
        lex_take(lexer);
    struct node *node = parse_one(lexer);
    while (lex_token(lexer) == TOKEN_PIPE) {
        lex_take(lexer);
        skip_newlines(lexer);
        node = node_new(lexer, NODE_PIPE, node, parse_one(lexer));
    }
    return negate ? node_new(lexer, NODE_NOT, node, NULL) : node;
}

static struct node *parse_and_or(struct lexer *lexer)
{
    struct node *node = parse_pipeline(lexer);

    for (;;) {
        enum token token = lex_token(lexer);
        if (token != TOKEN_AND_IF && token != TOKEN_OR_IF)
            return node;
        lex_take(lexer);
        skip_newlines(lexer);
        node = node_new(lexer, token == TOKEN_AND_IF ? NODE_AND : NODE_OR, node,
                        parse_pipeline(lexer));
    }
}

/* An and-or list and the & behind it. */
static struct node *parse_item(struct lexer *lexer)
{
    lex_token(lexer);
    size_t start = lexer->start;
    struct node *node = parse_and_or(lexer);

    if (lex_token(lexer) == TOKEN_AND) {
        size_t end = lexer->start;
        while (end > start && isspace((unsigned char)lexer->text[end - 1]))
            end--;
        node = node_new(lexer, NODE_BACKGROUND, node, NULL);
        node->text = arena_text(lexer->arena, lexer->text + start, end - start);
    }
    return node;
}

static struct node *join(struct lexer *lexer, struct node *list, struct node *item)
{
    return list ? node_new(lexer, NODE_SEQUENCE, list, item) : item;
}

static bool list_ends(struct lexer *lexer)
{
    enum token token = lex_token(lexer);

    return token == TOKEN_END || token == TOKEN_CLOSE || token == TOKEN_CASE_END ||
           is_closer(lexer);
}

/* The list within a compound command; NULL when there is none. */
static struct node *parse_list(struct lexer *lexer)
{
    struct node *list = NULL;

    if (++depth > DEPTH_MAX)
        lex_fail(lexer, "too many commands in one another");
    skip_newlines(lexer);
    while (!list_ends(lexer)) {
        list = join(lexer, list, parse_item(lexer));
        enum token token = lex_token(lexer);
        if (token != TOKEN_SEMICOLON && token != TOKEN_AND && token != TOKEN_NEWLINE)
            break;
        lex_take(lexer);
        skip_newlines(lexer);
    }
    depth--;
    return list;
}

/* --- Entry ------------------------------------------------------------------------------------ */

static struct node *parse_line(struct lexer *lexer)
{
    struct node *list = NULL;

    skip_newlines(lexer);
    while (lex_token(lexer) != TOKEN_END) {
        list = join(lexer, list, parse_item(lexer));
        enum token token = lex_token(lexer);
        if (token == TOKEN_SEMICOLON || token == TOKEN_AND) {
            lex_take(lexer);
            token = lex_token(lexer);
            if (token != TOKEN_NEWLINE)
                continue;
        }
        if (token == TOKEN_END)
            break;
        if (token != TOKEN_NEWLINE)
            unexpected(lexer);
        lex_take(lexer);
        break;
    }
    return list;
}

static void lexer_setup(struct lexer *lexer, const char *text, size_t at)
{
    *lexer = (struct lexer){.text = text, .at = at, .arena = arena_new()};
    STAILQ_INIT(&lexer->pending);
    depth = 0;
}

enum parse_result parse_command(const char *text, size_t *position, struct node **node,
                                struct arena **arena, const char **error)
{
    struct lexer lexer;

    lexer_setup(&lexer, text, *position);
    if (setjmp(lexer.failure)) {
        arena_drop(lexer.arena);
        *error = lexer.error;
        return lexer.result;
    }
    *node = parse_line(&lexer);
    *position = lexer.ready ? lexer.start : lexer.at;
    *arena = lexer.arena;
    if (*node)
        return PARSE_DONE;
    arena_drop(lexer.arena);
    return PARSE_EMPTY;
}

enum parse_result parse_substitution(const char *text, size_t *end, struct node **node,
                                     struct arena **arena, const char **error)
{
    struct lexer lexer;

    lexer_setup(&lexer, text, 0);
    if (setjmp(lexer.failure)) {
        arena_drop(lexer.arena);
        *error = lexer.error;
        return lexer.result;
    }
    *node = parse_list(&lexer);
    if (lex_token(&lexer) != TOKEN_CLOSE)
        unexpected(&lexer);
    *end = lexer.at;
    *arena = lexer.arena;
    return PARSE_DONE;
}

size_t parse_skip_commands(struct lexer *outer, size_t at)
{
    struct lexer lexer;
    int outer_depth = depth;

    lexer_setup(&lexer, outer->text, at);
    depth = outer_depth;
    if (setjmp(lexer.failure)) {
        arena_drop(lexer.arena);
        outer->result = lexer.result;
        outer->error = lexer.error;
        longjmp(outer->failure, 1);
    }
    parse_list(&lexer);
    if (lex_token(&lexer) != TOKEN_CLOSE)
        unexpected(&lexer);
    size_t end = lexer.at;
    arena_drop(lexer.arena);
    return end;
}
