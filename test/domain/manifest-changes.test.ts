import { expect } from 'chai';
import { manifestChanges } from '../../domain/manifest-changes';

describe('manifestChanges', () => {
  const json = (value: unknown): string => JSON.stringify(value);

  it('names each script and tool that is another now, and nothing else', () => {
    const before = { name: 'a', version: '1', scripts: { test: 'mocha', build: 'tsc' }, nyc: { all: true } };
    const after = {
      name: 'b',
      version: '2',
      scripts: { test: 'true', build: 'tsc' },
      jest: {},
      dependencies: { x: '1' },
    };
    expect(manifestChanges(json(before), json(after))).to.deep.equal(['scripts.test', 'jest', 'nyc']);
  });

  it('names a script that comes or goes, and a test tool of another version', () => {
    expect(
      manifestChanges(json({ scripts: { pretest: 'x' } }), json({ devDependencies: { c8: 'file:c8' } })),
    ).to.deep.equal(['scripts.pretest', 'devDependencies.c8']);
  });

  it('says of a new or removed file what is in it', () => {
    expect(manifestChanges(null, json({ scripts: { test: 'true' } }))).to.deep.equal(['scripts.test']);
    expect(manifestChanges(json({ scripts: { test: 'true' } }), null)).to.deep.equal(['scripts.test']);
  });

  it('says that it cannot be read, and takes any JSON', () => {
    expect(manifestChanges('{}', '{')).to.deep.equal(['unreadable']);
    for (const odd of [
      '[]',
      'null',
      '1',
      '"x"',
      '{"scripts":[1],"nyc":null}',
      '{"__proto__":{"scripts":{"test":"x"}}}',
    ])
      expect(() => manifestChanges(odd, '{"scripts":null}'), odd).to.not.throw();
    expect(manifestChanges('\uFEFF{}', '{}')).to.deep.equal([]);
  });
});
