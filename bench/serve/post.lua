-- Asks for many users in turn. Arguments: a file of user ids, a line each; "kept", "fresh" or "batch"; an API key, if the
-- server wants one. "fresh" asks a verb in a way whose lists are not kept; "batch" asks for 256 users in one request.
local ids, asked, mode, key = {}, 0, "kept", nil

function init(args)
  for id in io.lines(args[1]) do
    ids[#ids + 1] = id
  end
  mode = args[2]
  key = args[3]
end

local function next_user()
  asked = asked + 1
  return ids[1 + asked % #ids]
end

local function body()
  if mode == "batch" then
    local elements = {}
    for n = 1, 256 do
      elements[n] = string.format('{"user_id":"%s","limit":10}', next_user())
    end
    return '{"requests":[' .. table.concat(elements, ",") .. ']}'
  end
  if mode == "fresh" then
    return string.format('{"user_id":"%s","limit":10,"exclude_items":[]}', next_user())
  end
  return string.format('{"user_id":"%s","cutoff":10}', next_user())
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
