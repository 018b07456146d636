-- load, environments, dump, goto, integer division of chunks into functions
local f = load("local a, b = ... return a * b, x", "c", "t", {x = 5}) print(f(6, 7))
local parts, i = {"return ", "1", "+", "41"}, 0 print(load(function() i = i + 1 return parts[i] end)())
local dumped = string.dump(function(n) local r = 1 for i = 2, n do r = r * i end return r end) print(load(dumped, "d", "b")(10), pcall(load, dumped, "d", "t"))
local env = setmetatable({}, {__index = _G}) load("y = 3 z = tostring(y)", "e", "t", env)() print(env.y, env.z, y)
local source = {"return {"} for i = 1, 5000 do source[#source + 1] = i .. "," end source[#source + 1] = "}" print(#load(table.concat(source))())
print(_VERSION, type(_G), _G._G == _G, type(package.path), require == package.loaded._G.require, pcall(require, "not.there.at.all") == false)
package.preload.mine = function(name) return {name = name} end print(require("mine").name, require("mine") == require("mine"))
