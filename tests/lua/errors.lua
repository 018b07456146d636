-- errors: messages, levels, handlers, tracebacks, deep recursion
print(pcall(error, "plain"), pcall(error, {1}) , select("#", pcall(error)))
print(pcall(function() local x = nil; x.y = 1 end)) print(pcall(function() return 1 + {} end)) print(pcall(function() return #5 end))
print(pcall(function() return {} < {} end)) print(pcall(function() undefined() end)) print(pcall(function() return ("x").y.z end))
print(pcall(function() error("level 2", 2) end)) print(xpcall(function() error("deep", 0) end, function(m) return "handled " .. m end))
print(select(2, load("x = = 1"))) print(select(2, load("for i = 1 do end", "=chunk"))) print(select(2, load("return '\\q'")))
local function recurse() return (("x"):gsub("x", recurse)) end local ok, message = pcall(recurse) print(ok, message:match("C stack overflow")) local function text(n) return n == 0 and "" or "(" .. text(n - 1) .. ")" end print(pcall(string.rep("x", 10).bad)) print(#text(50))
print(assert(1, "unused"), pcall(assert, false), pcall(assert, nil, "why"), tostring(print):match("^builtin") or "function")
print((debug.traceback("tb", 1):gsub("\n.*", "")), pcall(load, nil))
