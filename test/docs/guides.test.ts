import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { commands } from '../../cli/command-list';
import { publishedSchemas } from '../../cli/published-schemas';
import { defaultCreditBudget } from '../../domain/credit-budget';
import { projectRoot } from '../../local/project-root';

const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');
const guides = readdirSync(join(projectRoot(), 'docs', 'guides')).map((name) => `docs/guides/${name}`);
const pages = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'examples/README.md', ...guides];

/** What stands after `kiro-worker` in blocks of code and in code within a line. */
const commandLines = (text: string): readonly string[] =>
  [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].flatMap(([code]) =>
    [...code.matchAll(/\bkiro-worker ([a-z][^`\n]*)/g)].map(([, words]) => words ?? ''),
  );

/** What is wrong with a command line that a page shows; null when it can be typed. */
const problemOf = (line: string): string | null => {
  const command = commands
    .filter(({ name }) => line === name || line.startsWith(`${name} `))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
  if (!command) return `no such command: ${line}`;
  const known = new Set([...Object.keys(command.options), 'json', 'help']);
  const typed = [...line.replace(/#.*$/, '').matchAll(/(?:^|[\s[])--([a-z-]+)/g)].map(([, name]) => name ?? '');
  const unknown = typed.filter((name) => !known.has(name));
  return unknown.length > 0 ? `${command.name} has no --${unknown.join(', --')}: ${line}` : null;
};

/** The cells of every row of the tables of a page, without marks of code. */
const rowsOf = (path: string): readonly (readonly string[])[] =>
  read(path)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim().replaceAll('`', '')),
    );

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly default?: unknown;
};

const schemaOf = (name: keyof ReturnType<typeof publishedSchemas>): Schema =>
  JSON.parse(JSON.stringify(publishedSchemas()[name])) as Schema;

/** `gate.lines` and its default, of everything that is no group of settings itself. */
const leavesOf = ({ properties = {} }: Schema, prefix = ''): readonly (readonly [string, unknown])[] =>
  Object.entries(properties).flatMap(([name, schema]) =>
    schema.properties ? leavesOf(schema, `${prefix}${name}.`) : [[`${prefix}${name}`, schema.default] as const],
  );

describe('the guides', () => {
  it('show only commands and options that there are', () => {
    const shown = pages.flatMap((page) => commandLines(read(page)).map((line) => [page, line] as const));
    expect(shown.length).to.be.greaterThan(30);
    const problems = shown.flatMap(([, line]) => problemOf(line) ?? []);
    expect(problems).to.deep.equal([]);
  });

  it('would not pass by a command or an option that is gone', () => {
    expect(problemOf('dlq rewind ID')).to.match(/no such command/);
    expect(problemOf('ticks [--limit 50] [--last 3]')).to.match(/ticks has no --last/);
    expect(problemOf('explain ITEM --env production --json')).to.equal(null);
  });

  it('name every setting of kiro-worker.yml with its default, and no other', () => {
    const rows = new Map(rowsOf('docs/guides/kiro-worker-yml.md').map(([name, value]) => [name, value]));
    const leaves = leavesOf(schemaOf('kiro-worker-yml.schema.json'));
    expect([...rows.keys()]).to.have.members(leaves.map(([name]) => name));
    for (const [name, value] of leaves)
      if (value !== undefined) expect(rows.get(name), name).to.equal([value].flat().join(', '));
  });

  it('name every field of the board file, and no other', () => {
    const schema = schemaOf('board-file.schema.json');
    const names = [schema, schema.properties?.items?.items].flatMap((part) => Object.keys(part?.properties ?? {}));
    expect(rowsOf('docs/guides/board-file.md').map(([name]) => name)).to.have.members(names);
  });

  it('give the budget that an environment begins with', () => {
    const rows = rowsOf('docs/guides/budgets.md').filter((cells) => cells.length === 4);
    expect(Object.fromEntries(rows.map(([name, , value]) => [name, Number(value)]))).to.deep.equal(defaultCreditBudget);
    const options = rows.map(([, option]) => (option ?? '').replace('--', ''));
    const { options: known } = commands.find(({ name }) => name === 'budget set') ?? { options: {} };
    expect(Object.keys(known)).to.include.members(options);
  });
});
