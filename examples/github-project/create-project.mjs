// Makes a GitHub project with the fields and options that the worker reads: node create-project.mjs OWNER TITLE OWNER/REPOSITORY…
// GitHub is asked by way of its own command line, which knows who you are.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const template = JSON.parse(readFileSync(join(folder, 'project.json'), 'utf8'));
const query = readFileSync(join(folder, 'documents.graphql'), 'utf8');

const ask = (operationName, variables) => {
  const input = JSON.stringify({ query, operationName, variables });
  const answer = execFileSync('gh', ['api', 'graphql', '--input', '-'], {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return JSON.parse(answer).data;
};

const create = (login, title, repositories) => {
  const { repositoryOwner } = ask('Owner', { login });
  if (!repositoryOwner) throw new Error(`GitHub knows no organization or user "${login}".`);
  const { projectV2: project } = ask('CreateProject', { owner: repositoryOwner.id, title }).createProjectV2;
  process.stderr.write(`${project.url}\n`);
  ask('SetOptions', { field: project.field.id, options: template.status });
  ask('CreateSelect', { project: project.id, name: 'Priority', options: template.priority });
  for (const name of template.texts) ask('CreateText', { project: project.id, name });
  const ownerKind = repositoryOwner.__typename === 'Organization' ? 'organization' : 'user';
  return { owner: login, ownerKind, number: project.number, repositories };
};

const [owner, title, ...repositories] = process.argv.slice(2);
if (!owner || !title || repositories.length === 0) {
  process.stderr.write('Usage: node create-project.mjs OWNER TITLE OWNER/REPOSITORY...\n');
  process.exitCode = 2;
} else process.stdout.write(`${JSON.stringify(create(owner, title, repositories))}\n`);
