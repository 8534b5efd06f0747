// The rules of the house that no linter knows. Each line of output is a finding; none means clean.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const list = (...args) =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...args], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file && existsSync(file));

const sources = list('*.ts').filter((file) => !file.startsWith('test/'));
const LONGEST_FILE = 300;
const findings = [];

/** Every line of `files` that matches `pattern`, except in files that `allowed` names. */
const forbid = (files, pattern, allowed, why) => {
  for (const file of files) {
    if (allowed.some((place) => file.startsWith(place))) continue;
    readFileSync(file, 'utf8')
      .split('\n')
      .forEach((line, index) => {
        const isComment = /^\s*(\/\/|\/?\*)/.test(line);
        if (!isComment && pattern.test(line)) findings.push(`${file}:${index + 1}: ${why}\n    ${line.trim()}`);
      });
  }
};

forbid(sources, /['"`](staging|production)['"`]/, ['config/'], 'an environment is named outside config/');
forbid(
  sources,
  /\benvironment(\.name|Name)?\s*[!=]==?\s*['"`]/,
  [],
  'compares the name of an environment: differences are values in config/environments',
);
forbid(
  sources,
  /['"`]\/?kiro-worker[-/]/,
  ['config/naming.ts', 'local/', 'cli/'],
  'forms the name of a resource: config/naming.ts does that',
);
forbid(
  sources,
  /[!=]==?\s*['"`]local['"`]|\bisLocal\b|\bLOCAL_MODE\b/,
  ['local/', 'cli/compose.ts'],
  'knows that it runs on one machine',
);
forbid(
  sources.filter((file) => file.startsWith('adapters/github/')),
  /^\s*(query|mutation)\b.*\$\{/,
  [],
  'interpolates a GraphQL document: it could not be checked against the schema',
);
forbid(sources, /\bTODO\b|\bFIXME\b|@ts-ignore|\bas any\b/, [], 'left for later, or switched off');

for (const file of sources) {
  const lines = readFileSync(file, 'utf8').split('\n').length - 1;
  if (lines > LONGEST_FILE) findings.push(`${file}: ${lines} lines; the limit is ${LONGEST_FILE}: split it by subject`);
}

for (const file of list('*.md')) {
  for (const [, target] of readFileSync(file, 'utf8').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    if (!existsSync(join(dirname(file), decodeURI(target))))
      findings.push(`${file}: links to ${target}, which is not there`);
  }
}

for (const finding of findings) console.log(finding);
process.exitCode = findings.length > 0 ? 1 : 0;
