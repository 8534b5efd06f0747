import { expect } from 'chai';
import { findBuildUser } from '../../../worker/build/build-user';
import { findMarked } from '../../../worker/build/leftovers';

const searchPath = process.env.PATH ?? '';
const isRoot = process.getuid?.() === 0;
const nameOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('findBuildUser', () => {
  it('is nobody else when no user is named', async () => {
    expect(await findBuildUser(null, { searchPath })).to.equal(null);
  });

  it(isRoot ? 'gives the user a group that nobody has' : 'needs root', async () => {
    if (!isRoot) {
      expect(await nameOf(findBuildUser('nobody', { searchPath }))).to.match(/^ValidationError: BUILD_USER: only root/);
      return;
    }
    const first = await findBuildUser('nobody', { searchPath });
    expect(first?.uid).to.be.greaterThan(0);
    expect(first?.gid).to.be.within(61_184, 65_519);
    expect(findMarked({ kind: 'group', gid: first?.gid ?? 0 })).to.deep.equal([]);
    first?.release();
    expect(await nameOf(findBuildUser('no_such_user', { searchPath }))).to.match(
      /^ValidationError: .*no user "no_such_user"/,
    );
    expect(await nameOf(findBuildUser('root', { searchPath }))).to.match(/^ValidationError: .*"root" is root/);
  });
});
