import type { Redactor } from '../../domain/redaction';

/** The same value with every text in it redacted, however deep; what is not text stays. */
export const redactStrings = (value: unknown, redact: Redactor): unknown => {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactStrings(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redactStrings(item, redact)]));
};
