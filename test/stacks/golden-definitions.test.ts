import { existsSync, readFileSync } from 'node:fs';
import aslValidator from 'asl-validator';
import { expect } from 'chai';
import { loadEnvironments } from '../../config/load';
import { goldenDefinitions } from '../support/golden-definitions';
import { resolveReferences } from '../support/resolve-references';
import { onlyResource, synthesizedStacks } from '../support/synthesized-stacks';

const resolvedDefinition = (environment: ReturnType<typeof loadEnvironments>[number]): object => {
  const stack = synthesizedStacks().stack(environment, 'poller');
  const { definition } = onlyResource(stack, 'aws_sfn_state_machine');
  return JSON.parse(resolveReferences(String(definition), stack, environment)) as object;
};

describe('the state machine in the stacks', () => {
  for (const environment of loadEnvironments()) {
    it(`is what test/golden/${environment.name}.asl.json says (npm run golden:update accepts a change)`, () => {
      const file = `test/golden/${environment.name}.asl.json`;
      expect(existsSync(file), file).to.equal(true);
      expect(goldenDefinitions().get(environment.name)).to.equal(readFileSync(file, 'utf8'));
    });

    it(`is accepted by asl-validator for ${environment.name}, paths and ARNs included`, () => {
      const { isValid, errors } = aslValidator(resolvedDefinition(environment), { checkPaths: true, checkArn: true });
      expect(errors, JSON.stringify(errors)).to.deep.equal([]);
      expect(isValid).to.equal(true);
    });
  }

  it('is refused by asl-validator when a state leads nowhere', () => {
    const [environment] = loadEnvironments();
    if (!environment) throw new Error('there is no environment');
    const definition = resolvedDefinition(environment) as { StartAt: string };
    expect(aslValidator({ ...definition, StartAt: 'Nowhere' }, { checkPaths: true, checkArn: true }).isValid) //
      .to.equal(false);
  });

  it('stays below the 1 MB that Step Functions takes', () => {
    for (const [environment, definition] of goldenDefinitions())
      expect(Buffer.byteLength(definition), environment).to.be.below(1_000_000);
  });
});
