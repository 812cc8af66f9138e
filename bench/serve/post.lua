-- Asks for many users in turn. Arguments: the number of users; "kept", "fresh" or "batch"; an API key, if the server wants
-- one. "fresh" asks a verb in a way whose lists are not kept; "batch" asks for 256 users in one request.
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
  if mode == "fresh" then
    return string.format('{"user_id":"%d","limit":10,"exclude_items":[]}', user(asked))
  end
  return string.format('{"user_id":"%d","cutoff":10}', user(asked))
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
