import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { isProtectedPath } from '../../domain/protected-paths';
import { projectRoot } from '../../local/project-root';

describe('isProtectedPath', () => {
  const all = (paths: readonly string[], expected: boolean) => {
    for (const path of paths) expect(isProtectedPath(path), JSON.stringify(path)).to.equal(expected);
  };

  it('holds for every file that decides what runs or who approves', () =>
    all(
      [
        '.github/workflows/ci.yml',
        '.github/CODEOWNERS',
        '.github',
        '.kiro/agents/a.json',
        '.kiro/hooks/deep/er.json',
        '.kiro/settings/mcp.json',
        '.kiro/steering/style.md',
        '.kiro/steering',
        'kiro-worker.yml',
        '.npmrc',
        'packages/a/.npmrc',
        '.gitmodules',
        '.gitattributes',
        'src/.gitattributes',
        'CODEOWNERS',
        'docs/CODEOWNERS',
      ],
      true,
    ));

  it('holds for an entry in place of a folder above them: it would exchange them all', () =>
    all(['.kiro', '.KIRO', '.github'], true));

  it('does not hold for other files', () =>
    all(
      [
        '.kiro/specs/cart/tasks.md',
        '.kiro/specs/hooks/tasks.md',
        '.kiro/steering-notes.md',
        '.kiroo/hooks/x',
        '.githubber/x',
        'github/x',
        'a/.github/x',
        'a/.kiro/hooks/x',
        'src/kiro-worker.yml',
        'kiro-worker.yaml',
        'npmrc',
        '.npmrc.md',
        '.gitignore',
        'CODEOWNERS.md',
        'src/index.ts',
        '',
      ],
      false,
    ));

  it('sees through the spellings that file systems take for the same', () =>
    all(
      [
        '.GitHub/x',
        '.GITHUB/WORKFLOWS/CI.YML',
        '.Kiro/Hooks/x',
        'KIRO-WORKER.yml',
        '.Npmrc',
        'codeowners',
        '.gi\u200cthub/x', // HFS+ leaves zero-width characters out
        '.git\ufeffhub/x',
        '\uff0egithub/x', // full-width full stop
        '.\u212airo/hooks/x', // Kelvin sign
        '.kiro/\u017fettings/x', // long s
        '.github./x', // NTFS leaves dots and spaces at the end out
        '.github /x',
        '.npmrc. .',
        '.gitattributes::$DATA',
        'GITHUB~1/x', // NTFS short names
        'KIRO~1/hooks/x',
        '.kiro/STEERI~1/x',
        'KIRO-W~1.YML',
        '.github\\workflows\\ci.yml', // a folder on Windows
      ],
      true,
    ));

  it('takes hostile names in their stride', () => {
    const random = Math.floor(Math.random() * 2 ** 31);
    const state = { seed: random };
    const next = (below: number) => {
      state.seed = (state.seed * 1103515245 + 12345) % 2 ** 31;
      return state.seed % below;
    };
    for (let index = 0; index < 2_000; index += 1) {
      const name = String.fromCharCode(...Array.from({ length: next(12) }, () => next(0x10000)));
      expect(isProtectedPath(name), `seed ${random}: ${JSON.stringify(name)}`).to.be.a('boolean');
      expect(isProtectedPath(`.github/${name}`), `seed ${random}: ${JSON.stringify(name)}`).to.equal(true);
      expect(isProtectedPath(`.GITHUB/${name}`), `seed ${random}: ${JSON.stringify(name)}`).to.equal(true);
    }
    expect(isProtectedPath('a/'.repeat(100_000))).to.equal(false);
    expect(isProtectedPath(`${'~'.repeat(100_000)}1`)).to.equal(false);
  });

  it('is what the guide says', () => {
    const guide = readFileSync(join(projectRoot(), 'docs/guides/kiro-worker-yml.md'), 'utf8');
    const [, section = ''] = /^## Protected files\n([^#]+)/m.exec(guide) ?? [];
    const patterns = [...section.matchAll(/`([^`]+)`/g)].flatMap(([, pattern = '']) => {
      const [, before = '', choices = '', after = ''] = /^(.*)\{(.*)\}(.*)$/.exec(pattern) ?? [];
      return choices ? choices.split(',').map((choice) => before + choice + after) : [pattern];
    });
    expect(patterns).to.have.length(10);
    all(
      patterns.map((pattern) => pattern.replace('**', 'x')),
      true,
    );
  });
});
