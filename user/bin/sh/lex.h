/* SPDX-License-Identifier: MIT
 *
 * Tokens of a shell text (POSIX XCU 2.3). One token is looked at ahead. Bodies of here-documents are
 * taken when the newline before them is. */
#ifndef OCTAVO_SH_LEX_H
#define OCTAVO_SH_LEX_H

#include <setjmp.h>
#include "user/bin/sh/parse.h"

enum token {
    TOKEN_END,
    TOKEN_NEWLINE,
    TOKEN_WORD,
    TOKEN_NUMBER, /* digits right before < or > */
    TOKEN_AND,    /* & */
    TOKEN_AND_IF, /* && */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_SEMICOLON,
    TOKEN_CASE_END, /* ;; */
    TOKEN_PIPE,
    TOKEN_OR_IF,
    TOKEN_LESS,
    TOKEN_GREAT,
    TOKEN_HERE,       /* << */
    TOKEN_HERE_STRIP, /* <<- */
    TOKEN_LESS_AND,
    TOKEN_GREAT_AND,
    TOKEN_LESS_GREAT,
    TOKEN_APPEND, /* >> */
    TOKEN_CLOBBER /* >| */
};

struct lexer {
    const char *text;
    size_t at;    /* behind the token */
    size_t start; /* of the token */
    enum token token;
    bool ready; /* the token is valid */
    struct arena *arena;
    STAILQ_HEAD(, redirection) pending; /* here-documents whose bodies have not come */
    jmp_buf failure;
    enum parse_result result; /* what went wrong */
    const char *error;
};

/* The token ahead; lex_take makes the next one the token ahead. */
enum token lex_token(struct lexer *lexer);
void lex_take(struct lexer *lexer);

/* Is the token ahead this unquoted word? */
bool lex_is(struct lexer *lexer, const char *word);

/* Does not return. */
_Noreturn void lex_fail(struct lexer *lexer, const char *what);
_Noreturn void lex_more(struct lexer *lexer);

/* A here-document whose body comes behind the next newline. */
void lex_here(struct lexer *lexer, struct redirection *redirection);

/* Behind the quote, expansion or substitution that begins at text[at]; the lexer fails if it does not
 * end. For characters that begin none of these: at + 1. */
size_t lex_skip(struct lexer *lexer, size_t at);

/* The same for text that need not be well-formed: 0 when what begins there does not end. */
size_t lex_end(const char *text, size_t at);

/* Behind the "$((...))" that begins at text[at]; 0 when it is none. */
size_t lex_arithmetic(const char *text, size_t at);

/* parse.c, for lex_skip: behind the ")" of the substitution whose commands begin at `at`. */
size_t parse_skip_commands(struct lexer *lexer, size_t at);

#endif
