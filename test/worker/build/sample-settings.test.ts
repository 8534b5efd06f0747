import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseSettings } from '../../../worker/build/read-settings';

const root = join(__dirname, '..', '..', '..', '..');

describe('the settings that we show people', () => {
  it('of the sample repository are accepted', () => {
    const text = readFileSync(join(root, 'local', 'sample', 'repository', 'kiro-worker.yml'), 'utf8');
    expect(parseSettings(text).test.command).to.equal('npm test');
  });

  it('of the guide are accepted, and its table has every default right', () => {
    const guide = readFileSync(join(root, 'docs', 'guides', 'kiro-worker-yml.md'), 'utf8');
    const blocks = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
    expect(blocks).not.to.deep.equal([]);
    for (const yaml of blocks) parseSettings(yaml);

    const defaults: Record<string, unknown> = {};
    const collect = (value: unknown, path: string): void => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        for (const [name, inner] of Object.entries(value)) collect(inner, path ? `${path}.${name}` : name);
      else defaults[path] = value;
    };
    collect(parseSettings(''), '');
    for (const [path, value] of Object.entries(defaults)) {
      const row = guide.split('\n').find((line) => line.startsWith(`| \`${path}\` |`));
      expect(row, path).not.to.equal(undefined);
      for (const item of Array.isArray(value) ? value : [value]) expect(row, path).to.contain(`\`${item}\``);
    }
  });
});
