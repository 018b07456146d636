/* SPDX-License-Identifier: MIT
 *
 * Tokens of a shell text: see lex.h. A failure leaves through the lexer's jmp_buf. */
#include "user/bin/sh/lex.h"

#include <ctype.h>
#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <string.h>

_Noreturn void lex_fail(struct lexer *lexer, const char *what)
{
    lexer->result = PARSE_ERROR;
    lexer->error = what;
    longjmp(lexer->failure, 1);
}

_Noreturn void lex_more(struct lexer *lexer)
{
    lexer->result = PARSE_MORE;
    lexer->error = "unexpected end of input";
    longjmp(lexer->failure, 1);
}

/* --- Quotes and expansions -------------------------------------------------------------------- */

static size_t skip_single(struct lexer *lexer, size_t at)
{
    const char *end = strchr(lexer->text + at, '\'');

    if (!end)
        lex_more(lexer);
    return (size_t)(end - lexer->text) + 1;
}

static size_t skip_double(struct lexer *lexer, size_t at)
{
    while (lexer->text[at] != '"') {
        char c = lexer->text[at];
        if (!c || (c == '\\' && !lexer->text[at + 1]))
            lex_more(lexer);
        at = c == '\\' ? at + 2 : c == '$' || c == '`' ? lex_skip(lexer, at) : at + 1;
    }
    return at + 1;
}

static size_t skip_backquotes(struct lexer *lexer, size_t at)
{
    for (; lexer->text[at] != '`'; at++)
        if (!lexer->text[at] || (lexer->text[at] == '\\' && !lexer->text[++at]))
            lex_more(lexer);
    return at + 1;
}

static size_t skip_braces(struct lexer *lexer, size_t at)
{
    while (lexer->text[at] != '}') {
        if (!lexer->text[at])
            lex_more(lexer);
        at = lex_skip(lexer, at);
    }
    return at + 1;
}

/* Behind "$((": to the "))" that belongs to it; 0 when there is none, and it is "$( (". */
static size_t skip_arithmetic(struct lexer *lexer, size_t at)
{
    int depth = 0;

    for (; lexer->text[at]; at++) {
        char c = lexer->text[at];
        if (c == '(')
            depth++;
        else if (c == ')' && depth-- == 0)
            return lexer->text[at + 1] == ')' ? at + 2 : 0;
        else if (c == '$' || c == '`')
            at = lex_skip(lexer, at) - 1;
    }
    lex_more(lexer);
}

static size_t skip_dollar(struct lexer *lexer, size_t at)
{
    size_t end = 0;

    switch (lexer->text[at]) {
    case '{':
        return skip_braces(lexer, at + 1);
    case '(':
        if (lexer->text[at + 1] == '(')
            end = skip_arithmetic(lexer, at + 2);
        return end ? end : parse_skip_commands(lexer, at + 1);
    }
    return at;
}

size_t lex_skip(struct lexer *lexer, size_t at)
{
    switch (lexer->text[at]) {
    case '\\':
        if (!lexer->text[at + 1])
            lex_more(lexer);
        return at + 2;
    case '\'':
        return skip_single(lexer, at + 1);
    case '"':
        return skip_double(lexer, at + 1);
    case '`':
        return skip_backquotes(lexer, at + 1);
    case '$':
        return skip_dollar(lexer, at + 1);
    }
    return at + 1;
}

size_t lex_end(const char *text, size_t at)
{
    struct lexer lexer = {.text = text};

    return setjmp(lexer.failure) ? 0 : lex_skip(&lexer, at);
}

size_t lex_arithmetic(const char *text, size_t at)
{
    struct lexer lexer = {.text = text};

    if (strncmp(text + at, "$((", 3) != 0 || setjmp(lexer.failure))
        return 0;
    return skip_arithmetic(&lexer, at + 3);
}

/* --- Here-documents --------------------------------------------------------------------------- */

void lex_here(struct lexer *lexer, struct redirection *redirection)
{
    STAILQ_INSERT_TAIL(&lexer->pending, redirection, pending);
}

/* The delimiter without its quotes. */
static char *unquote(struct lexer *lexer, struct redirection *r)
{
    char *result = arena_text(lexer->arena, r->word, strlen(r->word)), *to = result;
    char quote = 0;

    for (const char *at = r->word; *at; at++) {
        if (quote ? *at == quote : *at == '\'' || *at == '"') {
            quote = quote ? 0 : *at;
            r->quoted = true;
        } else if (*at == '\\' && quote != '\'' && at[1]) {
            r->quoted = true;
            *to++ = *++at;
        } else {
            *to++ = *at;
        }
    }
    *to = '\0';
    return result;
}

static void read_here(struct lexer *lexer, struct redirection *r)
{
    char *delimiter = unquote(lexer, r);
    char *body = NULL;
    size_t length = 0;

    for (;;) {
        const char *line = lexer->text + lexer->at, *end = strchr(line, '\n');
        if (!*line)
            lex_more(lexer);
        size_t n = end ? (size_t)(end - line) : strlen(line);
        size_t tabs = r->strip ? strspn(line, "\t") : 0;
        lexer->at += n + (end != NULL);
        if (n - tabs == strlen(delimiter) && strncmp(line + tabs, delimiter, n - tabs) == 0)
            break;
        body = tool_memory(body, length + n - tabs + 1);
        memcpy(body + length, line + tabs, n - tabs);
        length += n - tabs;
        body[length++] = '\n';
    }
    r->body = arena_text(lexer->arena, body ? body : "", length);
    free(body);
}

static void read_pending(struct lexer *lexer)
{
    struct redirection *r;

    while ((r = STAILQ_FIRST(&lexer->pending))) {
        STAILQ_REMOVE_HEAD(&lexer->pending, pending);
        read_here(lexer, r);
    }
}

/* --- Tokens ----------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    enum token token;
} operators[] = {
    /* the longer ones first */
    {"<<-", TOKEN_HERE_STRIP}, {"<<", TOKEN_HERE},     {"<&", TOKEN_LESS_AND},
    {"<>", TOKEN_LESS_GREAT},  {"<", TOKEN_LESS},      {">>", TOKEN_APPEND},
    {">&", TOKEN_GREAT_AND},   {">|", TOKEN_CLOBBER},  {">", TOKEN_GREAT},
    {"&&", TOKEN_AND_IF},      {"&", TOKEN_AND},       {"||", TOKEN_OR_IF},
    {"|", TOKEN_PIPE},         {";;", TOKEN_CASE_END}, {";", TOKEN_SEMICOLON},
    {"(", TOKEN_OPEN},         {")", TOKEN_CLOSE},
};
#define OPERATORS (sizeof(operators) / sizeof(operators[0]))

static bool is_word_end(char c)
{
    return !c || strchr(" \t\n&|;<>()", c);
}

static void skip_blanks(struct lexer *lexer)
{
    for (;;) {
        const char *at = lexer->text + lexer->at;
        if (*at == ' ' || *at == '\t')
            lexer->at++;
        else if (at[0] == '\\' && at[1] == '\n')
            lexer->at += 2;
        else if (*at == '#')
            lexer->at += strcspn(at, "\n");
        else
            return;
    }
}

static enum token scan(struct lexer *lexer)
{
    skip_blanks(lexer);
    const char *at = lexer->text + lexer->at;
    lexer->start = lexer->at;
    if (!*at) {
        if (!STAILQ_EMPTY(&lexer->pending))
            lex_more(lexer);
        return TOKEN_END;
    }
    if (*at == '\n') {
        lexer->at++;
        read_pending(lexer);
        return TOKEN_NEWLINE;
    }
    for (size_t i = 0; i < OPERATORS; i++)
        if (strncmp(at, operators[i].text, strlen(operators[i].text)) == 0) {
            lexer->at += strlen(operators[i].text);
            return operators[i].token;
        }
    while (!is_word_end(lexer->text[lexer->at]))
        lexer->at = lex_skip(lexer, lexer->at);
    size_t length = lexer->at - lexer->start;
    char next = lexer->text[lexer->at];
    if ((next == '<' || next == '>') && length == 1 && isdigit((unsigned char)*at))
        return TOKEN_NUMBER;
    return TOKEN_WORD;
}

enum token lex_token(struct lexer *lexer)
{
    if (!lexer->ready)
        lexer->token = scan(lexer);
    lexer->ready = true;
    return lexer->token;
}

void lex_take(struct lexer *lexer)
{
    lex_token(lexer);
    lexer->ready = false;
}

bool lex_is(struct lexer *lexer, const char *word)
{
    return lex_token(lexer) == TOKEN_WORD && lexer->at - lexer->start == strlen(word) &&
           strncmp(lexer->text + lexer->start, word, strlen(word)) == 0;
}
