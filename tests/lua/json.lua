-- a JSON reader and writer: recursion over strings and tables
local function encode(v) local t = type(v)
    if t == "table" then local out = {}
        if #v > 0 then for _, e in ipairs(v) do out[#out + 1] = encode(e) end return "[" .. table.concat(out, ",") .. "]" end
        local keys = {} for k in pairs(v) do keys[#keys + 1] = k end table.sort(keys)
        for _, k in ipairs(keys) do out[#out + 1] = ("%q:%s"):format(k, encode(v[k])) end return "{" .. table.concat(out, ",") .. "}"
    elseif t == "string" then return '"' .. v:gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"' end
    return tostring(v) end
local function decode(s) local p = 1 local value
    local function skip() p = s:find("%S", p) or #s + 1 end
    function value() skip() local c = s:sub(p, p)
        if c == "{" or c == "[" then local r = {} p = p + 1 skip()
            while not s:find("^[%]}]", p) do local k if c == "{" then k = value() skip() p = p + 1 end
                local v = value() if k then r[k] = v else r[#r + 1] = v end skip() if s:sub(p, p) == "," then p = p + 1 skip() end end
            p = p + 1 return r
        elseif c == '"' then local e = s:find('"', p + 1, true) local r = s:sub(p + 1, e - 1) p = e + 1 return r end
        local w = s:match("^[%w%.%-%+]+", p) p = p + #w if w == "true" then return true elseif w == "false" then return false end return tonumber(w) end
    return value() end
local text = '{"name": "octavo", "sizes": [1, 2.5, -3e2, 1e100], "on": true, "nested": {"a": [[1],[2,[3]]]}}'
print(encode(decode(text))) print(encode(decode(encode(decode(text)))) == encode(decode(text))) print(encode{"tab\t", "q\""})
