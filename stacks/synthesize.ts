import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdktf';
import type { Environment } from '../config/schema';
import type { BundleManifest } from './bundle-manifest';
import { CodebuildStack } from './codebuild-stack';
import { CoreStack } from './core-stack';
import { MonitoringStack } from './monitoring-stack';
import { PollerStack } from './poller-stack';
import { type Release, releaseOf, stamped } from './release';
import { SecretsStack } from './secrets-stack';
import { terraformSafe } from './terraform-text';

/** The five stacks of an environment, each after the one before: a total order, also where nothing is referenced. */
const declareStacks = (app: App, environment: Environment, bundles: BundleManifest): readonly string[] => {
  const stacks = [
    new CoreStack(app, environment),
    new SecretsStack(app, environment),
    new PollerStack(app, environment, bundles),
    new CodebuildStack(app, environment),
    new MonitoringStack(app, environment),
  ];
  stacks.forEach((stack, index) => {
    const before = stacks[index - 1];
    if (before) stack.addDependency(before);
  });
  return stacks.map(({ node }) => node.id);
};

/** Writes the stacks of all environments into CDKTF's output folder and stamps them with the release that they are. */
export const synthesize = (
  environments: readonly Environment[],
  bundles: BundleManifest,
  options: { readonly outdir?: string } = {},
): Release => {
  const app = new App(options);
  const names = environments.map(terraformSafe).flatMap((environment) => declareStacks(app, environment, bundles));
  app.synth();
  const written = names.map((name) => {
    const file = join(app.outdir, 'stacks', name, 'cdk.tf.json');
    return { name, file, text: readFileSync(file, 'utf8') };
  });
  const release = releaseOf(new Map(written.map(({ name, text }) => [name, text])));
  for (const { file, text } of written) writeFileSync(file, stamped(text, release));
  return release;
};
