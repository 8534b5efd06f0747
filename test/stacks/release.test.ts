import { expect } from 'chai';
import { loadEnvironments } from '../../config/load';
import { digestPlaceholder, releaseOf, releasePlaceholder, stamped } from '../../stacks/release';
import { everyStack, someBundles, synthesizedStacks, synthesizeNow } from '../support/synthesized-stacks';

const stacks = (entries: Readonly<Record<string, string>>) => new Map(Object.entries(entries));

describe('releaseOf', () => {
  it('is the same for the same stacks, in whatever order they come', () => {
    expect(releaseOf(stacks({ a: '1', b: '2' }))).to.deep.equal(releaseOf(stacks({ b: '2', a: '1' })));
  });

  it('changes with a stack’s text, its name, and the border between two stacks', () => {
    const digests = [
      stacks({ a: '1', b: '2' }),
      stacks({ a: '1', b: '3' }),
      stacks({ a: '1', c: '2' }),
      stacks({ a: '1' }),
      stacks({ a: '1b', '': '2' }),
      stacks({ a: '', b: '12' }),
    ].map((each) => releaseOf(each).digest);
    expect(new Set(digests).size).to.equal(digests.length);
  });

  it('has a short id that begins the digest', () => {
    const { digest, id } = releaseOf(stacks({ a: '1' }));
    expect(digest).to.match(/^[0-9a-f]{64}$/);
    expect(id).to.equal(digest.slice(0, 12));
  });
});

describe('the release in the stacks', () => {
  it('can be computed again from the stacks themselves, by anybody', () => {
    const { texts, release } = synthesizedStacks();
    const before = [...texts].map(
      ([name, text]) =>
        [name, text.replaceAll(release.digest, digestPlaceholder).replaceAll(release.id, releasePlaceholder)] as const,
    );
    expect(releaseOf(new Map(before))).to.deep.equal(release);
    expect(new Map(before.map(([name, text]) => [name, stamped(text, release)]))).to.deep.equal(texts);
  });

  it('is the same in every environment', () => {
    const releases = everyStack().flatMap(([, { output }]) => (output.release ? [output.release.value] : []));
    expect(releases).to.deep.equal(loadEnvironments().map(() => synthesizedStacks().release.id));
  });

  it('leaves no placeholder behind', () => {
    for (const [name, text] of synthesizedStacks().texts) expect(text, name).to.not.include('${RELEASE');
  });

  it('changes with a bundle', () => {
    expect(synthesizeNow(loadEnvironments(), someBundles('b')).release).to.not.deep.equal(synthesizedStacks().release);
  });

  it('changes with a setting of any environment', () => {
    const changed = loadEnvironments().map((environment, index) =>
      index === 2 ? { ...environment, coverageThreshold: 90 } : environment,
    );
    expect(synthesizeNow(changed).release).to.not.deep.equal(synthesizedStacks().release);
  });

  it('comes with the same bytes from a second synthesis', () => {
    const again = synthesizeNow();
    expect(again.texts).to.deep.equal(synthesizedStacks().texts);
    expect(again.manifest).to.deep.equal(synthesizedStacks().manifest);
  });
});
