import { expect } from 'chai';
import { loadEnvironments } from '../../config/load';
import { namesOf } from '../../config/naming';
import { everyStack } from '../support/synthesized-stacks';

describe('the stacks of one environment', () => {
  for (const environment of loadEnvironments())
    it(`${environment.name} name no resource and no account of another`, () => {
      const foreign = loadEnvironments()
        .filter(({ name }) => name !== environment.name)
        .flatMap((other) => [
          new RegExp(`${namesOf(other).prefix}(?![a-z0-9])`),
          new RegExp(namesOf(other).parameter('')),
          new RegExp(`'${other.name}'`),
          ...(other.account === environment.account ? [] : [new RegExp(other.account)]),
        ]);
      const own = everyStack().filter(([, , { name }]) => name === environment.name);
      expect(own).to.have.length(5);
      for (const [name, stack] of own) {
        const text = JSON.stringify(stack);
        for (const word of foreign) expect(word.exec(text)?.[0] ?? null, name).to.equal(null);
      }
    });
});
