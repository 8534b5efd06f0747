import { expect } from 'chai';
import { findDeadLetter } from '../../cli/find-dead-letter';
import type { DeadLetter } from '../../domain/dead-letter';
import { failureOf } from '../support/failure-of';

const queueOf = (...ids: readonly string[]) => ({
  list: async () => ids.map((id) => ({ id }) as DeadLetter),
  evidence: async () => null,
  placeOf: async (_letter: DeadLetter, key: string) => key,
  start: () => Promise.reject(new Error('nothing may be started')),
  remove: () => Promise.reject(new Error('nothing may be removed')),
  close: async () => undefined,
});

describe('findDeadLetter', () => {
  it('finds one by its id, also when that is the beginning of another, or by a beginning that only it has', async () => {
    expect((await findDeadLetter(queueOf('ab', 'abc'), 'ab')).id).to.equal('ab');
    expect((await findDeadLetter(queueOf('ab', 'xyz'), 'x')).id).to.equal('xyz');
  });

  it('takes no empty id for the only one that there is, and says how many begin alike', async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['', /There is no dead letter ""/],
      ['b', /There is no dead letter "b"/],
    ];
    for (const [id, words] of cases) {
      const error = await failureOf(findDeadLetter(queueOf('abc'), id));
      expect(error).to.include({ name: 'DeadLetterNotFound' });
      expect(error.message).to.match(words);
    }
    const error = await failureOf(findDeadLetter(queueOf('abc', 'abd'), 'ab'));
    expect(error.message).to.match(/"ab" is the beginning of 2 dead letters/);
  });
});
