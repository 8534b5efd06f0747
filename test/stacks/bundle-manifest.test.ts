import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadEnvironments } from '../../config/load';
import { bundleOf, parseBundleManifest, readBundleManifest } from '../../stacks/bundle-manifest';
import { synthesize } from '../../stacks/synthesize';
import { someBundles } from '../support/synthesized-stacks';

describe('readBundleManifest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('says what to run when there are no bundles', () => {
    expect(() => readBundleManifest(join(folder, 'nowhere')))
      .to.throw(/nowhere\/manifest\.json cannot be read/)
      .with.property('code', 'BuildOutputMissing');
  });

  it('refuses a manifest that was cut off', () => {
    writeFileSync(join(folder, 'manifest.json'), '{"version":1,"bund');
    expect(() => readBundleManifest(folder))
      .to.throw(/cannot be read/)
      .with.property('remedy', 'Run: npm run bundle');
  });

  it('reads what the bundler writes', () => {
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(someBundles()));
    expect(readBundleManifest(folder)).to.deep.equal(someBundles());
  });
});

describe('parseBundleManifest', () => {
  it('names the field that is wrong', () => {
    const bundles = { worker: { file: '../../etc/passwd', sha256: 'x', bytes: 0 } };
    expect(() => parseBundleManifest({ version: 1, bundles }))
      .to.throw(/bundles\.worker\.file/)
      .with.property('code', 'BuildOutputMissing');
  });
});

describe('bundleOf', () => {
  it('names the task that has no bundle', () => {
    expect(() => bundleOf(someBundles(), 'new-task')).to.throw(/there is none for new-task; there are acquire-lock/);
  });

  it('stops a synthesis whose bundles are those of other sources', () => {
    const bundles = parseBundleManifest({ version: 1, bundles: { worker: someBundles().bundles.worker } });
    const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
    try {
      expect(() => synthesize(loadEnvironments(), bundles, { outdir })).to.throw(/there is none for poll-work-items/);
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  });
});
