import { createHash } from 'node:crypto';
import type { Clock } from './clock';
import type { Randomness } from './randomness';

/** What AWS adds to JSONata: name, implementation and the signature that jsonata checks arguments with. */
export type AddedFunction = {
  readonly name: string;
  readonly call: (...args: never[]) => unknown;
  readonly signature: string;
};

const refuse = (message: string): never => {
  throw Object.assign(new Error(message), { code: 'D3137', message });
};

const partition = (items: readonly unknown[] | undefined, size?: number): unknown => {
  if (items === undefined) return undefined;
  const length = size === undefined ? items.length : Math.trunc(size);
  if (length < 0) return refuse('Second argument must be zero or greater');
  if (length === 0 || items.length === 0) return undefined;
  return Array.from({ length: Math.ceil(items.length / length) }, (_, index) =>
    items.slice(index * length, (index + 1) * length),
  );
};

const longestRange = 1_000_000;

/** Inclusive at both ends. One number comes back bare, none as nothing: AWS treats the result as a sequence. */
const range = (start: number, end: number, step?: number): unknown => {
  const [from, to, by] = [start, end, step ?? 0].map(Math.trunc) as [number, number, number];
  if (by === 0 || (to - from) * by < 0) return undefined;
  const length = Math.floor((to - from) / by) + 1;
  if (length > longestRange) return refuse(`The range must not have more than ${longestRange} elements`);
  const numbers = Array.from({ length }, (_, index) => from + index * by);
  return numbers.length === 1 ? numbers[0] : numbers;
};

const digests: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const hash = (text: string | undefined, algorithm?: string): unknown => {
  if (text === undefined || algorithm === undefined) return undefined;
  const digest = Object.hasOwn(digests, algorithm) ? digests[algorithm] : undefined;
  if (!digest) return refuse(`Unsupported hash algorithm: ${algorithm}`);
  return createHash(digest).update(text, 'utf8').digest('hex');
};

const parse = (text: string | undefined): unknown => {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return refuse('The argument of $parse is not valid JSON');
  }
};

/** Mulberry32: the same seed gives the same number, which is what AWS promises for a seeded $random. */
const seeded = (seed: number): number => {
  const a = (Math.trunc(seed) + 0x6d2b79f5) | 0;
  const b = Math.imul(a ^ (a >>> 15), 1 | a);
  const c = (b + Math.imul(b ^ (b >>> 7), 61 | b)) ^ b;
  return ((c ^ (c >>> 14)) >>> 0) / 4294967296;
};

/** The functions of the Amazon States Language in JSONata (developer guide, "Transforming data with JSONata"). */
export const addedFunctions = (deps: {
  readonly clock: Clock;
  readonly randomness: Randomness;
}): readonly AddedFunction[] => [
  { name: 'partition', call: partition, signature: '<a?n?:a>' },
  { name: 'range', call: range, signature: '<nnn?:a>' },
  { name: 'hash', call: hash, signature: '<s?s?:s>' },
  {
    name: 'random',
    call: (seed?: number) => (seed === undefined ? deps.randomness.number() : seeded(seed)),
    signature: '<n?:n>',
  },
  { name: 'uuid', call: () => deps.randomness.uuid(), signature: '<:s>' },
  { name: 'parse', call: parse, signature: '<s?:x>' },
  { name: 'millis', call: () => deps.clock.now().getTime(), signature: '<:n>' },
];
