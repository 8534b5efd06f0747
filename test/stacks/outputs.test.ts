import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { loadEnvironments } from '../../config/load';
import { stackOutputs } from '../../stacks/stack-outputs';
import { presentOutputs, type RecordedOutputs, withPresentOutputs } from '../support/recorded-outputs';
import { everyStack } from '../support/synthesized-stacks';

const recorded = JSON.parse(readFileSync('test/golden/stack-outputs.json', 'utf8')) as RecordedOutputs;

describe('stack outputs', () => {
  it('are only ever added: an earlier release of a later stack may still read them', () => {
    for (const [kind, names] of Object.entries(recorded))
      expect(presentOutputs()[kind], `outputs of ${kind}`).to.include.members([...names]);
  });

  it('are all recorded (npm run golden:update records a new one)', () => {
    expect(withPresentOutputs(recorded)).to.deep.equal(recorded);
  });

  it('stay recorded when they are gone', () => {
    const { core } = withPresentOutputs({ core: ['of_an_earlier_release'] });
    expect(core).to.include.members(['of_an_earlier_release', 'key_arn']);
  });

  it('are those that stacks/stack-outputs.ts declares', () => {
    const declared = Object.entries(stackOutputs).map(([kind, names]) => [kind, [...names].sort()]);
    expect(presentOutputs()).to.deep.equal(Object.fromEntries(declared));
  });

  it('are the same in every environment', () => {
    for (const environment of loadEnvironments())
      expect(presentOutputs(environment), environment.name).to.deep.equal(presentOutputs());
  });

  it('are readable by name and never sensitive', () => {
    for (const [name, { output }] of everyStack())
      for (const [id, { sensitive }] of Object.entries(output)) {
        expect(id, name).to.match(/^[a-z][a-z_]*$/);
        expect(sensitive ?? false, `${name}: ${id}`).to.equal(false);
      }
  });
});
