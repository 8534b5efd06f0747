import { expect } from 'chai';
import { systemClock } from '../../../local/asl/clock';
import { systemRandomness } from '../../../local/asl/randomness';

describe('systemClock', () => {
  it('sleeps at least as long as asked', async () => {
    const before = systemClock.now().getTime();
    await systemClock.sleep(20, new AbortController().signal);
    expect(systemClock.now().getTime() - before).to.be.at.least(19);
  });

  it('wakes with Stopped when the signal aborts, also before and for longer than a timer can count', async () => {
    const controller = new AbortController();
    const sleep = systemClock.sleep(1e12, controller.signal).catch((error: Error) => error.name);
    controller.abort();
    expect(await sleep).to.equal('Stopped');
    expect(await systemClock.sleep(0, controller.signal).catch((error: Error) => error.name)).to.equal('Stopped');
  });
});

describe('systemRandomness', () => {
  it('gives numbers in [0, 1) and version 4 uuids', () => {
    expect(systemRandomness.number()).to.be.within(0, 1);
    expect(systemRandomness.uuid()).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
