// What a site built with Eleventy does with @chrisburnell/eleventy-cache-webmentions. Arguments: feed, key, folder, page.
import {getByType, getContent, getPublished, getReceived, getSource, getTarget, getType, getURL, getWebmentions, retrieveWebmentions} from '@chrisburnell/eleventy-cache-webmentions';

const [feed, key, cacheDirectory, page] = process.argv.slice(2);
console.log = console.warn;  // the answer alone goes to the output
const options = {
    domain: new URL(page).origin, feed, key, cacheDirectory, uniqueKey: key, duration: '0s', refresh: false, allowlist: [], blocklist: [], urlReplacements: {},
    allowedHTML: {allowedTags: ['b'], allowedAttributes: {}}, maximumHtmlLength: 1000, maximumHtmlText: 'mentioned this in', paginate: true,
};
const all = await retrieveWebmentions(options);
const ofPage = await getWebmentions({...options, duration: '1d'}, page);
const told = each => ({source: getSource(each), target: getTarget(each), type: getType(each), url: getURL(each), content: getContent(each), published: getPublished(each), received: getReceived(each)});
process.stdout.write(JSON.stringify({all: all.map(told), ofPage: ofPage.map(told), likes: getByType(all, ['like-of', 'like']).length}));
