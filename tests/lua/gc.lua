-- the collector under tens of MB of garbage, in both modes; finalizers and weak tables
for _, mode in ipairs{"incremental", "generational"} do
    collectgarbage(mode)
    local keep, sum = {}, 0
    for i = 1, 3000 do
        local s = ("x"):rep(6000 + i % 500) .. i
        keep[i % 200 + 1] = {s, i}
        sum = sum + #s
    end
    collectgarbage() print(mode, sum, #keep, collectgarbage("count") < 8000)
end
collectgarbage("incremental")
local weak, done = setmetatable({}, {__mode = "v"}), 0
for i = 1, 1000 do weak[i] = setmetatable({}, {__gc = function() done = done + 1 end}) end
collectgarbage() collectgarbage() print(done, next(weak))
local eph = setmetatable({}, {__mode = "k"}) do local k = {} eph[k] = {k} end collectgarbage() print(next(eph))
local big = {} for i = 1, 300000 do big[i] = i end print(#big, collectgarbage("count") > 4000) big = nil
collectgarbage() print(collectgarbage("count") < 4000, collectgarbage("isrunning"), collectgarbage("step"))
