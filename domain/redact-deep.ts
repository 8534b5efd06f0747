import type { Redactor } from './redaction';

/**
 * The same value with every string in it redacted, keys of objects included. Texts are redacted before they are rendered: what Markdown escapes, no
 * redactor recognises any more.
 */
export const redactDeep = <T>(value: T, redact: Redactor): T => redacted(value, redact) as T;

const redacted = (value: unknown, redact: Redactor): unknown => {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((member) => redacted(member, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [redact(name), redacted(member, redact)]));
};
