-- require, dofile, loadfile, and messages that name the file.
local function put(name, text)
  local file = assert(io.open(name, "w"))
  file:write(text)
  file:close()
end

package.path = "./?.lua"
put("mod.lua", "local name, where = ...\nprint(name, where)\nreturn {value = 42, f = function() error('in mod') end}\n")
local mod = require "mod"
print(mod.value, require("mod") == mod, package.loaded.mod == mod)
print(pcall(mod.f))
put("bad.lua", "local = 3")
print(loadfile("bad.lua"))
print(pcall(dofile, "bad.lua"))
put("hash", "#!/bin/lua\nreturn 'first line', ...")
print(dofile("hash"))
print(loadfile("hash")(1, 2))
print(loadfile("none.lua"))
print(loadfile("mod.lua", "b"))
local code = string.dump(loadfile("hash"))
put("compiled", code)
print(loadfile("compiled", "b")("x"))
put("env.lua", "x = y * 2")
local env = {y = 21}
loadfile("env.lua", "t", env)()
print(env.x, x)
print(package.searchpath("mod", package.path), package.searchpath("no.such", "./?.lua;./?/init.lua"))
