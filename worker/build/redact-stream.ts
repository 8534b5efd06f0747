import { createSecretFinder } from '../../domain/redaction';

/** A secret of n characters takes up to 3 n in a URL, and more in JSON with all that is escaped in it. */
const LONGEST_FORM = 6;

/** The same bytes without `secrets` in any of their forms, also where one spans two pieces. What only looks like a secret stays: a report is data. */
export const redactStream = (secrets: readonly string[]) => {
  const bytes = secrets.map((secret) => Buffer.from(secret).toString('latin1'));
  const find = createSecretFinder([...secrets, ...bytes]);
  const held = Math.max(0, ...bytes.map(({ length }) => length)) * LONGEST_FORM;
  const clean = (text: string): string =>
    find(text).reduce((rest, { value, isKnown }) => (isKnown ? rest.replaceAll(value, '[redacted]') : rest), text);
  return async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    if (secrets.length === 0) return yield* source;
    let rest = '';
    for await (const chunk of source) {
      const text = clean(rest + chunk.toString('latin1'));
      const from = Math.max(0, text.length - held);
      rest = text.slice(from);
      yield Buffer.from(text.slice(0, from), 'latin1');
    }
    yield Buffer.from(rest, 'latin1');
  };
};
