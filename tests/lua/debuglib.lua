-- debug library and warnings
local function f(a, b) local c = a + b return debug.getinfo(1, "nSlu"), c end
local i = f(1, 2) print(i.currentline, i.short_src, i.nups, i.nparams, i.isvararg, i.what, i.namewhat)
local n = 0 debug.sethook(function() n = n + 1 end, "", 1000) for _ = 1, 100000 do end debug.sethook() print(n > 50)
local up = 1 local function g() return up end print(debug.getupvalue(g, 1)) debug.setupvalue(g, 1, 99) print(g(), debug.getlocal(1, 1) ~= nil)
print(debug.getmetatable("").__index == string, debug.gethook(), type(debug.getregistry()), debug.setmetatable(5, nil))
warn("@on") print(select("#", warn("@off")), #arg, arg[0] ~= nil)
