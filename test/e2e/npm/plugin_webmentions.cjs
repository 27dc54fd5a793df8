// What a site built with Eleventy does with eleventy-plugin-webmentions. Arguments: domain, token, folder, page.
const plugin = require('eleventy-plugin-webmentions');

const [domain, token, cacheDirectory, page] = process.argv.slice(2);
console.log = console.warn;  // the answer alone goes to the output
const filters = {};
const data = {};
plugin({addGlobalData: (name, give) => { data[name] = give; }, addFilter: (name, filter) => { filters[name] = filter; }}, {domain, token, cacheDirectory, cacheTime: 0})
    .then(() => data.webmentions())
    .then(all => process.stdout.write(JSON.stringify({all, ofPage: filters.webmentionsForPage(all, page), count: filters.webmentionCountForPage(all, page)})));
