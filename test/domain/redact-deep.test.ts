import { expect } from 'chai';
import { redactDeep } from '../../domain/redact-deep';

describe('redactDeep', () => {
  it('redacts every string, wherever it stands, and leaves the rest as it is', () => {
    const redact = (text: string) => text.replaceAll('secret', '***');
    const value = {
      a: 'my secret',
      b: ['secret', 1, null, true, undefined],
      c: { secret: { d: 'x secret x' } },
      n: 1.5,
    };
    expect(redactDeep(value, redact)).to.deep.equal({
      a: 'my ***',
      b: ['***', 1, null, true, undefined],
      c: { '***': { d: 'x *** x' } },
      n: 1.5,
    });
    expect(value.a, 'the original is not touched').to.equal('my secret');
  });
});
