import { expect } from 'chai';
import { terraformSafe, terraformText } from '../../stacks/terraform-text';
import { everyStack } from '../support/synthesized-stacks';

/** What a stack may refer to; anything else in `${…}` was meant for somebody else. */
const REFERENCE =
  /^(aws_[a-z0-9_]+\.[\w-]+\.[a-z_]+|data\.terraform_remote_state\.\w+\.outputs\.\w+|filesha256\("[^"]+"\) == "[0-9a-f]{64}")$/;

describe('terraformText', () => {
  it('escapes both kinds of template', () => {
    expect(terraformText('${HOME} %{if} $PATH 100%')).to.equal('$${HOME} %%{if} $PATH 100%');
  });

  it('reaches every text of a nested value and leaves the rest alone', () => {
    expect(terraformSafe({ a: ['${x}', 1, null, true], b: { c: '%{' } })).to.deep.equal({
      a: ['$${x}', 1, null, true],
      b: { c: '%%{' },
    });
  });
});

describe('the texts in the stacks', () => {
  it('hold references to resources and earlier stacks, and no other template', () => {
    for (const [name, stack] of everyStack()) {
      const visit = (value: unknown): void => {
        if (typeof value === 'string') {
          expect(value, name).to.not.match(/(?<!%)%\{/);
          for (const [, inside] of value.matchAll(/(?<!\$)\$\{([^}]*)\}/g)) expect(inside, name).to.match(REFERENCE);
        } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
      };
      visit(stack);
    }
  });
});
