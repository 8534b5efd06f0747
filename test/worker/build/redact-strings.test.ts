import { expect } from 'chai';
import { redactStrings } from '../../../worker/build/redact-strings';

describe('redactStrings', () => {
  it('goes into every text and leaves the rest as it is', () => {
    const redact = (text: string) => text.replaceAll('secret', '*');
    expect(redactStrings({ a: ['secret', 1, null, { b: 'my secret' }], c: true }, redact)).to.deep.equal({
      a: ['*', 1, null, { b: 'my *' }],
      c: true,
    });
  });
});
