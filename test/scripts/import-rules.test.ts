import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../local/project-root';
import { temporaryFolder } from '../support/temporary-folder';

const root = projectRoot();

describe('the import rules', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  /** What `npm run imports` says of files like these, in a project that is like ours otherwise. */
  const findings = (files: Readonly<Record<string, string>>): readonly string[] => {
    for (const name of ['.dependency-cruiser.cjs', 'import-table.json', 'tsconfig.json', 'package.json', 'cdktf.json'])
      copyFileSync(join(root, name), join(folder(), name));
    symlinkSync(join(root, 'node_modules'), join(folder(), 'node_modules'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder(), path)), { recursive: true });
      writeFileSync(join(folder(), path), text);
    }
    const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...Object.keys(files)];
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/depcruise'), args, { cwd: folder(), encoding: 'utf8' });
    return [...stdout.matchAll(/error ([^:]+): (\S+) →/g)].map(([, rule, file]) => `${file}: ${rule}`).sort();
  };
  const importing = (name: string) => `import * as it from '${name}';\nexport const use = it;\n`;

  it('find CDKTF outside of the stacks, a vendor outside of the adapters, and a room that looks upwards', () => {
    const found = findings({
      'domain/synthesises.ts': importing('cdktf'),
      'domain/calls.ts': importing('@aws-sdk/client-s3'),
      'domain/looks-up.ts': importing('../config/naming'),
      'config/naming.ts': importing('../domain/sound'),
      'domain/sound.ts': 'export const sound = 1;\n',
      'stacks/sound.ts': importing('cdktf'),
    });
    expect(found).to.deep.equal([
      'domain/calls.ts: vendors stay in adapters',
      'domain/looks-up.ts: imports of domain',
      'domain/synthesises.ts: cdktf stays in stacks',
    ]);
  });
});
