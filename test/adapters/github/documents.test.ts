import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { validateDocument } from '../../support/github-documents';

const folder = join(__dirname, '../../../adapters/github');
const modules = readdirSync(folder).filter((name) => name.endsWith('.js'));

const documentsOf = (module: string): readonly (readonly [string, string])[] =>
  Object.entries(require(join(folder, module)) as Record<string, unknown>).flatMap(([name, value]) =>
    name.endsWith('Document') && typeof value === 'string' ? [[name, value] as const] : [],
  );

describe('the GraphQL documents', () => {
  const all = modules.flatMap(documentsOf);

  for (const [name, document] of all)
    it(`are sound by GitHub's own schema: ${name}`, () => expect(validateDocument(document)).to.deep.equal([]));

  it('are all exported as constants, so that none escapes this test', () => {
    const written = modules
      .map((module) => readFileSync(join(folder, module), 'utf8'))
      .join('\n')
      .match(/`\s*(query|mutation)\b/g);
    expect(written?.length).to.equal(all.length);
    expect(all.length).to.be.greaterThan(10);
  });

  it('are nowhere else in what ships', () => {
    const dist = join(folder, '../..');
    const elsewhere = [
      'adapters',
      'cli',
      'config',
      'domain',
      'lambdas',
      'local',
      'stacks',
      'worker',
      'workflows',
    ].flatMap((room) =>
      readdirSync(join(dist, room), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.js'))
        .map((file) => join(dist, room, file))
        .filter((file) => !file.startsWith(folder))
        .filter((file) => /[`'"]\s*(?:query|mutation)\b[^`'"]*\{/.test(readFileSync(file, 'utf8'))),
    );
    expect(elsewhere).to.deep.equal([]);
  });

  it('use no variable that the client forbids', () => {
    for (const [name, document] of all)
      expect(document, name).to.not.match(/\$(query|method|url|headers|request|baseUrl)\b/);
  });

  it('are refused when a field is misspelt', () => {
    expect(validateDocument('query { viewer { logn } }')).to.have.length(1);
    expect(validateDocument('query {')).to.have.length(1);
  });
});
