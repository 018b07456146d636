-- utf8 library and bytes in strings
local s = "h\u{E9}llo \u{4E16}\u{754C} \u{1F600}"
print(#s, utf8.len(s), utf8.char(228, 8364, 0x10FFFF), utf8.codepoint(s, 1, 3))
for p, c in utf8.codes(s) do io.write(p, ":", c, " ") end print()
print(utf8.offset(s, 3), utf8.len("\xff"), pcall(utf8.codepoint, "\xff"), utf8.charpattern)
print(s, s:upper(), s:rep(2), ("\0\1\2"):byte(1, -1), "tab\tcr", "\x41\65\z
       joined")
