// Preloaded into node: what programs ask of webmention.io and of blog.test goes to the server under test; nothing else goes out.
'use strict';
const dns = require('node:dns');
const http = require('node:http');
const https = require('node:https');
const {BACKTALK_HOST: host, BACKTALK_PORT: port} = process.env;

https.request = (options, callback) => {
    if (options.hostname !== 'webmention.io' && options.host !== 'webmention.io')
        throw new Error(`nobody is to be asked but webmention.io, not ${options.hostname || options.host}`);
    const {agent, ...rest} = options;
    return http.request({...rest, protocol: 'http:', host: '127.0.0.1', hostname: '127.0.0.1', port, headers: {...options.headers, Host: host}}, callback);
};
dns.lookup = (name, options, callback) => {
    const answer = typeof options === 'function' ? options : callback;
    if (name !== 'blog.test')
        answer(new Error(`nobody is to be asked but blog.test, not ${name}`));
    else if (options && options.all)
        answer(null, [{address: '127.0.0.1', family: 4}]);
    else
        answer(null, '127.0.0.1', 4);
};
