-- Asks for many users in turn. Arguments: the number of users; "kept", "fresh" or "batch"; an API key, if the server wants
-- one. "fresh" asks for another length each time round, so that no list is one that was answered before; "batch" asks for
-- 256 users in one request.
local asked, users, mode, key = 0, 1, "kept", nil

function init(args)
  users = tonumber(args[1])
  mode = args[2]
  key = args[3]
end

local function user(n)
  return 12346 + n % users
end

local function body()
  if mode == "batch" then
    local elements = {}
    for n = 1, 256 do
      elements[n] = string.format('{"user_id":"%d","limit":10}', user(asked + n))
    end
    asked = asked + 256
    return '{"requests":[' .. table.concat(elements, ",") .. ']}'
  end
  asked = asked + 1
  local length = mode == "fresh" and 7 + math.floor(asked / users) % 7 or 10
  return string.format('{"user_id":"%d","cutoff":%d}', user(asked), length)
end

function request()
  local headers = { ["Content-Type"] = "application/json", ["X-API-Key"] = key }
  return wrk.format("POST", nil, headers, body())
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
