// Tells on the error output what a recipe asks: the method, and whether the document goes along.
import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto; // browsers have it, and Node from version 20 on

const ask = globalThis.fetch;
globalThis.fetch = (url, options = {}) => {
  const told = options.body ?? decodeURIComponent(String(url).split('?')[1] ?? '');
  console.error(`asks by ${options.method ?? 'GET'}`, /query( |=|":)/.test(told) ? 'in full' : 'by hash');
  return ask(url, options);
};
