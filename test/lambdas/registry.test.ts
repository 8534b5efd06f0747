import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import * as z from 'zod';
import { errorCatalogue } from '../../domain/errors';
import { needVariables } from '../../lambdas/_kit/contract';
import { taskContracts } from '../../lambdas/registry';
import { projectRoot } from '../../local/project-root';

const folder = join(projectRoot(), 'lambdas');
const folders = readdirSync(folder).filter(
  (name) => !name.startsWith('_') && statSync(join(folder, name)).isDirectory(),
);

describe('the registry of tasks', () => {
  it('lists exactly the folders that there are, each under its own name', () => {
    expect(taskContracts.map(({ name }) => name).sort()).to.deep.equal([...folders].sort());
  });

  it('finds contract, logic and handler of each in its folder', () => {
    for (const { name } of taskContracts)
      for (const file of ['contract', name, 'handler'])
        expect(existsSync(join(folder, name, `${file}.ts`)), `${name}/${file}.ts`).to.equal(true);
  });

  it('calls folder, state and function by one name', () => {
    for (const { name, state } of taskContracts) {
      const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
      expect(state).to.equal(words.join(''));
    }
  });

  it('has an honest contract for each: strict input with dryRun, known errors, sensible limits', () => {
    for (const { name, purpose, input, output, errors, timeoutSeconds, memoryMegabytes, needs } of taskContracts) {
      const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
      expect(schema.additionalProperties, `${name} takes unknown fields`).to.equal(false);
      if (!['acquire-lock'].includes(name)) expect(schema.required, name).to.include('dryRun');
      expect(schema.properties, name).to.have.property('dryRun');
      expect(z.toJSONSchema(output, { unrepresentable: 'any' }), name).to.be.an('object');
      expect(purpose, name).to.match(/^[A-Z].{20,}[^.]$/);
      for (const code of errors) expect(errorCatalogue, `${name}: ${code}`).to.have.property(code);
      expect(new Set(errors).size, name).to.equal(errors.length);
      expect(timeoutSeconds, name).to.be.within(10, 900);
      expect(memoryMegabytes, name).to.be.within(128, 10_240);
      for (const need of needs) expect(needVariables, name).to.have.property(need);
    }
  });

  it('lets a task that touches AWS say so when AWS is not there', () => {
    for (const { name, errors } of taskContracts) expect(errors, name).to.include('AwsUnavailable');
  });

  it('lets every task that talks to GitHub read the board settings: they name the account that a GitHub App gets its token for', () => {
    const talkers = taskContracts.filter(({ needs }) => needs.includes('github-token'));
    for (const { name, needs } of talkers) expect(needs, name).to.include('board-settings');
  });

  it('lets every task that writes to GitHub lose its lease, or check it itself', () => {
    const writers = taskContracts.filter(({ needs }) => needs.includes('github-token'));
    for (const { name, needs } of writers) expect(needs, name).to.include('locks:read-write');
  });
});
