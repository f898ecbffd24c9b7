'use strict';
/** What a call of http.request means, whichever of its forms is used: options, callback, and the whole URL. */

/** @param {URL} url */
const optionsOf = (url) => ({
  protocol: url.protocol,
  hostname: url.hostname.replace(/^\[|\]$/g, ''),
  port: url.port,
  path: `${url.pathname}${url.search}`,
  ...(url.username || url.password
    ? { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` }
    : {}),
});

/**
 * @param {any[]} parts
 * @param {'http:' | 'https:'} protocol of the module that is called
 * @returns {{options: any, callback: any, url: string}}
 */
function targetOf(parts, protocol) {
  const rest = [...parts];
  let options = {};
  if (typeof rest[0] === 'string' || rest[0] instanceof URL) options = optionsOf(new URL(rest.shift()));
  if (typeof rest[0] === 'object' && rest[0] !== null) options = { ...options, ...rest.shift() };
  const { hostname, host, port, path = '/' } = /** @type {any} */ (options);
  const name = hostname || host || 'localhost';
  const standard = protocol === 'https:' ? 443 : 80;
  const place = !port || Number(port) === standard ? '' : `:${port}`;
  const url = `${protocol}//${name.includes(':') ? `[${name}]` : name}${place}${path}`;
  return { options: { ...options, defaultPort: standard }, callback: rest[0], url };
}

module.exports = { targetOf };
