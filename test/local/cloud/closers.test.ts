import { expect } from 'chai';
import { createClosers } from '../../../local/cloud/closers';

describe('createClosers', () => {
  it('closes in the opposite order, each once', async () => {
    const order: number[] = [];
    const closers = createClosers();
    closers.add(() => order.push(1));
    closers.add(async () => order.push(2));
    await closers.closeAll();
    await closers.closeAll();
    expect(order).to.deep.equal([2, 1]);
  });

  it('closes the rest when a step fails, and then tells the first failure', async () => {
    const order: number[] = [];
    const closers = createClosers();
    closers.add(() => order.push(1));
    closers.add(() => {
      throw new Error('second');
    });
    closers.add(() => Promise.reject(new Error('first')));
    const error = await closers.closeAll().catch((raised: Error) => raised);
    expect(order).to.deep.equal([1]);
    expect(error).to.include({ message: 'first' });
  });
});
