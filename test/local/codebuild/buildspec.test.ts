import { expect } from 'chai';
import { parseBuildspec } from '../../../local/codebuild/buildspec';

describe('parseBuildspec', () => {
  it('fills in what a buildspec leaves out', () => {
    const { phases, env } = parseBuildspec('version: 0.2\nphases:\n  build:\n    commands: [make]\n');
    expect(phases.build).to.deep.equal({ commands: ['make'], finally: [] });
    expect(phases.install.commands).to.deep.equal([]);
    expect(env).to.include({ shell: 'sh' });
  });

  it('reads every kind of variable, numbers as text', () => {
    const { env } = parseBuildspec(`version: 0.2
env:
  shell: bash
  variables: { PORT: 80, DEBUG: true }
  parameter-store: { BOARD: /kiro/board }
  secrets-manager: { TOKEN: name:key }
  exported-variables: [RESULT]
phases: {}
`);
    expect(env.variables).to.deep.equal({ PORT: '80', DEBUG: 'true' });
    expect(env['parameter-store']).to.deep.equal({ BOARD: '/kiro/board' });
    expect(env['secrets-manager']).to.deep.equal({ TOKEN: 'name:key' });
    expect(env['exported-variables']).to.deep.equal(['RESULT']);
  });

  it('accepts the sections that have no effect on this machine', () => {
    const sections =
      'artifacts: { files: ["**/*"] }\nreports: { tests: { files: [junit.xml] } }\ncache: { paths: [a] }';
    const phases = 'phases: { install: { runtime-versions: { nodejs: 24 }, commands: [] } }';
    const parsed = parseBuildspec(`version: 0.2\n${phases}\n${sections}\n`);
    expect(parsed.phases.install['runtime-versions']).to.deep.equal({ nodejs: '24' });
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['another version', 'version: 0.1\nphases: {}', /must be 0\.2[\s\S]*version/],
    ['a missing version', 'phases: {}', /version/],
    ['no phases', 'version: 0.2', /phases/],
    ['an unknown phase', 'version: 0.2\nphases: { deploy: {} }', /"deploy"/],
    ['an unknown section', 'version: 0.2\nphases: {}\nphase: {}', /"phase"/],
    [
      'a command that is no text',
      'version: 0.2\nphases: { build: { commands: [{ a: 1 }] } }',
      /phases\.build\.commands\[0\]/,
    ],
    ['commands that are no list', 'version: 0.2\nphases: { build: { commands: make } }', /phases\.build\.commands/],
    ['an on-failure that is not emulated', 'version: 0.2\nphases: { build: { on-failure: RETRY } }', /on-failure/],
    ['a shell that is not there', 'version: 0.2\nenv: { shell: powershell }\nphases: {}', /env\.shell/],
    ['a variable that has no name', 'version: 0.2\nenv: { exported-variables: ["a b"] }\nphases: {}', /variable/],
    ['broken YAML', 'version: 0.2\nphases: [', /./],
    ['nothing', '', /./],
  ];
  for (const [what, text, message] of wrong)
    it(`refuses ${what} and says where`, () => {
      expect(() => parseBuildspec(text)).to.throw(Error, message);
    });
});
