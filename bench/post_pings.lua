-- wrk: each request is a TrackBack ping with a source URL of its own. HOSTS: over how many host names they are spread.
local hosts = tonumber(os.getenv("HOSTS") or "32")
local target = os.getenv("PING_PATH") or "/trackback/1"
local site = os.getenv("SITE_HOST") or "weblog.example"
local thread_count = 0
function setup(thread)
    thread_count = thread_count + 1
    thread:set("number", thread_count)
end
local sent = 0
function request()
    sent = sent + 1
    local url = string.format("http%%3A%%2F%%2Fs%d.test%%2F%d%%2F%d%%2F%d", sent % hosts, number, sent, os.time())
    local body = "url=" .. url .. "&title=A+post+about+the+harbour&blog_name=Some+weblog&excerpt=Following+up+on+what+we+read+yesterday+about+the+harbour"
    return wrk.format("POST", target, {["Host"] = site, ["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"}, body)
end
local refused = 0
function response(status, headers, body)
    if status ~= 200 or not body:find("<error>0</error>", 1, true) then
        refused = refused + 1
    end
end
function done(summary, latency, requests)
    io.write(string.format("RESULT %d %.3f %.2f\n", summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3))
end
